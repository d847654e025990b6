"""Triage by a person, entries by hand, and giving out an original with its purpose on record."""

import hashlib
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import transaction

from varangian.engines.communications import Message, facts_in, read
from varangian.engines.communications.types import type_of
from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Refused
from varangian.platform.access.scope import Actor, require
from varangian.platform.audit.services import note
from varangian.platform.storage.services import keep

from ..models import Communication, Triage, Writer
from ..triage_questions import checked
from .common import named
from .letters_common import (
    Prints,
    checked_purpose,
    clean,
    held,
    next_serial,
    tell,
    writer_named,
)
from .letters_files import original_of

LONGEST = 200_000
MOST_NOTE = 4000
MEDIA = {
    "pdf": "application/pdf", "png": "image/png", "jpeg": "image/jpeg", "webp": "image/webp",
    "tiff": "image/tiff", "heic": "image/heic", "audio": "audio/mpeg",
}  # fmt: skip
"""Kinds of scans and notes that are taken, by their first bytes."""


@transaction.atomic
def triage(
    *, actor: Actor, communication: Communication, answers: dict[str, Any], words: str = ""
) -> Triage:
    """Each look is a further entry; what was not answered stays unknown."""
    require(actor, "letter.change", communication.compartment_id)
    named(actor, "triage a communication")
    found = checked(answers)
    words = clean(words.strip())[:MOST_NOTE]
    if not found and not words:
        raise Refused("Nothing was answered", mend="Answer one question, or leave it for later.")
    rows = Communication.objects.visible_to(actor).select_for_update(of=("self",))
    row = rows.get(pk=communication.pk)
    made = Triage.objects.create(
        key_id=row.key_id,
        compartment_id=row.compartment_id,
        communication=row,
        by=actor,
        answers=found,
        words=words,
    )
    row.triaged_at, row.triaged_by = made.at, actor
    row.save(update_fields=["triaged_at", "triaged_by"])
    tell(row.principal, "triaged", f"communication {row.label} triaged", actor)
    return made


@transaction.atomic
def record_communication(
    *,
    actor: Actor,
    principal: Any,
    channel: str,
    at: datetime | None = None,
    about: bool = False,
    direction: str = "in",
    subject: str = "",
    text: str = "",
    writer_name: str = "",
    writer_address: str = "",
    scan: bytes = b"",
    scan_name: str = "",
) -> Communication:
    """A call, visit, gift or letter by hand; ``scan`` is its picture, PDF or voice note."""
    require(actor, "letter.add", principal.compartment_id)
    named(actor, "record a communication")
    row = Communication(channel=channel, direction=direction, at=at, entered_by=actor)
    _check(row)
    principal = held(actor, principal)
    row.key_id, row.compartment_id = principal.key_id, principal.compartment_id
    row.principal = principal
    row.doubt = _doubt(at, about)
    row.subject, row.text = clean(subject.strip())[:1000], clean(text.strip())[:LONGEST]
    if scan:
        _take_scan(actor, row, scan, clean(scan_name) or "scan")
    if not (row.subject or row.text or row.original_id):
        raise Refused("Say what reached the principal", "text", "Words, or a scan of the letter.")
    row.writer = writer_named(actor, principal, name=writer_name, address=writer_address)
    found = [*facts_in(row.subject, field="subject"), *facts_in(row.text)]
    row.kinds = sorted({one.kind for one in found if one.plain})
    row.readable = bool(row.text or row.subject)
    row.serial = next_serial(Communication, actor, principal)
    row.save(force_insert=True)
    words = f"communication {row.label} recorded ({row.get_channel_display().lower()})"  # pyright: ignore
    tell(principal, "recorded", words, actor)
    return row


def _check(row: Communication) -> None:
    for name, choices in (("channel", row.Channel), ("direction", row.Direction)):
        if getattr(row, name) not in choices.values:
            where = f"{name}: {getattr(row, name)}"
            raise Refused(f"There is no such {name}", where, ", ".join(choices.values))
    if row.at is not None and row.at > now():
        raise Refused("It has not happened yet", where="at", mend="Give the time it came.")


def _doubt(at: datetime | None, about: bool) -> str:
    doubt = Communication.Doubt
    if at is None:
        return doubt.UNKNOWN
    return doubt.ABOUT if about else doubt.NONE


def _take_scan(actor: Actor, row: Communication, data: bytes, name: str) -> None:
    kind = type_of(data[:4096])
    if kind not in MEDIA:
        taken = ", ".join(MEDIA)
        raise Refused(f"This is no scan ({kind})", where=name, mend=f"Send one of: {taken}.")
    message = _read(data) if kind == "pdf" else None
    row.sha256, row.size = hashlib.sha256(data).hexdigest(), len(data)
    row.print = Prints(row.key_id).of("bytes", row.sha256)  # pyright: ignore
    rows = Communication.objects.visible_to(actor)
    known = rows.filter(principal=row.principal, print=row.print).first()
    if known is not None:
        raise Conflict(f"The same scan is there already as {known.label}", where=name)
    row.original = keep(
        data=data,
        name=name,
        media_type=MEDIA[kind],
        key=row.key,
        compartment_id=row.compartment_id,
    )
    if message is not None:
        row.text = row.text or clean(message.text)[:LONGEST]
        told = [str(one) for one in (*message.faults, *message.notes)]
        row.parsed = {"faults": [{"where": "scan", "what": clean(one), "mend": ""} for one in told]}


def _read(data: bytes) -> Message | None:
    """The words of a PDF that has them."""
    with TemporaryDirectory(prefix="varangian-") as folder:
        path = Path(folder) / "scan"
        path.write_bytes(data)
        return next((one.message for one in read(path)), None)


@transaction.atomic
def give_original(*, actor: Actor, communication: Communication, purpose: str) -> tuple[bytes, str]:
    """The bytes as they came. Who took them out and why is on record; nothing is opened here."""
    require(actor, "letter.view", communication.compartment_id)
    named(actor, "take out an original")
    purpose = checked_purpose(purpose)
    data, name = original_of(communication)
    note(kind="export", record=communication, actor=actor, purpose=purpose)
    return data, name


def looked(*, actor: Actor, record: Communication | Writer, how: str) -> None:
    """Reading what a stranger wrote to the principal leaves a note."""
    note(kind="read", record=record, actor=actor, purpose=f"communication {how}")
