"""The door of phones and buttons: the key alone, whatever else comes, and never twice."""

import asyncio
import json

import pytest
from django.db import OperationalError, connection
from django.test import Client
from tests import factories

from varangian.kernel.clock import now
from varangian.platform.access.roles import Role
from varangian.platform.live.doors import handler_for
from varangian.protection import door, live_door
from varangian.protection.models import Duress, DuressKey, Press
from varangian.protection.services import buttons, duress, keys
from varangian.tracking.events import sos_cancelled, sos_heard
from varangian.tracking.models import Device

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    leader = factories.person("Lea Leader")
    operation = factories.operation(leader)
    return factories.member(operation, Role.OFFICER, factories.person("Otto Officer"))


def key(person, kind="phone", **more):
    return keys.issue_key(actor=person, label="Otto's", kind=kind, **more)


def test_a_phone_presses_without_a_session_and_twice_is_once(officer):
    _, secret = key(officer)
    stranger = Client(enforce_csrf_checks=True)
    body = json.dumps({"key": "a", "at": "2026-11-24T08:00:00Z", "lat": 60.1, "lon": 24.9})
    for _ in range(3):
        answer = stranger.post(f"/duress/{secret}", body, content_type="text/plain")
        assert (answer.status_code, answer.json()) == (200, {"ok": True})
    row = Press.objects.get()
    assert (row.via, row.lat, row.person) == ("slide", 60.1, officer)
    assert not answer.cookies


@pytest.mark.parametrize(
    ("query", "body", "kind"),
    [
        ("event_cnt=7", b"", ""),
        ("", b"event_cnt=7&lat=60.1&lon=24.9", "application/x-www-form-urlencoded"),
        ("", b'{"event":"L","event_cnt":7}', "application/json"),
        ("event_cnt=7", b'{"broken', "application/json"),
        ("event_cnt=7&lat=north&lon=&at=soon", b"\xff\xfe\x00", "application/octet-stream"),
    ],
)
def test_buttons_speak_as_they_like(officer, query, body, kind):
    _, secret = key(officer, "button")
    url = f"/duress/{secret}?{query}"
    for _ in range(2):
        answer = Client().post(url, body, content_type=kind or "text/plain")
        assert answer.status_code == 200
    assert Press.objects.get().via == "button"
    assert Client().get(f"/duress/{secret}?event_cnt=8").status_code == 200
    assert Press.objects.count() == 2


def test_a_button_without_a_number_is_pressed_once_in_a_moment(officer, monkeypatch):
    _, secret = key(officer, "button")
    monkeypatch.setattr(door.time, "time", lambda: 1_000_000.2)
    for _ in range(2):
        assert Client().get(f"/duress/{secret}").status_code == 200
    monkeypatch.setattr(door.time, "time", lambda: 1_000_009.2)
    assert Client().get(f"/duress/{secret}").status_code == 200
    assert Press.objects.count() == 2


def test_trying_it_out_alarms_nobody(officer):
    row, secret = key(officer, "button")
    for event in ("test", "alive"):
        assert Client().get(f"/duress/{secret}?event={event}").status_code == 200
    assert not Press.objects.exists()
    row.refresh_from_db()
    assert row.last_used_at is not None


def test_unknown_and_revoked_keys_and_people_shut_out_are_nobody(officer):
    row, secret = key(officer)
    assert Client().post("/duress/no-such-key").status_code == 404
    officer.is_active = False
    officer.save()
    assert Client().post(f"/duress/{secret}").status_code == 404
    officer.is_active = True
    officer.save()
    keys.revoke_key(actor=officer, pk=row.pk)
    assert Client().post(f"/duress/{secret}").status_code == 404
    assert Client().delete(f"/duress/{secret}").status_code == 405


def test_the_same_door_in_live(officer, monkeypatch):
    asked = {}

    def hear(secret, given, *, patience):
        asked.update(secret=secret, given=given, patience=patience)
        return 200, {"ok": True}

    monkeypatch.setattr(door, "hear", hear)
    sent = []

    async def receive():
        return {"type": "http.request", "body": b'{"key":"a"}'}

    async def send(message):
        sent.append(message)

    scope = {"method": "POST", "path": "/duress/s3", "query_string": b"lat=1", "headers": []}
    assert handler_for("/duress/s3") is live_door.handle
    asyncio.run(live_door.handle(scope, receive, send))
    assert asked["secret"] == "s3" and asked["given"] == {"key": "a", "lat": "1"}
    assert sent[0]["status"] == 200 and json.loads(sent[1]["body"]) == {"ok": True}


def test_it_waits_for_a_database_that_is_away(monkeypatch):
    tries = []
    monkeypatch.setattr(duress, "PAUSE", 0.0)
    monkeypatch.setattr(connection, "close", lambda: None)

    def run():
        tries.append(1)
        if len(tries) < 4:
            raise OperationalError("the server is starting")
        return "kept"

    assert duress.insist(run, seconds=5) == "kept" and len(tries) == 4
    tries.clear()
    with pytest.raises(OperationalError):
        duress.insist(run, seconds=-1)


def test_a_button_in_a_place_calls_the_people_of_its_operation(officer):
    leader = factories.person()
    operation = factories.operation(leader)
    row, secret = keys.issue_place_key(actor=leader, operation=operation, label="Lobby")
    assert Client().get(f"/duress/{secret}?event_cnt=1").status_code == 200
    duress.sweep()
    call = Duress.objects.get()
    assert (call.caption, call.person, call.operation) == ("Lobby", None, operation)
    assert row.operation == operation


def test_a_device_calls_and_cannot_take_it_back(officer):
    operation = officer.memberships.get().compartment
    from varangian.operations.models import Operation

    found = Operation.objects.get(compartment=operation)
    device = Device.objects.create(
        compartment=operation, operation=found, person=officer, kind="traccar", label="phone"
    )
    told = {"person": officer, "device_id": device.pk, "at": now(), "via": "tracker", "key": "k1"}
    for _ in range(2):
        sos_heard.send(sender=Device, position=(60.1, 24.9), **told)
    assert Press.objects.get().via == "tracker"
    duress.sweep()
    sos_cancelled.send(sender=Device, **told)
    assert Duress.objects.get().state == "open"
    told |= {"person": None, "key": "k2", "via": "beacon"}
    sos_heard.send(sender=Device, position=None, **told)
    duress.sweep()
    assert Duress.objects.get(person=None).caption == "phone"


def test_a_silent_button_is_found_out_and_well_again(officer):
    from datetime import timedelta

    from varangian.alerts import queries as alert_queries
    from varangian.operations.models import Operation
    from varangian.operations.services.duties import start_duty

    operation = Operation.objects.get(compartment=officer.memberships.get().compartment)
    start_duty(actor=officer, operation=operation)
    row, secret = key(officer, "button", alive_every_s=60)
    buttons.look()
    assert not alert_queries.alerts(officer).exists()
    DuressKey.objects.filter(pk=row.pk).update(made_at=now() - timedelta(seconds=125))
    assert buttons.look() == 1 and buttons.look() == 0
    assert alert_queries.alerts(officer).get().source == "button"
    Client().get(f"/duress/{secret}?event=alive")
    buttons.look()
    assert not alert_queries.alerts(officer).exists()
