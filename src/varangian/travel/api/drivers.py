"""Drivers, their hours, and vehicles on legs over the API."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from varangian.kernel.results import Refused
from varangian.operations import queries as operation_queries
from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.access.scope import require

from .. import services
from ..queries import allotments, fleet
from ..queries import drivers as queries
from ..queries.route_watchers import turns
from ..shapes.drivers import advice_shape, allotment_shape, driver_shape, hours_shape, wheel_shape

router = Router()


class DriverFileIn(Schema):
    licences: list[dict[str, Any]] | None = None
    courses: list[dict[str, Any]] | None = None
    medical: dict[str, Any] | None = None
    languages: list[str] | None = None
    places: list[dict[str, Any]] | None = None


class WheelTime(Schema):
    kind: str
    """driving, waiting, duty, break; off ends what runs."""
    starts: datetime | None = None
    ends: datetime | None = None


class VehicleOnLeg(Schema):
    vehicle_id: str
    """Its id or its short name."""
    driver: str = ""
    part: str = "principal_car"
    reason: str = ""


class RouteCues(Schema):
    cues: list[dict[str, Any]]


@router.get("/drivers")
def list_drivers(request: HttpRequest):
    rows = queries.drivers(request.user, queries.people(request.user))
    return {"items": [driver_shape(row) for row in rows], "count": len(rows), "next": None}


@router.get("/drivers/{pk}")
def show_driver(request: HttpRequest, pk: UUID):
    """With ``beside_roster``: where the officer's record of the roster says something else."""
    person = queries.person(request.user, str(pk))
    found = queries.driver(request.user, person)
    beside = queries.disagreements(request.user, person, found.facts)
    return {**driver_shape(found), "beside_roster": [one.words for one in beside]}


@router.put("/drivers/{pk}")
@idempotent
def write_driver(request: HttpRequest, pk: UUID, given: DriverFileIn):
    person = queries.person(request.user, str(pk))
    fields = given.dict(exclude_unset=True)
    services.write_driver(actor=request.user, person=person, **fields)
    return driver_shape(queries.driver(request.user, person))


@router.get("/drivers/{pk}/hours")
def show_hours(request: HttpRequest, pk: UUID):
    return hours_shape(queries.driver(request.user, queries.person(request.user, str(pk))).hours)


@router.post("/drivers/{pk}/hours", response={201: dict})
@idempotent
def add_hours(request: HttpRequest, pk: UUID, given: WheelTime):
    """With both times a stretch that was; else what begins now, or at ``starts``."""
    person = queries.person(request.user, str(pk))
    who = {"actor": request.user, "person": person}
    if given.starts and given.ends:
        made = services.add_wheel(**who, kind=given.kind, starts=given.starts, ends=given.ends)
    elif given.ends:
        raise Refused("A stretch that ended has begun", where="starts")
    elif given.kind == "off":
        made = services.leave_wheel(**who, at=given.starts)
    else:
        made = services.take_wheel(**who, kind=given.kind, at=given.starts)
    return 201, wheel_shape(made) if made else {}


@router.get("/movements/{pk}/vehicles")
def list_allotments(request: HttpRequest, pk: UUID, paging: PageOf):
    movement = _leg(request, pk)
    return page(allotments.allotments(request.user, movement), paging, allotment_shape)


@router.get("/movements/{pk}/vehicles/advice")
def advise(
    request: HttpRequest,
    pk: UUID,
    seats: int | None = None,
    distance_km: float | None = None,
    cold: bool | None = None,
    profile: str = "",
    terrain: str = "",
):
    """For and against each vehicle; the machine proposes, a person assigns."""
    movement = _leg(request, pk)
    asked = {"seats": seats, "distance_km": distance_km, "cold": cold, "profile": profile}
    asked["terrain"] = [one for one in terrain.split(",") if one]
    need = allotments.need_of(movement, asked)
    return {"items": [advice_shape(r) for r in allotments.advise(request.user, movement, need)]}


@router.get("/movements/{pk}/vehicles/ready")
def ready(request: HttpRequest, pk: UUID):
    return {"items": allotments.vehicles_ready(request.user, _leg(request, pk))}


@router.post("/movements/{pk}/vehicles", response={201: dict})
@idempotent
def assign_vehicle(request: HttpRequest, pk: UUID, given: VehicleOnLeg):
    movement = operation_queries.movement(request.user, pk)
    require(request.user, "vehicle.assign", movement.compartment_id)
    made = services.assign_vehicle(
        actor=request.user,
        movement=movement,
        vehicle=fleet.vehicle_named(request.user, given.vehicle_id),
        driver=queries.member_named(request.user, movement.operation, given.driver),
        part=given.part,
        reason=given.reason,
    )
    return 201, allotment_shape(made)


@router.delete("/allotments/{pk}", response={204: None})
@idempotent
def withdraw_vehicle(request: HttpRequest, pk: UUID):
    row = allotments.allotment(request.user, pk)
    services.withdraw_vehicle(actor=request.user, allotment=row)
    return 204, None


@router.get("/allotments/{pk}/cues")
def show_cues(request: HttpRequest, pk: UUID):
    """For the leader and those of the leg: they are the way itself."""
    row = allotments.allotment(request.user, pk)
    return {"cues": turns(request.user, row)}


@router.put("/allotments/{pk}/cues")
@idempotent
def write_cues(request: HttpRequest, pk: UUID, given: RouteCues):
    row = allotments.allotment(request.user, pk)
    made = services.write_cues(actor=request.user, allotment=row, cues=given.cues)
    return allotment_shape(made)


def _leg(request: HttpRequest, pk: UUID) -> Any:
    """Its vehicles are for the team, not for whoever may know of the leg."""
    movement = operation_queries.movement(request.user, pk)
    require(request.user, "vehicle.view", movement.compartment_id)
    return movement
