"""Out of the way, by one tap: to a haven or hospital, or onto another route. The board follows."""

from typing import Any
from uuid import UUID

from django.db import transaction

from varangian.alerts import queries as alert_queries
from varangian.alerts import services as alerts
from varangian.kernel.results import Conflict, Refused
from varangian.operations import services as operations
from varangian.operations.models import Movement
from varangian.platform.access.scope import SYSTEM, Actor, require

from ..board import ways
from ..models import LegRun, TrackingPlan
from ..queries import movement_board as queries
from ..queries import movement_ways as way_queries
from ..route_working import shut
from .movement_watch import WAY
from .routes import route_row
from .tracking_plans import inherited, keep, tell


@transaction.atomic
def divert(*, actor: Actor, movement: Movement, to: str = "", reason: str = "") -> TrackingPlan:
    """``to``: key or name of a haven or hospital; else the nearest that a person has verified."""
    require(actor, "track.drive", movement.compartment_id)
    plan, run = _under_way(actor, movement)
    here = way_queries.where(actor, plan, run)
    if here is None:
        raise Refused("It is not known where the car is", f"leg {movement.serial}")
    haven = way_queries.haven_named(actor, plan, here, to)
    way = way_queries.way_to(plan, here, haven)
    payload = _payload(plan, way, {"name": haven.name, "goal": haven.name, "marks": []})
    payload |= {"verified": haven.verified, "haven": haven.shape()}
    made = keep(
        actor=actor, movement=movement, kind=TrackingPlan.Kind.DIVERT, payload=payload,
        reason=reason, route_plan=plan.route_plan, **inherited(plan),
    )  # fmt: skip
    movement.refresh_from_db()
    if movement.state == Movement.State.UNDER_WAY:
        operations.set_movement_state(actor=SYSTEM, movement=movement, state="diverted")
    _ask(made, movement, f"diverted to {haven.name}", _words(haven, way), here, actor)
    sure = "" if haven.verified else ", not verified"
    tell(made, "diverted", f"Leg {movement.serial} diverted to {haven.name}{sure}: "
         f"{_minutes(way)}, {way['metres'] / 1000:.1f} km", actor)  # fmt: skip
    return made


def _words(haven: Any, way: dict[str, Any]) -> str:
    sure = "verified" if haven.verified else "NOT verified"
    guessed = ", guessed without a road" if way.get("guessed") else ""
    turns = "; ".join(cue["words"] for cue in way["cues"][:4])
    return f"{haven.shape()['words']}, {sure}. {_minutes(way)}{guessed}. {turns}".strip()


def _minutes(way: dict[str, Any]) -> str:
    return f"{way['seconds'] / 60:.0f} min"


