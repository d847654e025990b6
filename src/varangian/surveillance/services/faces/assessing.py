"""The impact assessment of a deployment record is the paper: kept sealed, opened on record."""

from hashlib import sha256

from django.db import transaction

from varangian.kernel.results import NotFound, Refused
from varangian.platform.access.scope import Actor, require
from varangian.platform.audit.services import note
from varangian.platform.storage.services import keep, read

from ...models import FaceDeployment
from .common import named, say

MOST_BYTES = 25 * 1024 * 1024
PDF = "application/pdf"
HEAD, END = b"%PDF-", b"%%EOF"


def lay(record: FaceDeployment, data: bytes, name: str) -> None:
    """Puts the file to the record; the caller saves it."""
    _check(data)
    record.assessment = keep(
        data=data,
        name=name.strip() or "assessment.pdf",
        media_type=PDF,
        key=record.key,
        compartment_id=record.compartment_id,
    )
    record.assessment_sha256 = sha256(data).hexdigest()


def _check(data: bytes) -> None:
    if not data:
        raise Refused("The file is empty", where="assessment", mend="Choose the PDF.")
    if len(data) > MOST_BYTES:
        most = MOST_BYTES // 1024**2
        raise Refused(f"An assessment has up to {most} MB", where="assessment")
    if not data.startswith(HEAD) or END not in data[-2048:]:
        raise Refused(
            "This is no whole PDF", where="assessment", mend="Print or scan it as a PDF anew."
        )


@transaction.atomic
def keep_assessment(
    *, actor: Actor, record: FaceDeployment, data: bytes, name: str = ""
) -> FaceDeployment:
    """Only to a draft, in place of the one before. Whoever lays it has drawn the record: another
    person signs."""
    from .records import held_draft

    require(actor, "face_record.draft", record.compartment_id)
    named(actor, "lay an impact assessment")
    row = held_draft(actor, record)
    lay(row, data, name)
    row.drawn_by = actor
    row.save(update_fields=["assessment", "assessment_sha256", "drawn_by"])
    words = f"Face deployment {row.label} has its impact assessment, {row.assessment_sha256}"
    say(row, "changed", words, actor)
    return row


@transaction.atomic
def open_assessment(*, actor: Actor, record: FaceDeployment) -> bytes:
    """Proved to be the one that was laid; looking is on record."""
    require(actor, "face_record.view", record.compartment_id)
    if record.assessment is None:
        raise NotFound(f"{record.label} has a reference to its assessment only, no file")
    data = read(record.assessment)
    if sha256(data).hexdigest() != record.assessment_sha256:
        raise Refused(
            "The file is not what was laid: its SHA-256 differs",
            where=record.label,
            mend="Take it from a backup, and tell the auditor.",
        )
    note(kind="face", record=record, actor=actor, purpose="impact assessment opened")
    return data
