"""A leg is planned, driven by the simulator, leaves its corridor, and is diverted: on screen."""

import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect
from tests.acceptance import moving
from tests.acceptance.browser import DESK, PHONE, sit_down
from tests.acceptance.house import House
from tests.acceptance.moving import DRIVER, LEADER
from tests.acceptance.test_screens import SET_THEME, SIDEWAYS, serious
from tests.seed import furnish


@pytest.fixture(scope="module")
def team(tmp_path_factory):
    """A house of its own: nowhere else may anything be simulated."""
    house = House(furnish(tmp_path_factory.mktemp("moving")), VARANGIAN_SIMULATE="1")
    try:
        house.start()
        yield moving.team(house, tmp_path_factory.mktemp("files"))
        assert house.stop() == 0
        house.assert_gone()
    finally:
        house.kill()


@pytest.fixture(scope="module")
def shots(tmp_path_factory):
    return tmp_path_factory.mktemp("shots")


@pytest.fixture(scope="module")
def desk(team, browser):
    seat = sit_down(browser, team.house, LEADER)
    yield seat
    seat.context.close()


def look(page, shots, name: str) -> None:
    """At a desk and on a phone, in both themes: nothing scrolls sideways, nothing is unreadable."""
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        page.wait_for_timeout(400)
        assert page.evaluate(SIDEWAYS) <= 0, f"{name} scrolls sideways"
        for theme in ("dark", "light"):
            page.evaluate(SET_THEME, theme)
            page.wait_for_timeout(500)
            page.screenshot(path=shots / f"{name}-{theme}-{size['width']}.png", full_page=True)
            assert not serious(page, all_rules=theme == "dark")
    page.set_viewport_size(DESK)


def test_1_the_tracking_plan_is_made_on_screen(team, desk, shots):
    page = desk.go(f"/travel/board/of/{team.slug}/")
    row = page.get_by_role("row").filter(has_text="Hotel Quay to Harbour court")
    expect(row).to_contain_text("No tracking plan yet")
    row.get_by_role("link").click()
    page.get_by_role("link", name="Make the tracking plan").click()
    page.get_by_label("Silent after (s)").fill("30")
    page.get_by_label("Corridor to each side (m)").fill("100")
    page.get_by_label("Who watches").select_option(label="Ingrid Falk")
    look(page, shots, "plan")
    page.get_by_role("button", name="Save the tracking plan").click()
    expect(page.get_by_text("Begin the leg")).to_be_visible()
    expect(page.get_by_text(re.compile("on time: (over )?[0-9]+ %"))).to_be_visible()
    expect(page.get_by_text("Leave by, to be on time with 95 %")).to_be_visible()
    page.get_by_role("link", name="Tracking plan", exact=True).click()
    name = page.get_by_label("Name of mark 1")
    expect(name).not_to_have_value("")
    name.fill("Old bridge")
    page.get_by_label("Code word of mark 1").fill("OAK")
    page.get_by_role("button", name="Save the tracking plan").click()
    expect(page.get_by_text("Old bridge")).to_be_visible()
    (leg,) = [one for one in board(team) if one["serial"] == int(team.serial)]
    assert leg["plan"]["version"] == 2 and leg["marks"][0]["code"] == "OAK"
    desk.assert_clean()


def board(team) -> list:
    return team.house.cli("movement", "board", team.slug, actor=LEADER)["legs"]


@pytest.fixture(scope="module")
def drive(team):
    """The simulator in a process of its own, as a person would start it."""
    words = ["--as", LEADER, "movement", "simulate", team.slug, team.serial]
    words += ["--speed", "3", "--stray", "500", "--stop", "90"]
    process = subprocess.Popen(
        [sys.executable, "-m", "varangian.cli", *words],
        env=team.house.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    yield process
    process.kill()
    process.wait(20)


@pytest.fixture(scope="module")
def wheel(team, browser):
    seat = sit_down(browser, team.house, DRIVER, size=PHONE)
    yield seat
    seat.context.close()


def test_2_the_board_moves_and_the_alarm_comes_and_goes(team, desk, browser, wheel, drive, shots):
    page = desk.go(f"/travel/board/of/{team.slug}/")
    row = page.get_by_role("row").filter(has_text="Hotel Quay to Harbour court")
    expect(row).to_contain_text("under way", timeout=120_000)
    page.evaluate("window.untouched = true")
    alerts = sit_down(browser, team.house, LEADER)
    queue = alerts.go("/alerts/")
    bar = row.get_by_role("progressbar")
    expect(bar).not_to_have_attribute("value", "0.000", timeout=60_000)
    expect(row).to_contain_text("off the corridor", timeout=120_000)
    expect(queue.get_by_text("left the corridor").first).to_be_visible()
    look(page, shots, "board")
    look(wheel.go(f"/travel/board/leg/{team.leg}/"), shots, "leg")
    expect(row).not_to_contain_text("off the corridor", timeout=120_000)
    expect(queue.get_by_text("left the corridor")).to_have_count(0)
    assert page.evaluate("window.untouched"), "the page was loaded anew"
    assert drive.poll() is None, drive.stdout.read()
    for seat in (desk, alerts):
        seat.assert_clean()
    alerts.context.close()


def test_3_the_driver_diverts_by_one_tap(team, desk, wheel, drive, shots):
    page = wheel.page
    page.set_viewport_size(PHONE)
    button = page.get_by_role("button", name=re.compile("^Divert to ")).first
    assert button.bounding_box()["height"] >= 56
    goal = button.get_attribute("aria-label").removeprefix("Divert to ")
    button.click()
    expect(page.get_by_role("heading", name=f"The way to {goal}")).to_be_visible()
    row = desk.go(f"/travel/board/of/{team.slug}/").get_by_role("row").filter(has_text=goal)
    expect(row).to_contain_text(re.compile("diverted|arrived"))
    look(page, shots, "divert")
    expect(row).to_contain_text("arrived", timeout=120_000)
    assert drive.wait(60) == 0, drive.stdout.read()
    entries = team.house.cli("log", "list", team.slug, actor=LEADER)
    told = " ".join(str(entry) for entry in entries)
    for words in ("is followed from now on", "left the corridor", f"diverted to {goal}"):
        assert words in told, words
    for seat in (wheel, desk):
        seat.assert_clean()
