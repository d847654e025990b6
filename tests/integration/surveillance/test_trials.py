"""Rules tried on a clip: by a real child with a drawn film, stopped, refused, forgotten."""

import hashlib
import json
from datetime import timedelta

import pytest
from tests.factories import member, operation, person, signed_in
from tests.integration.platform.access.test_api import bearer
from tests.integration.surveillance.test_behaviours import RULES, WRONG
from tests.integration.surveillance.test_cameras import camera, grip

from varangian.kernel.clock import now
from varangian.kernel.ids import new_id
from varangian.kernel.results import Refused
from varangian.platform.access.roles import Role
from varangian.platform.audit.models import AuditEntry
from varangian.surveillance.models import RuleTrial, SeenEvent
from varangian.surveillance.services import keeping, placing, trials
from varangian.surveillance.services.clips import begin_clip, take_part
from varangian.surveillance.streams.tried import Child

pytestmark = pytest.mark.django_db
EVENT = {"say": "event", "at": 2.0, "name": "behaviour.zone", "rule": "hedge", "words": "Somebody"}


@pytest.fixture
def scene():
    return operation()


@pytest.fixture
def leader(scene):
    return member(scene, Role.DETAIL_LEADER)


def film(scene, who, data):
    made = begin_clip(
        actor=who, operation=scene, act=new_id(), what="The yard", media_type="video/mp4",
        size=len(data), sha256=hashlib.sha256(data).hexdigest(),
    )  # fmt: skip
    return take_part(actor=who, clip=made, offset=0, data=data)


@pytest.fixture
def clip(scene, leader, tmp_path):
    pytest.importorskip("av")
    from tests.clips import clip as drawn

    return film(scene, leader, drawn(tmp_path / "yard.mp4", seconds=4).read_bytes())


@pytest.fixture
def told(monkeypatch):
    """A child that says an event with a still, and one without."""
    steps = [({"say": "step", "share": 0.5}, b""), (EVENT, b"jpeg"), (EVENT | {"at": 3.0}, b"")]
    monkeypatch.setattr(Child, "run", lambda *_: iter(steps))


def test_a_real_child_reads_the_clip_and_tells_of_nobody(scene, leader, clip):
    pytest.importorskip("onnxruntime")
    made = trials.ask_trial(actor=leader, camera=camera(scene), text=RULES, clip=clip)
    done = trials.run_later(made)
    assert (done.state, done.reason, done.told) == ("done", "", [])
    assert AuditEntry.objects.get(kind="trial").purpose == "rules tried on The yard"


def test_a_clip_that_is_none_ends_in_words(scene, leader):
    pytest.importorskip("onnxruntime")
    broken = film(scene, leader, b"\0\0\0\x18ftypmp42" + bytes(4000))
    made = trials.ask_trial(actor=leader, camera=camera(scene), text=RULES, clip=broken)
    done = trials.run_later(made)
    assert done.state == "failed" and done.reason and "\n" not in done.reason


def test_what_they_would_have_told_stands_there_with_stills_and_alerts_nobody(
    scene, leader, clip, told
):
    gate, client = camera(scene), signed_in(leader)
    page = f"/surveillance/cameras/{gate.pk}/behaviours/"
    assert "The yard" in client.get(page).content.decode()
    answer = client.post(page + "try/", {"behaviours": RULES, "clip": str(clip.pk)})
    assert answer.status_code == 302
    shown = client.get(answer.url).content.decode()
    assert shown.count("Somebody") >= 2 and shown.count("data:image/jpeg;base64,") == 1
    gate.refresh_from_db()
    assert gate.behaviours == "" and not SeenEvent.objects.exists()
    wrong = client.post(page + "try/", {"behaviours": WRONG, "clip": str(clip.pk)})
    assert wrong.status_code == 422 and "zoen" in wrong.content.decode()
    said = json.dumps({"behaviours": RULES, "clip": str(clip.pk)})
    path = f"/api/v1/cameras/{gate.pk}/trials"
    answer = bearer(leader).post(path, said, content_type="application/json").json()
    assert answer["state"] == "done" and len(answer["events"]) == 2
    again = bearer(leader).get(f"/api/v1/camera-trials/{answer['id']}").json()
    assert again["events"][0]["jpeg"] and again["events"][1]["jpeg"] == ""


def test_without_a_clip_the_last_seconds_that_somebody_watched_are_tried(scene, leader, told):
    gate = camera(scene)
    with pytest.raises(Refused, match="Nobody watches"):
        trials.ask_trial(actor=leader, camera=gate, text=RULES)
    placing.claim(grip=grip(gate), owner="w")
    for number in (1, 2):
        placing.keep_part(
            grip=grip(gate), opened="x", number=number, seconds=1, data=f"part{number}".encode()
        )
    assert trials._ring(gate) == b"part1part2"
    assert trials.run_later(trials.ask_trial(actor=leader, camera=gate, text=RULES)).state == "done"


def test_only_who_changes_the_camera_tries_and_only_on_clips_of_its_operation(
    scene, leader, clip, told
):
    gate = camera(scene)
    for who in (member(scene, Role.OFFICER), person()):
        with pytest.raises(Refused):
            trials.ask_trial(actor=who, camera=gate, text=RULES, clip=clip)
    other = operation()
    both = member(other, Role.DETAIL_LEADER)
    with pytest.raises(Refused):
        trials.ask_trial(actor=both, camera=camera(other), text=RULES, clip=clip)
    made = trials.ask_trial(actor=leader, camera=gate, text=RULES, clip=clip)
    page = f"/surveillance/trials/{made.pk}/"
    assert signed_in(member(scene, Role.OFFICER)).get(page).status_code == 404
    assert signed_in(leader).post(page + "stop/").status_code == 302
    made.refresh_from_db()
    assert made.state == "stopped" and trials.run_later(made).state == "stopped"
    RuleTrial.objects.update(expires_at=now() - timedelta(seconds=1))
    assert keeping.forget() == 1
