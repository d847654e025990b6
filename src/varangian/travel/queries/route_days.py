"""Reads of planned days, of the work that plans, and of the doors of places."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from varangian.kernel.results import NotFound
from varangian.operations.models import Movement, Operation
from varangian.places.models import Place
from varangian.platform.access.scope import Actor

from ..models import PlaceDoor, RoadMap, RouteDay, RoutePlan, RouteWork
from . import maps, routes

BEFORE = (Movement.State.PLANNED, Movement.State.CONFIRMED)


def days(actor: Actor, operation: Operation | None = None) -> QuerySet[RouteDay]:
    found = RouteDay.objects.visible_to(actor).select_related("operation", "made_by")
    return found.filter(operation=operation) if operation else found


def day(actor: Actor, pk: UUID) -> RouteDay:
    found = days(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such day, or it is not yours to see", where=str(pk))
    return found


def later(actor: Actor, day: RouteDay) -> RouteDay | None:
    """The newest plan of the same date, when this one was overtaken."""
    found = days(actor, day.operation).filter(on=day.on, made_at__gt=day.made_at)
    return found.order_by("-made_at").first()


def on_a_map(actor: Actor, legs: Iterable[Movement]) -> list[Movement]:
    """Those still to be driven whose ends one map of the house holds."""
    around = list(maps.ready(actor))
    found = []
    for leg in legs:
        ends = [place for place in (leg.origin, leg.destination) if place and place.located]
        if leg.state in BEFORE and len(ends) == 2 and any(_holds(row, ends) for row in around):
            found.append(leg)
    return found


def _holds(found: RoadMap, places: list[Place]) -> bool:
    return all(
        found.south <= lat <= found.north and found.west <= lon <= found.east
        for lat, lon in (place.position for place in places)
    )


def plans_of(actor: Actor, day: RouteDay) -> QuerySet[RoutePlan]:
    """The legs in the order in which they are driven."""
    return routes.plans(actor).filter(day=day).order_by("opens_at")


def standing(actor: Actor, day: RouteDay, legs: Iterable[Any]) -> QuerySet[RoutePlan]:
    """Plans of the day that still hold, and those that legs of it were given since."""
    found = routes.plans(actor).exclude(state=RoutePlan.State.WITHDRAWN)
    return found.filter(Q(day=day) | Q(movement__in=legs)).order_by("version")


def drawn(plan: RoutePlan) -> bool:
    return getattr(plan, "draw", None) is not None


def work(actor: Actor, pk: UUID) -> RouteWork:
    found = RouteWork.objects.visible_to(actor).select_related("operation", "plan", "day")
    one = found.filter(pk=pk).first()
    if one is None:
        raise NotFound("Nothing is planned there, or it is not yours to see", where=str(pk))
    return one


def work_under_way(actor: Actor, operation: Operation) -> QuerySet[RouteWork]:
    found = RouteWork.objects.visible_to(actor).filter(operation=operation)
    return found.filter(state__in=RouteWork.UNDER_WAY)


def doors(actor: Actor) -> QuerySet[PlaceDoor]:
    """Those in use."""
    found = PlaceDoor.objects.visible_to(actor).filter(retired_at=None)
    return found.select_related("place", "by")


def door(actor: Actor, pk: UUID) -> PlaceDoor:
    found = doors(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such door, or it is not yours to see", where=str(pk))
    return found


def doors_of(actor: Actor, places: Iterable[Any]) -> dict[UUID, list[PlaceDoor]]:
    found: dict[UUID, list[PlaceDoor]] = defaultdict(list)
    wanted = {place.pk for place in places if isinstance(place, Place)}
    for row in doors(actor).filter(place_id__in=wanted):
        found[row.place_id].append(row)  # pyright: ignore[reportAttributeAccessIssue]
    return found
