"""A mailbox is handed in on the screen, three mails are triaged by keyboard, and the time line of a
writer is read."""

import os
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect
from tests import letters
from tests.acceptance.browser import PHONE, sit_down

LEADER = "letters-leader@example.org"
WRITERS = ("ada", "bo", "cy", "dee", "eve")


@pytest.fixture(scope="module")
def desk(house, browser, tmp_path_factory):
    house.cli("user", "create", LEADER, "Petra Lund")
    house.cli("engagement", "create", "Letters client", "--slug", "letterhouse", actor=LEADER)
    house.cli(
        *("principal", "create", "CURLEW", "--engagement", "letterhouse", "--slug", "curlew-post"),
        actor=LEADER,
    )
    path = tmp_path_factory.mktemp("letters") / "inbox.mbox"
    path.write_bytes(_mailbox())
    seat = sit_down(browser, house, LEADER)
    yield SimpleNamespace(house=house, page=seat.page, seat=seat, path=path, browser=browser)
    seat.context.close()


def _mailbox() -> bytes:
    """Sixty mails of five writers; one is broken, and one came twice."""
    mails = []
    for number in range(58):
        name = WRITERS[number % 5]
        month = 1 + number // 5 % 11
        words = (
            f"This is my letter number {number}. I want to meet you in person. "
            f"I will come to the concert in Harbour Street on Friday, letter {number}."
        )
        mails.append(
            letters.plain(
                words,
                sender=f"{name.title()} Quill <{name}@post.example>",
                subject=f"Letter {number}",
                date=f"Mon, {1 + number % 27:02d} {_MONTHS[month - 1]} 2026 10:00:00 +0000",
                received="",
                identity=f"<letter-{number}@post.example>",
            )
        )
    broken = b"Subject: broken\nContent-Type: multipart/mixed\n\n--nothing\nabc\n"
    return letters.mbox(*mails, broken, mails[0])


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov")


def keep(page, name: str) -> None:
    """A picture for whoever asks for one."""
    if folder := os.environ.get("VARANGIAN_SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def fits(page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_mailbox_is_handed_in_and_read(desk):
    page = desk.page
    page.goto(f"{desk.house.url}/threats/letters/of/curlew-post/imports/")
    page.get_by_label("Mailbox, mail or letter").set_input_files(str(desk.path))
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("heading", name="Import I1", exact=True)).to_be_visible()
    facts = page.locator(".vg-panel", has=page.get_by_role("heading", name="What came of it"))
    expect(facts).to_contain_text("Mails read60", timeout=90_000)
    expect(page.locator(".vg-head-state")).to_contain_text("read", timeout=60_000)
    page.reload()
    expect(facts).to_contain_text("Kept59")
    expect(facts).to_contain_text("There already1")
    page.get_by_role("link", name="There already").click()
    expect(page.locator("tbody")).to_contain_text("The same bytes as C1.")
    keep(page, "letters-import")


def test_three_are_triaged_by_keyboard(desk):
    page = desk.page
    page.goto(f"{desk.house.url}/threats/letters/of/curlew-post/")
    expect(page.locator(".vg-head-state")).to_contain_text("59 to triage")
    keep(page, "letters-list")
    page.get_by_role("link", name="Triage", exact=True).click()
    for number, keys in ((1, "z4aiq7"), (2, "h5asow"), (3, "1pu")):
        heading = page.get_by_role("heading", name=f"Triage C{number}", exact=True)
        expect(heading).to_be_visible()
        for key in keys:
            page.keyboard.press(key)
        expect(page.locator(".lt-answer input:checked")).to_have_count(len(keys))
        if number == 1:
            keep(page, "letters-triage")
        page.keyboard.press("m")
        expect(heading).to_have_count(0)
    expect(page.locator(".vg-head-state")).to_contain_text("56 left")
    page.goto(f"{desk.house.url}/threats/letters/of/curlew-post/?triaged=yes")
    expect(page.locator("tbody tr")).to_have_count(3)
    page.locator("tbody tr").last.get_by_role("link", name="C1", exact=True).click()
    expect(page.locator(".lt-look")).to_contain_text("Angry")
    expect(page.locator(".lt-look")).to_contain_text("A meeting")
    expect(page.locator("mark.lt-amber").first).to_be_visible()


def test_the_record_of_a_writer_is_read(desk):
    page = desk.page
    page.goto(f"{desk.house.url}/threats/letters/of/curlew-post/writers/")
    page.locator("tbody tr", has_text="ada@post.example").get_by_role("link").first.click()
    signals = page.locator("[data-signal]")
    expect(page.locator("[data-signal=number]")).to_contain_text("present")
    expect(page.locator("[data-signal=number]")).to_contain_text("12 contacts")
    meets = page.locator("[data-signal=asks-to-meet]")
    expect(meets).to_contain_text("present")
    meets.get_by_text("Studies").click()
    expect(meets).to_contain_text("Dietz")
    expect(page.locator("[data-signal=channels]")).to_contain_text("absent")
    assert signals.count() == 9
    expect(page.locator(".lt-bars rect").first).to_be_attached()
    expect(page.locator(".lt-line > li")).to_have_count(12)
    keep(page, "letters-writer")
    meets.locator(".lt-evidence a").first.click()
    expect(page.get_by_role("heading", name=re.compile(r"^C\d+ Letter"))).to_be_visible()
    keep(page, "letters-letter")


def test_it_is_read_on_a_phone(desk):
    seat = sit_down(desk.browser, desk.house, LEADER, size=PHONE, theme="light")
    page = seat.page
    for part in ("", "imports/", "writers/", "new/"):
        page.goto(f"{desk.house.url}/threats/letters/of/curlew-post/{part}")
        fits(page)
    page.goto(f"{desk.house.url}/threats/letters/of/curlew-post/writers/")
    page.locator("tbody tr").first.get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Signals of the record")).to_be_visible()
    fits(page)
    keep(page, "letters-writer-phone")
    page.goto(f"{desk.house.url}/threats/letters/of/curlew-post/triage/")
    expect(page.get_by_role("button", name="Keep and next")).to_be_visible()
    fits(page)
    keep(page, "letters-triage-phone")
    seat.context.close()
