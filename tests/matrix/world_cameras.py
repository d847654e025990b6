"""A camera that was watched, a sensor that told, a rule, and a face that waits to be judged."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

from tests.factories import picture
from tests.integration.surveillance import faces

from varangian.kernel.clock import now
from varangian.kernel.ids import new_id
from varangian.platform.access.models import User
from varangian.surveillance.models import (
    FaceDenial,
    FaceExport,
    GroundTracks,
    RuleTrial,
    SeenEvent,
    SeenLooks,
    ZoneCount,
)
from varangian.surveillance.sensors.told import Told
from varangian.surveillance.services import behind, events, kept
from varangian.surveillance.services.cameras import add_camera
from varangian.surveillance.services.clips import begin_clip
from varangian.surveillance.services.events import add_rule
from varangian.surveillance.services.faces import deciding, describing, records, watchlist
from varangian.surveillance.services.placing import Grip
from varangian.surveillance.services.sensing import add_sensor, hear_all
from varangian.surveillance.services.watching import begin_view

DAY = timedelta(days=1)


def camera_records(leader: Any, operation: Any, mark: str) -> dict[str, Any]:
    camera = add_camera(
        actor=leader, owner=operation, name=f"{mark} gate", source="rtsp://camera.example/a",
        purpose=f"{mark} gate at night", legal_basis=f"{mark} consent", position=[60.1, 24.9],
        reads_plates=True, plates_basis=f"{mark} order", keeps_stills=True,
    )  # fmt: skip
    add_camera(
        actor=leader, owner=operation.engagement, name=f"{mark} residence",
        source="rtsp://camera.example/b", purpose=f"{mark} door", legal_basis=f"{mark} consent",
    )  # fmt: skip
    SeenLooks.objects.create(
        compartment_id=camera.compartment_id, key_id=camera.key_id, camera=camera, kind="person",
        begun_at=now(), ended_at=now(), looks={"coat": "grey"}, expires_at=now() + DAY,
    )  # fmt: skip
    ZoneCount.objects.create(
        compartment_id=camera.compartment_id, camera=camera, zone="picture", at=now(),
        told_at=now(), entered=3, inside=1, most=2, expires_at=now() + DAY,
    )  # fmt: skip
    view = begin_view(actor=leader, camera=camera, purpose=f"{mark} arrival")
    sensor, _ = add_sensor(actor=leader, operation=operation, name=f"{mark} door", kind="door")
    hear_all(sensor=sensor, told=[Told("door.opened", detail={"words": f"{mark} garden"})])
    told = SeenEvent.objects.get(sensor=sensor)
    rule = add_rule(actor=leader, operation=operation, name="door.opened", sensor=sensor)
    clip = begin_clip(
        actor=leader, operation=operation, act=new_id(), what=f"{mark} car", size=9,
        media_type="image/jpeg", sha256="0" * 64,
    )  # fmt: skip
    trial = RuleTrial.objects.create(
        compartment_id=camera.compartment_id, key_id=camera.key_id, camera=camera, person=leader,
        rules=f"{mark} rules", expires_at=now() + DAY,
    )  # fmt: skip
    return {
        "rule_trial": trial.pk,
        "clip": clip.pk,
        "camera": camera.pk,
        "camera_view": view.pk,
        "sensor": sensor.pk,
        "seen_event": told.pk,
        "event_rule": rule.pk,
        **_kept(leader, operation, camera, mark),
        **_faces(leader, operation, camera, mark),
    }


def _kept(leader: Any, operation: Any, camera: Any, mark: str) -> dict[str, Any]:
    """Evidence of an event that was looked at, and a walk that waits to be looked at."""
    event = events.hear_camera(
        grip=Grip(camera.pk, 0, 0), name="behaviour.zone", detail={"words": f"{mark} yard"},
        still=b"\xff\xd8\xff an invented picture",
    )  # fmt: skip
    assert event is not None
    kept_event = kept.keep_event(
        actor=leader, event=event, reason=f"{mark} police", reference=f"{mark} file", days=9
    )
    look = kept.look_kept(actor=leader, kept=kept_event, purpose=f"{mark} hearing")
    GroundTracks.objects.create(
        compartment_id=camera.compartment_id, key_id=camera.key_id, camera=camera,
        walks={"a1": [[now().timestamp(), 60.1, 24.9]]},
    )  # fmt: skip
    at = now().timestamp()
    figures = {
        "begun": at - 300, "ended": at, "cameras": 3, "lag_s": 20.0, "way_m": 90.0, "apart_m": 0.5,
        "turns": 2, "stops": 1, "others": [0, 9], "words": f"{mark} somebody walked",
    }  # fmt: skip
    part = {"camera": str(camera.pk), "name": f"{mark} gate", "walk": "a1"}
    points = [[at - 300, 60.1, 24.9], [at, 60.1001, 24.9]]
    walk = behind.keep_found(
        operation=operation,
        shown={"principal": points, "parts": [{**part, "points": points}], "figures": figures},
    )
    assert walk is not None
    return {"kept_event": kept_event.pk, "kept_look": look.pk, "walk_behind": walk.pk}


def _faces(leader: Any, operation: Any, camera: Any, mark: str) -> dict[str, Any]:
    """A record in force beside a draft, an entry that is looked for, and a candidate."""
    analyst = User.objects.get(
        memberships__compartment_id=operation.compartment_id, memberships__role="analyst"
    )
    draw = {"purpose": f"{mark} purpose", "places": f"{mark} gate"}
    signed = faces.drawn(analyst, operation, camera, **draw)
    records.sign_record(actor=leader, record=signed)
    draft = faces.drawn(analyst, operation, camera, **draw)
    entry = faces.proposed(analyst, operation, leader, title=f"{mark} letter writer")
    with patch.object(describing, "describe", lambda data, name="": faces.described()):
        shown = watchlist.add_picture(actor=analyst, entry=entry, data=picture((80, 80)))
    watchlist.accept_entry(actor=leader, entry=entry)
    match = faces.candidate(camera, entry)
    FaceDenial.objects.create(
        compartment_id=entry.compartment_id, key_id=entry.key_id, entry=entry, vector=f"{mark} not",
        model_sha256="0" * 64, by=leader,
    )  # fmt: skip
    view = deciding.look(actor=leader, match=match, purpose=f"{mark} watch")
    FaceExport.objects.create(
        compartment_id=match.compartment_id, key_id=operation.key_id, operation=operation,
        match=match.pk, camera_name=camera.name, person=leader, purpose=f"{mark} police",
        sha256="0" * 64, size=9,
    )  # fmt: skip
    return {
        "face_record": draft.pk,
        "face_entry": entry.pk,
        "face_picture": shown.pk,
        "face_match": match.pk,
        "face_view": view.pk,
    }
