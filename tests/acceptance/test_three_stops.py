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
    page = day.leader.go(f"/operations/{day.slug}/")
    day.house.cli("operation", "state", day.slug, "planned", actor=LEADER)
    page = day.leader.go(f"/planning/{day.slug}/readiness/")
    page.get_by_role("button", name="Start without a go").click()
    dialog = page.locator("dialog[open]")
    fill(dialog, reason="Places are known; the register is accepted on the way")
    dialog.get_by_role("button", name="Start without a go").click()
    page.wait_for_timeout(300)
    day.house.cli("operation", "state", day.slug, "active", actor=LEADER)
