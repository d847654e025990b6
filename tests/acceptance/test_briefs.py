"""The daily brief of the worked operation: drafted, judged, issued, read on a phone, stale."""

import re

import pytest
from tests.acceptance.browser import DESK, PHONE, sit_down
from tests.acceptance.test_screens import KEPT, SET_THEME, SIDEWAYS, keep, serious

LEADER, ANALYST = "leader@varangian.invalid", "analyst@varangian.invalid"
OFFICER = "medic@varangian.invalid"
LINE = "The evening stands as planned. Onlookers at the hall are the concern."
TEXT = "Onlookers will probably wait at the side door"
KEPT |= {"brief-dark-1440", "brief-phone-dark-390"}


@pytest.fixture(scope="module")
def analyst(worked_house, browser):
    return sit_down(browser, worked_house, ANALYST, size=DESK)


@pytest.fixture(scope="module")
def officer(worked_house, browser):
    return sit_down(browser, worked_house, OFFICER, size=PHONE)


def first_day(worked_house, slug) -> str:
    legs = worked_house.cli("movement", "list", slug)
    return min(str(row["starts"])[:10] for row in legs if row["starts"])


def test_1_drafted_from_what_is_on_record(analyst, worked_house, slug):
    page = analyst.go(f"/planning/{slug}/briefs/")
    page.get_by_role("button", name="Draft a brief").click()
    dialog = page.locator("dialog[open]")
    dialog.locator("[name=day]").fill(first_day(worked_house, slug))
    dialog.get_by_role("button", name="Draft it").click()
    for words in ("Legs and timings", "Threat level and what has changed", "Hospitals and havens"):
        page.get_by_role("heading", name=words).wait_for()
    page.get_by_role("heading", name="Weather").wait_for()
    page.get_by_text("ungraded").first.wait_for()
    analyst.assert_clean()


def test_2_a_vague_word_is_pointed_out_and_mended(analyst):
    page = analyst.page
    page.locator("[name=text]").fill(TEXT)
    page.locator("[name=probability]").select_option("about even")
    page.locator("[name=confidence]").select_option("moderate")
    page.locator("[name=basis]").fill("Two posts named the door and the hour")
    page.locator("form", has=page.locator("[name=basis]")).locator("[name=readers]").select_option(
        "team"
    )
    page.get_by_role("button", name="Add it").click()
    notice = page.locator(".vg-notice", has_text="probably")
    notice.get_by_role("button", name="likely", exact=True).click()
    page.get_by_text("Onlookers will likely wait at the side door").first.wait_for()
    page.locator("[name=bottom_line]").fill(LINE)
    head = page.locator("form", has=page.locator("[name=bottom_line]"))
    head.locator("[name=readers]").select_option("team")
    head.get_by_role("button", name="Save").click()
    page.locator(".vg-said", has_text=LINE).wait_for()
    for theme in ("dark", "light"):
        page.evaluate(SET_THEME, theme)
        page.wait_for_timeout(150)
        keep(page, f"brief-{theme}-1440")
        assert not serious(page, all_rules=theme == "dark"), theme
    analyst.assert_clean()


def test_3_issued_and_read_on_a_phone(analyst, officer):
    page = analyst.page
    page.get_by_role("link", name="Issue", exact=True).click()
    page.get_by_role("button", name="Issue it").click()
    page.locator(".vg-badge", has_text="Issued").first.wait_for()
    phone = officer.go("/m/briefs/")
    phone.get_by_text("DAILY").first.click()
    phone.locator(".vg-said", has_text=LINE).wait_for()
    phone.get_by_text("Onlookers will likely wait at the side door").first.wait_for()
    assert phone.get_by_role("heading", name="Threat level and what has changed").count() == 0
    assert phone.evaluate(SIDEWAYS) <= 0
    phone.evaluate(SET_THEME, "dark")
    phone.wait_for_timeout(150)
    keep(phone, "brief-phone-dark-390")
    assert not serious(phone, all_rules=True)
    phone.get_by_role("button", name="I have read it").click()
    phone.get_by_text("You have read it").wait_for()
    page.locator("tr", has_text="Medic").locator(".vg-badge", has_text="read").wait_for()
    officer.assert_clean()


def test_4_the_paper_carries_its_words(worked_house, slug, analyst, tmp_path):
    from pypdf import PdfReader

    with analyst.page.expect_download() as got:
        analyst.page.get_by_role("link", name="PDF").click()
    path = tmp_path / "brief.pdf"
    got.value.save_as(path)
    words = " ".join(one.extract_text() for one in PdfReader(path).pages)
    words = re.sub(r"\s+", " ", words)
    for said in ("Onlookers will likely wait", "Confidence moderate", "almost certain", "LIKELY"):
        assert said in words, said


def test_5_a_threat_that_changes_makes_it_stale(worked_house, slug, analyst, officer):
    rows = worked_house.cli("threat", "list", slug)
    worked_house.cli(
        "threat", "set", slug, rows[0]["serial"], "--capability", "high", actor=ANALYST
    )
    page = analyst.page
    page.get_by_text("Changed since issue:").wait_for()
    page.get_by_text(re.compile("Threat T[0-9]+ changed")).first.wait_for()
    phone = officer.page
    phone.reload()
    phone.get_by_text("Something it rests on has changed").wait_for()
    analyst.assert_clean()
