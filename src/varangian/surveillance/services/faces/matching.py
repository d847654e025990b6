"""Between the house and the worker that compares: what it may hold, and what it may write."""

import base64
import math
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, QuerySet

from varangian.alerts.services import raise_alert
from varangian.engines.vision.catalogue import FaceLimits, models
from varangian.kernel.clock import now
from varangian.platform.access.scope import system_read
from varangian.platform.crypto import keys
from varangian.platform.live.services import publish

from ...models import Camera, FaceDenial, FaceDeployment, FaceEntry, FaceMatch, FacePicture
from ..placing import Grip, held
from .common import TOPIC, keep_bytes
from .ending import SOURCE
from .naming import all_in_force

NETWORK = "dlib-resnet"
AGAIN = timedelta(minutes=2)
"""Who walks past again so soon is one candidate, seen for longer."""
MOST_SHOTS, MOST_CROP = 5, 512 * 1024
MOST_TEMPLATES = 20_000


def limits() -> FaceLimits:
    found = models()[NETWORK].face
    assert found is not None
    return found


def threshold() -> float:
    """From configuration, where the house has made its own impostor study; else the network's."""
    own = settings.FACE_THRESHOLD
    return limits().threshold if own is None else own


@system_read("what a camera compares with is decided by the record, not by a person")
def _entries(records: list[FaceDeployment]) -> QuerySet[FaceEntry]:
    return FaceEntry.objects.filter(
        operation_id__in=[one.operation_id for one in records],  # pyright: ignore
        state=FaceEntry.State.LISTED,
        expires_at__gt=now(),
    )


@system_read("asked with every beat: what the worker should hold now")
def stamp(camera: Camera) -> str:
    """Empty while this camera may compare nothing. Changes with whatever would change a match."""
    return _stamp(all_in_force(camera))


@system_read("asked with every beat: what the worker should hold now")
def _stamp(records: list[FaceDeployment]) -> str:
    if not records:
        return ""
    entries = _entries(records)
    told = entries.aggregate(count=Count("pk"), last=Max("changed_at"))
    if not told["count"]:
        return ""
    denials = FaceDenial.objects.filter(entry__in=entries).count()
    named = ",".join(str(one.pk) for one in records)
    return f"{named}:{told['count']}:{told['last'].isoformat()}:{denials}:{threshold()}"


@transaction.atomic
@system_read("templates go to the worker that holds the camera, and to nobody else")
def load(*, grip: Grip) -> dict[str, Any] | None:
    """None: it may compare nothing. Opened here, and kept by the child alone."""
    camera = held(grip).camera
    records = all_in_force(camera)
    mark = _stamp(records)
    if not mark:
        return None
    network = models()[NETWORK]
    entries = _entries(records)
    pictures = FacePicture.objects.filter(entry__in=entries, model_sha256=network.sha256)
    denials = FaceDenial.objects.filter(entry__in=entries, model_sha256=network.sha256)
    return {
        "stamp": mark,
        "model": network.name,
        "sha256": network.sha256,
        "threshold": threshold(),
        "templates": [[str(p.entry_id), p.template] for p in pictures[:MOST_TEMPLATES]],
        "not_this": [[str(one.entry_id), one.vector] for one in denials[:MOST_TEMPLATES]],
    }


@transaction.atomic
@system_read("a candidate is kept by the house; who may see it, is asked when somebody looks")
def keep_match(*, grip: Grip, head: dict[str, Any], body: bytes) -> FaceMatch | None:
    """From the job that holds the camera, while a record is in force, for an entry that is looked
    for. The reader of a stream is not believed more than that: anything else is dropped."""
    camera = held(grip).camera
    records = all_in_force(camera)
    entry = _entries(records).filter(pk=UUID(str(head["entry"]))).first()
    if entry is None:
        return None
    record = next(one for one in records if one.operation_id == entry.operation_id)  # pyright: ignore
    found = _read(head, body)
    if found is None or _goes_on(camera, entry, found):
        return None
    key = keys.create()
    match = FaceMatch(
        compartment_id=camera.compartment_id,
        key=key,
        operation=record.operation,
        deployment=record,
        entry=entry,
        camera=camera,
        shots=[name for crop in found.pop("crops") for name in keep_bytes(crop, key.pk)],
        expires_at=now() + timedelta(days=record.deletion_days),
        **found,
    )
    match.save(force_insert=True)
    _ask(match)
    return match


def _read(head: dict[str, Any], body: bytes) -> dict[str, Any] | None:
    alike, least = float(head["similarity"]), threshold()
    sizes = [int(one) for one in head["sizes"]]
    vectors = [str(one) for one in head["vectors"]]
    whole = len(sizes) == len(vectors) and 0 < len(sizes) <= MOST_SHOTS
    if not whole or sum(sizes) != len(body) or not all(0 < one <= MOST_CROP for one in sizes):
        return None
    if not math.isfinite(alike) or not least <= alike <= 1.0001:
        return None
    crops, at = [], 0
    for size in sizes:
        crops.append(body[at : at + size])
        at += size
    if not all(crop.startswith(b"\xff\xd8\xff") for crop in crops):
        return None
    if any(len(base64.b64decode(one, validate=True)) > 8192 for one in vectors):
        return None
    present = now()
    return {
        "crops": crops,
        "first_at": present - timedelta(seconds=min(600.0, max(0.0, float(head["seconds"])))),
        "last_at": present,
        "similarity": round(alike, 4),
        "threshold": least,
        "agreeing": int(head["agreeing"]),
        "shot_count": len(sizes),
        "quality": _plain(head["quality"]),
        "vectors": vectors,
        "model": NETWORK,
        "model_sha256": models()[NETWORK].sha256,
    }


def _plain(told: dict[str, Any]) -> dict[str, float]:
    return {name: float(told[name]) for name in ("width", "sharpness", "yaw", "roll")}


@system_read("somebody who walks to and fro is one candidate")
def _goes_on(camera: Camera, entry: FaceEntry, found: dict[str, Any]) -> bool:
    at: datetime = found["last_at"]
    open_ = FaceMatch.objects.filter(camera=camera, entry=entry, last_at__gt=at - AGAIN)
    return bool(open_.filter(state=FaceMatch.State.CANDIDATE).update(last_at=at))


def _ask(match: FaceMatch) -> None:
    """In words that tell nobody whom: the picture is behind the right and a purpose. Of a camera of
    the engagement only its circle is asked, and the log of the operation names no camera."""
    camera = match.camera
    where = f"At {camera.name}. " if match.elsewhere else ""
    seen_at = match.seen_at[0].upper() + match.seen_at[1:]
    raise_alert(
        operation=match.operation,
        circle=match.compartment_id,
        title=f"{seen_at}: two faces to compare"[:200],
        source=SOURCE,
        dedupe=f"face:{match.pk}",
        urgency="now",
        about=match.pk,
        place=match.seen_at,
        body=f"{where}A machine holds two pictures for alike. It does not know who anybody is.",
        action="Open the review of faces, compare both pictures, then confirm or deny.",
        position=list(camera.position) if camera.position else None,
    )
    publish(topic=TOPIC, record=match.pk, compartment_id=match.compartment_id)
