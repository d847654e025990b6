"""BOLO cards on phones, sightings that name one, and a snapshot that is not made twice."""

import json
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import factories
from tests.integration.planning.test_roster import committed

from varangian.alerts import queries as alerts
from varangian.kernel.clock import now
from varangian.log import queries as log
from varangian.log.services import write_entry
from varangian.operations import services
from varangian.platform.access.roles import Role
from varangian.platform.audit.models import AuditEntry
from varangian.protection.models import FieldReport
from varangian.protection.queries import taken_along
from varangian.protection.queries.phone import snapshot
from varangian.protection.queries.phone_bolo import MOST, MOST_BYTES, cards, within
from varangian.protection.services import outbox
from varangian.protection.services.outbox import Act
from varangian.threats.models import BoloCard, BoloSighting
from varangian.threats.services import bolo

__all__ = ["committed"]
DEVICE = "b" * 32
GIVEN = {
    "kind": "person",
    "title": "Letter writer",
    "why": "Came twice",
    "features": {"hair": "Grey"},
    "drill": "observe_report",
    "tell": "Desk",
    "legal_basis": "legitimate_interests",
    "purpose": "To notice",
    "proportionality": "Two days",
}


def world():
    leader = factories.person("Lena Leader")
    operation = factories.operation(leader, starts=now(), ends=now() + timedelta(days=1))
    officer = factories.member(operation, Role.OFFICER, factories.person("Amara Officer"))
    operator = factories.member(operation, Role.OPERATOR)
    duty = services.start_duty(actor=officer, operation=operation)
    card = bolo.draw_card(actor=leader, operation=operation, reviewer=operator, **GIVEN)
    bolo.add_picture(actor=leader, card=card, data=factories.picture(), caption="Coat")
    card = bolo.issue_card(actor=leader, card=card)
    return SimpleNamespace(
        leader=leader, operation=operation, officer=officer, operator=operator, duty=duty, card=card
    )


@pytest.fixture
def day(db):
    return world()


def sent(officer, kind, **body):
    act = Act(uuid4(), kind, now(), 1, DEVICE, body)
    return outbox.receive(actor=officer, device=DEVICE, acts=[act])[0]


def test_the_phone_takes_along_what_is_out_and_says_what_ended(day):
    found = snapshot(day.officer, day.duty)["bolo"]
    (card,) = found["cards"]
    assert card["title"] == "Letter writer" and card["drill"]["do"] and "purpose" not in card
    assert [one["caption"] for one in card["pictures"]] == ["Coat"]
    picture = f"/m/api/bolo/{card['pictures'][0]['id']}"
    web = factories.signed_in(day.officer)
    assert web.get(picture)["Content-Type"] == "image/jpeg"
    bolo.recall_card(actor=day.operator, card=day.card, reason="Gone")
    found = snapshot(day.officer, day.duty)["bolo"]
    assert found["cards"] == []
    assert [(one["serial"], one["state"]) for one in found["gone"]] == [("B1", "recalled")]
    assert web.get(picture).status_code == 404
    assert factories.signed_in(factories.person()).get(picture).status_code == 404


def test_who_does_not_look_out_takes_none_along(day):
    client = factories.member(day.operation, Role.CLIENT)
    assert cards(client, day.operation) is None


def test_a_look_without_a_net_is_on_record_with_its_time(day):
    stranger = factories.person()
    pk = str(day.card.pk)
    for who in (day.officer, stranger):
        assert sent(who, "bolo_view", cards=[pk, "nonsense"], how="opened")["state"] == "done"
    rows = AuditEntry.objects.filter(kind="read", record=pk, purpose__contains="opened on a phone")
    assert [row.actor for row in rows] == [str(day.officer.pk)]


