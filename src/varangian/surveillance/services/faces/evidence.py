"""A confirmed candidate as a zip that a stranger can verify offline: both pictures, what was
measured, on what record, and who decided. Signed with the key of the house, not encrypted."""

from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Any

from django.db import transaction

from varangian.kernel.chain import START, link
from varangian.kernel.clock import now
from varangian.kernel.results import NotFound, Refused
from varangian.platform.access.scope import Actor, require, system_read
from varangian.platform.audit.bundle import write_bundle
from varangian.platform.audit.services import note
from varangian.platform.storage.parts import read_parts

from ...models import FaceExport, FaceMatch, FacePicture, FaceView
from .common import named, say
from .deciding import held_match, purpose_of, shot
from .proof import Steps, statement

State = FaceMatch.State


@dataclass(frozen=True)
class Taken:
    """What is handed out, and the row that says so."""

    record: FaceExport
    data: bytes
    name: str


@transaction.atomic
def export_evidence(*, actor: Actor, match: FaceMatch, purpose: str) -> Taken:
    """Only what a person has confirmed and is still kept; on record before it leaves."""
    require(actor, "face_match.export", match.compartment_id)
    named(actor, "take a candidate out as evidence")
    words = purpose_of(purpose)
    row = held_match(actor, match)
    if row.expires_at <= now():
        raise NotFound("This candidate was erased")
    if row.state == State.DENIED:
        raise Refused(
            "This is not the person who is looked for: nothing of it leaves the house",
            where="state",
        )
    if row.state != State.CONFIRMED:
        raise Refused(
            "Only what a person has confirmed is evidence",
            where="state",
            mend="Look at both pictures and decide first.",
        )
    data, steps = _bundle(row, actor, words)
    made = FaceExport.objects.create(
        compartment_id=row.compartment_id,
        key_id=row.operation.key_id,
        operation_id=row.operation_id,
        match=row.pk,
        camera_name=row.camera.name,
        person=actor,
        purpose=words,
        sha256=sha256(data).hexdigest(),
        size=len(data),
        at=steps.at,
    )
    note(kind="export", record=row, actor=actor, purpose=words)
    say(row, "exported", f"Evidence of {row.entry.label} taken out, SHA-256 {made.sha256}", actor)
    return Taken(made, data, f"face-{row.entry.label}-{steps.at:%Y%m%d-%H%M%S}.zip")


def _bundle(row: FaceMatch, actor: Actor, purpose: str) -> tuple[bytes, Steps]:
    shots = {f"shots/{n}.jpg": shot(row, n) for n in range(1, len(row.shots) + 1)}
    pictures = _pictures(row)
    files = {**shots, **{f"entry/{one.number}.jpg": data for one, data in pictures}}
    steps = Steps(row, files, [one for one, _ in pictures], _looks(row), now())
    told = [*steps.told(), steps.taken(actor, purpose, _before(row))]
    files["statement.txt"] = statement(row, steps, str(actor), purpose).encode()
    out = BytesIO()
    what = {"operation": row.operation.slug, "id": str(row.pk)}
    write_bundle(out, kind="face", what=what, entries=_chained(told), files=files)
    return out.getvalue(), steps


def _chained(contents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    previous, rows = START, []
    for serial, content in enumerate(contents, 1):
        head = link(previous, content)
        rows.append({"serial": serial, "previous": previous, "hash": head, "content": content})
        previous = head
    return rows


@system_read("whoever takes a candidate out takes the pictures that it was compared with")
def _pictures(row: FaceMatch) -> list[tuple[FacePicture, bytes]]:
    found = FacePicture.objects.filter(entry_id=row.entry_id).select_related("by")
    return [(one, b"".join(read_parts(one.parts, one.key_id))) for one in found.order_by("number")]


@system_read("that whoever decided had looked is part of the proof; why, only the leader reads")
def _looks(row: FaceMatch) -> list[Any]:
    found = FaceView.objects.filter(match=row.pk, person_id=row.decided_by_id)
    return list(found.order_by("at").values_list("at", flat=True))


@system_read("how often it was taken out before is part of it")
def _before(row: FaceMatch) -> int:
    return FaceExport.objects.filter(match=row.pk).count()
