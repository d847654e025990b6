"""A BOLO card reaches a phone, works without a net, and is gone when it is recalled; what the phone
records, and how a push rings it. VARANGIAN_SCREENS=1 keeps pictures."""

import time
from io import BytesIO

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect
from tests.acceptance.browser import DESK, PHONE, sit_down
from tests.acceptance.push_service import Subscribed, signed_for
from tests.acceptance.test_screens import KEPT, SET_THEME, SIDEWAYS, keep, serious
from tests.integration.alerts.outside import outside
from tests.stack import patience

LEADER, ANALYST = "leader@varangian.invalid", "analyst@varangian.invalid"
OPERATOR, OFFICER = "operator@varangian.invalid", "medic@varangian.invalid"
OPERATOR_NAME = "Piotr Zielinski"
TITLE, WHY = "Green parka", "Waited at the hotel twice and asked the desk for her room"
KEPT |= {"bolo-dark-1440", "bolos-dark-1440", "bolo-dark-390", "phone-bolo-dark-390"}
KEPT |= {"phone-bolo-card-light-390", "phone-cut-dark-390"}
SECRET = "Quayside gunshot overheard"
SUBSCRIBE = """async (body) => {
  const { csrf } = await (await fetch('/m/api/hello')).json();
  const headers = {'Content-Type': 'application/json', 'X-CSRFToken': csrf};
  const given = {method: 'POST', headers, body: JSON.stringify(body)};
  return (await fetch('/alerts/push/', given)).status;
}"""
NET_FAULTS = ("ERR_INTERNET_DISCONNECTED", "Failed to load resource")
KEEPS = """async () => {
  const base = await new Promise((done) => {
    const asked = indexedDB.open('varangian-phone', 1);
    asked.onsuccess = () => done(asked.result);
  });
  return new Promise((done) => {
    const asked = base.transaction('sealed').objectStore('sealed').getAllKeys();
    asked.onsuccess = () => done(asked.result.filter((name) => name.startsWith('bolo:')).length);
  });
}"""

PIECES = """async () => {
  const base = await new Promise((done) => {
    const asked = indexedDB.open('varangian-clips', 1);
    asked.onsuccess = () => done(asked.result);
  });
  return new Promise((done) => {
    const asked = base.transaction('pieces').objectStore('pieces').count();
    asked.onsuccess = () => done(asked.result);
  });
}"""


@pytest.fixture(scope="module")
def officer(worked_house, browser):
    seat = sit_down(browser, worked_house, OFFICER, size=PHONE)
    seat.context.grant_permissions(["microphone", "notifications"])
    yield seat
    seat.context.set_offline(False)
    seat.context.close()


@pytest.fixture(scope="module")
def desk(worked_house, browser):
    seat = sit_down(browser, worked_house, OPERATOR, size=DESK)
    yield seat
    seat.context.close()


@pytest.fixture(scope="module")
def leader(worked_house, browser):
    seat = sit_down(browser, worked_house, LEADER, size=DESK)
    yield seat
    seat.context.close()


def drawn_face(colour: str = "#3f6b45") -> bytes:
    """A figure in a coat, drawn: nobody's likeness."""
    image = Image.new("RGB", (900, 1100), "#8a949e")
    pen = ImageDraw.Draw(image)
    pen.ellipse((340, 160, 560, 430), fill="#d8b49a")
    pen.pieslice((330, 130, 570, 400), 180, 360, fill="#777777")
    pen.rounded_rectangle((220, 440, 680, 1080), 120, fill=colour)
    pen.line((450, 460, 450, 1080), fill="#22331f", width=10)
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def on_duty(page):
    page.locator("#now[data-ready]").wait_for()
    if page.get_by_text("Take up duty").is_visible():
        page.locator(".ph-start").first.click()
    page.locator("#tile-bolo").wait_for()
    return page


def opened(page, label="B2"):
    page.locator("#tile-bolo").click()
    page.locator(".bo-row", has_text=label).click()
    page.get_by_role("heading", name=TITLE).wait_for()


