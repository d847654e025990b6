"""Writers of the audit: notes of reads and exports, and the sealer of the chain."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from varangian.kernel.chain import START, digest, link
from varangian.kernel.clock import now
from varangian.platform.access.context import current_actor

from .models import AuditEntry, AuditSeal, Checkpoint, Watermark
from .signing import sign
from .verify import checkpoint_message

SEALER_LOCK = 727_001
DRAWN = "select case when is_called then last_value else 0 end from audit_auditentry_id_seq"
WRITERS = """select distinct virtualtransaction from pg_locks
where locktype = 'relation' and relation = 'audit_auditentry'::regclass and granted
and database = (select oid from pg_database where datname = current_database())
and mode not in ('AccessShareLock', 'RowShareLock', 'ShareUpdateExclusiveLock')
and pid is distinct from pg_backend_pid()"""
"""A transaction locks the table before it draws a number and until it ends. Asked after DRAWN. Who
vacuums the table (share update exclusive) writes no entry."""


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


def note_all(*, kind: str, records: Iterable[Any], purpose: str, actor: Any = None) -> None:
    """The same for many records of a list, in one statement."""
    who = actor or current_actor()
    AuditEntry.objects.bulk_create(
        AuditEntry(
            kind=kind,
            table_name=record._meta.db_table,
            record=str(record.pk),
            compartment=_compartment(record),
            actor=str(getattr(who, "pk", None) or who.name),
            purpose=purpose,
        )
        for record in records
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
    """Append new entries to the chain in one place; returns how many. Only one sealer runs.

    Numbers are drawn before their transactions commit, so a lower one may appear after a higher.
    The watermark rises over a number once every transaction that was writing when it was drawn has
    ended; only what lies above the watermark is looked through.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [SEALER_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        mark, _ = Watermark.objects.get_or_create(pk=1)
        cursor.execute(DRAWN)
        drawn = cursor.fetchone()[0]
        cursor.execute(WRITERS)
        writers = [row[0] for row in cursor.fetchall()]
    sealed = _append(AuditEntry.objects.filter(pk__gt=mark.below, seal=None), limit)
    if not set(mark.writers) & set(writers):
        settled = mark.ahead if len(sealed) < limit else min(mark.ahead, sealed[-1])
        mark.below = max(mark.below, settled)
        mark.ahead, mark.writers = drawn, writers
        mark.save()
    return len(sealed)


def _append(waiting: Any, limit: int) -> list[int]:
    """Links entries to the head of the chain; returns their numbers, lowest first."""
    last = AuditSeal.objects.order_by("-serial").first()
    serial, previous = (last.serial, last.hash) if last else (0, START)
    seals = []
    for entry in waiting.order_by("pk")[:limit]:
        serial += 1
        head = link(previous, content(entry))
        seals.append(AuditSeal(serial=serial, entry=entry, previous=previous, hash=head))
        previous = head
    AuditSeal.objects.bulk_create(seals)
    return [seal.entry_id for seal in seals]


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
