"""Exhibits by SHA-256, read out as they came in."""

from datetime import datetime
from hashlib import sha256

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require, system_read
from varangian.platform.audit.services import note as audit
from varangian.platform.storage import services as storage

from ...models import Evidence, Incident
from .ground import locked, named, tell, text_of

EVIDENCE_BYTES = 100 * 1024 * 1024


@transaction.atomic
def add_evidence(
    *,
    actor: Actor,
    incident: Incident,
    data: bytes,
    name: str,
    media_type: str = "application/octet-stream",
    note: str = "",
    taken_at: datetime | None = None,
) -> Evidence:
    """Keep the bytes as they came. The same bytes twice are one exhibit."""
    named(actor)
    incident = locked(actor, incident, "incident.report", ended=True)
    if not data:
        raise Refused("The file is empty", where=name)
    if len(data) > EVIDENCE_BYTES:
        raise Refused(f"At most {EVIDENCE_BYTES // 1024 // 1024} MB", where=name)
    if taken_at is not None and taken_at > now():
        raise Refused("This was taken in the future", where=name)
    digest = sha256(data).hexdigest()
    rows = _exhibits(incident)
    if (known := next((row for row in rows if row.sha256 == digest), None)) is not None:
        return known
    exhibit = Evidence.objects.create(
        compartment_id=incident.compartment_id,
        key_id=incident.key_id,
        incident=incident,
        serial=len(rows) + 1,
        name=text_of("name", name, least=1, most=200),
        note=text_of("note", note),
        sha256=digest,
        size=len(data),
        file=storage.keep(
            data=data,
            name=name,
            media_type=media_type[:100],
            key=incident.key,
            compartment_id=incident.compartment_id,
        ),
        by=actor,
        taken_at=taken_at or now(),
    )
    words = f"{incident.label} exhibit {exhibit.serial}, {exhibit.name}, SHA-256 {digest}"
    tell(incident, "evidence", words, actor)
    return exhibit


@system_read("whoever adds an exhibit may not see the others, yet it takes the next number")
def _exhibits(incident: Incident) -> list[Evidence]:
    return list(Evidence.objects.filter(incident=incident).order_by("serial"))


def read_evidence(*, actor: Actor, exhibit: Evidence) -> bytes:
    """The bytes, proved to be those that came in; who took them out is in the audit."""
    require(actor, "incident.evidence", exhibit.compartment_id)
    data = storage.read(exhibit.file)
    if sha256(data).hexdigest() != exhibit.sha256:
        raise Refused(
            "The file is not what came in: its SHA-256 differs",
            where=exhibit.name,
            mend="Take it from a backup, and tell the auditor.",
        )
    audit(kind="export", record=exhibit, purpose=f"exhibit {exhibit.serial}", actor=actor)
    return data
