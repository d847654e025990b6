"""Writers of the audit: notes of reads and exports, and the sealer of the chain."""

from typing import Any
from uuid import UUID

from django.db import connection, transaction

from varangian.kernel.chain import START, digest, link
from varangian.kernel.clock import now
from varangian.platform.access.context import current_actor

from .models import AuditEntry, AuditSeal, Checkpoint
from .signing import sign
from .verify import checkpoint_message

SEALER_LOCK = 727_001


def note(
    *,
    kind: str,
    record: Any = None,
    purpose: str = "",
    actor: Any = None,
    changes: dict[str, Any] | None = None,
) -> None:
    """Record a read, an export, an unmasking, a refusal or a sign-in."""
    who = actor or current_actor()
    AuditEntry.objects.create(
        kind=kind,
        table_name=record._meta.db_table if record is not None else "",
        record=str(record.pk) if record is not None else "",
        compartment=_compartment(record),
        actor=str(getattr(who, "pk", None) or who.name),
        purpose=purpose,
        changes=changes,
    )


def _compartment(record: Any) -> UUID | None:
    return getattr(record, "compartment_id", None)


def content(entry: AuditEntry) -> dict[str, Any]:
    """What the chain covers. Changes enter as a digest, so that a bundle may leave them out."""
    return {
        "id": entry.pk,
        "at": entry.at.isoformat(),
        "kind": entry.kind,
        "table": entry.table_name,
        "record": entry.record,
        "actor": entry.actor,
        "purpose": entry.purpose,
        "changes": digest(entry.changes),
    }


@transaction.atomic
def seal(limit: int = 5000) -> int:
    """Append new entries to the chain in one place; returns how many. Only one sealer runs."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [SEALER_LOCK])
        if not cursor.fetchone()[0]:
            return 0
    last = AuditSeal.objects.order_by("-serial").first()
    serial, previous = (last.serial, last.hash) if last else (0, START)
    entries = AuditEntry.objects.filter(seal=None).order_by("pk")[:limit]
    seals = []
    for entry in entries:
        serial += 1
        head = link(previous, content(entry))
        seals.append(AuditSeal(serial=serial, entry=entry, previous=previous, hash=head))
        previous = head
    AuditSeal.objects.bulk_create(seals)
    return len(seals)


def checkpoint() -> Checkpoint | None:
    """Sign the head of the chain, if it has moved since the last time."""
    head = AuditSeal.objects.order_by("-serial").first()
    latest = Checkpoint.objects.order_by("-pk").first()
    if head is None or (latest and latest.serial == head.serial):
        return latest
    at = now()
    signature, public_key = sign(checkpoint_message(at.isoformat(), head.serial, head.hash))
    return Checkpoint.objects.create(
        at=at, serial=head.serial, hash=head.hash, public_key=public_key, signature=signature
    )


def seal_all() -> int:
    """Seal until nothing is left, then sign; for exports and backups."""
    total = 0
    while count := seal():
        total += count
    checkpoint()
    return total
