"""Route plans are made for a leg of a principal, looked at, approved by a person, or withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from varangian.engines.routing.errors import Progress, silent
from varangian.kernel.clock import now
from varangian.kernel.geometry import LatLon
from varangian.kernel.results import Conflict, Refused
from varangian.operations import queries as operation_queries
from varangian.operations.models import Movement, Operation
from varangian.places.models import Place
from varangian.platform.access.scope import Actor, require, system_read
from varangian.platform.crypto.keys import data_key
from varangian.platform.news.services import announce

from ..models import Allotment, RoadMap, RoutePlan
from ..queries import maps
from ..queries import routes as queries
from ..queries.route_havens import surveyed
from ..route_working import ROLES, Wish, work_out

BY_CAR = ("road", "other")
WHOLE, QUICK = 12.0, 1.4
"""Seconds for the mix: at a desk, and on a closure."""


@dataclass(frozen=True)
class Wanted:
    """A leg whose routes are to be worked out: everything that the sums need, nothing kept yet."""

    movement: Movement
    road_map: RoadMap
    graph: Any
    ends: tuple[LatLon, LatLon]
    wish: Wish
    areas: list[Any]
    known: list[Any]
    reason: str = ""

    def work(self, tell: Progress = silent) -> dict[str, Any]:
        payload = work_out(
            self.graph, self.ends, self.wish, self.areas, known=self.known, tell=tell
        )
        kept_leg(payload, self.movement)
        return payload


def plan_routes(*, actor: Actor, movement: Movement, **wishes: Any) -> RoutePlan:
    """A draft of the least predictable way to drive a leg. The sums run before anything is kept.

    ``wishes`` are those of ``want_routes``.
    """
    wanted = want_routes(actor=actor, movement=movement, **wishes)
    return keep_routes(actor=actor, wanted=wanted, payload=wanted.work())


def want_routes(
    *, actor: Actor, movement: Movement, budget: float = 1.2, window_s: float = 0.0,
    routes: int = 8, areas: list[Any] | None = None, reason: str = "", within_s: float = WHOLE,
) -> Wanted:  # fmt: skip
    require(actor, "route.change", movement.compartment_id)
    movement = operation_queries.movement(actor, movement.pk)
    for_a_principal(movement.operation)
    ends = ends_of(movement)
    road_map = map_over(actor, ends, f"leg {movement.serial}")
    return Wanted(
        movement, road_map, maps.network(actor, road_map), ends,
        Wish(budget=budget, window_s=window_s, routes=routes, within_s=within_s), areas or [],
        surveyed(actor, movement.operation), reason,
    )  # fmt: skip


def map_over(actor: Actor, points: Sequence[LatLon], where: str) -> RoadMap:
    road_map = maps.covering(actor, points)
    if road_map is None:
        raise Refused(
            "No map of the house covers both ends of this leg", where=where,
            mend="Bring an extract under Travel, Maps; or varangian map build FILE.",
        )  # fmt: skip
    return road_map


def kept_leg(payload: dict[str, Any], movement: Movement) -> None:
    """What a record keeps: each edge of each exposure would be most of it and is read nowhere."""
    payload["leg"] = f"{movement.serial}. {movement.title}"
    for row in payload["routes"]:
        row["exposure"].pop("along", None)


@transaction.atomic
def keep_routes(*, actor: Actor, wanted: Wanted, payload: dict[str, Any]) -> RoutePlan:
    plan = keep_version(
        actor, wanted.movement, wanted.road_map, payload, areas=wanted.areas,
        reason=wanted.reason[:400], budget=wanted.wish.budget, window_s=wanted.wish.window_s,
        bound=payload["bound"], time_ratio=payload["time_ratio"], opens_at=wanted.movement.starts,
    )  # fmt: skip
    tell(plan, "planned", f"Routes of leg {wanted.movement.serial} planned, version {plan.version}",
         actor)  # fmt: skip
    return plan


def keep_version(
    actor: Actor, movement: Movement, road_map: RoadMap, payload: dict[str, Any], **fields: Any
) -> RoutePlan:
    """The next version of a leg; those before it are overtaken, with what was drawn from them."""
    older = list(queries.versions(actor, movement).select_for_update(of=("self",)))
    number = max((row.version for row in older), default=0) + 1
    for row in older:
        if row.state in RoutePlan.OPEN:
            row.state, row.reason = RoutePlan.State.WITHDRAWN, f"Overtaken by version {number}"
            row.save(update_fields=["state", "reason"])
    drop_cues(movement)
    return RoutePlan.objects.create(
        key_id=movement.key_id, compartment_id=movement.compartment_id,
        operation_id=movement.operation_id, movement=movement, version=number, road_map=road_map,
        map_name=road_map.name, data_date=road_map.data_date, licence=road_map.licence,
        payload=payload, made_by_id=actor.pk, **fields,
    )  # fmt: skip


@system_read("turns that no longer hold leave every card of the leg, whoever plans anew")
def drop_cues(movement: Movement | None) -> None:
    for row in Allotment.objects.filter(movement=movement, movement__isnull=False):
        if row.cues:
            row.cues = []
            row.save(update_fields=["cues"])


def for_a_principal(operation: Operation) -> None:
    """How to meet somebody's car is worked out for those who protect them, and for nobody else."""
    if data_key(operation.principal.key_id) is None:
        raise Refused(
            "The principal of this operation was erased", operation.slug,
            "Routes are planned for a registered principal only.",
        )  # fmt: skip


