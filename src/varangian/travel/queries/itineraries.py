"""Reads of itineraries."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from varangian.kernel.results import NotFound
from varangian.operations import queries as operation_queries
from varangian.operations.models import Operation
from varangian.platform.access.scope import Actor

from ..models import ItineraryDraft, RefusedFile


def drafts(actor: Actor, operation: Operation | None = None) -> QuerySet[ItineraryDraft]:
    found = ItineraryDraft.objects.visible_to(actor).select_related(
        "operation", "imported_by", "decided_by", "original"
    )
    if operation is not None:
        return found.filter(operation=operation).order_by("-version")
    return found.order_by("-imported_at")


def draft(actor: Actor, pk: UUID) -> ItineraryDraft:
    found = drafts(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such draft, or it is not yours to see", where=str(pk))
    return found


def latest_draft(actor: Actor, operation: Operation) -> ItineraryDraft | None:
    return drafts(actor, operation).first()


def refused_files(actor: Actor, *, put_away: bool = False) -> QuerySet[RefusedFile]:
    found = RefusedFile.objects.visible_to(actor).select_related(
        "principal", "operation", "imported_by", "original"
    )
    return found if put_away else found.filter(put_away_at=None)


def refused_file(actor: Actor, pk: UUID) -> RefusedFile:
    found = refused_files(actor, put_away=True).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such file, or it is not yours to see", where=str(pk))
    return found


def operations_with(actor: Actor, principal: Any, uids: set[str]) -> list[Operation]:
    """Open operations of the principal that know these entries, the best match first."""
    found = operation_queries.operations(actor).filter(
        principal=principal, state__in=("draft", "planned", "active")
    )
    counted = [(_known(actor, operation, uids), operation) for operation in found[:50]]
    hits = [(count, operation) for count, operation in counted if count]
    return [operation for _, operation in sorted(hits, key=lambda hit: -hit[0])]


def operation_with_reservation(actor: Actor, principal: Any, numbers: set[str]) -> Operation | None:
    """The open operation of the principal that has a leg under one of these reservations."""
    found = operation_queries.operations(actor).filter(
        principal=principal, state__in=("draft", "planned", "active")
    )
    for operation in found[:50] if numbers else ():
        latest = latest_draft(actor, operation)
        told = [leg.get("reservation", "") for leg in (latest.legs if latest else [])]
        rows = operation_queries.movements(actor, operation)
        told += [row.details.get("reservation", "") for row in rows]
        if numbers & {number for words in told for number in words.split()}:
            return operation
    return None


def _known(actor: Actor, operation: Operation, uids: set[str]) -> int:
    planned = operation_queries.movements(actor, operation).filter(source_uid__in=uids).count()
    latest = latest_draft(actor, operation)
    read = {leg["uid"] for leg in latest.legs} & uids if latest else set()
    return planned + len(read)
