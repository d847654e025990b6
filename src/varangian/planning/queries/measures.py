"""Reads of measures. Officers see what is done; what it is done against only those who may."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from varangian.kernel.results import NotFound
from varangian.operations import queries as operations
from varangian.platform.access.scope import Actor, may, require

from ..models import Measure, MeasureEffect


def operation_with_measures(actor: Actor, slug: str) -> Any:
    """The operation, for those who may see its measures; others are told so, or nothing."""
    operation = operations.operation(actor, slug)
    require(actor, "measure.view", operation.compartment_id)
    return operation


def measures(actor: Actor, operation: Any = None) -> QuerySet[Measure]:
    if operation is None:
        found = Measure.objects.visible_to(actor).select_related("operation")
    else:
        found = operation.measures.visible_to(actor)
    return found.select_related("owner", "post").prefetch_related("effects__risk")


def measure(actor: Actor, pk: UUID) -> Measure:
    return _one(measures(actor).filter(pk=pk), pk)


def measure_numbered(actor: Actor, operation: Any, serial: int) -> Measure:
    return _one(measures(actor, operation).filter(serial=serial), f"M{serial}")


def effects_seen(actor: Actor, measure: Measure) -> list[MeasureEffect]:
    """What it does to which risk, for those who may see risks."""
    if not may(actor, "risk.view", measure.compartment_id):
        return []
    found = measure.effects.all()  # pyright: ignore
    return sorted(found, key=lambda effect: effect.risk.serial)


def standard_taken(actor: Actor, operation: Any) -> dict[str, Measure]:
    """Library ids that the operation has already."""
    found = Measure.objects.visible_to(actor).filter(operation=operation).exclude(library_id="")
    return {row.library_id: row for row in found.order_by("-serial")}


def _one(found: Any, name: Any) -> Any:
    row = found.first()
    if row is None:
        raise NotFound("There is no such measure, or it is not yours to see", where=str(name))
    return row