def ends_of(movement: Movement) -> tuple[LatLon, LatLon]:
    where = f"leg {movement.serial}"
    if movement.kind not in BY_CAR:
        raise Refused(f"A leg of kind {movement.kind} is not driven", where, "Choose a road leg.")
    origin = _position(movement.origin, "origin", where)
    destination = _position(movement.destination, "destination", where)
    if origin == destination:
        raise Refused("This leg ends where it begins", where, "Give it another destination.")
    return origin, destination


def _position(place: Place | None, side: str, where: str) -> LatLon:
    if place is None:
        raise Refused(f"This leg has no {side}", where, "Choose its places first.")
    if not place.located:
        raise Refused(
            f"{place.name} is not on the map yet", where, "Put it on the map under Places."
        )
    lat, lon = place.position
    return lat, lon


def replan_routes(*, actor: Actor, plan: RoutePlan, area: Any, reason: str = "") -> RoutePlan:
    """A new version that keeps out of one more area; the old one is withdrawn with it."""
    wanted = want_replan(actor=actor, plan=plan, area=area, reason=reason)
    return keep_routes(actor=actor, wanted=wanted, payload=wanted.work())


def want_replan(*, actor: Actor, plan: RoutePlan, area: Any, reason: str = "") -> Wanted:
    if plan.movement is None:
        raise Refused("The leg of this plan was removed", mend="Plan another leg.")
    if plan.state not in RoutePlan.OPEN:
        raise Conflict(f"This plan is {plan.get_state_display().lower()}", mend="Take the newest.")
    if not isinstance(area, dict):
        raise Refused("This is no area", "area", "Give a GeoJSON polygon.")
    return want_routes(
        actor=actor, movement=plan.movement, budget=plan.budget, window_s=plan.window_s,
        areas=[*plan.areas, area], reason=reason or "A road was closed", within_s=QUICK,
    )  # fmt: skip


@transaction.atomic
def set_route_role(*, actor: Actor, plan: RoutePlan, route: str, role: str) -> RoutePlan:
    """``route`` is its name or key; a role has one route, so whichever had it before loses it."""
    plan = locked(actor, plan, "route.change", RoutePlan.State.DRAFT)
    if role not in ("", *ROLES):
        raise Refused("There is no such role", role, f"One of {', '.join(ROLES)}, or none.")
    payload = plan.payload
    chosen = route_row(payload, route)
    for row in payload["routes"]:
        if role and row["role"] == role:
            row["role"] = ""
    chosen["role"] = role
    plan.payload = payload
    plan.save(update_fields=["payload"])
    tell(plan, "changed", f"Route {chosen['name']} of version {plan.version} is {role or 'free'}")
    return plan


def route_row(payload: dict[str, Any], route: str) -> dict[str, Any]:
    for row in payload["routes"]:
        if route in (row["key"], row["name"]):
            return row
    names = ", ".join(row["name"] for row in payload["routes"])
    raise Refused("This plan has no such route", route, f"It has {names}.")


@transaction.atomic
def approve_routes(*, actor: Actor, plan: RoutePlan) -> RoutePlan:
    if actor.is_system:
        raise Refused("Only a named person approves routes", mend="Use --as with an e-mail.")
    plan = locked(actor, plan, "route.approve", RoutePlan.State.DRAFT)
    plan.state, plan.approved_by, plan.approved_at = RoutePlan.State.APPROVED, actor, now()
    plan.save(update_fields=["state", "approved_by", "approved_at"])
    tell(plan, "approved", f"Routes approved: {title(plan)}", actor)
    return plan


@transaction.atomic
def withdraw_routes(*, actor: Actor, plan: RoutePlan, reason: str) -> RoutePlan:
    if not reason.strip():
        raise Refused("Say why the plan is withdrawn", where="reason")
    plan = locked(actor, plan, "route.change", *RoutePlan.OPEN)
    plan.state, plan.reason = RoutePlan.State.WITHDRAWN, reason.strip()[:400]
    plan.save(update_fields=["state", "reason"])
    drop_cues(plan.movement)
    tell(plan, "withdrawn", f"Routes withdrawn: {title(plan)}", actor)
    return plan


def locked(actor: Actor, plan: RoutePlan, action: str, *states: str) -> RoutePlan:
    """The plan as it stands now, held until the transaction ends."""
    require(actor, action, plan.compartment_id)
    queries.plan(actor, plan.pk)
    found = queries.plans(actor).select_for_update(of=("self",)).get(pk=plan.pk)
    if found.state not in states:
        raise Conflict(
            f"This plan is {found.get_state_display().lower()}", f"version {found.version}",
            f"It must be {' or '.join(states)}.",
        )  # fmt: skip
    return found


def title(plan: RoutePlan) -> str:
    return f"leg {plan.payload['leg']}, version {plan.version}"


def tell(plan: RoutePlan, event: str, text: str, actor: Actor = None) -> None:
    announce(
        topic="routes", event=event, text=text, compartment_id=plan.compartment_id,
        operation_id=plan.operation_id, record=("route_plan", plan.pk), actor=actor,
    )  # fmt: skip
