"""Pictures and clips of an event kept as evidence: past the days of its camera, to an end date.

What is kept is copied under a key of its own, with the hash of each file. It is shown to whoever
says why they look; each look and each zip is on record, and outlives what was kept.
"""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction

from varangian.kernel.chain import digest
from varangian.kernel.clock import now
from varangian.kernel.results import NotFound, Refused
from varangian.platform.access.scope import Actor, require, system_read
from varangian.platform.audit.services import note
from varangian.platform.crypto import keys
from varangian.platform.live.services import publish
from varangian.platform.storage.parts import drop_parts, read_parts

from ..models import Clip, KeptEvent, KeptUse, SeenEvent
from ..rules import event_words
from . import recorders
from .faces.common import keep_bytes, locked, named, next_serial, say, words
from .watching import purpose_of

TOPIC = "kept_events"
DAYS = (1, 3650)
MOST_CLIPS, MOST_CLIP = 4, 64 * 1024 * 1024
SUFFIX = {
    "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "video/mp4": "mp4",
    "video/quicktime": "mov", "video/webm": "webm",
}  # fmt: skip
ASK_REASON = "Such as: for the police, who asked for it on the telephone."
ASK_REFERENCE = "Such as: file 77/26, or the number of the incident."
Kind = KeptUse.Kind


@transaction.atomic
def keep_event(
    *, actor: Actor, event: SeenEvent, reason: str, reference: str, days: int,
    clips: Sequence[Clip] = (),
) -> KeptEvent:  # fmt: skip
    """The event with its picture, if there is one, and with clips that show it."""
    require(actor, "kept_event.keep", event.compartment_id)
    require(actor, "camera.watch", event.compartment_id)
    named(actor, "keep evidence")
    why = words("reason", reason, ASK_REASON, 400)
    case = words("reference", reference, ASK_REFERENCE, 120)
    source: Any = event.sensor or event.camera
    if source.operation_id is None:
        raise Refused(
            "Evidence belongs to an operation; this is of the engagement",
            where=source.name,
            mend="Take the picture out of the recorder, or keep a clip of an operation.",
        )
    operation = locked(actor, source.operation)
    key = keys.create()
    row = KeptEvent(
        compartment_id=operation.compartment_id,
        key=key,
        operation=operation,
        serial=_serial(operation),
        event=event.pk,
        source_name=source.name,
        told=_told(event),
        files=_files(event, operation, list(clips), key.pk),
        reason=why,
        reference=case,
        kept_by=actor,
        ends_at=now() + _days(days),
    )
    row.digest = digest_of(row)
    row.save(force_insert=True)
    record_use(row, Kind.KEPT, actor, why, row.digest)
    said = f"{row.label} kept of {row.source_name}, {len(row.files)} files, digest {row.digest}"
    say(row, "kept", said, actor)
    return row


@system_read("serials of an operation are told to nobody")
def _serial(operation: Any) -> int:
    """Never given twice, also when what bore it was erased."""
    used = KeptUse.objects.filter(operation=operation, kind=Kind.KEPT).count()
    return max(used + 1, next_serial(KeptEvent.objects.filter(operation=operation)))


def _days(days: int) -> timedelta:
    least, most = DAYS
    if not least <= days <= most:
        mend = "As long as the case needs it; it can be moved later."
        raise Refused(f"Evidence is kept {least} to {most} days", where="days", mend=mend)
    return timedelta(days=days)


def _told(event: SeenEvent) -> dict[str, Any]:
    camera = event.camera
    return {
        "name": event.name,
        "words": event_words(event.name, event.detail),
        "at": event.at.isoformat(),
        "heard_at": event.heard_at.isoformat(),
        "detail": event.detail,
        "camera": camera.name if camera else None,
        "sensor": event.sensor.name if event.sensor else None,
        "purpose": camera.purpose if camera else None,
        "legal_basis": camera.legal_basis if camera else event.sensor.legal_basis or None,  # pyright: ignore
    }


def _files(event: SeenEvent, operation: Any, clips: list[Clip], key: Any) -> list[dict[str, Any]]:
    found = []
    if recorders.has_picture(event):
        whose = "camera" if event.still else "recorder"
        found.append(_file("picture.jpg", "image/jpeg", recorders.picture_of(event), whose, key))
    if len(clips) > MOST_CLIPS:
        raise Refused(f"Up to {MOST_CLIPS} clips go with an event", where="clips")
    for number, clip in enumerate(clips, 1):
        name = f"clips/{number}.{SUFFIX.get(clip.media_type, 'bin')}"
        data = _clip(operation, clip)
        found.append(_file(name, clip.media_type, data, f"clip {clip.pk}", key))
    if not found:
        raise Refused(
            "There is no picture of this event, and no clip was named",
            where="event",
            mend="Name a clip that shows it, or let the camera keep a picture of its events.",
        )
    return found


