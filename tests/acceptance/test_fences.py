"""Fences drawn, moved and taken away on the map; who walks in and out of one is told of.
VARANGIAN_SCREENS=1 keeps pictures."""

import math
import re
import time
from urllib.error import HTTPError

import pytest
from playwright.sync_api import Page, expect
from tests.acceptance.browser import DESK, PHONE, sit_down
from tests.acceptance.test_positions import open_sharing, send
from tests.acceptance.test_screens import KEPT, SET_THEME, SIDEWAYS, keep, serious
from tests.stack import patience

LEADER, OPERATOR = "leader@varangian.invalid", "operator@varangian.invalid"
KEPT |= {"fence-dark-1440", "fences-light-1440"}
PADDING, SETTLES_MS = 90, 900
QUAY, PURPOSE = "Quay of the test", "Nobody of the team waits here"


@pytest.fixture(scope="module")
def leader(worked_house, browser):
    seat = sit_down(browser, worked_house, LEADER)
    yield seat
    seat.context.close()


def drawing(seat, slug: str) -> Page:
    page = seat.go(f"/tracking/of/{slug}/fences/new/")
    page.locator("[data-draw-tools]").wait_for()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(SETTLES_MS)
    return page


def canvas(page: Page) -> tuple[float, float, float, float]:
    """Its middle, and half of its size less what the view keeps free around a shape."""
    box = page.locator("#fence-map canvas").bounding_box()
    half = min(box["width"], box["height"]) / 2 - PADDING
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, half, box["width"]


def middle(page: Page) -> tuple[float, float]:
    lat, lon = page.get_by_label("Middle").input_value().split(",")
    return float(lat), float(lon)


def corners(page: Page) -> list[tuple[float, ...]]:
    text = page.get_by_label("Corners").input_value()
    return [tuple(float(part) for part in line.split(",")) for line in text.splitlines()]


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    page.mouse.move(*end)
    page.mouse.up()


def test_1_a_circle_is_drawn_made_wider_and_moved(leader, slug):
    page = drawing(leader, slug)
    note = page.locator("[data-draw-note]")
    expect(note).to_contain_text("Click the map where the middle is")
    x, y, _, _ = canvas(page)
    page.mouse.click(x + 40, y - 30)
    expect(note).to_contain_text("Radius 200 m")
    page.wait_for_timeout(SETTLES_MS)
    x, y, half, _ = canvas(page)
    drag(page, (x + half, y), (x + half * 0.7, y))
    radius = int(page.get_by_label("Radius").input_value())
    assert radius == pytest.approx(140, abs=12)
    before = middle(page)
    drag(page, (x, y), (x + 60, y - 40))
    after = middle(page)
    assert after[0] > before[0] and after[1] > before[1]
    page.get_by_label("Radius").fill("150")
    expect(note).to_contain_text("Radius 150 m")
    page.get_by_label("Name").fill(QUAY)
    page.get_by_label("Purpose").fill(PURPOSE)
    page.get_by_label("Watches").select_option("team")
    page.get_by_role("button", name="Draw fence").click()
    row = page.locator("tbody tr", has_text=QUAY)
    expect(row).to_contain_text("Circle, 150 m")
    expect(row).to_contain_text(PURPOSE)
    leader.assert_clean()


def test_2_an_outline_is_drawn_bent_and_says_when_it_crosses_itself(leader, slug):
    page = drawing(leader, slug)
    page.get_by_label("Name").fill("Yard of the test")
    page.get_by_role("button", name="Outline").click()
    page.get_by_label("Corners").fill("60.1690, 24.9380\n60.1690, 24.9420\n60.1710, 24.9420")
    note = page.locator("[data-draw-note]")
    expect(note).to_contain_text("3 corners")
    page.get_by_role("button", name="Start over").click()
    expect(note).to_contain_text("0 of at least 3 corners")
    x, y, _, _ = canvas(page)
    square = [(x - 120, y - 80), (x + 120, y - 80), (x + 120, y + 80), (x - 120, y + 80)]
    for at in square:
        page.mouse.click(*at)
        page.wait_for_timeout(400)
    expect(note).to_contain_text("4 corners")
    page.mouse.click(*square[0])
    expect(note).to_contain_text("Drag a corner")
    drag(page, (x, y - 80), (x, y - 140))
    expect(note).to_contain_text("5 corners")
    assert max(lat for lat, _ in corners(page)) == corners(page)[1][0]
    page.get_by_role("button", name="Remove corner").click()
    expect(note).to_contain_text("4 corners")
    drag(page, square[0], (x + 180, y + 20))
    expect(note).to_contain_text("Two sides of the outline cross")
    page.get_by_role("button", name="Draw fence").click()
    expect(page.locator(".vg-error")).to_contain_text("Two sides of the outline cross near")
    page.wait_for_timeout(SETTLES_MS)
    assert len(corners(page)) == 4
    page.get_by_label("Corners").fill("\n".join(f"{lat}, {lon}" for lat, lon in around()))
    page.get_by_role("button", name="Draw fence").click()
    expect(page.locator("tbody tr", has_text="Yard of the test")).to_contain_text("4 corners")
    leader.faults[:] = [one for one in leader.faults if "422" not in one]
    leader.assert_clean()


