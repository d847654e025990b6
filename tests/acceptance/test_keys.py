"""Everything by keyboard, and nothing typed is lost."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from tests.acceptance.browser import Seat, sign_in, sit_down

LEADER = "leader@varangian.invalid"


@pytest.fixture(scope="module")
def seat(worked_house, browser) -> Iterator[Seat]:
    found = sit_down(browser, worked_house, LEADER)
    yield found
    found.context.close()


@pytest.fixture
def board(seat: Seat) -> Page:
    page = seat.go("/")
    page.get_by_text("live", exact=True).first.wait_for()
    return page


def test_question_mark_lists_the_keys_and_escape_returns(board: Page) -> None:
    board.keyboard.press("?")
    keys = board.get_by_role("dialog", name="Keys")
    for words in ("Go to Board", "Filter this list", "New log entry", "Find anything"):
        keys.get_by_text(words).wait_for()
    board.keyboard.press("Escape")
    expect(keys).to_be_hidden()


@pytest.mark.parametrize(
    ("letter", "path"),
    [("a", "/alerts/"), ("o", "/operations/"), ("t", "/threats/"), ("l", "/log/"), ("b", "/")],
)
def test_g_goes(seat: Seat, letter: str, path: str) -> None:
    page = seat.go("/places/")
    page.keyboard.press("g")
    page.keyboard.press(letter)
    page.wait_for_url(seat.base + path)


def test_slash_goes_to_the_filter(seat: Seat) -> None:
    page = seat.go("/operations/")
    page.keyboard.press("/")
    expect(page.locator("[data-filters] select").first).to_be_focused()


def test_j_k_enter_walk_a_list(seat: Seat) -> None:
    page = seat.go("/places/")
    rows = page.locator("tr[data-href]")
    for key, at in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        expect(rows.nth(at)).to_have_attribute("data-chosen", "")
    target = rows.nth(1).get_attribute("data-href")
    page.keyboard.press("Enter")
    page.wait_for_url(seat.base + target)


def test_e_acknowledges_without_reload(board: Page, seat: Seat) -> None:
    queue = board.locator("#board-alerts")
    board.evaluate("window.untouched = true")
    board.keyboard.press("j")
    title = queue.locator("[data-chosen] strong").inner_text()
    board.keyboard.press("e")
    mine = queue.locator("li").filter(has_text=title).filter(has_text="acknowledged")
    mine.first.wait_for()
    assert board.evaluate("window.untouched")
    seat.assert_clean()


def test_a_chosen_row_stays_chosen_when_fresh_rows_come_in(board: Page) -> None:
    board.keyboard.press("j")
    board.keyboard.press("j")
    leads = board.locator("[data-chosen]").get_attribute("data-href")
    board.evaluate(
        """() => new Promise((done) => {
          document.addEventListener('htmx:after:swap', () => setTimeout(done, 0), {once: true});
          htmx.trigger(document.querySelector('[data-chosen]').closest('[data-live]'), 'refresh');
        })"""
    )
    expect(board.locator("[data-chosen]")).to_have_attribute("data-href", leads or "")


def test_e_acts_on_nothing_in_the_stead_of_a_row_that_went(board: Page) -> None:
    board.keyboard.press("j")
    board.evaluate("document.querySelector('[data-chosen]').remove()")
    board.keyboard.press("e")
    board.get_by_text("The row you chose is no longer here").wait_for()


def test_n_opens_an_entry_ready_to_type(board: Page, seat: Seat) -> None:
    board.keyboard.press("n")
    board.wait_for_url(re.compile("/log/"))
    expect(board.locator("[name=event]")).to_be_focused()
    board.keyboard.type("Grey van twice at the north court")
    board.keyboard.press("Enter")
    board.get_by_role("cell", name="Grey van twice at the north court").first.wait_for()
    seat.assert_clean()


def test_ctrl_k_finds_the_operation(board: Page) -> None:
    board.keyboard.press("Control+k")
    board.keyboard.type("Helsinki, two")
    hit = board.get_by_role("option", name=re.compile("HERON in Helsinki")).first
    hit.wait_for()
    board.keyboard.press("Enter")
    board.wait_for_url(re.compile("/operations/heron-"))


def test_a_draft_survives_navigation_and_the_end_of_the_session(seat: Seat, worked_house) -> None:
    page = seat.go("/operations/engagements/new/")
    page.locator("[name=title]").fill("Half a thought")
    seat.go("/places/")
    page = seat.go("/operations/engagements/new/")
    expect(page.locator("[name=title]")).to_have_value("Half a thought")
    seat.context.clear_cookies()
    seat.go("/operations/engagements/new/")
    page.wait_for_url(re.compile("/account/login/"))
    sign_in(seat, worked_house, LEADER)
    page = seat.go("/operations/engagements/new/")
    expect(page.locator("[name=title]")).to_have_value("Half a thought")


@pytest.mark.parametrize("address", ["/", "operation"])
def test_arrows_walk_the_days_of_the_time_line(seat: Seat, address: str, slug: str) -> None:
    page = seat.go(f"/operations/{slug}/" if address == "operation" else address)
    page.locator(".vg-tl-rows").wait_for()
    day = page.locator(".vg-tl-today")
    today = day.inner_text()
    line = page.locator("[data-timeline]")
    line.focus()
    page.keyboard.press("ArrowRight")
    expect(day).not_to_have_text(today)
    page.keyboard.press("ArrowLeft")
    expect(day).to_have_text(today)
    page.get_by_role("button", name="Next day").click()
    expect(day).not_to_have_text(today)
    page.locator(".vg-tl-bar-days").get_by_role("button", name="Now").click()
    expect(day).to_have_text(today)
