"""A day of three stops in the same city: from an empty operation to issued orders out of a known
library, a change in the middle of the day, and the hot wash. By leader, advance, driver and
officer, each at their own screen."""

import re
import time
from datetime import datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect
from tests.acceptance.browser import PHONE, Seat, sit_down
from tests.acceptance.test_main_job import confirm, fill

ZONE = ZoneInfo("Europe/Helsinki")
LEADER, ADVANCE = "leader@varangian.invalid", "advance@varangian.invalid"
DRIVER, OFFICER = "driver@varangian.invalid", "ppo@varangian.invalid"
HOLDERS = (
    ("Team leader", "Ingrid Falk", "Sunray"),
    ("Personal protection officer", "Amara Okoye", "Shadow One"),
    ("Driver, principal's car", "Jonas Weber", "Chariot One"),
    ("Security advance party", "Leo Marchetti", "Pathfinder"),
)
STOPS = (
    ("Hotel Aurora", "Northern House", 60),
    ("Northern House", "Villa Tamm", 180),
    ("Villa Tamm", "Hotel Aurora", 330),
)
MOST_MINUTES = 20


@pytest.fixture(scope="module")
def day(worked_house, browser):
    leader = sit_down(browser, worked_house, LEADER)
    return SimpleNamespace(house=worked_house, browser=browser, leader=leader, slug="", begun=0.0)


def local(minutes: int) -> str:
    at = datetime.now(ZONE).replace(second=0, microsecond=0) + timedelta(minutes=minutes)
    return f"{at:%Y-%m-%dT%H:%M}"


def test_1_an_empty_operation_gets_its_legs_and_posts(day):
    day.begun = time.monotonic()
    page = day.leader.go("/operations/new/")
    page.locator("[name=principal]").select_option("heron")
    page.locator("[name=kind]").select_option("day")
    fill(page, title="Three stops", intent="The detail protects HERON on three stops today.")
    fill(page, time_zone=str(ZONE), starts=local(30), ends=local(420))
    page.get_by_role("button", name="Open the operation").click()
    page.wait_for_url(re.compile("/operations/three-stops"))
    day.slug = page.url.rstrip("/").rsplit("/", 1)[-1]
    for origin, destination, minutes in STOPS:
        page = day.leader.go(f"/operations/{day.slug}/movements/new/")
        fill(page, title=f"{origin} to {destination}", zone=str(ZONE))
        fill(page, starts=local(minutes), ends=local(minutes + 25))
        page.locator("[name=kind]").select_option("road")
        page.locator("[name=origin]").select_option(label=origin)
        page.locator("[name=destination]").select_option(label=destination)
        page.get_by_role("button", name="Add", exact=True).click()
        page.get_by_text(f"{origin} to {destination}").first.wait_for()
    for title, holder, sign in HOLDERS:
        page = day.leader.go(f"/operations/{day.slug}/posts/")
        page.get_by_role("button", name="Add post").click()
        dialog = page.locator("dialog[open]")
        dialog.locator("[name=standard]").select_option(label=title)
        dialog.locator("[name=holder]").select_option(label=holder)
        fill(dialog, call_sign=sign)
        dialog.get_by_role("button", name="Add", exact=True).click()
        page.get_by_role("cell", name=holder).wait_for()
    day.leader.assert_clean()


def test_2_the_advance_looks_again_at_what_has_run_out(day):
    page = day.leader.go(f"/planning/{day.slug}/advance/")
    page.get_by_role("button", name="Task the advance").click()
    page.locator("dialog[open]").get_by_role("button", name="Make the tasks").click()
    page.get_by_text(re.compile(r"re-verify \d+ of \d+")).first.wait_for()
    officer = sit_down(day.browser, day.house, ADVANCE, size=PHONE)
    phone = officer.go(f"/planning/{day.slug}/advance/")
    still = phone.get_by_role("button", name=re.compile("^Still so"))
    before = still.count()
    assert before, "something has to be looked at"
    still.first.click()
    expect(still).to_have_count(before - 1)
    officer.assert_clean()


