"""What a phone sends, keeps and loses."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests import factories

from varangian.alerts import queries as alerts
from varangian.kernel.clock import now
from varangian.kernel.results import Denied, Refused
from varangian.log import queries as log
from varangian.operations import queries, services
from varangian.platform.access.roles import Role
from varangian.protection.models import FieldReport, Phone, Receipt
from varangian.protection.queries.phone import snapshot
from varangian.protection.services import outbox, phones
from varangian.protection.services.outbox import Act

pytestmark = pytest.mark.django_db
DEVICE = "a" * 32


@pytest.fixture
def leader():
    return factories.person("Lena Leader")


@pytest.fixture
def operation(leader):
    return factories.operation(leader, starts=now(), ends=now() + timedelta(days=1))


@pytest.fixture
def officer(operation):
    return factories.member(operation, Role.OFFICER, factories.person("Amara Officer"))


@pytest.fixture
def post(leader, operation, officer):
    made = services.add_post(
        actor=leader, operation=operation, title="Front door", role="ppo", edition="ppo",
        call_sign="BRAVO",
    )  # fmt: skip
    return services.assign_post(actor=leader, post=made, holder=officer)


@pytest.fixture
def browser(officer):
    return factories.signed_in(officer)


def act(kind, seq, minutes_ago=0.0, key=None, **body):
    at = now() - timedelta(minutes=minutes_ago)
    return {
        "key": str(key or uuid4()),
        "kind": kind,
        "seq": seq,
        "at": at.isoformat(),
        "body": body,
    }


def post_json(browser, path, body):
    return browser.post(path, json.dumps(body), content_type="application/json")


def send(browser, *acts, sent_at=None):
    body = {"device": DEVICE, "sent_at": (sent_at or now()).isoformat(), "acts": list(acts)}
    answer = post_json(browser, "/m/api/outbox", body)
    assert answer.status_code == 200, answer.content
    return answer.json()["acts"]


def written(leader, operation, kind="entry"):
    rows = log.entries(leader, operation).filter(kind=kind)
    return [row.body["event"] for row in rows.order_by("serial")]


def test_a_queue_of_hours_arrives_once_and_in_order(browser, leader, officer, operation, post):
    queue = [
        act("log", 4, 5, operation=operation.slug, text="Left the post"),
        act("duty_start", 1, 60, operation=operation.slug, post=str(post.pk)),
        act("status", 2, 40, status="moving"),
        act("log", 3, 30, operation=operation.slug, text="At the gate"),
    ]
    first = send(browser, *queue)
    assert [row["state"] for row in first] == ["done"] * 4
    again = send(browser, *queue)
    assert all(row["again"] and row["state"] == "done" for row in again)
    assert [row["words"] for row in again] == [row["words"] for row in first]
    assert written(leader, operation) == ["At the gate", "Left the post"]
    duty = queries.own_duty(officer)
    assert duty.post == post and duty.status == "moving"
    assert now() - duty.started_at > timedelta(minutes=59)


def test_the_clock_of_a_phone_that_is_a_day_ahead_is_put_right(browser, leader, operation, post):
    day = timedelta(days=1)
    early = act("log", 1, operation=operation.slug, text="Ahead")
    early["at"] = (now() + day - timedelta(minutes=3)).isoformat()
    send(browser, early, sent_at=now() + day)
    entry = log.entries(leader, operation).filter(kind="entry").get()
    assert timedelta(minutes=2.9) < now() - entry.at < timedelta(minutes=3.2)
    assert Receipt.objects.get().skew_s == pytest.approx(86400, abs=2)


def test_what_cannot_be_is_refused_with_words_and_the_rest_goes_on(browser, operation, post):
    found = send(
        browser,
        act("status", 1, status="moving"),
        act("no-such-thing", 2),
        act("duty_start", 3, operation=operation.slug),
        act("status", 4, status="dancing"),
        act("sighting", 5, operation=operation.slug, what="person", text="Nul\x00 sign"),
    )
    assert [row["state"] for row in found] == ["refused", "refused", "done", "refused", "done"]
    assert "not on duty" in found[0]["words"]


def test_a_failure_of_ours_is_not_taken_and_spoils_nothing(browser, operation, monkeypatch):
    def broken(**_):
        raise RuntimeError("a bug")

    monkeypatch.setitem(outbox._kinds, "broken", broken)
    key = uuid4()
    found = send(browser, act("broken", 1, key=key), act("duty_start", 2, operation=operation.slug))
    assert [row["state"] for row in found] == ["kept", "done"]
    assert not Receipt.objects.filter(key=key).exists()


def test_duress_waits_for_nothing(officer, monkeypatch):
    order = []
    monkeypatch.setitem(outbox._kinds, "duress", lambda **_: order.append("duress"))
    monkeypatch.setitem(outbox._kinds, "note", lambda **_: order.append("note"))
    acts = [Act(uuid4(), kind, now(), seq, DEVICE) for seq, kind in enumerate(("note", "duress"))]
    outbox.receive(actor=officer, device=DEVICE, acts=acts)
    assert order == ["duress", "note"]


def test_a_sighting_with_photo_and_voice_asks_the_desk(browser, leader, officer, operation):
    given = act(
        "sighting", 1, operation=operation.slug, what="vehicle", text="Passed twice",
        plate="ABC-123", position=[60.17, 24.94], accuracy=12,
    )  # fmt: skip
    key = given["key"]
    form = {
        "acts": json.dumps({"device": DEVICE, "sent_at": now().isoformat(), "acts": [given]}),
        f"photo-{key}": SimpleUploadedFile("photo", factories.picture(), "image/png"),
        f"voice-{key}": SimpleUploadedFile("voice", b"\x1aE\xdf\xa3" + bytes(64), "audio/webm"),
    }
    answer = browser.post("/m/api/outbox", form)
    assert answer.json()["acts"][0]["state"] == "done", answer.content
    report = FieldReport.objects.visible_to(leader).get()
    assert report.content["position"] == [60.17, 24.94]
    line = written(leader, operation)[0]
    assert "plate ABC-123" in line and "photo and voice note" in line
    assert [alert.source for alert in alerts.queue(leader)] == ["sighting"]
    desk = factories.signed_in(leader)
    for what, kind in (("photo", "image/jpeg"), ("voice", "audio/webm")):
        shown = desk.get(f"/field/{report.pk}/{what}")
        assert shown.status_code == 200 and shown.headers["Content-Type"] == kind
    page = desk.get(f"/operations/{operation.slug}/on-duty/").content.decode()
    assert "Passed twice" in page and "ABC-123" in page


@pytest.mark.parametrize("data", [b"", b"MZ no voice", b"RIFFxxxx"])
def test_what_is_no_voice_note_is_refused(browser, operation, data):
    given = act("log", 1, operation=operation.slug)
    form = {"acts": json.dumps({"device": DEVICE, "acts": [given]})}
    form[f"voice-{given['key']}"] = SimpleUploadedFile("voice", data, "audio/webm")
    assert browser.post("/m/api/outbox", form).json()["acts"][0]["state"] == "refused"
    assert not FieldReport.objects.exists()


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'{"acts": 4}', b'{"acts": [{"key": "x", "seq": 1}]}', b"\xff\xfe",
     b'{"acts": [{"key": "0190b0a0-0000-7000-8000-000000000000", "seq": -1, "at": "x"}]}',
     b'{"acts": [[]]}'],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_words(browser, body):
    answer = browser.post("/m/api/outbox", body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_handover_names_the_relief_and_what_was_repeated(browser, leader, officer, operation):
    services.start_duty(actor=officer, operation=operation)
    points = [{"words": "Keys", "confirmed": True}, {"words": "Radio", "confirmed": False}]
    found = send(browser, act("handover", 1, to=leader.email, points=points))
    assert found[0]["state"] == "done", found
    ended = queries.Duty.objects.visible_to(leader).get()
    assert ended.relieved_by == leader and ended.handover == points


def test_a_stranger_sends_nothing_into_an_operation(operation, leader):
    stranger = factories.signed_in(factories.person("Sten Stranger"))
    found = send(stranger, act("log", 1, operation=operation.slug, text="Planted"))
    assert found[0]["state"] == "refused"
    assert written(leader, operation) == []


def test_off_duty_nothing_of_an_operation_is_taken_along(officer, operation, post):
    shown = snapshot(officer, None)
    assert "operation" not in shown and "order" not in shown
    assert shown["start"][0]["posts"][0]["call_sign"] == "BRAVO"


def test_on_duty_the_phone_takes_what_its_holder_may_see(leader, officer, operation, post):
    haven = factories.place(operation, name="Police house", kind="safe_haven", phone="112")
    begins = now() + timedelta(hours=1)
    services.add_movement(
        actor=leader, operation=operation, kind="road", title="To the quay", starts=begins,
        ends=begins + timedelta(minutes=30),
    )  # fmt: skip
    duty = services.start_duty(actor=officer, operation=operation, post=post)
    shown = snapshot(officer, duty)
    assert shown["legs"][0]["title"] == "To the quay"
    assert [row["name"] for row in shown["shelters"]] == [haven.name]
    assert shown["team"][0]["call_sign"] == "BRAVO"
    assert shown["medical"]["principal"] == operation.principal.slug
    assert leader.email in {row["email"] for row in shown["relief"]}


def test_the_key_is_the_same_until_it_is_taken_back(officer):
    first = phones.open_phone(actor=officer, device=DEVICE)
    assert phones.open_phone(actor=officer, device=DEVICE)["secret"] == first["secret"]
    other = factories.person()
    assert phones.open_phone(actor=other, device=DEVICE)["secret"] != first["secret"]
    phones.wipe(actor=officer, phone=Phone.objects.get(person=officer))
    assert phones.open_phone(actor=officer, device=DEVICE) == {"wipe": True}
    assert phones.to_be_wiped(DEVICE)
    phones.emptied(actor=officer, device=DEVICE)
    assert phones.open_phone(actor=officer, device=DEVICE)["secret"] != first["secret"]


def test_a_wipe_ends_the_session_and_the_phone_learns_it_without_one(browser, officer):
    opened = post_json(browser, "/m/api/open", {"device": DEVICE, "label": "test"})
    assert opened.json()["secret"]
    again = {"device": DEVICE, "have": opened.json()["mark"]}
    assert "snapshot" in opened.json()
    assert "snapshot" not in post_json(browser, "/m/api/open", again).json()
    assert browser.get(f"/m/wipe/{DEVICE}").status_code == 404
    administrator = factories.person(is_administrator=True)
    with pytest.raises(Denied):
        phones.wipe(actor=factories.person(), phone=Phone.objects.get())
    phones.wipe(actor=administrator, phone=Phone.objects.get())
    assert browser.get("/m/api/hello").status_code == 302
    assert browser.get(f"/m/wipe/{DEVICE}").json() == {"wipe": True}
    assert Phone.objects.get().secret is None


@pytest.mark.parametrize("name", ["", "short", "no/such name at all really", "x" * 41])
def test_a_phone_has_a_random_name(officer, name):
    with pytest.raises(Refused):
        phones.open_phone(actor=officer, device=name)


def test_the_medical_card_needs_a_fresh_proof_and_duty(operation, officer, leader):
    who = operation.principal
    who.medical = {"blood_group": "O-"}
    who.save()
    services.start_duty(actor=officer, operation=operation)
    stale = factories.signed_in(officer)
    session = stale.session
    session["account_authentication_methods"] = []
    session.save()
    assert post_json(stale, "/m/api/medical", {}).status_code == 401
    fresh = factories.signed_in(officer, fresh=True)
    lines = post_json(fresh, "/m/api/medical", {}).json()["lines"]
    assert {"title": "Blood group", "text": "O-"} in lines
    nobody = factories.signed_in(factories.person(), fresh=True)
    assert post_json(nobody, "/m/api/medical", {}).status_code == 422


def test_the_frame_and_its_scripts_tell_nothing(browser, officer, operation, client):
    assert client.get("/m/").status_code == 302
    page = browser.get("/m/").content.decode()
    assert officer.name not in page and operation.slug not in page and "csrf" not in page
    script = client.get("/m/sw.js")
    assert script.status_code == 200 and b"/static/phone/app.js" in script.content
    assert client.get("/m/manifest.webmanifest").json()["scope"] == "/m/"
    assert client.get("/m/map-worker.mjs").status_code == 200