def test_a_sighting_names_its_card_and_waits_for_a_decision(day):
    body = {"operation": day.operation.slug, "what": "person", "text": "At the back door"}
    done = sent(day.officer, "sighting", bolo=str(day.card.pk), **body)
    assert done["state"] == "done", done
    seen = BoloSighting.objects.get()
    report = FieldReport.objects.get()
    assert (seen.state, seen.report, seen.words) == ("candidate", report.pk, "At the back door")
    events = [row.body["event"] for row in log.entries(day.leader, day.operation)]
    assert "B1? Sighting, person: At the back door" in events
    assert any(alert.title.startswith("B1? ") for alert in alerts.queue(day.leader))
    page = factories.signed_in(day.leader).get(f"/operations/{day.operation.slug}/on-duty/")
    assert "perhaps B1" in page.content.decode()
    bolo.decide_sighting(actor=day.operator, sighting=seen, confirmed=False, reason="Florist")
    assert snapshot(day.officer, day.duty)["bolo"]["cards"][0]["denied"] == ["Florist"]


@pytest.mark.parametrize("named", ["nonsense", "7d7a4a0e-3a0e-4f0e-9d55-0d7c2f3f6a11", "", None])
def test_a_card_that_is_not_known_does_not_lose_the_report(day, named):
    body = {"operation": day.operation.slug, "what": "person", "text": "At the door"}
    assert sent(day.officer, "sighting", bolo=named, **body)["state"] == "done"
    assert FieldReport.objects.count() == 1 and not BoloSighting.objects.exists()


def test_a_sighting_made_before_the_recall_arrived_is_kept(day):
    bolo.recall_card(actor=day.operator, card=day.card, reason="Gone")
    body = {"operation": day.operation.slug, "what": "person", "text": "At the door"}
    sent(day.officer, "sighting", bolo=str(day.card.pk), **body)
    assert BoloSighting.objects.get().card == day.card


def test_a_confirmed_one_is_told_in_minutes_from_the_principal(day):
    seen = bolo.report_sighting(
        actor=day.officer, card=day.card, operation=day.operation, words="Gate",
        position=[60.17, 24.95],
    )  # fmt: skip
    bolo.decide_sighting(actor=day.operator, sighting=seen, confirmed=True)
    events = [row.body["event"] for row in log.entries(day.leader, day.operation)]
    assert "Seen: B1, confirmed" in events


def test_the_board_shows_what_is_out_and_who_had_it_before_them(day):
    web = factories.signed_in(day.operator)
    assert "Look out for" in web.get("/").content.decode()
    for _ in range(3):
        assert "Letter writer" in web.get("/board/bolo/").content.decode()
    rows = AuditEntry.objects.filter(record=str(day.card.pk), purpose__contains="on the Board")
    assert rows.count() == 1


def test_the_set_stays_under_a_megabyte_and_each_card_keeps_its_first_picture():
    def row(number, size):
        return SimpleNamespace(pk=number, small=SimpleNamespace(size=size))

    many = [[row((card, n), 19_000) for n in range(6)] for card in range(MOST)]
    taken = within(many)
    assert {(card, 0) for card in range(MOST)} <= taken
    assert len(taken) * 19_000 <= MOST_BYTES < 1_000_000
    assert within([]) == set()


def test_a_snapshot_is_made_once_while_nothing_changes(committed, monkeypatch):
    # A transaction of another test database of the same server would hold the lowest number back.
    here = taken_along.NOW.replace("pg_snapshot_xmin", "pg_snapshot_xmax")
    monkeypatch.setattr(taken_along, "NOW", here)
    day = world()
    web = factories.signed_in(day.officer)

    def ask(device, have=""):
        body = json.dumps({"device": device, "have": have})
        with CaptureQueriesContext(connection) as told:
            answer = web.post("/m/api/open", body, content_type="application/json").json()
        return answer, len(told)

    first, cost = ask(DEVICE)
    ask("c" * 32)
    second, less = ask("c" * 32)
    assert second["mark"] == first["mark"] and second["snapshot"]["bolo"]["cards"]
    again, least = ask(DEVICE, first["mark"])
    assert "snapshot" not in again and again["made_at"] > first["snapshot"]["made_at"]
    assert max(less, least) <= cost - 20 and least <= 20, (cost, less, least)
    write_entry(actor=day.leader, operation=day.operation, event="Something else")
    bolo.recall_card(actor=day.operator, card=day.card, reason="Gone")
    after, _ = ask(DEVICE, first["mark"])
    assert after["snapshot"]["bolo"]["cards"] == []
    assert BoloCard.objects.get().state == "recalled"
