"""A residence is assessed: drafted from the register, looked at by phone, signed by another person,
printed, and stale as soon as a threat changes."""

from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.acceptance.browser import DESK, PHONE, sit_down
from tests.acceptance.test_screens import KEPT, SET_THEME, SIDEWAYS, keep, serious

LEADER, ANALYST = "leader@varangian.invalid", "analyst@varangian.invalid"
KEPT |= {"tvra-dark-1440", "tvra-light-1440", "tvra-checks-dark-390"}
ADD_PLACE = """async ([slug, body]) => {
  const token = JSON.parse(document.body.getAttribute('hx-headers:inherited'))['X-CSRFToken'];
  const headers = {'Content-Type': 'application/json', 'X-CSRFToken': token};
  const given = {method: 'POST', headers, body: JSON.stringify(body)};
  return (await fetch(`/api/v1/operations/${slug}/places`, given)).status;
}"""


@pytest.fixture(scope="module")
def review(worked_house):
    """An operation of its own, so that nobody else's register changes."""
    made = worked_house.cli(
        "operation", "create", "Villa review week", "--principal", "heron", actor=LEADER
    )
    slug = made["slug"]
    worked_house.cli(
        "threat", "add", slug, "Stranger at the fence", "--intent", "low", actor=ANALYST
    )
    worked_house.cli(
        "risk", "add", slug, "--from-library", "fixated-person-approach", actor=ANALYST
    )
    return slug


@pytest.fixture(scope="module")
def analyst(worked_house, browser):
    seat = sit_down(browser, worked_house, ANALYST, size=DESK)
    yield seat
    seat.context.close()


@pytest.fixture(scope="module")
def leader(worked_house, browser):
    seat = sit_down(browser, worked_house, LEADER, size=DESK)
    yield seat
    seat.context.close()


def test_1_it_is_drafted_from_the_register(analyst, review):
    page = analyst.go(f"/threats/tvra/of/{review}/")
    given = {"kind": "residence", "name": "Villa at the cape"}
    assert page.evaluate(ADD_PLACE, [review, given]) in (200, 201)
    page.get_by_role("link", name="New assessment").click()
    page.get_by_role("link", name="Residence").click()
    page.get_by_label("Place").select_option(label="Villa at the cape")
    page.get_by_label("Title of the report").fill("Home protection review")
    page.get_by_role("button", name="Draft it from the register").click()
    page.get_by_role("heading", name="A1 Residence: Villa at the cape").wait_for()
    page.get_by_role("link", name="Stranger at the fence", exact=True).wait_for()
    expect(page.get_by_text("not judged", exact=True).first).to_be_visible()
    analyst.assert_clean()


def test_2_the_checks_are_answered_by_keyboard_and_by_phone(analyst, worked_house, browser, review):
    page = analyst.page
    page.get_by_role("link", name="Checks").first.click()
    page.locator(".tv-check").first.wait_for()
    page.keyboard.press("j")
    page.keyboard.press("2")
    page.locator(".tv-check.vg-amber").first.wait_for()
    page.keyboard.press("1")
    page.locator(".tv-check.vg-green").first.wait_for()
    page.locator("#tvra-progress", has_text="2 of 31").wait_for()
    phone = sit_down(browser, worked_house, ANALYST, size=PHONE)
    small = phone.go(page.url.replace(phone.base, ""))
    gate = small.locator("#c-gate-closed")
    gate.get_by_label("Evidence or note").fill("Stays open for a minute")
    gate.get_by_role("button", name="Not met").click()
    small.locator("#c-gate-closed.vg-red", has_text="Stays open for a minute").wait_for()
    assert small.evaluate(SIDEWAYS) <= 0
    small.evaluate(SET_THEME, "dark")
    keep(small, "tvra-checks-dark-390")
    assert not serious(small, all_rules=True)
    phone.assert_clean()
    phone.context.close()


def test_3_the_risk_is_raised_treated_and_sent_in(analyst, worked_house, review):
    page = analyst.go(f"/threats/tvra/of/{review}/")
    page.get_by_role("link", name="Residence: Villa at the cape").click()
    page.locator("td a", has_text="Fixated person").click()
    page.get_by_label("Likelihood").select_option("4")
    page.get_by_label("Why", exact=True).fill("The gate stays open, and the letters speak of it")
    page.get_by_label("Does the gate close by itself").check()
    page.get_by_role("button", name="Keep, and to the next").click()
    page.get_by_text("raised", exact=True).wait_for()
    page.get_by_label("What is done").fill("Gate that closes by itself")
    page.get_by_label("Owner").select_option(index=1)
    page.get_by_label("Due", exact=True).fill("2027-01-15T12:00")
    page.get_by_label("Likelihood that is left").select_option("2")
    page.get_by_label("Consequence that is left").select_option("4")
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("button", name="Remove").wait_for()
    page.get_by_label("Conclusion").fill("Mend the gate before the next stay")
    page.get_by_role("button", name="Keep the draft").click()
    for theme in ("dark", "light"):
        page.evaluate(SET_THEME, theme)
        page.wait_for_timeout(150)
        keep(page, f"tvra-{theme}-1440")
        assert not serious(page, all_rules=theme == "dark"), theme
    assert page.evaluate(SIDEWAYS) <= 0
    page.get_by_role("button", name="Send in").click()
    page.get_by_text("in review", exact=True).first.wait_for()
    analyst.assert_clean()


def test_4_a_second_person_approves_and_the_report_downloads(leader, review):
    page = leader.go(f"/threats/tvra/of/{review}/")
    page.get_by_role("link", name="Residence: Villa at the cape").click()
    page.get_by_role("link", name="Read and approve").click()
    page.get_by_role("button", name="Approve under my name").click()
    page.get_by_text("approved", exact=True).first.wait_for()
    page.get_by_role("link", name="Measure", exact=True).wait_for()
    with page.expect_download() as waited:
        page.get_by_role("link", name="Report", exact=True).click()
    assert Path(waited.value.path()).read_bytes().startswith(b"%PDF")
    leader.assert_clean()


def test_5_a_changed_threat_marks_it_stale(leader, worked_house, review):
    worked_house.cli("threat", "set", review, "T1", "--intent", "high", actor=ANALYST)
    page = leader.go(f"/threats/tvra/of/{review}/")
    page.get_by_text("stale", exact=True).first.wait_for()
    page.get_by_role("link", name="Residence: Villa at the cape").click()
    page.get_by_text("intent low to high").first.wait_for()
    leader.assert_clean()
