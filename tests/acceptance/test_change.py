"""The plan changes in the street: the leader says it on screen, an officer reads it on a phone."""

import re

import pytest
from tests.acceptance.browser import PHONE, sit_down

LEADER, DRIVER = "leader@varangian.invalid", "driver@varangian.invalid"
LEAST_TARGET = 56


@pytest.fixture(scope="module")
def leader(worked_house, browser):
    return sit_down(browser, worked_house, LEADER)


@pytest.fixture(scope="module")
def driver(worked_house, browser):
    return sit_down(browser, worked_house, DRIVER, size=PHONE)


def test_1_what_a_change_touches_is_shown_before_anybody_is_told(worked_house, leader, slug):
    page = leader.go(f"/operations/{slug}/")
    page.get_by_role("link", name="Change", exact=True).click()
    page.get_by_text("what it touches appears here").wait_for()
    page.locator("[name=minutes]").select_option("-10")
    page.locator("[name=exit]").fill("South door")
    page.locator("[name=reason]").fill("Crowd at the front")
    page.get_by_role("heading", name=re.compile("What it touches")).wait_for()
    region = page.locator("#change-touched")
    for words in ("by South door", "Movements", "Lines of the order"):
        region.get_by_text(words).first.wait_for()
    region.locator("summary", has_text="Posts").click()
    region.get_by_text(re.compile("Car on its mark .*, was")).first.wait_for()
    assert worked_house.cli("change", "list", slug) == []
    leader.assert_clean()


def test_2_it_is_sent_in_the_words_of_the_leader(worked_house, leader, slug):
    page = leader.page
    line = page.locator("#change-touched li").filter(has_text="Instead of").locator("textarea").last
    line.fill("Both cars at the south door ten minutes early.")
    page.get_by_text("South door").first.wait_for()
    page.get_by_role("button", name=re.compile("Send to")).click()
    page.wait_for_url(re.compile("/planning/changes/"))
    page.get_by_text(re.compile(r"^1 of \d+$")).first.wait_for()
    sent = worked_house.cli("change", "show", slug)
    assert sent["state"] == "sent" and "Why: Crowd at the front" in sent["summary"]
    leader.assert_clean()


def test_3_the_driver_sees_it_first_and_acknowledges_with_one_thumb(worked_house, driver, slug):
    page = driver.go("/")
    page.get_by_text(re.compile("by South door")).first.wait_for()
    page.get_by_role("link", name="Read it").first.click()
    first = page.locator(".vg-read").first
    first.get_by_text("Fragmentary order 1").wait_for()
    first.get_by_text("Both cars at the south door ten minutes early.").wait_for()
    button = first.get_by_role("button", name="Acknowledge")
    box = button.bounding_box()
    assert box["height"] >= LEAST_TARGET and box["width"] > PHONE["width"] * 0.8
    button.click()
    page.get_by_text(re.compile("by South door")).first.wait_for(state="detached")
    driver.assert_clean()


def test_4_the_leader_sees_who_has_read_it_without_reloading(worked_house, leader, slug):
    page = leader.page
    page.get_by_text(re.compile(r"^2 of \d+$")).first.wait_for()
    row = page.locator("tr").filter(has_text="Chariot One")
    row.get_by_text("acknowledged", exact=True).wait_for()
    page = leader.go("/")
    panel = page.locator("#board-unread")
    panel.get_by_text(re.compile("FRAGO 1")).wait_for()
    assert "Chariot One" not in panel.get_by_role("listitem").first.inner_text()
    leader.assert_clean()


def test_5_two_at_once_are_shown_side_by_side(worked_house, leader, slug):
    page = leader.go(f"/planning/{slug}/change/")
    leg = page.locator("[name=movement]").input_value()
    page.locator("[name=minutes]").select_option("5")
    page.get_by_role("button", name=re.compile("Send to")).wait_for()
    moved = worked_house.cli("change", "draft", slug, "--leg", leg, "--later", "20", actor=LEADER)
    assert moved["state"] == "draft"
    worked_house.cli("movement", "change", leg, "--title", "Another way", actor=LEADER)
    page.get_by_role("button", name=re.compile("Send to")).click()
    page.get_by_text("Both changes, side by side").wait_for()
    page.get_by_role("cell", name="Another way").first.wait_for()
    assert page.locator("[name=minutes]").input_value() == "5"
    page.get_by_role("link", name="Keep theirs and leave mine").click()
    page.get_by_text("what it touches appears here").wait_for()
    assert len(worked_house.cli("change", "list", slug)) == 2