def test_1_a_card_is_drawn_and_issued_with_its_reasons(
    leader, worked_house, slug, tmp_path_factory
):
    worked_house.cli("bolo", "recall", slug, "B1", "The story's own card", actor=LEADER)
    path = tmp_path_factory.mktemp("faces") / "face.png"
    path.write_bytes(drawn_face())
    worked_house.cli(
        "bolo", "draw", slug, "person", TITLE, "--why", WHY, "--tell", "Desk, channel 2",
        "--legal-basis", "legitimate_interests", "--purpose", "To notice an approach in time",
        "--proportionality", "Only the team on duty, only while she stays at the hotel",
        "--reviewer", OPERATOR, "--feature", "hair=Grey, cropped; short beard",
        "--feature", "clothing=Green parka, white trainers", "--feature", "build=About 1.80 m",
        "--last-place", "Hotel entrance", "--picture", str(path), actor=ANALYST,
    )  # fmt: skip
    page = leader.go(f"/threats/bolo/of/{slug}/?view=drafts")
    page.get_by_role("link", name="B2 Green parka").click()
    page.get_by_role("link", name="Issue").click()
    page.get_by_text("You sign that it may exist").wait_for()
    page.get_by_role("button", name="Issue it").click()
    page.get_by_text("out", exact=True).first.wait_for()
    leader.go("/").locator("#board-bolo", has_text="B2 Green parka").wait_for()
    leader.assert_clean()


