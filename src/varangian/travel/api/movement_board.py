"""The movement board over the API."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from varangian.operations import queries as operation_queries
from varangian.operations.models import Movement
from varangian.platform.access.paging import idempotent
from varangian.platform.access.scope import require

from .. import services
from ..queries import movement_board as queries
from ..queries import movement_holds as hold_queries
from ..queries import movement_ways as way_queries
from ..shapes.movement_board import hold_shape, leg_row, proposal_shape

router = Router()


class MarkGiven(Schema):
    """``km`` from the start of the route; ``stay_min`` of a hold point."""

    name: str
    kind: Literal["hold", "report"] = "report"
    km: float
    code: str = ""
    stay_min: float = 0
    until: str = ""


class TrackingPlanGiven(Schema):
    """What is left out stays as it was, or is proposed. ``traffic``: 24 factors."""

    route: str = ""
    marks: list[MarkGiven] | None = None
    corridor_m: int | None = None
    silence_s: int | None = None
    stop_s: int | None = None
    late_s: int | None = None
    loading_s: int | None = None
    spread: float | None = None
    traffic: list[float] | None = None
    device: UUID | None = None
    person: UUID | None = None
    watcher: UUID | None = None
    no_source: bool = False
    not_before: datetime | None = None
    any_time: bool = False
    reason: str = ""


class HoldTaken(Schema):
    """``key`` or name of a proposed place; left out, the first."""

    key: str = ""


class LineReport(Schema):
    """``mark``: code word, name or id of a hold point or report line."""

    mark: str
    words: str = ""
    at: datetime | None = None


class DivertTo(Schema):
    """``to``: key or name; left out, the nearest that a person has verified; ``nearest``, the
    nearest all the same where nobody has verified one."""

    to: str = ""
    reason: str = ""


class RouteTaken(Schema):
    """``route`` of the plan, or ``alert``: the route or way that keeps out of its area."""

    route: str = ""
    alert: UUID | None = None
    reason: str = ""


def _leg(request: HttpRequest, pk: UUID, action: str = "track.view") -> Movement:
    movement = queries.leg(request.user, pk)
    require(request.user, action, movement.compartment_id)
    return movement


@router.get("/operations/{slug}/movement-board")
def movement_board(request: HttpRequest, slug: str, day: str = ""):
    """The legs of a day, each against its plan; without a day today, or the next with legs."""
    operation = operation_queries.operation(request.user, slug)
    require(request.user, "track.view", operation.compartment_id)
    shown = queries.day_shown(request.user, operation, day)
    legs = queries.legs_of_day(request.user, operation, shown)
    return {"day": shown, "legs": [leg_row(request.user, leg) for leg in legs]}


@router.get("/movements/{uuid:pk}/track")
def show_track(request: HttpRequest, pk: UUID):
    movement = _leg(request, pk)
    plan = queries.tracking_plan_of(request.user, movement)
    run = queries.run_of(request.user, movement)
    found = way_queries.proposals(request.user, plan, run)
    row: dict[str, Any] = leg_row(request.user, movement)
    return row | {"proposals": [proposal_shape(one) for one in found], "line": plan.payload["line"]}


@router.post("/movements/{uuid:pk}/track", response={201: dict})
@idempotent
def make_track(request: HttpRequest, pk: UUID, given: TrackingPlanGiven):
    """A new version of the tracking plan, from the approved routes of the leg."""
    movement = _leg(request, pk, "track.change")
    fields = given.dict(exclude_none=True)
    services.make_tracking_plan(actor=request.user, movement=movement, **fields)
    return 201, leg_row(request.user, movement)


@router.get("/movements/{uuid:pk}/track/holds")
def holds_of_track(request: HttpRequest, pk: UUID):
    """Where the leg can wait when it would come before its destination is ready."""
    plan = queries.tracking_plan_of(request.user, _leg(request, pk))
    return {"holds": [hold_shape(row) for row in hold_queries.proposals(request.user, plan)]}


@router.post("/movements/{uuid:pk}/track/holds", response={201: dict})
@idempotent
def take_hold(request: HttpRequest, pk: UUID, given: HoldTaken):
    """A proposed place becomes a hold point, in a new version of the tracking plan."""
    movement = _leg(request, pk, "track.change")
    services.take_hold(actor=request.user, movement=movement, key=given.key)
    return 201, leg_row(request.user, movement)


@router.post("/movements/{uuid:pk}/track/begin")
@idempotent
def begin_track(request: HttpRequest, pk: UUID):
    movement = _leg(request, pk, "track.drive")
    services.begin_leg(actor=request.user, movement=movement)
    return leg_row(request.user, movement)


@router.post("/movements/{uuid:pk}/track/report")
@idempotent
def report_track(request: HttpRequest, pk: UUID, given: LineReport):
    movement = _leg(request, pk, "track.drive")
    services.report_line(actor=request.user, movement=movement, **given.dict())
    return leg_row(request.user, movement)


@router.post("/movements/{uuid:pk}/track/arrive")
@idempotent
def arrive_track(request: HttpRequest, pk: UUID):
    movement = _leg(request, pk, "track.drive")
    services.arrive(actor=request.user, movement=movement)
    return leg_row(request.user, movement)


@router.get("/movements/{uuid:pk}/track/havens")
def havens_of_track(request: HttpRequest, pk: UUID):
    """Where the leg could divert to from where it is now; verified ones first."""
    movement = _leg(request, pk)
    plan, run = queries.tracking_plan_of(request.user, movement), None
    run = queries.run_of(request.user, movement)
    here = way_queries.where(request.user, plan, run)
    rows = way_queries.havens(request.user, plan, here) if here else []
    return {"havens": [row.shape() for row in rows]}


@router.post("/movements/{uuid:pk}/track/divert")
@idempotent
def divert_track(request: HttpRequest, pk: UUID, given: DivertTo):
    movement = _leg(request, pk, "track.drive")
    services.divert(actor=request.user, movement=movement, **given.dict())
    return leg_row(request.user, movement)


@router.post("/movements/{uuid:pk}/track/route")
@idempotent
def take_track_route(request: HttpRequest, pk: UUID, given: RouteTaken):
    movement = _leg(request, pk, "track.drive")
    services.take_route(actor=request.user, movement=movement, **given.dict())
    return leg_row(request.user, movement)
