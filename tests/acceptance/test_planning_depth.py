"""Readiness and go, contingency cards, communications and the thread, by those who use them."""

import re

import pytest
from tests.acceptance.browser import PHONE, sit_down

LEADER, DRIVER = "leader@varangian.invalid", "driver@varangian.invalid"
LEAST_TARGET = 56


@pytest.fixture(scope="module")
def leader(worked_house, browser):
    return sit_down(browser, worked_house, LEADER)


def test_1_a_waiver_withdrawn_turns_the_light_back(worked_house, leader, slug):
    page = leader.go(f"/planning/{slug}/readiness/")
    waivers = page.locator("section", has=page.get_by_role("heading", name="Waivers"))
    waiver = waivers.locator("li").filter(has_text="Alternate route for each road leg")
    waiver.get_by_role("button", name="Withdraw").click()
    light = page.locator("li.vg-light").filter(has_text="Alternate route for each road leg")
    light.get_by_text("missing", exact=True).wait_for()
    field = page.locator("form", has=page.get_by_role("button", name="Waive"))
    field.locator("[name=artefact]").select_option("alternate_route")
    field.locator("[name=note]").fill("Driven tonight")
    field.get_by_role("button", name="Waive").click()
    light.get_by_text("waived", exact=True).wait_for()
    leader.assert_clean()


def test_2_the_go_keeps_what_was_missing(worked_house, leader, slug):
    page = leader.go(f"/planning/{slug}/readiness/")
    page.get_by_role("button", name="Sign the go").first.click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_text("Not ready, and recorded with the go").wait_for()
    dialog.locator("[name=reason]").fill("Chariot Two reads it at the car")
    dialog.get_by_role("button", name="Sign the go").click()
    page.get_by_text("signature genuine").first.wait_for()
    page.get_by_text(re.compile(r"Threat level substantial; \d+ not ready")).first.click()
    page.get_by_text("All posts have acknowledged").first.wait_for()
    kept = worked_house.cli("go", "list", slug)[0]
    assert kept["kind"] == "go" and kept["not_ready"] and kept["by"] == "Ingrid Falk"
    leader.go("/").get_by_text(re.compile("go, .*ready|^go$")).first.wait_for()
    leader.assert_clean()


def test_3_an_operation_without_a_go_does_not_start(worked_house):
    made = worked_house.cli("operation", "create", "Second day", "--principal", "heron")
    line = ("operation", "state", made["slug"])
    worked_house.cli(*line, "planned")
    refused = worked_house.run(*line, "active")
    assert refused.code != 0 and "There is no go for this operation" in refused.err
    reason = ("--reason", "Fire next door")
    worked_house.cli("go", "override", made["slug"], *reason, actor=LEADER)
    assert worked_house.cli(*line, "active")["state"] == "active"
    worked_house.cli(*line, "cancelled")


def test_4_the_driver_finds_the_card_with_one_thumb(worked_house, browser, slug):
    seat = sit_down(browser, worked_house, DRIVER, size=PHONE)
    page = seat.go("/")
    page.get_by_role("link", name="Actions-on").first.click()
    taps = page.locator(".vg-tap")
    assert taps.count() >= 12
    heights = [taps.nth(n).bounding_box()["height"] for n in range(taps.count())]
    assert min(heights) >= LEAST_TARGET
    page.get_by_role("link", name=re.compile("Crowd surge or protest")).click()
    page.get_by_text("You, Driver").wait_for()
    page.get_by_text("Lighthouse").wait_for()
    first = page.locator(".vg-steps > li").first
    assert "do not drive at people" in first.inner_text()
    seat.assert_clean()


def test_5_a_tailored_card_goes_into_force_and_turns_the_order_stale(worked_house, leader, slug):
    page = leader.go(f"/planning/{slug}/cards/")
    page.get_by_role("link", name="Drone").first.click()
    page.get_by_text("Tailor it to this operation").click()
    page.locator("[name=do_not]").fill("Do not look up together. Do not touch one that came down.")
    page.locator("[name=why]").fill("Seen at the quay")
    page.get_by_role("button", name="Keep as a new version").click()
    page.get_by_text("changed", exact=True).first.wait_for()
    page.get_by_role("button", name="Put in force").click()
    page.get_by_text("in force", exact=True).first.wait_for()
    page = leader.go(f"/planning/{slug}/thread/?show=stale")
    page.locator("svg").get_by_text("stale", exact=True).first.wait_for()
    assert page.locator("svg a[aria-label*='Drone']").count()
    leader.assert_clean()


def test_6_the_thread_is_a_picture_for_the_keyboard_and_lists_for_a_phone(
    worked_house, leader, browser, slug
):
    page = leader.go(f"/planning/{slug}/thread/")
    nodes = page.locator("svg a")
    assert nodes.count() > 100
    nodes.first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"^(?!.*/thread/)"))
    phone = sit_down(browser, worked_house, LEADER, size=PHONE)
    small = phone.go(f"/planning/{slug}/thread/")
    assert not small.locator("svg a").first.is_visible()
    small.locator("summary", has_text="Order line").click()
    small.get_by_role("link", name=re.compile("^Line ")).first.wait_for()
    leader.assert_clean()
    phone.assert_clean()


def test_7_words_are_masked_and_a_test_is_recorded(worked_house, leader, slug):
    page = leader.go(f"/planning/{slug}/comms/")
    page.get_by_text("Team radio, channel 3").first.wait_for()
    assert "Saffron" not in page.content()
    page.get_by_role("button", name="Unmask").click()
    page.locator("dialog[open] [name=purpose]").fill("Briefing at the cars")
    page.locator("dialog[open]").get_by_role("button", name="Unmask for this reading").click()
    page.get_by_text("Saffron").wait_for()
    page = leader.go(f"/planning/{slug}/comms/")
    assert "Saffron" not in page.content()
    page.get_by_role("button", name="Record a test").click()
    dialog = page.locator("dialog[open]")
    dialog.locator("[name=rank]").select_option("contingency")
    dialog.locator("[name=result]").select_option("failed")
    dialog.get_by_role("button", name="Record it").click()
    page.get_by_text("failed", exact=True).first.wait_for()
    page = leader.go(f"/planning/{slug}/readiness/")
    page.get_by_text("contingency failed").first.wait_for()
    leader.assert_clean()
