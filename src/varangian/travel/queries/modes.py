"""Reads of comparisons of ways: what the records say of one journey."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from varangian.kernel.results import NotFound
from varangian.operations.models import Operation
from varangian.platform.access.scope import Actor, holds

from ..models import FlightNews, FlightSource, ModeComparison
from ..modes.compare import compare
from ..modes.library import modes
from ..modes.values import Column, Journey, Told
from .modes_journey import journey_of


def comparisons(actor: Actor, operation: Operation | None = None) -> QuerySet[ModeComparison]:
    found = ModeComparison.objects.visible_to(actor).select_related(
        "operation__engagement", "movement", "origin", "destination", "made_by", "decided_by"
    )
    return found.filter(operation=operation) if operation is not None else found


def comparison(actor: Actor, pk: UUID) -> ModeComparison:
    found = comparisons(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such comparison, or it is not yours to see", where=str(pk))
    return found


def journey(actor: Actor, row: ModeComparison) -> Journey:
    return journey_of(actor, row, told_of(row))


def table(actor: Actor, row: ModeComparison) -> list[Column]:
    return compare(modes(), journey(actor, row))


def told_of(row: ModeComparison) -> dict[str, dict[str, Told]]:
    return {
        mode: {key: _told(one) for key, one in lines.items()} for mode, lines in row.told.items()
    }


def _told(one: dict[str, Any]) -> Told:
    signed = f"{one.get('by', '')}, {str(one.get('at', ''))[:10]}".strip(", ")
    return Told(one["words"], one.get("low"), one.get("high"), signed)


def moved_on(row: ModeComparison) -> bool:
    """The leg was changed since it was compared."""
    return row.movement is not None and row.movement.version != row.leg_version


def flight_news(actor: Actor, operation: Operation | None = None) -> QuerySet[FlightNews]:
    found = FlightNews.objects.visible_to(actor).select_related(
        "operation", "movement", "decided_by"
    )
    return found.filter(operation=operation) if operation is not None else found


def news(actor: Actor, pk: UUID) -> FlightNews:
    found = flight_news(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such news, or it is not yours to see", where=str(pk))
    return found


def flight_sources(actor: Actor) -> dict[str, FlightSource]:
    """Those that were ever switched; nothing to whoever has no seat."""
    return {row.name: row for row in FlightSource.objects.visible_to(actor)}


def may_look(actor: Actor) -> bool:
    return actor.is_system or holds(actor, "dossier.view")
