"""An extract is brought in the browser; its streets show on maps, and on a phone without a net."""

import re
import time
from io import BytesIO

import pytest
from PIL import Image
from tests.acceptance.browser import DESK, PHONE, sit_down
from tests.acceptance.test_screens import SET_THEME, SIDEWAYS, serious

from varangian.engines.routing import city, osm_write

LEADER, OFFICER = "leader@varangian.invalid", "ppo@varangian.invalid"
HARBOUR_DISTRICT = (60.150, 24.90)
CREDIT = "Amber: data of 2026-01-01"
STREETS = {"dark": (101, 120, 142), "light": (240, 199, 114)}
"""Colour of main roads in each theme, as map/city.js has it."""


@pytest.fixture(scope="module")
def extract(tmp_path_factory):
    path = tmp_path_factory.mktemp("extract") / "amber.osm.pbf"
    town = city.build(at=HARBOUR_DISTRICT)
    osm_write.write(town, path, osm_write.scenery(town))
    return path


def drawn(page, theme: str) -> int:
    """Pixels of the map in the colour of its main roads."""
    shot = page.locator(".vg-map-canvas, .ph-map").first.screenshot()
    image = Image.open(BytesIO(shot)).convert("RGB")
    wanted = STREETS[theme]
    near = [
        all(abs(a - b) < 12 for a, b in zip(rgb, wanted, strict=True)) for rgb in _pixels(image)
    ]
    return sum(near)


def _pixels(image):
    data = image.tobytes()
    return zip(data[::3], data[1::3], data[2::3], strict=True)


def wait_for_streets(page, theme: str) -> None:
    for _ in range(60):
        if drawn(page, theme) > 150:
            return
        page.wait_for_timeout(500)
    raise AssertionError("no main road is drawn")


def wait_for_the_storys_own(house) -> None:
    """The streets of the worked operation are laid by a worker after the first start."""
    for _ in range(120):
        if any(row["state"] == "ready" for row in house.cli("map", "list", actor=LEADER)):
            return
        time.sleep(1)
    raise AssertionError("the worked operation has no streets")


def test_1_an_extract_becomes_streets(worked_house, browser, extract, tmp_path_factory):
    wait_for_the_storys_own(worked_house)
    seat = sit_down(browser, worked_house, LEADER)
    page = seat.go("/travel/maps/")
    page.get_by_label("Extract").set_input_files(extract)
    page.get_by_label("Name").fill("Amber")
    page.get_by_role("button", name="Build the map").click()
    page.get_by_text("Everything that a car needs was read.").wait_for(timeout=120_000)
    page.locator(".vg-map-credit", has_text=CREDIT).wait_for()
    shots = tmp_path_factory.mktemp("shots")
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        page.wait_for_timeout(500)
        assert page.evaluate(SIDEWAYS) <= 0, "the page scrolls sideways"
        for theme in ("dark", "light"):
            page.evaluate(SET_THEME, theme)
            wait_for_streets(page, theme)
            page.screenshot(path=shots / f"map-{theme}-{size['width']}.png")
            assert not serious(page, all_rules=theme == "dark")
    seat.assert_clean()
    seat.context.close()


def test_2_every_map_of_the_house_has_them(worked_house, browser):
    seat = sit_down(browser, worked_house, LEADER)
    page = seat.go("/")
    page.locator(".vg-map-credit", has_text=CREDIT).wait_for()
    seat.assert_clean()
    seat.context.close()


def test_3_the_console_says_the_same(worked_house, extract):
    rows = worked_house.cli("map", "list", actor=LEADER)
    row = next(row for row in rows if row["name"] == "Amber")
    assert (row["name"], row["state"], row["data_date"]) == ("Amber", "ready", "2026-01-01")
    again = worked_house.cli("map", "build", str(extract), actor=LEADER)
    assert again["id"] == row["id"] and again["files"]["tiles"]["bytes"] > 10_000
    bad = extract.with_name("bad.osm.pbf")
    bad.write_bytes(extract.read_bytes()[:-4000])
    done = worked_house.run("--as", LEADER, "map", "build", str(bad), "--json")
    assert done.code == 1 and "breaks off in the middle" in done.err
    worked_house.cli("map", "drop", done.data["slug"], actor=LEADER)


def test_4_a_phone_without_net_has_the_streets_of_its_places(
    worked_house, browser, tmp_path_factory
):
    seat = sit_down(browser, worked_house, OFFICER, size=PHONE)
    page = seat.go("/m/")
    page.locator("#now[data-ready]").wait_for()
    page.get_by_role("button", name="Personal protection officer").click()
    page.get_by_role("button", name="Check call").wait_for()
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("caches.keys().then((names) => names.length === 1)")
    page.locator("#tile-shelters").wait_for()
    wait_for_kept(page, 2)
    seat.context.set_offline(True)
    page.reload()
    page.get_by_role("button", name="Check call").wait_for()
    page.locator("#tile-shelters").click()
    page.locator(".ph-map[data-streets]").wait_for()
    page.locator(".ph-map-credit", has_text=CREDIT).wait_for()
    page.wait_for_timeout(2500)
    page.screenshot(path=tmp_path_factory.mktemp("shots") / "phone-map.png")
    assert drawn(page, "dark") > 30
    seat.context.set_offline(False)
    page.get_by_role("button", name="Back").click()
    page.locator("#net", has_text="live").wait_for()
    page.locator("#more").click()
    page.get_by_role("button", name="Stand down", exact=True).click()
    page.locator("#sheet .ph-main", has_text="Stand down").click()
    page.get_by_text("Take up duty").wait_for()
    wait_for_kept(page, 0)
    assert not [row for row in seat.faults if not re.search("INTERNET_DISCONNECTED|load", row)]
    seat.context.close()


KEPT_MAPS = """() => new Promise((done) => {
  const asked = indexedDB.open('varangian-phone', 1);
  asked.onsuccess = () => {
    const keys = asked.result.transaction('sealed').objectStore('sealed').getAllKeys();
    keys.onsuccess = () => {
      asked.result.close();
      done(keys.result.filter((key) => key.startsWith('map:')).length);
    };
  };
})"""


def wait_for_kept(page, count: int) -> None:
    for _ in range(60):
        if page.evaluate(KEPT_MAPS) == count:
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"the phone does not keep {count} maps")
