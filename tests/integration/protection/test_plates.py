"""Plates that readers report against the vehicles that the team looks out for."""

import json
from datetime import timedelta

import pytest
from tests import factories

from varangian.alerts.models import Alert
from varangian.kernel.clock import now
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.platform.access.services import digest
from varangian.surveillance.models import SeenEvent
from varangian.surveillance.sensors.reading import read
from varangian.surveillance.services.sensing import add_sensor, hear_token
from varangian.threats.models import BoloSighting
from varangian.threats.services import bolo

pytestmark = pytest.mark.django_db
GIVEN = {
    "kind": "vehicle",
    "title": "Van of the letter writer",
    "why": "Stood before the hotel twice",
    "features": {"plate": "ZPH-771, Finland"},
    "drill": "observe_report",
    "tell": "Desk",
    "legal_basis": "legitimate_interests",
    "purpose": "To notice",
    "proportionality": "Two days",
    "expires_at": now() + timedelta(days=1),
}


@pytest.fixture
def leader():
    return factories.person("Lena Leader")


@pytest.fixture
def operation(leader):
    return factories.operation(leader)


@pytest.fixture
def draft(leader, operation):
    reviewer = factories.member(operation, Role.OPERATOR)
    return bolo.draw_card(
        actor=factories.member(operation, Role.ANALYST), operation=operation, reviewer=reviewer,
        **GIVEN,
    )  # fmt: skip


@pytest.fixture
def card(leader, draft):
    return bolo.issue_card(actor=leader, card=draft)


@pytest.fixture
def reader(operation):
    _, secret = add_sensor(
        actor=SYSTEM, operation=operation, name="Gate reader", kind="plates",
        legal_basis="Consent of the owner", position=[60.17, 24.94],
    )  # fmt: skip
    return lambda plate: hear_token(
        digest=digest(secret), told=read(json.dumps({"plate": plate}).encode())
    )


def test_a_plate_that_is_looked_out_for_is_a_candidate_and_asks_for_a_person(card, reader):
    reader("ZPH 771")
    sighting = BoloSighting.objects.get()
    assert (sighting.card, sighting.state, sighting.by) == (card, "candidate", None)
    assert sighting.words == "Plate ZPH771 read by Gate reader"
    assert sighting.position == [60.17, 24.94]
    alert = Alert.objects.get(source="bolo")
    assert alert.urgency == "now" and card.label in alert.title and "ZPH" not in alert.title
    assert SeenEvent.objects.get().detail == {"plate": "ZPH771"}


def test_a_standing_car_is_one_candidate(card, reader):
    for _ in range(3):
        reader("ZPH771")
    assert BoloSighting.objects.count() == 1 and Alert.objects.filter(source="bolo").count() == 1


def test_look_alikes_are_compared_by_a_person_and_a_denial_is_remembered(card, leader, reader):
    reader("2PH77I")
    sighting = BoloSighting.objects.get()
    bolo.decide_sighting(actor=leader, sighting=sighting, confirmed=False, reason="A taxi")
    BoloSighting.objects.update(at=now() - timedelta(hours=1))
    reader("2PH77I")
    assert BoloSighting.objects.count() == 1
    reader("ZPH771")
    assert BoloSighting.objects.count() == 2


def test_what_nobody_looks_out_for_is_not_kept(card, reader):
    reader("ABC 123")
    assert not BoloSighting.objects.exists() and not Alert.objects.filter(source="bolo").exists()
    assert SeenEvent.objects.get().detail == {}


def test_a_draft_looks_out_for_nothing_and_no_more_a_recalled_card(draft, leader, reader):
    reader("ZPH771")
    assert not BoloSighting.objects.exists()
    card = bolo.issue_card(actor=leader, card=draft)
    bolo.recall_card(actor=leader, card=card, reason="It was sold")
    reader("ZPH771")
    assert not BoloSighting.objects.exists()


def test_plates_of_readers_are_weighed_beside_what_officers_saw_with_their_source(
    leader, operation, card, monkeypatch
):
    from tests.integration.protection.test_patterns import PLACES, see

    from varangian.protection.queries.patterns import patterns
    from varangian.protection.shapes.patterns import pattern_shape

    officer = factories.member(operation, Role.OFFICER)
    for number in range(30):
        see(operation, officer, PLACES[number % 3], plate=f"XYZ-{100 + number}", days=number % 4)
    see(operation, officer, PLACES[0], plate="ZPH-771", days=0)
    for name, place, days in (("Gate reader", PLACES[1], 1), ("Harbour reader", PLACES[2], 2)):
        sensor, secret = add_sensor(
            actor=SYSTEM, operation=operation, name=name, kind="plates",
            legal_basis="Consent of the owner", position=list(place), retention_days=30,
        )  # fmt: skip
        at = now() - timedelta(days=days, minutes=5)
        for minute in (0, 3, 6):
            row = {"plate": "ZPH 771", "at": (at + timedelta(minutes=minute)).isoformat()}
            hear_token(digest=digest(secret), told=read(json.dumps(row).encode()))
        SeenEvent.objects.filter(sensor=sensor).update(at=at)
    found = patterns(leader, operation)
    assert found.machines == 2, "three readings of one pass are one sighting"
    (one,) = found.report.patterns
    sources = pattern_shape(found, one)["sources"]
    machines = {row["by"] for row in sources if row["machine"]}
    assert machines == {"Gate reader, number-plate reader", "Harbour reader, number-plate reader"}
    assert str(officer) in {row["by"] for row in sources}
    page = factories.signed_in(leader).get(f"/operations/{operation.slug}/patterns/")
    shown = page.content.decode()
    assert "Gate reader, number-plate reader" in shown and "2 of 33 sightings" in shown
    assert patterns(factories.member(operation, Role.ANALYST), operation).machines == 2
