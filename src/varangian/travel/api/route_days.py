"""Whole days, plans that are being made, and doors of places over the API."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from varangian.kernel.results import Refused
from varangian.operations import queries as operation_queries
from varangian.places.queries import place as place_of
from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.access.reauth import prove
from varangian.platform.access.scope import require

from .. import services
from ..models import RouteDay
from ..queries import route_days as queries
from ..shapes.route_days import day_shape, door_row, work_shape

router = Router()


class DayWishIn(Schema):
    on: date
    budget: float = 1.2
    window_minutes: float = 30
    hold_minutes: float = 20
    vehicles: list[str] = []


class DayClosure(Schema):
    area: dict[str, Any]
    """GeoJSON polygons, longitude first."""
    reason: str


class DoorIn(Schema):
    place: UUID
    name: str
    lat: float
    lon: float
    waits: bool = False


class DoorChange(Schema):
    name: str | None = None
    lat: float | None = None
    lon: float | None = None
    waits: bool | None = None


def _shape(request: HttpRequest, day: RouteDay):
    return day_shape(day, list(queries.plans_of(request.user, day)))


@router.get("/operations/{slug}/route-days")
def list_route_days(request: HttpRequest, slug: str, paging: PageOf):
    operation = operation_queries.operation(request.user, slug)
    require(request.user, "route.view", operation.compartment_id)
    found = queries.days(request.user, operation)
    return page(found, paging, lambda day: day_shape(day, []))


@router.post("/operations/{slug}/route-days", response={202: dict})
@idempotent
def plan_route_day(request: HttpRequest, slug: str, given: DayWishIn):
    """Answers with the work; ask for it until it is done."""
    operation = operation_queries.operation(request.user, slug)
    require(request.user, "route.change", operation.compartment_id)
    work = services.ask_day(
        actor=request.user,
        operation=operation,
        on=given.on,
        budget=given.budget,
        window_s=given.window_minutes * 60,
        hold_s=given.hold_minutes * 60,
        vehicles=list(given.vehicles),
    )
    return 202, work_shape(services.plan_later(work))


@router.get("/route-days/{uuid:pk}")
def show_route_day(request: HttpRequest, pk: UUID):
    return _shape(request, queries.day(request.user, pk))


@router.post("/route-days/{uuid:pk}/approve")
@idempotent
def approve_route_day(request: HttpRequest, pk: UUID):
    day = queries.day(request.user, pk)
    prove(request)
    return _shape(request, services.approve_day(actor=request.user, day=day))


@router.post("/route-days/{uuid:pk}/draw")
@idempotent
def draw_route_day(request: HttpRequest, pk: UUID):
    """Every approved leg is drawn and sealed; the answer says that, not what."""
    day = queries.day(request.user, pk)
    prove(request)
    return _shape(request, services.draw_day(actor=request.user, day=day))


@router.post("/route-days/{uuid:pk}/close", response={202: dict})
@idempotent
def close_route_day(request: HttpRequest, pk: UUID, given: DayClosure):
    """A road is closed: the rest of the day is planned anew. Answers with the work."""
    day = queries.day(request.user, pk)
    work = services.ask_closure(actor=request.user, day=day, area=given.area, reason=given.reason)
    return 202, work_shape(services.plan_later(work))


@router.get("/route-work/{uuid:pk}")
def show_route_work(request: HttpRequest, pk: UUID):
    return work_shape(queries.work(request.user, pk))


@router.post("/route-work/{uuid:pk}/stop")
@idempotent
def stop_route_work(request: HttpRequest, pk: UUID):
    work = queries.work(request.user, pk)
    return work_shape(services.stop_work(actor=request.user, row=work))


@router.get("/place-doors")
def list_place_doors(request: HttpRequest, paging: PageOf):
    return page(queries.doors(request.user), paging, door_row)


@router.post("/place-doors", response={201: dict})
@idempotent
def add_place_door(request: HttpRequest, given: DoorIn):
    place = place_of(request.user, given.place)
    door = services.add_door(
        actor=request.user,
        place=place,
        name=given.name,
        position=(given.lat, given.lon),
        waits=given.waits,
    )
    return 201, door_row(door)


@router.patch("/place-doors/{uuid:pk}")
@idempotent
def change_place_door(request: HttpRequest, pk: UUID, given: DoorChange):
    """Moved, renamed, or both; a position has its two figures."""
    door = queries.door(request.user, pk)
    if (given.lat is None) != (given.lon is None):
        raise Refused("A position has two figures", "lat, lon", "Give both, or none.")
    at = (given.lat, given.lon) if given.lat is not None and given.lon is not None else None
    made = services.change_door(
        actor=request.user, door=door, name=given.name, position=at, waits=given.waits
    )
    return door_row(made)


@router.delete("/place-doors/{uuid:pk}", response={204: None})
def retire_place_door(request: HttpRequest, pk: UUID):
    """No day is drawn over it any more; what was stays on record."""
    services.retire_door(actor=request.user, door=queries.door(request.user, pk))
    return 204, None