def test_3_threat_go_and_orders_in_time(day):
    page = day.leader.go(f"/threats/{day.slug}/")
    page.get_by_role("button", name="Risks from the library").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
    dialog.get_by_role("checkbox").first.check()
    dialog.get_by_role("button", name="Add the chosen ones").click()
    page.get_by_role("cell", name="R1").wait_for()
    page = day.leader.go(f"/planning/{day.slug}/order/")
    page.get_by_role("button", name=re.compile("Draft (the |an )?operation order")).click()
    page.get_by_text("1. Ground").wait_for()
    page.get_by_text(re.compile(r"Hotel Aurora\. Main entrance: .*\(seen ")).first.wait_for()
    page.get_by_role("button", name=re.compile("^Sign")).first.click()
    confirm(page)
    page.get_by_role("button", name=re.compile("^Issue")).first.wait_for()
    page.get_by_role("button", name=re.compile("^Issue")).first.click()
    confirm(page)
    page.get_by_text("Issued").first.wait_for()
    for email, name in ((OFFICER, "Okoye"), (DRIVER, "Weber"), (ADVANCE, "Marchetti")):
        acknowledge(day, email)
        page.get_by_role("row", name=re.compile(name)).get_by_text("acknowledged").wait_for()
    assert (time.monotonic() - day.begun) / 60 < MOST_MINUTES
    day.leader.assert_clean()


def acknowledge(day, email: str) -> Seat:
    seat = sit_down(day.browser, day.house, email, size=PHONE)
    phone = seat.go(f"/planning/{day.slug}/order/")
    button = phone.get_by_role("button", name=re.compile("acknowledge"))
    button.first.click()
    expect(button).to_have_count(0)
    seat.assert_clean()
    return seat


def test_4_it_starts_for_a_recorded_reason(day):
    day.house.cli("operation", "state", day.slug, "planned", actor=LEADER)
    page = day.leader.go(f"/planning/{day.slug}/readiness/")
    page.get_by_role("button", name="Start without a go").click()
    dialog = page.locator("dialog[open]")
    fill(dialog, reason="Places are known; the register is accepted on the way")
    dialog.get_by_role("button", name="Start without a go").click()
    page.get_by_text("Places are known").first.wait_for()
    assert day.house.cli("operation", "state", day.slug, "active", actor=LEADER)
    day.leader.assert_clean()


def test_5_a_change_in_the_middle_of_the_day_reaches_the_posts(day):
    page = day.leader.go(f"/operations/{day.slug}/")
    page.get_by_role("link", name="Change", exact=True).click()
    page.get_by_text("what it touches appears here").wait_for()
    page.locator("[name=minutes]").select_option("-30")
    page.locator("[name=exit]").fill("South door")
    page.locator("[name=reason]").fill("The host has shortened the programme")
    page.locator("#change-touched").get_by_text("by South door").first.wait_for()
    page.get_by_role("button", name=re.compile("Send to")).click()
    page.wait_for_url(re.compile("/planning/changes/"))
    for email in (DRIVER, OFFICER):
        phone = sit_down(day.browser, day.house, email, size=PHONE)
        read = phone.go("/m/orders/").locator(".vg-read").filter(has_text="shortened the programme")
        read.get_by_text("Fragmentary order 1").wait_for()
        read.get_by_role("button", name="Acknowledge").click()
        expect(read).to_have_count(0)
        phone.assert_clean()
    for sign in ("Chariot One", "Shadow One"):
        row = page.locator("tr").filter(has_text=sign)
        row.get_by_text("acknowledged", exact=True).wait_for()
    day.leader.assert_clean()


def test_6_the_hot_wash(day):
    page = day.leader.go(f"/planning/{day.slug}/debrief/")
    page.get_by_role("button", name="Open the hot wash").click()
    page.get_by_role("link", name="Say what you saw").wait_for()
    phone = sit_down(day.browser, day.house, OFFICER, size=PHONE)
    small = phone.go(f"/m/debrief/{day.slug}/")
    small.get_by_label("In your words").fill("South door was free, keep it as the first choice")
    small.get_by_role("button", name="Keep doing this").click()
    small.get_by_text("to confirm").wait_for()
    page = day.leader.go(f"/planning/{day.slug}/debrief/")
    page.locator("li", has_text="South door was free").get_by_role("link", name="1").click()
    page.get_by_role("button", name="Confirm").click()
    page.get_by_text("confirmed by Ingrid Falk").wait_for()
    page = day.leader.go(f"/planning/{day.slug}/debrief/")
    page.get_by_role("button", name="Sign and close").click()
    dialog = page.locator("dialog[open]")
    fill(dialog, summary="Three stops, one change, all in time")
    dialog.get_by_role("button", name="Sign and close").click()
    page.get_by_text("signature genuine").wait_for()
    phone.assert_clean()
    day.leader.assert_clean()
