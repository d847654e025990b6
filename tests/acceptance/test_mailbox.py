"""A mailbox of six reservation mails becomes a draft, the differences are accepted, and the return
that nobody booked shows as an unknown end."""

import re
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.acceptance.browser import sit_down
from tests.bookings import MARA, six_mails

LEADER = "lindgren@example.org"


@pytest.fixture(scope="module")
def desk(house, browser):
    house.cli("user", "create", LEADER, "Tove Lindgren")
    return SimpleNamespace(house=house, leader=sit_down(browser, house, LEADER), slug="")


def serious(page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [row["id"] for row in found if row["impact"] in ("serious", "critical")]


def test_1_mails_become_a_draft(desk):
    page = desk.leader.go("/operations/engagements/new/")
    page.locator("[name=title]").first.fill("Lantern Foundation")
    page.locator("[name=slug]").first.fill("lantern")
    page.get_by_role("button", name="Open").click()
    page.get_by_role("link", name="New principal").click()
    page.locator("[name=code_name]").first.fill("OSPREY")
    page.locator("[name=name]").first.fill("Elsa Invented")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile("/principals/osprey"))
    page = desk.leader.go("/travel/import/")
    yesterday = (datetime.now(UTC).date() - date(2026, 11, 26)).days - 1
    file = {"name": "inbox", "mimeType": "text/plain", "buffer": six_mails(yesterday)}
    page.set_input_files("input[type=file]", file)
    page.locator("[name=principal]").select_option("osprey")
    page.get_by_role("button", name="Read the file").click()
    page.get_by_text("Differences from the plan").wait_for()
    shown = page.content()
    for words in ("Change of your flight", "nothing read", "X4K9QP", MARA, "Harbour House"):
        assert words in shown, words
    assert page.get_by_text("added").count() >= 5
    assert not serious(page)
    page.get_by_role("button", name="Accept the differences").click()
    page.wait_for_url(re.compile("/operations/[a-z0-9-]+/$"))
    desk.slug = page.url.rstrip("/").rsplit("/", 1)[-1]
    desk.leader.assert_clean()


def test_2_presence_shows_the_unknown_return(desk):
    page = desk.leader.go(f"/operations/{desk.slug}/")
    page.get_by_role("link", name="Travel", exact=True).last.click()
    page.get_by_role("link", name="Who is where").click()
    page.get_by_role("heading", name="Who is where").wait_for()
    row = page.get_by_role("row").filter(has_text="OSPREY").first
    assert "end unknown" in row.inner_text() and "never" in row.inner_text()
    month = (datetime.now(UTC) + timedelta(days=30)).strftime("%Y-%m-%d 12:00")
    page = desk.leader.go(f"/travel/presence/{desk.slug}/?at={month}")
    row = page.get_by_role("row").filter(has_text="OSPREY").first
    assert "Harbour House" in row.inner_text() and "end unknown" in row.inner_text()
    assert not serious(page)


def test_3_somebody_is_heard_and_the_clock_runs(desk):
    page = desk.leader.go(f"/travel/presence/{desk.slug}/")
    page.get_by_role("button", name=f"Add {MARA} to the party").click()
    page.get_by_role("row").filter(has_text=MARA).first.wait_for()
    page.get_by_role("button", name="Set the clock").wait_for()
    clock = page.locator("form[action$='/clock/']")
    clock.locator("[name=minutes]").fill("60")
    clock.get_by_role("button", name="Set the clock").click()
    page.get_by_text("every 60 min").first.wait_for()
    page.get_by_role("button", name="OSPREY said by telephone that they are safe").click()
    row = page.get_by_role("row").filter(has_text="OSPREY").first
    row.get_by_text("call: Call").first.wait_for()
    assert "never" not in row.inner_text()
    heard = page.locator("form[action$='/confirm/'][data-form]")
    heard.locator("[name=who]").select_option(label=MARA)
    heard.locator("[name=how]").select_option("message")
    heard.locator("[name=words]").fill("Oslo, Norway")
    heard.get_by_role("button", name="Enter").click()
    page.get_by_role("row").filter(has_text="Oslo, Norway").first.wait_for()
    page = desk.leader.go("/travel/who/?in=Norway")
    assert page.get_by_role("row").filter(has_text=MARA).count() == 1
    assert page.get_by_role("row").filter(has_text="OSPREY").count() == 0
    page = desk.leader.go("/travel/who/?in=gb")
    assert page.get_by_role("row").filter(has_text="OSPREY").count() == 1
    assert not serious(page)
    desk.leader.assert_clean()
