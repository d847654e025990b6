"""An exercise beside a running operation: measured on a phone, unseen in life."""

import re

import pytest
from tests.acceptance.browser import PHONE, sit_down

LEADER, OFFICER = "leader@varangian.invalid", "ppo@varangian.invalid"


@pytest.fixture(scope="module")
def leader(worked_house, browser):
    return sit_down(browser, worked_house, LEADER)


@pytest.fixture(scope="module")
def officer(worked_house, browser):
    return sit_down(browser, worked_house, OFFICER, size=PHONE)


def test_1_the_leader_makes_the_copy_and_the_officer_is_asked_in(leader, officer, slug):
    page = leader.go(f"/planning/{slug}/exercises/")
    page.get_by_role("button", name="New exercise").click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_label("What happens").select_option(label="Principal collapses at the venue")
    dialog.get_by_role("button", name="Make the copy").click()
    page.locator("main").get_by_role("button", name="Enter the exercise").click()
    page.get_by_text("Nothing here is live").wait_for()
    page.get_by_text("waiting for you").wait_for()
    phone = officer.go("/")
    phone.get_by_role("button", name="Enter the exercise").click()
    phone.get_by_text("Nothing has reached your posts yet").wait_for()


def test_2_an_inject_reaches_the_phone_by_itself_and_is_answered(leader, officer):
    leader.page.get_by_role("button", name="Begin").click()
    phone = officer.page
    phone.get_by_text("Two guests are filming").first.wait_for()
    assert not phone.get_by_text("no name over the radio").count()
    phone.get_by_label("What you do").first.fill("Cover, medic called")
    phone.get_by_role("button", name="Acknowledge").first.click()
    phone.get_by_text("acknowledged", exact=True).first.wait_for()
    leader.page.get_by_text("Cover, medic called").wait_for()
    leader.page.get_by_text(re.compile(r"[1-9] of \d within 30 s")).wait_for()
    officer.assert_clean()


def test_3_the_board_of_each_side_knows_only_its_own(worked_house, leader, browser, slug):
    page = leader.go("/")
    page.get_by_text("EXERCISE EXERCISE EXERCISE: Principal is down").first.wait_for()
    assert not page.locator("main").get_by_role("link", name=re.compile(slug)).count()
    room = sit_down(browser, worked_house, "operator@varangian.invalid")
    life = room.go("/")
    life.get_by_text("An exercise is running").wait_for()
    life.get_by_role("heading", name="Board", level=1).wait_for()
    assert not life.get_by_text("EXERCISE EXERCISE EXERCISE").count()
    listed = worked_house.cli("operation", "list")
    assert not any("exercise" in row["slug"] for row in listed)
    room.assert_clean()


def test_4_it_ends_for_everybody_and_leaves_a_report(worked_house, leader, officer, slug):
    page = leader.go("/planning/exercise/")
    page.get_by_role("button", name="End the exercise").click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_label("What was seen").fill("The medic had no radio")
    dialog.get_by_role("button", name="End it").click()
    page.get_by_text("The medic had no radio").wait_for()
    page.get_by_text("Cover, medic called").wait_for()
    phone = officer.go("/planning/exercise/")
    phone.locator("#vg-banner").get_by_text("The exercise has ended").wait_for()
    phone.get_by_role("button", name="Leave").click()
    phone.get_by_role("heading", name="Board", level=1).wait_for()
    assert not phone.locator(".vg-stage").count()
    report = worked_house.cli("exercise", "list", slug)[0]
    assert report["injects"][0]["posts"] and report["injects"][2]["words"] == "not injected"
    leader.assert_clean()
    officer.assert_clean()
