"""Clips and pictures pushed from phones in parts: resumed where they broke off, then proved."""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.geometry import valid_lat_lon
from varangian.kernel.results import Conflict, Refused
from varangian.platform.access.scope import Actor, require, system_read
from varangian.platform.audit.services import note
from varangian.platform.news.services import announce
from varangian.platform.storage.parts import drop_parts, keep_parts, read_parts

from ..models import Clip

MOST_BYTES = 200 * 1024 * 1024
MOST_PART = 2 * 1024 * 1024
KEEP = timedelta(days=30)
BEGINS = {
    "image/jpeg": lambda head: head.startswith(b"\xff\xd8\xff"),
    "image/png": lambda head: head.startswith(b"\x89PNG\r\n"),
    "image/webp": lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP",
    "video/mp4": lambda head: head[4:8] == b"ftyp",
    "video/quicktime": lambda head: head[4:8] in (b"ftyp", b"moov", b"wide"),
    "video/webm": lambda head: head.startswith(b"\x1aE\xdf\xa3"),
}


def kind_of(head: bytes) -> str:
    """What a file is by its first 16 bytes; its name is not believed."""
    if head[4:12] == b"ftypqt  ":
        return "video/quicktime"
    for media_type, begins in BEGINS.items():
        if begins(head):
            return media_type
    raise Refused("This is no clip or picture", where="file", mend=", ".join(BEGINS))


@transaction.atomic
@system_read("a push that is begun again is the same push, of the same person")
def begin_clip(
    *,
    actor: Actor,
    operation: Any,
    act: UUID,
    what: str,
    media_type: str,
    size: int,
    sha256: str,
    taken_at: datetime | None = None,
    position: list[float] | None = None,
) -> Clip:
    """``received`` of the answer says from where to go on."""
    require(actor, "clip.add", operation.compartment_id)
    if actor.is_system:
        raise Refused("A person pushes a clip", where="who", mend="Sign in as yourself.")
    known = Clip.objects.filter(act=act).first()
    if known is not None:
        return _own(actor, known)
    if media_type not in BEGINS:
        raise Refused("This is no clip or picture", where="media_type", mend=", ".join(BEGINS))
    if not 0 < size <= MOST_BYTES:
        raise Refused(f"A clip has up to {MOST_BYTES // 1024**2} MB", where="size")
    if len(sha256) != 64 or not set(sha256.lower()) <= set("0123456789abcdef"):
        raise Refused("The digest is SHA-256 in hexadecimal", where="sha256")
    if position and (len(position) != 2 or not valid_lat_lon(*position)):
        raise Refused("This is no place on earth", where="position")
    present = now()
    if taken_at is not None and (taken_at.tzinfo is None or taken_at > present):
        taken_at = present
    return Clip.objects.create(
        compartment_id=operation.compartment_id,
        key_id=operation.key_id,
        operation=operation,
        person_id=actor.pk,
        act=act,
        what=what.strip()[:200],
        position=position or [],
        media_type=media_type,
        size=size,
        sha256=sha256.lower(),
        taken_at=taken_at or present,
        expires_at=present + KEEP,
    )


@transaction.atomic
@system_read("a part goes to the clip of the person who pushes it")
def take_part(*, actor: Actor, clip: Clip, offset: int, data: bytes) -> Clip:
    """A part that was received before changes nothing; one that comes too early is refused with
    the place to go on from."""
    require(actor, "clip.add", clip.compartment_id)
    row = _own(actor, Clip.objects.select_for_update().get(pk=clip.pk))
    if row.whole_at is not None or offset + len(data) <= row.received:
        return row
    if offset != row.received:
        raise Conflict(
            "A part is missing", where=f"offset {offset}", mend=f"Go on at {row.received}."
        )
    if not 0 < len(data) <= MOST_PART or offset + len(data) > row.size:
        raise Refused(f"A part has 1 to {MOST_PART} bytes, within the size", where="part")
    if offset == 0 and not BEGINS[row.media_type](data[:16]):
        raise Refused("What comes is not what was announced", where=row.media_type)
    row.parts = [*row.parts, _keep(row, data)]
    row.received += len(data)
    if row.received == row.size:
        _finish(row, actor)
    row.save(update_fields=["parts", "received", "whole_at"])
    return row


def _own(actor: Actor, clip: Clip) -> Clip:
    if clip.person_id != actor.pk:
        raise Conflict("Another person pushes this clip", where=str(clip.act))
    return clip


def _keep(clip: Clip, data: bytes) -> str:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "part"
        path.write_bytes(data)
        return keep_parts(path, clip.key_id)[0]


def _finish(clip: Clip, actor: Actor) -> None:
    """Right as a whole, or begun anew: half a clip is no evidence."""
    told = hashlib.sha256()
    for data in read_parts(clip.parts, clip.key_id):
        told.update(data)
    if told.hexdigest() != clip.sha256:
        drop_parts(clip.parts)
        clip.parts, clip.received = [], 0
        return
    clip.whole_at = now()
    announce(
        topic="clips",
        event="added",
        text=f"Clip of {actor.call_sign or actor.name}: {clip.what or clip.media_type}",
        compartment_id=clip.compartment_id,
        operation_id=clip.operation_id,
        record=None,
        actor=actor,
    )


def open_clip(*, actor: Actor, clip: Clip):
    """Its bytes; looking is on record."""
    require(actor, "clip.view", clip.compartment_id)
    if clip.whole_at is None:
        raise Refused("This clip is not whole yet", mend="Its phone goes on when it has a net.")
    note(kind="clip", record=clip, actor=actor, purpose=clip.what or "clip opened")
    return read_parts(clip.parts, clip.key_id)
