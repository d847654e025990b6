"""A driver from outside gets one page on a phone, confirms it, and loses it when it is revoked."""

import re

import pytest
from tests.acceptance.browser import PHONE, sit_down, visitor

LEADER = "leader@varangian.invalid"
LEAST_TARGET = 56


@pytest.fixture(scope="module")
def leader(worked_house, browser):
    return sit_down(browser, worked_house, LEADER)


@pytest.fixture(scope="module")
def contractor(worked_house, browser):
    return visitor(browser, worked_house, size=PHONE)


@pytest.fixture(scope="module")
def link(leader, slug) -> str:
    page = leader.go(f"/planning/{slug}/packs/")
    page.get_by_role("button", name="Give somebody their page").click()
    dialog = page.locator("dialog[open]")
    dialog.locator("[name=recipient]").fill("Driver of the second car")
    dialog.locator("[name=phone]").fill("+358 40 555 0100")
    dialog.locator("[name=movement]").select_option(index=1)
    dialog.locator("[name=post]").select_option(index=1)
    dialog.locator("[name=do]").fill("Park facing out\nStay at the wheel")
    dialog.locator("[name=dont]").fill("No pictures, no posts")
    dialog.get_by_role("button", name="Make the link").click()
    page.get_by_role("img", name="QR code of the link").wait_for()
    return page.locator("#pack-link").inner_text().strip()


def test_1_the_contractor_opens_the_page_without_an_account(contractor, link):
    page = contractor.go("/pack/" + link.rsplit("/", 1)[1])
    page.get_by_role("heading", name="Driver of the second car").wait_for()
    page.get_by_text("Stay at the wheel").wait_for()
    assert page.locator("a[href^='tel:+358']").bounding_box()["height"] >= LEAST_TARGET
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]
    words = page.locator("body").inner_text()
    assert not re.search(r"heron", words, re.IGNORECASE)
    assert contractor.context.cookies() == []
    contractor.assert_clean()


def test_2_a_receipt_with_a_name_reaches_the_leader(contractor, leader, slug, link):
    page = contractor.page
    page.locator("[name=name]").fill("Ilkka Invented")
    button = page.get_by_role("button", name="I have read this")
    assert button.bounding_box()["height"] >= LEAST_TARGET
    button.click()
    page.get_by_text("Read by Ilkka Invented").wait_for()
    leader.page.get_by_text("Ilkka Invented").first.wait_for()
    listed = leader.go(f"/planning/{slug}/packs/")
    listed.get_by_text("read", exact=True).first.wait_for()
    contractor.assert_clean()


def test_3_nothing_else_opens_in_that_browser(contractor, worked_house, slug):
    for path in ("/", f"/operations/{slug}/", f"/planning/{slug}/packs/"):
        contractor.go(path)
        contractor.page.wait_for_url(re.compile("/account/login/"))


def test_4_the_leader_revokes_with_one_click(contractor, leader, slug, link):
    page = leader.go(f"/planning/{slug}/packs/")
    page.get_by_role("link", name="Driver of the second car").click()
    page.get_by_role("button", name="Revoke").click()
    page.get_by_text("revoked", exact=True).first.wait_for()
    closed = contractor.context.new_page()
    answer = closed.goto(contractor.base + "/pack/" + link.rsplit("/", 1)[1])
    assert answer.status == 404
    closed.get_by_text("There is nothing here").wait_for()
    leader.assert_clean()
