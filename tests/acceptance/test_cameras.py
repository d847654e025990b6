"""A camera of RTSP is registered on the map, watched with a purpose, seen by its team alone.
VARANGIAN_SCREENS=1 keeps pictures."""

import re

import pytest
from playwright.sync_api import Page, expect

pytest.importorskip("av")
pytest.importorskip("cv2")

from tests.acceptance.browser import DESK, PHONE, sit_down
from tests.acceptance.house import House
from tests.acceptance.test_screens import KEPT, SET_THEME, SIDEWAYS, keep, serious
from tests.rtsp import Rtsp
from tests.seed import furnish
from tests.stack import patience, team, until

LEADER, OPERATOR, STRANGER = "leader@example.org", "desk@example.org", "stranger@example.org"
PURPOSE = "Arrival of the principal"
KEPT |= {"camera-dark-1440", "camera-watch-dark-1440", "camera-form-light-1440"}
SETTLES_MS = 900
SHOWS = "video => video.videoWidth > 0 && video.currentTime > 0 ? video.currentTime : 0"


@pytest.fixture(scope="module")
def rtsp():
    camera = Rtsp()
    yield camera
    camera.close()


@pytest.fixture(scope="module")
def house_of_cameras(tmp_path_factory):
    """Of its own: a worker that looks runs in it, and no other test waits for that."""
    stack = House(furnish(tmp_path_factory.mktemp("cameras")), VARANGIAN_VISION="1")
    try:
        stack.start()
        made = team(stack)
        stack.cli("user", "create", OPERATOR, "Dora Desk")
        stack.cli("member", "add", made.operation, OPERATOR, "operator", actor=LEADER)
        stack.operation = made.operation
        yield stack
        assert stack.stop() == 0
        stack.assert_gone()
    finally:
        stack.kill()


@pytest.fixture(scope="module")
def slug(house_of_cameras) -> str:
    return house_of_cameras.operation


@pytest.fixture(scope="module")
def leader(house_of_cameras, browser):
    seat = sit_down(browser, house_of_cameras, LEADER)
    yield seat
    seat.context.close()


def camera_of(house, slug: str) -> dict:
    return house.cli("camera", "list", slug)[0]


def await_picture(page: Page) -> None:
    expect(page.locator("[data-view-state]")).to_have_text("live", timeout=patience(40) * 1000)
    video = page.locator("video")
    first = until(lambda: video.evaluate(SHOWS), 20)
    until(lambda: video.evaluate(SHOWS) > first, 10)


def test_1_registered_on_the_map_and_turned_by_the_keyboard(leader, house_of_cameras, slug, rtsp):
    page = leader.go(f"/surveillance/cameras/new/?operation={slug}")
    page.get_by_label("Name").fill("Gate north")
    page.get_by_label("Address of the stream").fill("telnet://camera")
    page.get_by_label("Purpose").fill("Who comes to the gate")
    page.get_by_label("Legal basis").fill("Consent of the owner")
    page.get_by_label("Position").fill("60.1699, 24.9384")
    handle = page.locator(".vg-cone-handle")
    handle.wait_for()
    handle.focus()
    for _ in range(9):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    assert page.get_by_label("Looks to").input_value() == "45"
    assert page.get_by_label("Sees (metres)").input_value() == "45"
    page.get_by_role("button", name="Register camera").click()
    expect(page.locator(".vg-error")).to_contain_text("no address of a stream")
    assert page.get_by_label("Looks to").input_value() == "45"
    page.get_by_label("Address of the stream").fill(rtsp.url)
    page.get_by_role("button", name="Register camera").click()
    expect(page.get_by_role("heading", name="Gate north")).to_be_visible()
    expect(page.locator(".vg-head-state")).to_be_visible()
    until(lambda: camera_of(house_of_cameras, slug)["state"] == "Live", 60)
    page.reload()
    body = page.content()
    assert "of-the-test" not in body and f"127.0.0.1:{rtsp.port}/yard" in body
    health = camera_of(house_of_cameras, slug)["health"]
    assert (health["picture"], health["codec"]) == ("640x360", "h264")
    leader.faults[:] = [one for one in leader.faults if "422" not in one]
    leader.assert_clean()


def test_2_watched_with_a_purpose(house_of_cameras, browser, slug):
    seat = sit_down(browser, house_of_cameras, OPERATOR)
    pk = camera_of(house_of_cameras, slug)["id"]
    page = seat.go(f"/surveillance/cameras/{pk}/watch/")
    assert page.locator("video").count() == 0
    page.get_by_label("Why do you look?").fill(PURPOSE)
    page.get_by_role("button", name="Watch").click()
    await_picture(page)
    keep(page, "camera-watch-dark-1440")
    seat.assert_clean()
    page.goto(house_of_cameras.url + "/surveillance/")
    seat.context.close()


