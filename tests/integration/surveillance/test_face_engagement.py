"""A camera of the engagement compares faces where a record names it, for its own circle alone."""

from types import SimpleNamespace

import pytest
from tests.factories import engagement, member, operation, principal, signed_in
from tests.integration.surveillance import faces

from varangian.alerts.models import Alert
from varangian.alerts.queries import alerts
from varangian.alerts.rules import Step
from varangian.alerts.services.notifying import _people
from varangian.kernel.results import NotFound, Refused
from varangian.log.models import LogEntry
from varangian.operations.models import Operation
from varangian.platform.access.models import Compartment
from varangian.platform.access.roles import Role
from varangian.surveillance.models import FaceDeployment, FaceMatch
from varangian.surveillance.queries import faces as queries
from varangian.surveillance.services.faces import deciding, ending, matching, records

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(monkeypatch):
    """``leader`` and ``analyst`` are of the engagement, ``below`` leads the operation alone."""
    faces.pretend(monkeypatch)
    contract = engagement()
    scene = operation(engagement=contract)
    found = {
        "contract": contract,
        "scene": scene,
        "leader": member(contract, Role.DETAIL_LEADER),
        "analyst": member(contract, Role.ANALYST),
        "below": member(scene, Role.DETAIL_LEADER),
        "camera": faces.gate(contract, "Residence"),
    }
    return SimpleNamespace(**found)


@pytest.fixture
def signed(at):
    return records.sign_record(actor=at.leader, record=faces.drawn(at.analyst, at.scene, at.camera))


@pytest.fixture
def match(at, signed):
    return faces.candidate(at.camera, faces.listed(at.analyst, at.scene, at.leader))


def held(at) -> int:
    told = matching.load(grip=faces.grip(at.camera))
    return 0 if told is None else len(told["templates"])


def test_it_compares_while_a_signed_record_names_it(at, signed):
    assert held(at) == 0
    faces.listed(at.analyst, at.scene, at.leader)
    assert held(at) == 1 and queries.comparing(at.leader, at.scene) == [at.camera]
    Operation.objects.filter(pk=at.scene.pk).update(state="closed")
    assert held(at) == 0
    Operation.objects.filter(pk=at.scene.pk).update(state="active")
    records.revoke_record(actor=at.leader, record=signed, reason="The order was lifted")
    assert held(at) == 0


def test_two_operations_name_it_each_for_people_of_its_own(at, signed):
    other = operation(engagement=at.contract, principal=principal(at.contract))
    mine = faces.listed(at.analyst, at.scene, at.leader)
    theirs = faces.listed(at.analyst, other, at.leader)
    assert held(at) == 1
    second = faces.drawn(at.analyst, other, at.camera)
    records.sign_record(actor=at.leader, record=second)
    assert held(at) == 2
    found = faces.candidate(at.camera, theirs)
    assert (found.operation, found.deployment) == (other, second)
    assert faces.candidate(at.camera, mine).deployment == signed
    records.revoke_record(actor=at.leader, record=second, reason="No longer")
    assert held(at) == 1 and faces.candidate(at.camera, theirs) is None


def test_who_may_not_know_of_the_camera_neither_names_nor_signs_it(at):
    with pytest.raises(Refused, match="no camera of the operation"):
        faces.drawn(at.below, at.scene, at.camera)
    stranger = faces.gate(engagement(), "Elsewhere")
    with pytest.raises(Refused, match="no camera of the operation"):
        faces.drawn(at.analyst, at.scene, stranger)
    draft = faces.drawn(at.analyst, at.scene, at.camera)
    with pytest.raises(Refused, match="not yours to see"):
        records.sign_record(actor=at.below, record=draft)
    where = f"/surveillance/faces/records/{draft.pk}/"
    page = signed_in(at.below).get(where).content.decode()
    assert "Residence" not in page and "1 of the engagement" in page
    told = signed_in(at.below).get(f"/api/v1/face-records/{draft.pk}").json()
    assert told["cameras"] == [] and told["cameras_besides"] == 1
    listed = signed_in(at.below).get(f"/surveillance/of/{at.scene.slug}/faces/").content.decode()
    assert "Residence" not in listed
    assert "Residence" in signed_in(at.leader).get(where).content.decode()


def test_a_change_by_who_does_not_see_it_leaves_it_named(at):
    gate = faces.gate(at.scene)
    draft = faces.drawn(at.analyst, at.scene, at.camera, gate)
    records.change_record(actor=at.below, record=draft, cameras=[gate], places="The south gate")
    named = FaceDeployment.objects.get().named.values_list("camera_id", flat=True)
    assert set(named) == {gate.pk, at.camera.pk}


def test_an_exercise_names_none(at):
    Compartment.objects.filter(pk=at.scene.compartment_id).update(exercise=True)
    scene = Operation.objects.get(pk=at.scene.pk)
    assert not queries.candidates_for(at.leader, scene).exists()


def test_the_candidate_is_for_the_circle_of_the_engagement(at, match):
    assert match.compartment_id == at.contract.compartment_id
    alert = Alert.objects.get(source="face_match")
    assert "Residence" not in alert.title and "Residence" in alert.body
    assert list(queries.matches(at.leader, at.scene)) == [match]
    assert list(alerts(at.leader)) == [alert]
    assert not queries.matches(at.below, at.scene).exists() and not alerts(at.below).exists()
    with pytest.raises(NotFound):
        queries.match(at.below, match.pk)
    step = Step(id="a", roles=(Role.DETAIL_LEADER.value,), channels=("screen",), wait_s=60)
    assert set(_people(alert, step)) == {at.leader.pk}
    told = [one.body["event"] for one in LogEntry.objects.filter(operation=at.scene)]
    assert told and not any("Residence" in words for words in told)


def test_confirmed_it_is_told_without_the_camera(at, match):
    client, page = signed_in(at.leader), f"/surveillance/faces/matches/{match.pk}/"
    assert client.post(page, {"purpose": "Watch at the door"}).status_code == 200
    assert client.post(f"{page}decide/", {"verdict": "confirmed"}).status_code == 302
    told = [one.body["event"] for one in LogEntry.objects.filter(operation=at.scene)]
    assert "Face of W1 confirmed at a camera of the engagement" in told
    assert not any("Residence" in words for words in told)
    assert signed_in(at.below).get(page).status_code == 404


def test_what_is_removed_by_the_operation_is_erased_there_too(at, match):
    FaceMatch.objects.update(entry=match.entry)
    deciding.look(actor=at.leader, match=match, purpose="Watch at the door")
    type(match.entry).objects.update(state="removed")
    assert ending.end_faces() == 1 and not FaceMatch.objects.exists()