@pytest.mark.parametrize("size", ["1440", "390"])
def test_2_the_screens_are_in_order(worked_house, browser, slug, size):
    seat = sit_down(browser, worked_house, LEADER, size=DESK if size == "1440" else PHONE)
    rows = worked_house.cli("bolo", "list", slug)
    card = next(row["id"] for row in rows if row["serial"] == "B2")
    pages = {
        "bolos": f"/threats/bolo/of/{slug}/",
        "bolo": f"/threats/bolo/{card}/",
        "bolo-new": f"/threats/bolo/of/{slug}/new/?kind=vehicle",
        "bolo-recall": f"/threats/bolo/{card}/recall/",
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


def test_3_the_phone_has_it_without_a_net_with_its_picture(officer):
    page = on_duty(officer.go("/m/"))
    page.wait_for_function(f"({KEEPS})().then((many) => many === 1)")
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("caches.keys().then((names) => names.length === 1)")
    officer.context.set_offline(True)
    page.reload()
    on_duty(page)
    page.locator("#net", has_text="no network").wait_for()
    page.locator("#tile-bolo").click()
    page.locator(".bo-face img").wait_for()
    page.evaluate(SET_THEME, "dark")
    keep(page, "phone-bolo-dark-390")
    assert not serious(page, all_rules=True)
    page.get_by_role("button", name="Back").click()
    opened(page)
    page.locator(".bo-large img").wait_for()
    page.get_by_text("Keep your distance").wait_for()
    page.evaluate(SET_THEME, "light")
    page.wait_for_timeout(150)
    keep(page, "phone-bolo-card-light-390")
    assert not serious(page, all_rules=True)
    assert page.evaluate(SIDEWAYS) <= 0
    page.evaluate(SET_THEME, "dark")


def test_4_a_sighting_of_it_goes_out_later_and_is_denied_at_the_desk(
    officer, desk, worked_house, slug
):
    page = officer.page
    page.get_by_role("button", name="I think I see it").click()
    page.get_by_label("Who or what, and what they do").fill("At the flower stall")
    page.get_by_role("button", name="Send the sighting").click()
    page.locator("#queue li", has_text="Sighting").wait_for()
    page.evaluate("document.querySelector('#sheet').close()")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    keep(page, "phone-cut-dark-390")
    officer.context.set_offline(False)
    page.locator("#queue li[data-tone=amber]").first.wait_for(state="detached")
    card = worked_house.cli("bolo", "show", slug, "B2", actor=OPERATOR)
    assert [one["state"] for one in card["sightings"]] == ["candidate"]
    page.locator("#net", has_text="live").wait_for()
    opened(page)
    shown = desk.go(f"/threats/bolo/{card['id']}/")
    shown.get_by_placeholder("What tells it").fill("The florist, has the same coat")
    shown.get_by_role("button", name="It was not").click()
    shown.get_by_text("denied", exact=True).wait_for()
    page.get_by_text("The florist, has the same coat").wait_for()


def test_5_recalled_it_says_so_at_once_and_is_gone(officer, worked_house, slug):
    page = officer.page
    page.locator("#sheet .bo-card").wait_for()
    begun = time.monotonic()
    worked_house.cli("bolo", "recall", slug, "B2", "It was the florist", actor=LEADER)
    page.locator("#sheet .bo-over", has_text="recalled").wait_for()
    assert time.monotonic() - begun < patience(8)
    expect(page.locator("#sheet")).not_to_contain_text("Grey, cropped")
    page.wait_for_function(f"({KEEPS})().then((many) => many === 0)")
    page.get_by_role("button", name="Back").click()
    page.locator("#tile-bolo").click()
    page.get_by_text("Nobody and nothing to look out for").wait_for()
    page.get_by_text("Do not act on it any more").first.wait_for()
    page.get_by_role("button", name="Back").click()


def test_6_a_voice_note_and_a_photo_without_a_net_are_heard_at_the_desk(
    officer, desk, slug, tmp_path
):
    page = officer.page
    photo = tmp_path / "gate.png"
    photo.write_bytes(drawn_face("#51413a"))
    officer.context.set_offline(True)
    page.locator("#log").click()
    page.get_by_label("What happened").fill("Spoken at the gate")
    page.locator("#photo").set_input_files(photo)
    page.get_by_text("Photo, ").wait_for()
    page.get_by_role("button", name="Voice note").click()
    page.get_by_text("Recording, tap to stop").wait_for()
    page.wait_for_timeout(2500)
    page.locator("#voice").click()
    page.get_by_text("Voice, ").wait_for()
    page.get_by_role("button", name="Put in the log").click()
    page.locator("#queue li", has_text="Spoken at the gate").wait_for()
    page.reload()
    page.locator("#queue li", has_text="Spoken at the gate").wait_for()
    officer.context.set_offline(False)
    page.locator("#queue li[data-tone=amber]").first.wait_for(state="detached")
    shown = desk.go(f"/operations/{slug}/on-duty/")
    report = shown.locator(".vg-report", has_text="Spoken at the gate")
    report.locator("img").wait_for()
    heard = report.locator("audio").evaluate(
        """(one) => new Promise((done, failed) => {
          one.muted = true;
          one.addEventListener('timeupdate', () => one.currentTime > 0.3 && done(one.currentTime));
          one.addEventListener('error', () => failed(new Error(one.error.message)));
          one.play();
        })"""
    )
    assert heard > 0.3
    desk.assert_clean()


def test_7_a_push_carries_no_content_and_opens_what_waits(officer, worked_house, browser, slug):
    """A sighting asks the operator, whose phone is rung over a service that must learn nothing.

    It asks those of the desk who are on duty in this operation: other tests of this house leave
    the operator on duty in another one, or the leader alone in this one."""
    take_post(worked_house, slug)
    phone = sit_down(browser, worked_house, OPERATOR, size=PHONE)
    phone.context.grant_permissions(["notifications"])
    page = on_duty(phone.go("/m/"))
    page.evaluate("navigator.serviceWorker.ready")
    with outside() as service:
        worked_house.cli("channel", "on", "push", "--host", "127.0.0.1")
        told_to = Subscribed(f"http://{service.address}/wpush/1")
        public = page.evaluate("fetch('/alerts/push/key/').then((one) => one.json())")["key"]
        assert page.evaluate(SUBSCRIBE, told_to.words()) < 300
        sighted(on_duty(officer.page), SECRET)
        until = time.monotonic() + patience(30)
        while time.monotonic() < until and not service.heard:
            time.sleep(0.2)
        asked = worked_house.cli("alert", "list", actor=OPERATOR)
        rang = {row["id"]: worked_house.cli("alert", "who", row["id"]) for row in asked[:5]}
        assert service.heard, f"nothing was pushed: {rang}"
        _, headers, body = service.heard[0]
        worked_house.cli("channel", "off", "push")
    claims = signed_for(headers["Authorization"], public)
    assert claims["aud"] == f"http://{service.address}" and SECRET.encode() not in body
    told = told_to.opened(body)
    assert "ALERT" in told and not any(word in told for word in SECRET.split())
    ring(phone, told)
    phone.context.close()


def take_post(worked_house, slug: str) -> None:
    def standing() -> bool:
        rows = worked_house.cli("duty", "list", slug)
        return OPERATOR_NAME in [row["person"] for row in rows]

    if not standing():
        worked_house.cli("duty", "end", actor=OPERATOR, check=False)
        worked_house.cli("duty", "start", slug, actor=OPERATOR)
    assert standing()


def sighted(page, words: str) -> None:
    page.locator("#sighting").click()
    page.get_by_label("Who or what, and what they do").fill(words)
    page.get_by_role("button", name="Send the sighting").click()
    page.locator("#sheet").wait_for(state="hidden")


def ring(phone, told: str) -> None:
    """As the push service would: the words reach the service worker of this phone."""
    page, context = phone.page, phone.context
    tools = context.new_cdp_session(page)
    found: list[dict] = []
    tools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(event["registrations"]),
    )
    tools.send("ServiceWorker.enable")
    page.wait_for_timeout(500)
    here = next(one for one in found if one["scopeURL"].endswith("/m/"))
    given = {"origin": phone.base, "registrationId": here["registrationId"], "data": told}
    tools.send("ServiceWorker.deliverPushMessage", given)
    worker = next(one for one in context.service_workers if one.url.endswith("/m/sw.js"))
    shown = worker.evaluate(
        """async () => {
          for (let i = 0; i < 100; i++) {
            const all = await self.registration.getNotifications();
            if (all.length) return {title: all[0].title, body: all[0].body, tag: all[0].tag};
            await new Promise((done) => setTimeout(done, 50));
          }
          return null;
        }"""
    )
    assert shown and shown["title"] == "Varangian"
    assert shown["body"].startswith("ALERT ") and shown["body"].endswith(", open Varangian")
    led = worker.evaluate(
        """async () => {
          const led = [];
          self.clients.openWindow = async (url) => { led.push(url); return null; };
          const [note] = await self.registration.getNotifications();
          const all = self.clients.matchAll;
          self.clients.matchAll = async () => [];
          self.dispatchEvent(new NotificationEvent('notificationclick', {notification: note}));
          await new Promise((done) => setTimeout(done, 200));
          self.clients.matchAll = all;
          const left = (await self.registration.getNotifications()).length;
          return {led, left};
        }"""
    )
    assert led == {"led": ["/m/#asked"], "left": 0}
    page.goto("about:blank")
    phone.go("/m/#asked")
    page.get_by_role("heading", name="To act on").wait_for()
    page.locator("#sheet", has_text=SECRET).wait_for()


