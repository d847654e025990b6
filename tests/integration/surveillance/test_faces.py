"""The face watchlist: lawful by construction, erased when it ends, decided by a person."""

from datetime import time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from tests.factories import member, operation, person, picture
from tests.integration.surveillance import faces

from varangian.alerts.models import Alert
from varangian.alerts.queries import alerts
from varangian.kernel.clock import now
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.log.models import LogEntry
from varangian.platform.access.roles import Role
from varangian.platform.audit.models import AuditEntry
from varangian.platform.crypto.keys import forget_open_keys
from varangian.platform.storage.models import Blob
from varangian.surveillance.models import (
    FaceDenial,
    FaceDeployment,
    FaceEntry,
    FaceMatch,
    FacePicture,
    FaceView,
)
from varangian.surveillance.queries import faces as queries
from varangian.surveillance.services import placing
from varangian.surveillance.services.faces import (
    deciding,
    ending,
    matching,
    naming,
    records,
    watchlist,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def network(monkeypatch):
    faces.pretend(monkeypatch)


@pytest.fixture
def scene():
    return operation()


@pytest.fixture
def leader(scene):
    return member(scene, Role.DETAIL_LEADER)


@pytest.fixture
def analyst(scene):
    return member(scene, Role.ANALYST)


@pytest.fixture
def operator(scene):
    return member(scene, Role.OPERATOR)


@pytest.fixture
def camera(scene):
    return faces.gate(scene)


@pytest.fixture
def signed(scene, leader, analyst, camera):
    return records.sign_record(actor=leader, record=faces.drawn(analyst, scene, camera))


@pytest.fixture
def entry(scene, leader, analyst):
    return faces.listed(analyst, scene, leader)


def held(camera) -> int:
    told = matching.load(grip=faces.grip(camera))
    return 0 if told is None else len(told["templates"])


def test_nothing_is_compared_without_a_signed_record(scene, leader, analyst, camera, entry):
    assert held(camera) == 0 and placing.beat(grip=faces.grip(camera), health={}).faces == ""
    draft = faces.drawn(analyst, scene, camera)
    assert held(camera) == 0
    records.sign_record(actor=leader, record=draft)
    assert held(camera) == 1 and placing.beat(grip=faces.grip(camera), health={}).faces
    assert held(faces.gate(scene, "Another door")) == 0
    records.revoke_record(actor=leader, record=draft, reason="The order was lifted")
    assert held(camera) == 0
    told = LogEntry.objects.filter(operation=scene, topic="faces")
    assert AuditEntry.objects.filter(table_name="surveillance_facedeployment").count() >= 3
    assert "Face deployment FD1 revoked" in [one.body["event"] for one in told]


@pytest.mark.parametrize("missing", [*faces.LAW, "valid_until", "deletion_days"])
def test_no_record_without_its_law(scene, analyst, camera, missing):
    with pytest.raises(Refused) as refused:
        faces.drawn(analyst, scene, camera, **{missing: None})
    assert refused.value.where == missing


def test_nobody_signs_what_they_wrote(scene, leader, camera):
    draft = faces.drawn(leader, scene, camera)
    with pytest.raises(Refused, match="what they wrote"):
        records.sign_record(actor=leader, record=draft)
    with pytest.raises(IntegrityError), transaction.atomic():
        FaceDeployment.objects.filter(pk=draft.pk).update(
            state="signed", signed_by=leader, signed_at=now()
        )
    other = member(scene, Role.DETAIL_LEADER)
    changed = records.change_record(actor=other, record=draft, places="The south gate")
    with pytest.raises(Refused, match="what they wrote"):
        records.sign_record(actor=other, record=changed)
    assert records.sign_record(actor=leader, record=changed).state == "signed"
    with pytest.raises(Refused, match="new record"):
        records.change_record(actor=other, record=changed, places="Everywhere")


def test_only_a_leader_signs(scene, analyst, operator, camera):
    draft = faces.drawn(analyst, scene, camera)
    for who in (operator, member(scene, Role.OFFICER)):
        with pytest.raises(Denied):
            records.sign_record(actor=who, record=draft)
    with pytest.raises(NotFound):
        records.sign_record(actor=person(), record=draft)


def test_hours_are_on_the_clock_of_the_operation(scene, leader, analyst, camera):
    draft = faces.drawn(analyst, scene, camera, begins=time(22), ends=time(6))
    records.sign_record(actor=leader, record=draft)
    FaceDeployment.objects.update(valid_from=now() - timedelta(days=1))
    noon = now().replace(hour=10, minute=0)
    assert naming.in_force(camera, noon) is None
    assert naming.in_force(camera, noon.replace(hour=21)) is not None
    assert naming.in_force(camera, noon + timedelta(days=9, hours=11)) is None


def test_a_record_ends_by_itself(scene, camera, signed, entry):
    FaceDeployment.objects.update(
        valid_from=now() - timedelta(days=2), valid_until=now() - timedelta(seconds=1)
    )
    assert held(camera) == 0
    assert ending.end_faces() == 1
    assert FaceDeployment.objects.get().state == "ended"


@pytest.mark.parametrize("missing", [*faces.ENTRY, "reviewer", "expires_at", "reference"])
def test_no_entry_without_its_law(scene, leader, analyst, missing):
    given = {"reviewer": leader, missing: None}
    reviewer = given.pop("reviewer")
    if missing == "reference":
        given["reference"] = ""
    with pytest.raises(Refused) as refused:
        faces.proposed(analyst, scene, reviewer, **given)
    assert refused.value.where == missing


def test_an_entry_is_reviewed_by_another_before_anybody_is_looked_for(
    scene, leader, analyst, camera, signed
):
    with pytest.raises(Refused, match="their own"):
        faces.proposed(analyst, scene, analyst)
    with pytest.raises(Refused, match="may not review"):
        faces.proposed(analyst, scene, member(scene, Role.OFFICER))
    entry = faces.proposed(analyst, scene, leader)
    with pytest.raises(Refused, match="no picture"):
        watchlist.accept_entry(actor=leader, entry=entry)
    watchlist.add_picture(actor=analyst, entry=entry, data=picture((80, 80)))
    assert held(camera) == 0
    with pytest.raises(Refused, match="reviews W1"):
        watchlist.accept_entry(actor=analyst, entry=entry)
    watchlist.accept_entry(actor=leader, entry=entry)
    assert held(camera) == 1
    watchlist.add_picture(actor=analyst, entry=entry, data=picture((90, 90)))
    assert held(camera) == 0 and FaceEntry.objects.get().state == "proposed"


def test_templates_and_pictures_are_sealed(entry):
    kept = FacePicture.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("select template, quality from surveillance_facepicture")
        row = cursor.fetchone()
    assert faces.template().encode() not in bytes(row[0]) and b"sharpness" not in bytes(row[1])
    assert kept.template == faces.template() and kept.key_id == entry.key_id
    assert entry.key_id != entry.operation.key_id


def test_what_is_removed_is_erased_whole(scene, analyst, camera, signed, entry):
    match = faces.candidate(camera, entry)
    names = [*FacePicture.objects.get().parts, *match.shots]
    watchlist.remove_entry(actor=analyst, entry=entry)
    assert held(camera) == 0
    assert not FacePicture.objects.exists() and not FaceMatch.objects.exists()
    assert not Blob.objects.filter(name__in=names).exists()
    forget_open_keys()
    gone = FaceEntry.objects.get()
    assert gone.state == "removed" and gone.title == "[erased]"
    assert not Alert.objects.filter(source="face_match", state__in=Alert.OPEN).exists()


def test_an_expired_entry_leaves_the_workers_at_once_and_is_erased(camera, signed, entry):
    FaceEntry.objects.update(expires_at=now() - timedelta(seconds=1))
    assert held(camera) == 0
    assert ending.end_faces() == 1
    assert FaceEntry.objects.get().state == "expired" and not FacePicture.objects.exists()


def test_a_candidate_is_sealed_and_asks_those_with_the_right(
    scene, leader, operator, camera, signed, entry
):
    match = faces.candidate(camera, entry)
    assert match.state == "candidate" and match.shot_count == 3 and match.threshold == 0.5
    assert match.expires_at - now() < timedelta(days=2)
    assert deciding.shot(match, 1)[:3] == b"\xff\xd8\xff"
    officer, driver = member(scene, Role.OFFICER), member(scene, Role.DRIVER)
    alert = Alert.objects.get(source="face_match")
    assert entry.title not in alert.title + alert.body and entry.label not in alert.title
    for who in (leader, operator):
        assert list(queries.matches(who, scene)) == [match]
        assert list(alerts(who)) == [alert]
    for who in (officer, driver, person()):
        assert not queries.matches(who, scene).exists() and not alerts(who).exists()
        with pytest.raises(NotFound):
            queries.match(who, match.pk)


@pytest.mark.parametrize(
    "lie",
    [
        {"similarity": 0.49},
        {"similarity": float("nan")},
        {"similarity": 7.0},
        {"sizes": [1, 2, 3]},
        {"vectors": []},
    ],
)
def test_a_reader_that_lies_writes_nothing(camera, signed, entry, lie):
    assert faces.candidate(camera, entry, **lie) is None
    assert not FaceMatch.objects.exists() and not Alert.objects.exists()


def test_no_candidate_once_the_record_is_revoked(leader, camera, signed, entry):
    records.revoke_record(actor=leader, record=signed, reason="The order was lifted")
    assert faces.candidate(camera, entry) is None


def test_walking_to_and_fro_is_one_candidate(camera, signed, entry):
    assert faces.candidate(camera, entry) is not None
    assert faces.candidate(camera, entry) is None
    assert FaceMatch.objects.count() == 1


def test_nobody_decides_unseen_and_each_look_is_on_record(leader, operator, camera, signed, entry):
    match = faces.candidate(camera, entry)
    with pytest.raises(Refused, match="not looked at"):
        deciding.decide(actor=operator, match=match, confirmed=True)
    with pytest.raises(Refused, match="why you look"):
        deciding.look(actor=operator, match=match, purpose=" ")
    view = deciding.look(actor=operator, match=match, purpose="Watch at the gate")
    assert queries.own_view(operator, view.pk) == match
    with pytest.raises(NotFound):
        queries.own_view(leader, view.pk)
    assert [one.purpose for one in queries.views(leader, match.operation)] == ["Watch at the gate"]
    assert not queries.views(operator, match.operation)
    assert AuditEntry.objects.filter(kind="face", purpose="Watch at the gate").exists()


def looked_at(who, match):
    deciding.look(actor=who, match=match, purpose="Watch at the gate")
    return match


def test_a_denial_is_remembered_and_the_crops_are_gone(operator, camera, signed, entry):
    match = looked_at(operator, faces.candidate(camera, entry))
    names = list(match.shots)
    before = matching.stamp(camera)
    deciding.decide(actor=operator, match=match, confirmed=False, words="A florist")
    assert FaceDenial.objects.count() == 3 and not FaceMatch.objects.get().vectors
    assert not Blob.objects.filter(name__in=names).exists()
    told = matching.load(grip=faces.grip(camera))
    assert [pair[0] for pair in told["not_this"]] == [str(entry.pk)] * 3
    assert told["not_this"][0][1] in {faces.template(n) for n in (11, 12, 13)}
    assert told["stamp"] != before
    assert Alert.objects.get().state == "resolved"
    with pytest.raises(Refused, match="was decided"):
        deciding.decide(actor=operator, match=match, confirmed=True)


def test_a_confirmation_is_told_and_kept_as_long_as_the_entry(operator, camera, signed, entry):
    match = looked_at(operator, faces.candidate(camera, entry))
    kept = deciding.decide(actor=operator, match=match, confirmed=True)
    assert kept.state == "confirmed" and kept.expires_at == entry.expires_at
    assert "Face of W1 confirmed at Gate" in [one.body["event"] for one in LogEntry.objects.all()]
    assert not FaceDenial.objects.exists()


def test_who_may_not_decide_does_not(scene, analyst, camera, signed, entry):
    match = faces.candidate(camera, entry)
    for who in (analyst, member(scene, Role.OFFICER)):
        with pytest.raises(Denied):
            deciding.decide(actor=who, match=match, confirmed=True)


def test_what_nobody_decides_is_erased_after_its_days(leader, camera, signed, entry):
    match = looked_at(leader, faces.candidate(camera, entry))
    FaceMatch.objects.update(expires_at=now() - timedelta(seconds=1))
    assert not queries.matches(leader).exists()
    assert ending.end_faces() == 1
    assert not FaceMatch.objects.exists() and not Blob.objects.filter(name__in=match.shots).exists()
    assert FaceView.objects.count() == 1


def test_the_threshold_is_the_house_s_own_when_it_has_made_a_study(settings, camera, signed, entry):
    before = matching.stamp(camera)
    settings.FACE_THRESHOLD = 0.62
    assert matching.load(grip=faces.grip(camera))["threshold"] == 0.62
    assert matching.stamp(camera) != before
