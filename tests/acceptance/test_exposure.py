"""What is public about the principal: a table with two broken rows and a card are taken, somebody
has one item taken down, and the picture shows it. VARANGIAN_SCREENS=1 keeps pictures."""

import re

import pytest
from playwright.sync_api import expect
from tests.acceptance.browser import DESK, PHONE, sit_down
from tests.acceptance.test_screens import KEPT, SET_THEME, SIDEWAYS, keep, serious

LEADER, ANALYST = "leader@varangian.invalid", "analyst@varangian.invalid"
OFFICER = "ppo@varangian.invalid"
AT = "/principals/heron/exposure/"
KEPT |= {"exposure-dark-1440", "exposure-dark-390", "exposure-item-dark-1440"}
CSV = (
    "Finding,Sort,Source,Day,Remark\n"
    "@solvang_walks,handle,Sports app,2026-11-20,seen twice\n"
    "Board seat of a shipping line,work,Register,20.11.2026,\n"
    ",phone,Broker,,\n"
    "Sings on Fridays,opera,Paper,,\n"
)
CARD = (
    "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Astrid Solvang\r\nTEL;TYPE=cell:+47 00 00 07 07\r\n"
    "EMAIL:walks@lumen.invalid\r\nORG:Lumen Arts Trust\r\nEND:VCARD\r\n"
)


@pytest.fixture(scope="module")
def analyst(worked_house, browser):
    seat = sit_down(browser, worked_house, ANALYST)
    yield seat
    seat.context.close()


def open_now(house) -> int:
    drawn = house.cli("exposure", "picture", "heron")
    return drawn["months"][-1]["open"]


def brought(page, name: str, text: str) -> None:
    page.get_by_role("link", name="Import", exact=True).click()
    page.get_by_label("Table or card").set_input_files(
        {"name": name, "mimeType": "text/plain", "buffer": text.encode()}
    )
    page.get_by_role("button", name="Look through it").click()


def test_1_a_table_with_two_broken_rows_is_taken(worked_house, analyst):
    page = analyst.go(AT)
    before = open_now(worked_house)
    assert before > 4
    brought(page, "sweep.csv", CSV)
    page.get_by_text("does not say its kind").first.wait_for()
    page.get_by_label("Kind", exact=True).select_option(label="Sort")
    page.get_by_label("Sensitivity").select_option(label="none")
    page.get_by_role("button", name="Read it again").click()
    page.get_by_text("4 rows: 2 can be read, 2 cannot").wait_for()
    page.get_by_role("button", name="Take it").click()
    page.get_by_text("2 added, 0 known already, 2 not taken").wait_for()
    broken = page.locator("tr", has_text="not taken")
    expect(broken).to_have_count(2)
    broken.filter(has_text="Sings on Fridays").get_by_text("no kind of exposure").wait_for()
    assert open_now(worked_house) == before + 2
    analyst.assert_clean()


def test_2_a_card_is_taken_and_the_second_time_known(worked_house, analyst):
    page = analyst.go(AT)
    brought(page, "astrid.vcf", CARD)
    page.get_by_text("3 rows: 3 can be read").wait_for()
    page.get_by_role("button", name="Take it").click()
    page.get_by_text("3 added, 0 known already, 0 not taken").wait_for()
    page = analyst.go(AT)
    assert page.get_by_text("+47 00 00 07 07").count() == 0, "a phone number is masked"
    brought(page, "again.vcf", CARD)
    page.get_by_role("button", name="Take it").click()
    page.get_by_text("0 added, 3 known already, 0 not taken").wait_for()
    analyst.assert_clean()


