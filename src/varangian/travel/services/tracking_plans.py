"""How a leg is followed: made from its planned routes, changed in versions, never in place."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from varangian.engines.routing import match
from varangian.engines.routing.timing import FLAT
from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.operations import queries as operation_queries
from varangian.operations.models import Movement
from varangian.platform.access.models import User
from varangian.platform.access.queries import members
from varangian.platform.access.scope import Actor, require
from varangian.platform.news.services import announce
from varangian.tracking import queries as tracking
from varangian.tracking.models import Device

from ..board import marks as marking
from ..board import ways
from ..board.rules import Known, known_of
from ..models import LegRun, RoutePlan, TrackingPlan
from ..queries import movement_board as queries
from ..queries import routes as route_queries
from .routes import route_row

LIMITS = {
    "corridor_m": (30, 2_000, "metres"),
    "silence_s": (30, 3_600, "seconds"),
    "stop_s": (30, 3_600, "seconds"),
    "late_s": (0, 7_200, "seconds"),
    "loading_s": (0, 7_200, "seconds"),
}
SPREAD = (0.0, 1.0)
LONGEST = timedelta(days=1)
FOLLOWED = (RoutePlan.State.APPROVED, RoutePlan.State.RELEASED, RoutePlan.State.DRIVEN)
TOPIC = "track"


@transaction.atomic
def make_tracking_plan(
    *, actor: Actor, movement: Movement, route: str = "", marks: list[dict[str, Any]] | None = None,
    traffic: list[float] | None = None, spread: float | None = None, device: UUID | None = None,
    person: UUID | None = None, watcher: UUID | None = None, no_source: bool = False,
    not_before: datetime | None = None, any_time: bool = False, reason: str = "", **limits: int,
) -> TrackingPlan:  # fmt: skip
    """A version of how this leg is followed, from its approved routes.

    ``route``: name or key; by default what was released, before the release the primary. ``marks``
    None keeps those of the version before where the line still passes them, else proposes some.
    ``device`` or ``person`` tells the position, ``no_source`` is radio alone. ``not_before`` is
    when the destination is ready, ``any_time`` lifts it. What is not given stays as it was.
    """
    require(actor, "track.change", movement.compartment_id)
    movement = operation_queries.movement(actor, movement.pk)
    plan = route_queries.plan_of(actor, movement)
    if plan.state not in FOLLOWED:
        raise Refused(
            f"The routes of this leg are {plan.get_state_display().lower()}",
            f"leg {movement.serial}", "A tracking plan follows routes that were approved.",
        )  # fmt: skip
    before = queries.tracking_plan(actor, movement)
    row = route_row(plan.payload, route) if route else usual_route(actor, plan, before)
    payload = _payload(plan, row) | {"traffic": _traffic(traffic, before)}
    payload["not_before"] = "" if any_time else _ready(movement, not_before, before)
    payload["marks"] = [mark.shape() for mark in _marks(plan, payload, marks, before)]
    fields = _fields(actor, movement, before, limits, spread, (device, person, watcher))
    if no_source:
        fields |= {"device": None, "person": None}
    made = keep(
        actor=actor, movement=movement, kind=TrackingPlan.Kind.ROUTE, payload=payload,
        reason=reason, route_plan=plan, **fields,
    )  # fmt: skip
    tell(made, "planned", f"Tracking plan of leg {movement.serial}, version {made.version}", actor)
    return made


def usual_route(actor: Actor, plan: RoutePlan, before: TrackingPlan | None) -> dict[str, Any]:
    """A draw is not read before its release, not even to follow it."""
    draw = route_queries.draw_of(actor, plan)
    if draw is not None and draw.released_at:
        return route_row(plan.payload, draw.choice["route"])
    if before is not None and before.route_plan_id == plan.pk and before.payload["route"]:
        return route_row(plan.payload, before.payload["route"])
    rows = plan.payload["routes"]
    return next((row for row in rows if row["role"] == "primary"), rows[0])


def _payload(plan: RoutePlan, row: dict[str, Any]) -> dict[str, Any]:
    made = ways.of_route(queries.network_of(plan), row)
    goal = plan.movement.destination if plan.movement else None
    return {**made, "route": row["key"], "name": row["name"], "role": row["role"],
            "goal": str(goal or ""), "cues": [], "guessed": False}  # fmt: skip


def _marks(
    plan: RoutePlan, payload: dict[str, Any], given: list[dict[str, Any]] | None,
    before: TrackingPlan | None,
) -> list[marking.Mark]:  # fmt: skip
    line = queries.line_of(payload)
    if given is not None:
        return marking.checked(line, given)
    if before is not None:
        old, known = queries.line_of(before.payload), marking.marks_of(before.payload["marks"])
        return marking.moved(old, line, known, before.corridor_m)
    places = [(row["road"], row["lat"], row["lon"]) for row in plan.payload["forced"]]
    return marking.propose(line, places)


def _ready(movement: Movement, given: datetime | None, before: TrackingPlan | None) -> str:
    if given is None:
        return before.payload.get("not_before", "") if before else ""
    if given.tzinfo is None:
        given = given.replace(tzinfo=ZoneInfo(movement.zone))
    if movement.starts and not timedelta(0) <= given - movement.starts <= LONGEST:
        raise Refused(
            "The destination is ready before the leg begins, or more than a day after it",
            "not before", "Give the moment from which the car may arrive.",
        )  # fmt: skip
    if movement.ends and given > movement.ends:
        raise Refused(
            "The leg is due before its destination is ready", "not before", "Move one of the two."
        )
    return given.isoformat()


def _traffic(given: list[float] | None, before: TrackingPlan | None) -> list[float]:
    if given is None:
        return before.payload["traffic"] if before else list(FLAT)
    if len(given) != 24 or not all(0.1 <= factor <= 10 for factor in given):
        mend = "One for each hour, 1 is the free road."
        raise Refused("Traffic is 24 factors from 0.1 to 10", "traffic", mend)
    return [float(factor) for factor in given]


def _fields(
    actor: Actor, movement: Movement, before: TrackingPlan | None, limits: dict[str, int],
    spread: float | None, chosen: tuple[UUID | None, UUID | None, UUID | None],
) -> dict[str, Any]:  # fmt: skip
    unknown = set(limits) - set(LIMITS)
    if unknown:
        raise Refused("A tracking plan has no such limit", ", ".join(sorted(unknown)))
    for name, value in limits.items():
        least, most, unit = LIMITS[name]
        if not least <= value <= most:
            raise Refused(f"{least} to {most} {unit}", name, "Choose a number between these.")
    if spread is not None and not SPREAD[0] <= spread <= SPREAD[1]:
        raise Refused("The uncertainty is 0 to 100 percent", "spread")
    device, person, watcher = chosen
    fields: dict[str, Any] = {**(inherited(before) if before else {}), **limits}
    if spread is not None:
        fields["spread"] = spread
    if device or person:
        fields["device"] = _device(actor, movement, device) if device else None
        fields["person"] = _member(actor, movement, person, "person") if person else None
    if watcher:
        fields["watcher"] = _member(actor, movement, watcher, "watcher")
    return fields


def inherited(before: TrackingPlan) -> dict[str, Any]:
    names = (*LIMITS, "spread", "device", "person", "watcher")
    return {name: getattr(before, name) for name in names}


def _device(actor: Actor, movement: Movement, pk: UUID) -> Device:
    found = tracking.device(actor, pk)
    if found.operation_id != movement.operation_id:
        raise Refused("This device is of another operation", found.label)
    return found


def _member(actor: Actor, movement: Movement, pk: UUID, where: str) -> User:
    found = members(actor, movement.compartment_id).filter(user_id=pk).first()
    if found is None:
        raise Refused("This person is not of the team of this operation", where)
    return found.user


def keep(
    *, actor: Actor, movement: Movement, kind: str, payload: dict[str, Any], reason: str,
    **fields: Any,
) -> TrackingPlan:  # fmt: skip
    """The next version. A leg that is under way follows it from now on."""
    older = queries.tracking_plans(actor, movement).select_for_update(of=("self",))
    last = max((row.version for row in older), default=0)
    made = TrackingPlan.objects.create(
        key_id=movement.key_id, compartment_id=movement.compartment_id,
        operation_id=movement.operation_id, movement=movement, version=last + 1, kind=kind,
        payload=payload, reason=reason.strip()[:400], made_by_id=actor.pk, **fields,
    )  # fmt: skip
    run = queries.run_of(actor, movement)
    if run is not None and run.state == LegRun.State.UNDER_WAY:
        _follow(run, made)
    return made


def _follow(run: LegRun, made: TrackingPlan) -> None:
    """Progress begins anew on a new line, where the car was last seen; what was passed stays so."""
    at = now()
    known = known_of(run.known)
    late = (at - run.line_at).total_seconds()
    old = {mark.name: mark.id for mark in marking.marks_of(run.plan.payload["marks"])}
    passed, words = {}, {}
    for mark in marking.marks_of(made.payload["marks"]):
        before = old.get(mark.name, "")
        if before in known.passed:
            passed[mark.id] = known.passed[before] - late
            words[mark.id] = run.words.get(before, {})
    progress = None
    if known.progress is not None:
        fix = replace(known.progress.fix, at_s=known.progress.fix.at_s - late)
        progress = match.advance(queries.line_of(made.payload), None, fix)
    first = (progress.fix.at_s, progress.along_m) if progress and progress.on else None
    run.plan, run.line_at, run.words = made, at, words
    spoken = known.spoken - late if known.spoken is not None else None
    run.known = Known(progress=progress, passed=passed, first=first, spoken=spoken).shape()
    run.save()


def tell(plan: TrackingPlan, event: str, text: str, actor: Actor = None) -> None:
    announce(
        topic=TOPIC, event=event, text=text, compartment_id=plan.compartment_id,
        operation_id=plan.operation_id,
        record=("movement", plan.movement_id) if plan.movement_id else None, actor=actor,
    )  # fmt: skip