def _payload(plan: TrackingPlan, way: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    known = {"traffic": plan.payload["traffic"], "route": "", "role": "", "guessed": False,
             "not_before": plan.payload.get("not_before", "")}  # fmt: skip
    made = {name: value for name, value in way.items() if name != "edges"}
    return {**known, **made, **more}


@transaction.atomic
def take_route(
    *, actor: Actor, movement: Movement, route: str = "", alert: UUID | None = None,
    reason: str = "",
) -> TrackingPlan:  # fmt: skip
    """Another route of the plan, or for an alert a way around it, from where the car is."""
    require(actor, "track.drive", movement.compartment_id)
    plan = queries.tracking_plan_of(actor, movement)
    run = queries.run_of(actor, movement)
    if movement.state in ("arrived", "complete", "cancelled"):
        raise Conflict("This leg is over", f"leg {movement.serial}")
    area = _area(actor, movement, alert) if alert else None
    way, more = _route(actor, plan, run, route, area)
    if area is not None and way_queries.part("avoid").crossed(way["line"], area):
        raise Refused(
            "This way touches the area as well", more["name"], "Divert, or stop at a haven."
        )
    more["marks"] = _marks(plan, way)
    made = keep(
        actor=actor, movement=movement, kind=TrackingPlan.Kind.ALTERNATE,
        payload=_payload(plan, way, more), reason=reason, route_plan=plan.route_plan,
        **inherited(plan),
    )  # fmt: skip
    if movement.state == Movement.State.DIVERTED:
        operations.set_movement_state(actor=SYSTEM, movement=movement, state="under_way")
    words = f"{_minutes(way)} from here. {reason.strip()[:200]}".strip()
    if _driving(movement):
        _ask(made, movement, f"takes {more['name']}", words, None, actor)
    tell(made, "rerouted", f"Leg {movement.serial} takes {more['name']}: {words}", actor)
    return made


def _area(actor: Actor, movement: Movement, alert: UUID) -> dict[str, Any]:
    found = alert_queries.alert(actor, alert)
    area = way_queries.area_of(found)
    if found.movement_id != movement.pk or area is None:
        raise Refused("This alert tells no place on this leg", str(alert))
    return area


def _route(
    actor: Actor, plan: TrackingPlan, run: LegRun | None, route: str, area: dict[str, Any] | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    routes = plan.route_plan
    if routes is None:
        raise Refused("The routes of this leg were removed", mend="Divert, or plan them anew.")
    graph = queries.network_of(routes)
    row = route_row(routes.payload, route) if route else None
    moving = run is not None and run.state == LegRun.State.UNDER_WAY
    named = {"route": row["key"], "name": row["name"], "role": row["role"]} if row else {
        "route": "", "name": "a way around", "role": ""}  # fmt: skip
    more = {**named, "goal": plan.payload["goal"]}
    if row is not None and not moving:
        return ways.of_route(graph, row) | {"cues": []}, more
    if graph is None:
        raise Refused(
            "The map of these routes is not at hand", plan.payload["name"],
            "Bring it back under Travel, Maps; or divert.",
        )  # fmt: skip
    closed = shut(graph, [area]) if area else None
    here = way_queries.where(actor, plan, run) if moving else _start(plan)
    start = ways.node_near(graph, here) if here else None
    if start is None:
        raise Refused("The car is on no road of the map", plan.payload["name"], "Divert.")
    if row is not None and (way := ways.onto(graph, start, row["edges"], closed)):
        return way, more
    lon, lat = routes.payload["routes"][0]["geometry"][-1]
    goal = ways.node_near(graph, (lat, lon))
    if goal is None or goal == start:
        raise Refused("No road leads on from here", plan.payload["name"], "Divert.")
    around = {**more, "route": "", "name": "a way around", "role": ""}
    return ways.drive(graph, start, goal, closed), around


def _start(plan: TrackingPlan) -> tuple[float, float]:
    lon, lat = plan.payload["line"][0]
    return lat, lon


def _marks(plan: TrackingPlan, way: dict[str, Any]) -> list[dict[str, Any]]:
    from ..board.marks import marks_of, moved

    old, new = queries.line_of(plan.payload), queries.line_of(way)
    kept = moved(old, new, marks_of(plan.payload["marks"]), plan.corridor_m)
    return [mark.shape() for mark in kept]


def _driving(movement: Movement) -> bool:
    return movement.state in queries.BEGUN


def _under_way(actor: Actor, movement: Movement) -> tuple[TrackingPlan, LegRun]:
    plan, run = queries.tracking_plan_of(actor, movement), queries.run_of(actor, movement)
    if run is None or run.state != LegRun.State.UNDER_WAY:
        raise Conflict("This leg is not under way", f"leg {movement.serial}", "Begin it first.")
    return plan, run


def _ask(
    plan: TrackingPlan, movement: Movement, did: str, body: str, here: Any, actor: Actor
) -> None:
    """Everybody of the room hears of it; it falls when the leg ends."""
    alerts.raise_alert(
        operation=movement.operation, movement=movement, source=WAY, actor=actor,
        title=f"Leg {movement.serial} {did}", body=body, about=plan.pk, urgency="now",
        action="Tell the place it goes to, and whoever waits. Follow it on the movement board.",
        dedupe=f"divert {plan.pk}",
        position=[round(here[0], 5), round(here[1], 5)] if here else [],
    )  # fmt: skip
