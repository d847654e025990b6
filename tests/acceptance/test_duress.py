"""One slides on a phone, another's screen calls for action; the first screen shows nothing."""

import re

import pytest
from playwright.sync_api import expect
from tests.acceptance.browser import PHONE, sit_down

OFFICER, LEADER = "duress.officer@example.org", "duress.leader@example.org"


@pytest.fixture(scope="module")
def team(house) -> str:
    for email, name in ((LEADER, "Lena Lead"), (OFFICER, "Oskar Vahti")):
        house.cli("user", "create", email, name)
    house.cli("engagement", "create", "Invented", "--slug", "duress", actor=LEADER)
    house.cli(
        "principal", "create", "IBIS", "--engagement", "duress", "--slug", "ibis", actor=LEADER
    )
    made = house.cli("operation", "create", "Night watch", "--principal", "ibis", actor=LEADER)
    house.cli("member", "add", made["slug"], OFFICER, "officer", actor=LEADER)
    return made["slug"]


def slide(page) -> None:
    knob = page.locator(".dr-knob").bounding_box()
    track = page.locator(".dr-slide").bounding_box()
    middle = knob["y"] + knob["height"] / 2
    page.mouse.move(knob["x"] + 10, middle)
    page.mouse.down()
    page.mouse.move(track["x"] + track["width"] - 8, middle, steps=8)
    page.mouse.up()


def test_a_slide_reaches_the_other_screen_and_shows_nothing_on_its_own(browser, house, team):
    leader, officer = (
        sit_down(browser, house, LEADER),
        sit_down(browser, house, OFFICER, size=PHONE),
    )
    leader.go("/")
    page = officer.go("/m/")
    page.wait_for_function("() => localStorage.getItem('vg-ways-key')")
    page.get_by_text("Take up duty").wait_for()
    before = page.locator("main").inner_text()
    slide(page)
    banner = leader.page.locator("#vg-banner .vg-duress")
    expect(banner).to_contain_text("Oskar Vahti", timeout=10_000)
    page.wait_for_function("() => !localStorage.getItem('vg-ways-out')")
    assert page.locator("main").inner_text() == before
    expect(page.locator(".dr-knob")).to_have_attribute("aria-valuenow", "0")
    officer.context.clear_cookies()  # the session has ended: a press is heard all the same
    slide(page)
    assert page.evaluate("localStorage.getItem('vg-ways-out')")
    page.wait_for_function("() => !localStorage.getItem('vg-ways-out')")
    leader.page.wait_for_timeout(300)
    banner.click()
    expect(leader.page.locator("h1")).to_have_text(re.compile("Duress: Oskar Vahti"))
    leader.page.get_by_label("Where they are, who has seen them").fill("With me in car 2")
    leader.page.get_by_role("button", name="End the call").click()
    expect(leader.page.locator("#vg-banner .vg-duress")).to_have_count(0)
    leader.assert_clean()
