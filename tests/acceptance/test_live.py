"""Two people at once: what one changes the other sees, without reload and without losing a word."""

import os
import signal
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from tests.acceptance.browser import Seat, sit_down


@pytest.fixture(scope="module")
def pair(worked_house, browser) -> Iterator[tuple[Seat, Seat]]:
    names = ("leader@varangian.invalid", "operator@varangian.invalid")
    seats = tuple(sit_down(browser, worked_house, name) for name in names)
    yield seats
    for seat in seats:
        seat.context.close()


def live(page: Page) -> Page:
    page.get_by_text("live", exact=True).first.wait_for()
    page.evaluate("window.untouched = true")
    return page


def test_a_new_entry_arrives_while_the_other_is_typing(pair, slug) -> None:
    leader, operator = pair
    page = live(leader.go(f"/log/of/{slug}/"))
    field = page.locator("[name=event]")
    field.click()
    page.keyboard.type("Half a sent")
    theirs = operator.go(f"/log/of/{slug}/")
    theirs.locator("[name=event]").fill("Zero: gate two is shut")
    theirs.keyboard.press("Enter")
    page.get_by_role("cell", name="Zero: gate two is shut").wait_for()
    expect(field).to_be_focused()
    page.keyboard.type("ence")
    expect(field).to_have_value("Half a sentence")
    assert page.evaluate("window.untouched")
    for seat in pair:
        seat.assert_clean()


def test_a_moved_leg_reaches_the_board_and_leaves_the_search_alone(
    pair, slug, worked_house
) -> None:
    leader, _ = pair
    page = live(leader.go("/"))
    tile = page.locator("#board-tiles").get_by_text("stale").first
    before = tile.inner_text()
    page.keyboard.press("Control+k")
    page.keyboard.type("Nor")
    legs = worked_house.cli("movement", "list", slug)
    leg = [one for one in legs if one["kind"] == "road" and one["state"] == "planned"][-1]
    ends = datetime.fromisoformat(leg["ends"]) + timedelta(minutes=7)
    worked_house.cli("movement", "change", leg["id"], "--ends", ends.isoformat(timespec="minutes"))
    expect(tile).not_to_have_text(before, timeout=45_000)
    page.keyboard.type("thern")
    expect(page.get_by_role("combobox", name="Find anything")).to_have_value("Northern")
    assert page.evaluate("window.untouched")
    leader.assert_clean()


def test_the_screen_says_that_the_database_restarts_and_heals(pair, worked_house) -> None:
    leader, _ = pair
    page = live(leader.go("/"))
    for pid in worked_house.pids("postgres"):
        os.kill(pid, signal.SIGKILL)
    away = page.get_by_text("Database is restarting.")
    away.wait_for(timeout=45_000)
    away.wait_for(state="hidden", timeout=45_000)
    worked_house.await_healthy(30)
    page.get_by_text("live", exact=True).first.wait_for()
    assert page.evaluate("window.untouched")
    leader.faults.clear()
    page.reload()
    page.get_by_role("heading", name="Board", level=1).wait_for()
    leader.assert_clean()


def test_live_data_that_grows_old_says_so(pair, worked_house) -> None:
    """The stream is held still, not broken: nothing fails, it is only silent."""
    leader, _ = pair
    page = live(leader.go("/"))
    badge = page.locator("[data-data-age]")
    stream = worked_house.pids("live")
    assert stream
    for pid in stream:
        os.kill(pid, signal.SIGSTOP)
    try:
        expect(badge).to_have_attribute("data-state", "amber", timeout=45_000)
        expect(badge).to_contain_text("stale")
        expect(badge).to_have_attribute("data-state", "red", timeout=45_000)
    finally:
        for pid in stream:
            os.kill(pid, signal.SIGCONT)
    expect(badge).to_have_attribute("data-state", "blue", timeout=45_000)
    leader.faults.clear()