def test_3_invisible_to_whoever_is_no_member(house_of_cameras, browser, slug):
    house_of_cameras.cli("user", "create", STRANGER, "Sam Stranger")
    seat = sit_down(browser, house_of_cameras, STRANGER)
    pk = camera_of(house_of_cameras, slug)["id"]
    for path in (f"/surveillance/cameras/{pk}/", f"/surveillance/cameras/{pk}/watch/"):
        assert seat.page.goto(house_of_cameras.url + path).status == 404
    seat.go("/surveillance/")
    expect(seat.page.locator("body")).not_to_contain_text("Gate north")
    seat.context.close()


def test_4_the_leader_sees_who_watched(leader, house_of_cameras, slug):
    row = camera_of(house_of_cameras, slug)
    page = leader.go(f"/surveillance/cameras/{row['id']}/")
    views = page.locator("#camera-views")
    expect(views).to_contain_text(PURPOSE)
    expect(views).to_contain_text(re.compile(r"\d+ s"), timeout=patience(40) * 1000)
    told = house_of_cameras.cli("camera", "watched", row["id"])
    assert told[0]["purpose"] == PURPOSE and told[0]["seconds"] >= 1
    leader.assert_clean()


def test_5_what_is_private_is_drawn_on_a_still(leader, house_of_cameras, slug):
    pk = camera_of(house_of_cameras, slug)["id"]
    page = leader.go(f"/surveillance/cameras/{pk}/masks/")
    page.locator(".sv-sheet img:not([hidden])").wait_for(timeout=patience(40) * 1000)
    box = page.locator(".sv-sheet svg").bounding_box()
    corners = [(0.1, 0.1), (0.5, 0.1), (0.5, 0.6), (0.1, 0.6), (0.1, 0.1)]
    for x, y in corners:
        page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
    expect(page.locator("[data-mask-list]")).to_contain_text("Area 1, 4 corners")
    keep(page, "camera-masks-dark-1440")
    page.get_by_role("button", name="Keep the areas").click()
    expect(page.get_by_role("heading", name="Gate north")).to_be_visible()
    assert len(camera_of(house_of_cameras, slug)["masks"]) == 1
    page.goto(f"{house_of_cameras.url}/surveillance/of/{slug}/wall/")
    page.get_by_label("Why do you look?").fill("Look at the mask")
    page.get_by_role("button", name="Watch").click()
    await_picture(page)
    colour = page.locator("video").evaluate(
        "video => { const c = document.createElement('canvas'); c.width = 64; c.height = 36;"
        " const x = c.getContext('2d'); x.drawImage(video, 0, 0, 64, 36);"
        " return [...x.getImageData(20, 15, 1, 1).data].slice(0, 3); }"
    )
    assert all(abs(value - 96) < 16 for value in colour), colour
    leader.assert_clean()


def test_6_a_camera_that_dies_says_so_and_comes_back(leader, house_of_cameras, slug, rtsp):
    pk = camera_of(house_of_cameras, slug)["id"]
    before = house_of_cameras.cli("camera", "show", pk)["health"]["losses"]
    rtsp.unplug()
    until(lambda: house_of_cameras.cli("camera", "show", pk)["health"]["losses"] > before, 40)
    until(lambda: house_of_cameras.cli("camera", "show", pk)["state"] == "Live", 60)
    words = [
        row["name"] for row in house_of_cameras.cli("camera", "events", slug, "--name", "source")
    ]
    assert {"source.lost", "source.back"} <= set(words)


@pytest.mark.parametrize("size", ["1440", "390"])
def test_7_the_screens_are_in_order(house_of_cameras, browser, slug, size):
    seat = sit_down(browser, house_of_cameras, LEADER, size=DESK if size == "1440" else PHONE)
    pk = camera_of(house_of_cameras, slug)["id"]
    for name, path in (
        ("camera-list", f"/surveillance/of/{slug}/"),
        ("camera", f"/surveillance/cameras/{pk}/"),
        ("camera-form", f"/surveillance/cameras/{pk}/change/"),
        ("camera-events", f"/surveillance/of/{slug}/events/"),
        ("camera-sensors", f"/surveillance/of/{slug}/sensors/"),
        ("camera-rules", f"/surveillance/of/{slug}/rules/"),
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
