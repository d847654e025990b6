"""The roster: a leader drags and publishes, an officer answers on a phone, somebody is sick."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from tests.acceptance.browser import PHONE, sit_down
from tests.acceptance.material import START, calendar

LEADER = "roster-leader@example.org"
OFFICERS = {
    "roster-ada@example.org": "Ada Lind",
    "roster-bo@example.org": "Bo Sander",
    "roster-cleo@example.org": "Cleo Wirta",
}
ADA, BO, CLEO = OFFICERS
THUMB = 56


@pytest.fixture(scope="module")
def team(house, browser, tmp_path_factory):
    """Three officers and two posts; Bo's close-protection licence has run out."""
    for email, name in {LEADER: "Ingrid Falk", **OFFICERS}.items():
        house.cli("user", "create", email, name)
    house.cli("engagement", "create", "Roster client", "--slug", "rostered", actor=LEADER)
    house.cli(
        *("principal", "create", "PLOVER", "--engagement", "rostered", "--slug", "plover"),
        actor=LEADER,
    )
    file = tmp_path_factory.mktemp("roster") / "day.ics"
    file.write_bytes(calendar())
    house.cli(
        *("operation", "import", str(file), "--principal", "plover", "--accept"), actor=LEADER
    )
    slug = house.cli("operation", "list", actor=LEADER)[0]["slug"]
    for email in OFFICERS:
        house.cli("member", "add", slug, email, "officer", actor=LEADER)
        until = "2026-01-01" if email == BO else "2030-01-01"
        facts = f'{{"licences": [{{"name": "close protection", "until": "{until}"}}]}}'
        house.cli("roster", "officer", slug, email, "--facts", facts, actor=LEADER)
    needs = '{"everyone": {"licences": ["close protection"]}, "among": []}'
    for title, day in (("Gate", 1), ("Hall", 2)):
        begin = (START + timedelta(days=day)).strftime("%Y-%m-%dT08:00")
        end = (START + timedelta(days=day)).strftime("%Y-%m-%dT16:00")
        house.cli(
            *("roster", "add", slug, "--title", title, "--starts", begin, "--ends", end),
            *("--needs", needs),
            actor=LEADER,
        )
    return SimpleNamespace(
        house=house,
        slug=slug,
        path=f"/planning/{slug}/roster/",
        leader=sit_down(browser, house, LEADER),
        ada=sit_down(browser, house, ADA, size=PHONE),
    )


def row(page, name: str):
    return page.locator(f'tr[data-name="{name}"]')


def test_1_gaps_come_first_and_a_duty_is_dragged_to_a_person(team):
    page = team.leader.go(team.path)
    gaps = page.locator("#gaps")
    gaps.get_by_text("Could:").first.wait_for()
    gaps.locator("[data-duty]", has_text="Gate").drag_to(row(page, "Ada Lind").locator("td").first)
    row(page, "Ada Lind").locator("[data-duty]", has_text="Gate").wait_for()
    page.wait_for_function("!document.querySelector('#gaps')?.textContent.includes('Gate')")
    team.leader.assert_clean()


def test_2_the_keys_do_the_same_and_a_rule_is_named_before_it_is_overridden(team):
    page = team.leader.go(team.path)
    duty = page.locator("#gaps [data-duty]", has_text="Hall")
    duty.focus()
    page.keyboard.press("m")
    page.locator('tr[data-name="Bo Sander"][data-fits="no"]').wait_for()
    for _ in range(8):
        if page.locator('tr[data-name="Bo Sander"][data-over]').count():
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    ask = page.locator("#roster-ask")
    ask.get_by_text("licence_expired").wait_for()
    ask.get_by_label("Why all the same").fill("Renewal is at the office")
    ask.get_by_role("button", name="Override, with my name").click()
    row(page, "Bo Sander").get_by_text("licence expired").wait_for()
    team.leader.assert_clean()


def test_3_published_and_accepted_on_a_phone(team):
    page = team.leader.go(team.path)
    page.get_by_role("button", name="Publish").click()
    page.locator("dialog[open]").get_by_role("button", name="Publish").click()
    page.get_by_text("Published as edition 1.").wait_for()
    phone = team.ada.go("/m/duties/")
    duty = phone.locator("article", has_text="Gate")
    accept = duty.get_by_role("button", name="Accept")
    assert accept.bounding_box()["height"] >= THUMB
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    accept.click()
    duty.get_by_text("accepted").wait_for()
    row(page, "Ada Lind").get_by_text("accepted").wait_for()
    phone.get_by_role("button", name="Make an address").click()
    address = phone.get_by_label("Calendar address").input_value()
    answer = phone.request.get(address)
    assert answer.status == 200 and "SUMMARY:Duty" in answer.text() and "Gate" not in answer.text()
    phone.goto(f"{team.ada.base}{team.path}")
    row(phone, "Ada Lind").wait_for()
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    team.ada.assert_clean()
    team.leader.assert_clean()


def test_4_a_sick_call_is_shown_before_it_is_taken(team):
    page = team.leader.go(team.path)
    page.get_by_role("button", name="Sick call").click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_label("Who").select_option(label="Ada Lind")
    dialog.get_by_label(re.compile("^From")).fill(START.strftime("%Y-%m-%dT00:00"))
    dialog.get_by_role("button", name="Find a repair").click()
    proposal = page.locator("#proposal")
    proposal.get_by_text("taken off").wait_for()
    assert row(page, "Ada Lind").get_by_text("Gate").count(), "nothing has changed yet"
    proposal.get_by_role("button", name="Take these changes").click()
    page.get_by_text("Publish it so that those concerned hear").wait_for()
    assert not row(page, "Ada Lind").locator("[data-duty]").count()
    page.locator("#roster").get_by_text(re.compile("not published")).first.wait_for()
    team.leader.assert_clean()
