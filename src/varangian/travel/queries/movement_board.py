"""Reads of the movement board: legs of a day, how each is followed and how it goes."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from varangian.engines.routing import match
from varangian.kernel.clock import now
from varangian.kernel.results import NotFound, Refused
from varangian.operations import queries as operation_queries
from varangian.operations.models import Movement, Operation
from varangian.platform.access.scope import SYSTEM, Actor, system_read
from varangian.tracking import queries as tracking

from ..board import outlook
from ..board.marks import Mark, marks_of, parts, planned_s
from ..board.outlook import Outlook
from ..board.rules import Known, Limits, known_of
from ..models import LegRun, RoutePlan, TrackingPlan
from . import maps
from . import routes as route_queries

if TYPE_CHECKING:
    from varangian.engines.routing.graph import Graph

BEGUN = ("under_way", "diverted")


def tracking_plans(actor: Actor, movement: Movement) -> QuerySet[TrackingPlan]:
    """Newest first."""
    found = TrackingPlan.objects.visible_to(actor).filter(movement=movement)
    return found.select_related(
        "route_plan", "device", "person", "watcher", "made_by", "movement", "operation"
    ).order_by("-version")


def tracking_plan(actor: Actor, movement: Movement) -> TrackingPlan | None:
    return tracking_plans(actor, movement).first()


def tracking_plan_of(actor: Actor, movement: Movement) -> TrackingPlan:
    found = tracking_plan(actor, movement)
    if found is None:
        raise NotFound(
            "This leg has no tracking plan, or it is not yours to see", f"leg {movement.serial}",
            "varangian movement track makes one from its approved routes.",
        )  # fmt: skip
    return found


def run_of(actor: Actor, movement: Movement) -> LegRun | None:
    found = LegRun.objects.visible_to(actor).filter(movement=movement)
    return found.select_related("plan", "movement", "operation").first()


def leg(actor: Actor, pk: UUID) -> Movement:
    found = operation_queries.movement(actor, pk)
    if found.is_stay:
        raise Refused("A stay is not driven", f"leg {found.serial}", "Choose a leg.")
    return found


def legs_of_day(actor: Actor, operation: Operation, day: date) -> list[Movement]:
    """Legs that begin on this day of the operation's zone, and those still under way."""
    zone = ZoneInfo(operation.time_zone)
    begin = datetime.combine(day, datetime.min.time(), zone)
    rows = [row for row in operation_queries.movements(actor, operation) if not row.is_stay]
    return [
        row
        for row in rows
        if row.state in BEGUN or (row.starts and begin <= row.starts < begin + timedelta(days=1))
    ]


def days(actor: Actor, operation: Operation) -> list[date]:
    zone = ZoneInfo(operation.time_zone)
    rows = operation_queries.movements(actor, operation)
    return sorted({r.starts.astimezone(zone).date() for r in rows if r.starts and not r.is_stay})


def day_shown(actor: Actor, operation: Operation, text: str = "") -> date:
    """Today, or else the next day with legs, or else the last one."""
    if text:
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise Refused("This is no day", text, "Such as 2027-01-10.") from None
    today = now().astimezone(ZoneInfo(operation.time_zone)).date()
    known = days(actor, operation)
    if not known or today in known:
        return today
    return next((day for day in known if day > today), known[-1])


@system_read("the plan was seen already: its roads come with it, also to who sees no list of maps")
def network_of(plan: RoutePlan | None) -> "Graph | None":
    """The roads that routes were planned on; None when that map was dropped or cannot be read."""
    if plan is None or plan.road_map is None:
        return None
    try:
        return maps.network(SYSTEM, plan.road_map)
    except (Refused, NotFound):
        return None


def line_of(payload: dict[str, Any]) -> match.Line:
    return match.line(payload["line"], payload["at_s"])


def limits_of(plan: TrackingPlan) -> Limits:
    quiet = plan.silence_s if plan.device_id or plan.person_id else None
    return Limits(plan.corridor_m, quiet, plan.stop_s, plan.late_s)


def known(run: LegRun | None) -> Known:
    return known_of(run.known) if run is not None else Known()


def departs_at(actor: Actor, plan: TrackingPlan) -> datetime | None:
    """As drawn, once the draw was released; else as the leg says."""
    movement, routes = plan.movement, plan.route_plan
    draw = route_queries.draw_of(actor, routes) if routes is not None else None
    if draw is not None and draw.released_at and routes is not None and routes.opens_at:
        return routes.opens_at + timedelta(seconds=round(draw.choice["at_s"]))
    return movement.starts if movement else None


def ahead(actor: Actor, plan: TrackingPlan) -> Outlook | None:
    """Before departure; None while the leg has no time."""
    departs, movement = departs_at(actor, plan), plan.movement
    if departs is None or movement is None:
        return None
    line, marks = line_of(plan.payload), marks_of(plan.payload["marks"])
    midnight = outlook.midnight_of(departs, movement.zone)
    made = parts(line, marks, plan.loading_s, plan.spread, midnight)
    traffic = tuple(plan.payload["traffic"])
    return outlook.before(
        made, traffic, plan.spread, departs, movement.ends, movement.zone, ready=ready_at(plan)
    )


def ready_at(plan: TrackingPlan) -> datetime | None:
    """Before which the destination is not to be reached; None: any time will do."""
    text = plan.payload.get("not_before")
    return datetime.fromisoformat(text) if text else None


def expected(line: match.Line, marks: list[Mark], seen: Known) -> dict[str, float]:
    """Mark -> seconds since the line was begun at which it is expected, by the planned times."""
    begun, from_m = seen.first or (0.0, 0.0)
    planned = planned_s(line, marks, 0.0)
    base = match.seconds_at(line, from_m)
    return {mark.id: begun + planned[mark.id] - base for mark in marks if mark.along_m >= from_m}


def position(actor: Actor, plan: TrackingPlan) -> Any:
    """The newest fix of the one source that was chosen for this leg."""
    if plan.device_id:
        found = tracking.last_positions(actor, plan.operation).filter(device_id=plan.device_id)
        return found.first()
    return tracking.position_of(actor, plan.person) if plan.person_id else None