def test_3_a_take_down_is_given_and_done_and_the_picture_changes(worked_house, analyst):
    page = analyst.go(AT)
    page.get_by_role("button", name="I have looked").click()
    page.locator("#since", has_text="Nothing has changed").wait_for()
    before = open_now(worked_house)
    footprint = page.locator("section", has=page.get_by_text("Digital footprint", exact=True)).last
    shown = int(re.search(r"(\d+) open", footprint.inner_text()).group(1))
    page.locator("tr", has_text="@solvang_walks").get_by_role("link").click()
    page.get_by_role("button", name="Give a take-down").click()
    page.get_by_label("Counter-measure").select_option(label="Close the account")
    page.get_by_label("Sent to").fill("Desk of the sports app")
    page.get_by_role("button", name="Give it").click()
    page.get_by_text("Being taken down").first.wait_for()
    page.get_by_role("link", name="Write or end").click()
    page.get_by_label("What was said").fill("Account closed, confirmed in writing")
    page.get_by_role("button", name="End the task").click()
    page.get_by_text("Taken down", exact=True).first.wait_for()
    page.get_by_text("Account closed, confirmed in writing").first.wait_for()
    page = analyst.go(AT)
    page.locator("#since", has_text="1 take-down ended").wait_for()
    again = page.locator("section", has=page.get_by_text("Digital footprint", exact=True)).last
    again.get_by_text(f"{shown - 1} open", exact=True).wait_for()
    assert open_now(worked_house) == before - 1
    analyst.assert_clean()


def test_4_a_threat_hangs_on_an_item(worked_house, analyst, slug):
    page = analyst.go(f"{AT}?detail=address")
    page.locator("tr", has_text="People finder").get_by_role("link").first.click()
    page.get_by_role("button", name="Raise as a threat").click()
    page.locator(".vg-thread").get_by_role("link", name=re.compile("Exposure E")).first.wait_for()
    page.locator(".vg-thread").get_by_role("link", name=re.compile("Exposure E")).first.click()
    page.get_by_text("see exposure E").first.wait_for()
    analyst.assert_clean()


def test_5_masked_items_open_with_a_reason_and_not_for_everybody(worked_house, browser):
    seat = sit_down(browser, worked_house, LEADER, size=DESK)
    page = seat.go(f"{AT}?detail=address")
    page.get_by_text("masked").first.wait_for()
    assert page.get_by_text("with a picture from the water").count() == 0
    page.get_by_role("button", name="Open masked items").click()
    page.get_by_label("Reason").fill("Letter to the broker today")
    page.get_by_role("button", name="Open for this reading").click()
    page.get_by_text("with a picture from the water").wait_for()
    seat.assert_clean()
    seat.context.close()
    other = sit_down(browser, worked_house, OFFICER, size=DESK)
    page = other.go("/principals/heron/")
    page.get_by_role("heading", level=1).wait_for()
    assert page.locator(f"a[href='{AT}']").count() == 0
    other.context.close()


@pytest.mark.parametrize("size", ["1440", "390"])
def test_6_the_screens_are_in_order(worked_house, browser, size):
    seat = sit_down(browser, worked_house, ANALYST, size=DESK if size == "1440" else PHONE)
    rows = worked_house.cli("exposure", "list", "heron", "--detail", "address")
    task = worked_house.cli("exposure", "task", "heron", rows[0]["serial"])[0]["id"]
    page = seat.go(AT)
    file = page.locator(f"a[href^='{AT}files/']").first.get_attribute("href")
    pages = {
        "exposure": AT,
        "exposure-item": f"{AT}{rows[0]['id']}/",
        "exposure-new": f"{AT}new",
        "exposure-bring": f"{AT}import",
        "exposure-file": file,
        "exposure-task": f"{AT}tasks/{task}/",
    }
    for name, path in pages.items():
        page = seat.go(path)
        page.get_by_role("heading", level=1).wait_for()
        page.wait_for_load_state("networkidle")
        for theme in ("dark", "light"):
            page.evaluate(SET_THEME, theme)
            page.wait_for_timeout(150)
            keep(page, f"{name}-{theme}-{size}")
            assert not serious(page, all_rules=theme == "dark"), f"{name} {theme} {size}"
        assert page.evaluate(SIDEWAYS) <= 0, name
    seat.assert_clean()
    seat.context.close()
