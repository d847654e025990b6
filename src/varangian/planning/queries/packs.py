"""Contractor packs as the planners see them."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from varangian.kernel.clock import now
from varangian.kernel.results import NotFound
from varangian.operations import queries as operations
from varangian.platform.access.scope import Actor, require
from varangian.platform.thread.queries import stale_by_record

from ..models import Pack, PackVisit


@dataclass(frozen=True)
class Shown:
    """One pack with what has become of it."""

    pack: Pack
    opened: list[PackVisit] = field(default_factory=list)
    receipts: list[PackVisit] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)

    @property
    def last_opened(self) -> Any:
        return self.opened[-1].at if self.opened else None

    @property
    def state(self) -> str:
        """revoked, expired, read, opened or not opened."""
        if self.pack.revoked_at:
            return "revoked"
        if self.pack.expires_at <= now():
            return "expired"
        if self.receipts:
            return "read"
        return "opened" if self.opened else "not opened"


def operation_with_packs(actor: Actor, slug: str) -> Any:
    operation = operations.operation(actor, slug)
    require(actor, "pack.view", operation.compartment_id)
    return operation


def packs(actor: Actor, operation: Any = None) -> QuerySet[Pack]:
    found = Pack.objects.visible_to(actor).select_related("made_by", "revoked_by", "operation")
    return found.filter(operation=operation) if operation is not None else found


def pack(actor: Actor, pk: UUID) -> Pack:
    found = packs(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such pack, or it is not yours to see", where=str(pk))
    return found


def pack_numbered(actor: Actor, operation: Any, serial: int) -> Pack:
    found = packs(actor, operation).filter(serial=serial).first()
    if found is None:
        raise NotFound("The operation has no such pack", where=str(serial))
    return found


def shown(actor: Actor, rows: list[Pack]) -> list[Shown]:
    """Any number of packs in two queries."""
    ids = [row.pk for row in rows]
    seen: dict[UUID, dict[str, list[PackVisit]]] = {pk: {"opened": [], "read": []} for pk in ids}
    for visit in PackVisit.objects.visible_to(actor).filter(pack__in=ids).order_by("at"):
        seen[visit.pack_id][visit.kind].append(visit)
    stale = stale_by_record(actor, "pack", ids)
    return [
        Shown(row, seen[row.pk]["opened"], seen[row.pk]["read"], stale.get(row.pk, []))
        for row in rows
    ]