def around() -> list[tuple[float, float]]:
    return [(60.169, 24.938), (60.169, 24.942), (60.171, 24.942), (60.171, 24.938)]


@pytest.mark.parametrize("size", ["1440", "390"])
def test_3_the_screens_are_in_order(worked_house, browser, slug, size):
    seat = sit_down(browser, worked_house, LEADER, size=DESK if size == "1440" else PHONE)
    fence = worked_house.cli("fence", "list", slug)[0]["id"]
    for name, path in (
        ("fences", f"/tracking/of/{slug}/fences/"),
        ("fence", f"/tracking/fences/{fence}/"),
    ):
        page = seat.go(path)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(SETTLES_MS)
        for theme in ("dark", "light"):
            page.evaluate(SET_THEME, theme)
            page.wait_for_timeout(SETTLES_MS)
            keep(page, f"{name}-{theme}-{size}")
            assert not serious(page, all_rules=theme == "dark"), f"{name} {theme} {size}"
        assert page.evaluate(SIDEWAYS) <= 0, name
    seat.assert_clean()
    seat.context.close()


def test_4_a_walk_in_and_out_raises_an_alert_each(leader, worked_house, browser, slug):
    fence = next(row for row in worked_house.cli("fence", "list", slug) if row["name"] == QUAY)
    made = worked_house.cli(
        "device", "enrol", slug, "Walker", "--period", "60", "--person", LEADER, actor=LEADER
    )
    open_sharing(worked_house)
    address = f"{worked_house.live_url}/ingest/{made['url'].rsplit('/', 1)[-1]}"
    lat, lon = fence["position"]
    away = lat + 400 / 111_195 / math.cos(math.radians(60))
    desk = sit_down(browser, worked_house, OPERATOR)
    page = desk.go("/alerts/")
    page.get_by_text("live", exact=True).first.wait_for()
    walk(address, (away, lon), 3)
    for place, did in (((lat, lon), "entered"), ((away, lon), "left")):
        told = page.get_by_text(re.compile(rf"{did} {QUAY}")).first
        end = time.monotonic() + patience(40)
        while not told.is_visible() and time.monotonic() < end:
            walk(address, place, 1)
        known = worked_house.cli("device", "show", made["id"])
        assert told.is_visible(), known
    desk.assert_clean()
    desk.context.close()
    worked_house.cli("device", "revoke", made["id"], actor=LEADER)


def walk(address: str, place: tuple[float, float], fixes: int) -> None:
    """One fix after the other, as far apart as the house looks; what it has no time for now is
    sent again, as a tracker does."""
    while fixes:
        try:
            send(address, lat=place[0], lon=place[1], tst=time.time())
            fixes -= 1
        except HTTPError as error:
            assert error.code == 503, error
        time.sleep(1.5)


def test_5_moved_by_the_keyboard_alone_and_taken_away(leader, worked_house, slug):
    page = leader.go(f"/tracking/of/{slug}/fences/")
    page.get_by_role("link", name=QUAY).first.press("Enter")
    place = page.get_by_label("Middle")
    place.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("60.1800, 24.9500")
    page.keyboard.press("Enter")
    page.locator("tbody tr", has_text=QUAY).wait_for()
    rows = worked_house.cli("fence", "list", slug)
    assert [60.18, 24.95] in [row["position"] for row in rows]
    for name in (QUAY, "Yard of the test"):
        page.get_by_role("link", name=name).first.click()
        page.get_by_role("button", name="Take away").click()
        page.get_by_role("button", name="Take it away").click()
        expect(page.locator("tbody tr", has_text=name)).to_have_count(0)
    assert not [row for row in worked_house.cli("fence", "list", slug) if "test" in row["name"]]
    leader.assert_clean()