def test_8_standing_down_leaves_no_card_behind(officer, worked_house, slug):
    worked_house.cli(
        "bolo", "draw", slug, "vehicle", "White van", "--why", "Passed thrice", "--tell", "Desk",
        "--legal-basis", "no_personal_data", "--purpose", "To notice it", "--proportionality",
        "Two days", "--reviewer", OPERATOR, "--feature", "plate=ABC-123", actor=ANALYST,
    )  # fmt: skip
    worked_house.cli("bolo", "issue", slug, "B3", actor=LEADER)
    page = on_duty(officer.go("/m/"))
    opened_b2 = page.locator(".bo-row", has_text="White van")
    page.locator("#tile-bolo").click()
    opened_b2.wait_for()
    page.get_by_role("button", name="Back").click()
    page.locator("#more").click()
    page.get_by_role("button", name="Stand down", exact=True).click()
    page.locator("#sheet .ph-main", has_text="Stand down").click()
    page.get_by_text("Take up duty").wait_for()
    kept = page.evaluate("indexedDB.databases().then((all) => all.map((one) => one.name).sort())")
    assert kept == ["varangian-clips", "varangian-phone"]
    assert page.evaluate(f"({KEEPS})()") == 0 and page.evaluate(f"({PIECES})()") == 0
    expect(page.locator("#tile-bolo")).to_be_hidden()
    faults = [one for one in officer.faults if not any(word in one for word in NET_FAULTS)]
    assert faults == []
