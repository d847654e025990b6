"""Reads of checks and finds."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from varangian.operations import queries as operation_queries
from varangian.platform.access.scope import SYSTEM, Actor, system_read

from ..fleet.library import Checklist, inspections
from ..models import Find, Inspection, InspectionPhoto, Vehicle
from .fleet import one


def checks(actor: Actor, vehicle: Vehicle | None = None) -> QuerySet[Inspection]:
    found = Inspection.objects.visible_to(actor).select_related("vehicle", "by", "second_by")
    return found.filter(vehicle=vehicle) if vehicle else found


def check(actor: Actor, pk: UUID) -> Inspection:
    return one(checks(actor).prefetch_related("photos").filter(pk=pk), "check", str(pk))


def checklist_of(inspection: Inspection) -> Checklist:
    return inspections().get(inspection.checklist)


def photos(actor: Actor, inspection: Inspection) -> QuerySet[InspectionPhoto]:
    found = InspectionPhoto.objects.visible_to(actor).filter(inspection=inspection)
    return found.select_related("by", "preview", "original")


def photo(actor: Actor, inspection: Inspection, pk: UUID) -> InspectionPhoto:
    return one(photos(actor, inspection).filter(pk=pk), "picture", str(pk))


def last_seals(actor: Actor, vehicle: Vehicle) -> list[dict[str, str]]:
    """As they were written when the last search ended."""
    rows = checks(actor, vehicle).filter(kind="search", state="clear").order_by("-ended_at")
    return next((row.seals for row in rows[:5] if row.seals), [])


def finds(actor: Actor, vehicle: Vehicle | None = None) -> QuerySet[Find]:
    found = Find.objects.visible_to(actor).select_related("vehicle", "by", "released_by")
    return found.filter(vehicle=vehicle) if vehicle else found


def find(actor: Actor, pk: UUID) -> Find:
    return one(finds(actor).filter(pk=pk), "find", str(pk))


def leg_of(actor: Actor, movement_id: UUID | None) -> Any:
    """The leg, if this person may see it."""
    if movement_id is None:
        return None
    return operation_queries.movements(actor).filter(pk=movement_id).first()


@system_read("a find stops every leg of the vehicle, whoever starts it")
def stopping(movement_id: UUID) -> Find | None:
    """A find that is not released, on this leg or on a vehicle assigned to it."""
    from django.db.models import Q

    vehicles = Vehicle.objects.filter(allotments__movement_id=movement_id, allotments__state="set")
    found = Find.objects.filter(released_at=None).select_related("vehicle")
    return found.filter(Q(movement_id=movement_id) | Q(vehicle__in=vehicles.values("pk"))).first()


@system_read("who must hear of a find: the operations that use the vehicle's engagement now")
def operations_of(vehicle: Vehicle) -> list[Any]:
    """Under way, else planned."""
    rows = operation_queries.operations(SYSTEM).filter(
        engagement__compartment_id=vehicle.compartment_id
    )
    return list(rows.filter(state="active")) or list(rows.filter(state="planned"))
