"""An officer's phone loses the net, works on, and everything arrives once and in order."""

import re
from uuid import UUID

import pytest
from playwright.sync_api import expect
from tests.acceptance.browser import PHONE, sit_down
from tests.stack import until

OFFICER = "ppo@varangian.invalid"
LEAST_TARGET = 56
NO_NET = "no network"
FILM = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 5_000
CUT = ("ERR_INTERNET_DISCONNECTED", "Failed to load resource")


@pytest.fixture(scope="module")
def officer(worked_house, browser):
    seat = sit_down(browser, worked_house, OFFICER, size=PHONE)
    yield seat
    seat.context.set_offline(False)
    seat.context.close()


def ready(page):
    page.locator("#now[data-ready]").wait_for()
    return page


def entries(house, slug):
    rows = house.cli("log", "list", slug, actor="leader@varangian.invalid")
    return [row for row in rows if row["author"] == "Amara Okoye" and row["kind"] == "entry"]


def test_1_duty_is_taken_up_and_everything_is_large_enough(officer):
    page = ready(officer.go("/m/"))
    page.get_by_role("button", name="Personal protection officer").click()
    page.get_by_role("button", name="Check call").wait_for()
    page.locator("#net", has_text="live").wait_for()
    page.locator("#tile-cards").wait_for()
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("caches.keys().then((names) => names.length === 1)")
    small = page.evaluate(
        f"""[...document.querySelectorAll('main button')].filter((one) => one.offsetParent
        && one.getBoundingClientRect().height < {LEAST_TARGET}).map((one) => one.innerText)"""
    )
    assert small == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    officer.assert_clean()


def test_2_with_the_net_cut_it_opens_again_and_works(officer):
    page = officer.page
    officer.context.set_offline(True)
    ready(page).reload()
    page.get_by_role("button", name="Check call").wait_for()
    page.locator("#net", has_text=NO_NET).wait_for()
    page.locator("#tile-cards").click()
    page.locator("#sheet summary").first.wait_for()
    page.get_by_role("button", name="Back").click()
    page.locator("#chip-moving").click()
    page.get_by_text(re.compile(r"queued \d\d:\d\d:\d\d")).first.wait_for()
    for words in ("First from the dark", "Second from the dark"):
        page.get_by_role("button", name="Log", exact=True).click()
        page.get_by_label("What happened").fill(words)
        page.get_by_role("button", name="Put in the log").click()
        page.locator("#sheet").wait_for(state="hidden")
    page.get_by_role("button", name="Sighting").click()
    page.get_by_text("Vehicle", exact=True).click()
    page.get_by_label("Plate").fill("ABC-123")
    page.get_by_label("Who or what, and what they do").fill("Passed the gate twice")
    page.get_by_role("button", name="Send the sighting").click()
    page.locator("#sheet").wait_for(state="hidden")
    page.locator("#more").click()
    page.get_by_role("button", name="Clip: film or choose").click()
    film = {"name": "gate.mp4", "mimeType": "video/mp4", "buffer": FILM}
    page.get_by_label("Film, or choose a video or picture").set_input_files([film])
    page.get_by_label("What it shows").fill("The grey car at the gate")
    page.get_by_role("button", name="Keep and push").click()
    page.locator("#sheet").wait_for(state="hidden")
    page.locator("#queue li").nth(4).wait_for()
    assert page.locator("#queue li").count() == 5


def test_3_a_phone_that_was_restarted_without_a_net_still_has_them(officer):
    page = officer.page
    page.reload()
    page.locator("#queue li").nth(4).wait_for()
    assert page.locator("#chip-moving").get_attribute("aria-pressed") == "true"


def test_4_when_the_net_is_back_all_arrives_once_and_in_order(officer, worked_house, slug):
    page = officer.page
    assert entries(worked_house, slug) == []
    officer.context.set_offline(False)
    page.locator("#net", has_text="live").wait_for()
    page.locator("#queue li[data-tone=amber]").first.wait_for(state="detached")
    written = sorted(entries(worked_house, slug), key=lambda row: row["serial"])
    assert [row["event"] for row in written] == [
        "First from the dark",
        "Second from the dark",
        "Sighting, vehicle: Passed the gate twice, plate ABC-123",
    ]
    on_duty = worked_house.cli("duty", "list", slug, actor=OFFICER)
    assert [row["status"] for row in on_duty if row["person"] == "Amara Okoye"] == ["moving"]
    clips = worked_house.cli("clip", "list", slug, actor="leader@varangian.invalid")
    found = [row for row in clips if row["what"] == "The grey car at the gate"]
    assert [(row["size"], bool(row["whole_at"])) for row in found] == [(len(FILM), True)]


def test_5_what_lies_on_the_phone_is_sealed(officer):
    kept = officer.page.evaluate(
        """async () => {
        const base = await new Promise((done) => {
          const asked = indexedDB.open('varangian-phone', 1);
          asked.onsuccess = () => done(asked.result);
        });
        const all = (store) => new Promise((done) => {
          const asked = base.transaction(store).objectStore(store).getAll();
          asked.onsuccess = () => done(asked.result);
        });
        const own = (await all('keys'))[0].key;
        const raw = await crypto.subtle.exportKey('raw', own).catch(() => null);
        return {raw, algorithm: own.algorithm.name, sealed: (await all('sealed')).map(Object.keys)};
        }"""
    )
    assert kept["raw"] is None and kept["algorithm"] == "AES-GCM"
    assert all(sorted(names) == ["data", "iv"] for names in kept["sealed"])


def test_6_standing_down_empties_the_phone(officer, worked_house, slug):
    page = officer.page
    page.locator("#more").click()
    page.get_by_role("button", name="Stand down", exact=True).click()
    page.locator("#sheet .ph-main", has_text="Stand down").click()
    page.get_by_text("Take up duty").wait_for()
    expect(page.locator("#doing")).to_be_hidden()

    def gone():
        left = worked_house.cli("duty", "list", slug, actor=OFFICER)
        return "Amara Okoye" not in [row["person"] for row in left]

    until(gone)


def test_7_a_lost_phone_is_wiped_from_the_console(officer, worked_house):
    page = officer.page
    phone = next(row for row in worked_house.cli("phone", "list") if row["person"] == OFFICER)
    assert UUID(phone["id"]) and phone["keeps"]
    worked_house.cli("phone", "wipe", phone["id"])
    page.reload()
    page.wait_for_url(re.compile("/m/|/account/login/"))
    if "/m/" in page.url:
        page.get_by_text("This phone was emptied by order").wait_for()
        left = page.evaluate("indexedDB.databases().then((all) => all.map((one) => one.name))")
        assert sorted(left) == ["varangian-clips", "varangian-phone"]
    faults = [fault for fault in officer.faults if not any(word in fault for word in CUT)]
    assert faults == []
