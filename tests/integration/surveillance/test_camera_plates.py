"""A camera that reads number plates: off by default, on its own ground, keeping what is sought."""

import json

import pytest
from tests.factories import engagement, member, operation, person, signed_in
from tests.integration.platform.access.test_api import bearer
from tests.integration.protection.test_plates import GIVEN
from tests.integration.surveillance.test_cameras import camera, grip

from varangian.config.commands import root
from varangian.kernel.results import Denied, Refused
from varangian.platform.access.roles import Role
from varangian.platform.audit.models import AuditEntry
from varangian.protection.queries.machines import read_plates
from varangian.surveillance.models import Camera, SeenEvent
from varangian.surveillance.services import placing
from varangian.surveillance.services.cameras import change_camera
from varangian.surveillance.services.events import add_rule, hear_camera
from varangian.threats.models import BoloSighting
from varangian.threats.services import bolo

pytestmark = pytest.mark.django_db
BASIS = "Order of the data controller for this gate"
SAID = {"confidence": 0.93, "agreeing_shots": 2, "shots": 3, "whole": True, "country": "FI"}


@pytest.fixture
def leader():
    return person("Lena Leader")


@pytest.fixture
def scene(leader):
    return operation(leader)


@pytest.fixture
def gate(scene):
    return camera(scene, reads_plates=True, plates_basis=BASIS, position=[60.1, 24.9])


@pytest.fixture
def card(scene, leader):
    drawn = bolo.draw_card(
        actor=member(scene, Role.ANALYST), operation=scene,
        reviewer=member(scene, Role.OPERATOR), **GIVEN,
    )  # fmt: skip
    return bolo.issue_card(actor=leader, card=drawn)


def hear(one: Camera, plate: str, **more):
    placing.claim(grip=grip(one), owner="w")
    return hear_camera(grip=grip(one), name="plate.read", detail={**SAID, "plate": plate, **more})


def test_it_is_off_until_its_own_ground_is_on_record(scene, leader):
    one = camera(scene)
    assert not one.reads_plates and placing.claim(grip=grip(one), owner="w").plates is None
    with pytest.raises(Refused, match="own legal basis"):
        change_camera(actor=leader, camera=one, reads_plates=True)
    with pytest.raises(Refused, match="not known"):
        change_camera(
            actor=leader, camera=one, reads_plates=True, plates_basis=BASIS, plate_countries="ZZ"
        )
    one.refresh_from_db()
    assert not one.reads_plates
    change_camera(
        actor=leader, camera=one, reads_plates=True, plates_basis=BASIS, plate_countries="fi se"
    )
    assert placing.claim(grip=grip(one), owner="w").plates == "FI, SE"
    notes = AuditEntry.objects.filter(kind="plates", record=str(one.pk))
    assert [entry.purpose for entry in notes] == ["number plates read, of FI, SE"]
    change_camera(actor=leader, camera=one, name="Gate again")
    assert notes.all().count() == 1, "only what changes about plates is noted as that"
    change_camera(actor=leader, camera=one, reads_plates=False)
    assert notes.all().count() == 2 and placing.beat(grip=grip(one), health={}).plates is None
    assert not AuditEntry.objects.filter(changes__icontains="data controller").exists()


def test_one_of_an_engagement_has_no_cards_and_reads_none():
    with pytest.raises(Refused, match="BOLO"):
        camera(engagement(), reads_plates=True, plates_basis=BASIS)


def test_a_plate_that_is_looked_for_becomes_a_candidate(scene, leader, gate, card):
    event = hear(gate, "ZPH771")
    assert event.detail == {"plate": "ZPH771", "confidence": 0.93, "shots": 2}
    sighting = BoloSighting.objects.get()
    assert sighting.card == card and list(sighting.position) == [60.1, 24.9]
    (seen,) = read_plates(leader, scene.principal_id, event.at)
    assert seen.content["plate"] == "ZPH771" and seen.person == "Gate, camera"


def test_what_matches_nothing_is_not_kept_at_all(scene, leader, gate, card):
    add_rule(actor=leader, operation=scene, name="plate.read")
    assert hear(gate, "ABC123") is None
    assert not SeenEvent.objects.exists() and not BoloSighting.objects.exists()


def test_a_reader_is_believed_only_while_the_record_says_so(leader, gate, card):
    assert hear(gate, "ZPH771<script>") is None
    assert hear(gate, "ZPH771", confidence="sure") is None
    change_camera(actor=leader, camera=gate, reads_plates=False)
    assert hear(gate, "ZPH771") is None and not SeenEvent.objects.exists()


def test_what_keeps_it_from_reading_is_told_in_words(gate):
    placing.claim(grip=grip(gate), owner="w")
    hear_camera(grip=grip(gate), name="plates.unable", detail={"words": "not installed"})
    page = signed_in(member(gate.operation, Role.OFFICER)).get(f"/surveillance/cameras/{gate.pk}/")
    assert "Number plates are not read: not installed" in page.content.decode()


def test_page_api_and_command_line_say_the_same(scene, leader, gate, capsys):
    where = f"/surveillance/cameras/{gate.pk}/"
    client = signed_in(leader)
    page = client.get(where).content.decode()
    assert BASIS in page and "kept is only what a BOLO card looks out for" in page
    form = client.get(f"{where}change/").content.decode()
    assert "Ground for reading plates" in form
    given = {
        "name": "Gate", "purpose": "The gate", "legal_basis": "Consent", "retention_days": "3",
        "bearing": "0", "width_deg": "70", "reach_m": "40", "reads_plates": "on",
    }  # fmt: skip
    told = client.post(f"{where}change/", {**given, "plates_basis": " "})
    assert told.status_code == 422 and "its own legal basis" in told.content.decode()
    said = bearer(leader)
    shown = said.get(f"/api/v1/cameras/{gate.pk}").json()
    assert shown["reads_plates"] and shown["plates_basis"] == BASIS
    told = said.patch(
        f"/api/v1/cameras/{gate.pk}", json.dumps({"plate_countries": "GB"}),
        content_type="application/json",
    )  # fmt: skip
    assert told.status_code == 200 and told.json()["plate_countries"] == "GB"
    assert root(["--as", leader.email, "camera", "plates", str(gate.pk), "--off", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["reads_plates"] is False
    with pytest.raises(Denied):
        change_camera(actor=member(scene, Role.OFFICER), camera=gate, reads_plates=True)