def _clip(operation: Any, clip: Clip) -> bytes:
    if clip.operation_id != operation.pk or clip.whole_at is None:  # pyright: ignore
        raise Refused("This clip is not whole, or of another operation", where=f"clips, {clip.pk}")
    if clip.size > MOST_CLIP:
        most = MOST_CLIP // 1024**2
        raise Refused(f"A clip kept as evidence has up to {most} MB", where=f"clips, {clip.pk}")
    return b"".join(read_parts(clip.parts, clip.key_id))  # pyright: ignore


def _file(name: str, media_type: str, data: bytes, whose: str, key: Any) -> dict[str, Any]:
    return {
        "name": name, "media_type": media_type, "size": len(data), "from": whose,
        "sha256": hashlib.sha256(data).hexdigest(), "parts": keep_bytes(data, key),
    }  # fmt: skip


def digest_of(row: KeptEvent) -> str:
    """Over all that a court would ask for; the end date may be moved."""
    files = [{n: v for n, v in one.items() if n != "parts"} for one in row.files]
    return digest(
        {
            "event": str(row.event), "told": row.told, "files": files, "reason": row.reason,
            "reference": row.reference, "label": row.label,
        }
    )  # fmt: skip


@transaction.atomic
def look_kept(*, actor: Actor, kept: KeptEvent, purpose: str) -> KeptUse:
    """On record before a file is shown; the files are asked for with it."""
    require(actor, "kept_event.view", kept.compartment_id)
    named(actor, "look at evidence")
    row = held_kept(actor, kept)
    return record_use(row, Kind.LOOKED, actor, purpose_of(purpose))


@transaction.atomic
def move_end(*, actor: Actor, kept: KeptEvent, days: int, purpose: str) -> KeptEvent:
    """Days from now: later or sooner."""
    require(actor, "kept_event.keep", kept.compartment_id)
    named(actor, "move the end of evidence")
    row, why = held_kept(actor, kept), purpose_of(purpose)
    row.ends_at = now() + _days(days)
    row.save(update_fields=["ends_at"])
    record_use(row, Kind.PROLONGED, actor, why)
    say(row, "prolonged", f"{row.label} is kept until {row.ends_at:%Y-%m-%d}", actor)
    return row


def file_of(row: KeptEvent, number: int) -> tuple[dict[str, Any], bytes]:
    """``number`` from 1. Whoever asks has said why."""
    if not 1 <= number <= len(row.files):
        raise NotFound("There is no such file")
    told = row.files[number - 1]
    return told, b"".join(read_parts(told["parts"], row.key_id))  # pyright: ignore


def held_kept(actor: Actor, kept: KeptEvent) -> KeptEvent:
    """As it stands now, locked."""
    rows = KeptEvent.objects.visible_to(actor).select_related("operation", "kept_by")
    row = rows.select_for_update(of=("self",), no_key=True).filter(pk=kept.pk).first()
    if row is None or row.ends_at <= now():
        raise NotFound("This evidence was erased at its end date")
    return row


def record_use(row: KeptEvent, kind: str, actor: Actor, purpose: str, sha256: str = "") -> KeptUse:
    note(kind=f"evidence {kind}"[:20], record=row, actor=actor, purpose=purpose)
    publish(topic=TOPIC, record=row.pk, compartment_id=row.compartment_id)
    return KeptUse.objects.create(
        compartment_id=row.compartment_id,
        key_id=row.operation.key_id,
        operation_id=row.operation_id,  # pyright: ignore
        kept=row.pk,
        label=row.label,
        kind=kind,
        person=actor,
        purpose=purpose,
        sha256=sha256,
    )


@system_read("evidence ends at its date")
def end_kept() -> int:
    """The tick: row, files and key; who looked stays on record."""
    found = list(KeptEvent.objects.filter(ends_at__lte=now()))
    for row in found:
        drop_parts([name for one in row.files for name in one["parts"]])
        pk, key, where = row.pk, row.key_id, row.compartment_id  # pyright: ignore
        row.delete()
        keys.destroy(key)
        publish(topic=TOPIC, record=pk, compartment_id=where)
    return len(found)
