"""The driven legs of a day are mixed as one game; each becomes a plan with a draw of its own."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from varangian.engines.routing.errors import Progress, silent
from varangian.kernel.results import Refused
from varangian.operations import queries as operation_queries
from varangian.operations.models import Movement, Operation
from varangian.places.models import Place
from varangian.platform.access.scope import Actor, require
from varangian.platform.news.services import announce

from ..models import PlaceDoor, RoadMap, RouteDay, RoutePlan, Vehicle
from ..queries import allotments, fleet, maps
from ..queries import route_days as queries
from ..queries.route_havens import surveyed
from ..route_day_working import CarWish, DayWish, LegWish, work_out_day
from .route_draws import draw_route
from .routes import (
    BY_CAR,
    approve_routes,
    ends_of,
    for_a_principal,
    keep_version,
    kept_leg,
    map_over,
)

MOST_LEGS = 12
ENDS = timedelta(days=1, hours=6)


@dataclass(frozen=True)
class WantedDay:
    operation: Operation
    on: date
    movements: list[Movement]
    road_map: RoadMap
    graph: Any
    wish: DayWish
    known: list[Any]
    left_out: list[str]

    def work(self, tell: Progress = silent) -> tuple[Any, dict[UUID, dict[str, Any]]]:
        found, payloads = work_out_day(self.graph, self.wish, self.known, tell)
        for movement in self.movements:
            kept_leg(payloads[movement.pk], movement)
        return found, payloads


def plan_day(*, actor: Actor, operation: Operation, on: date, **wishes: Any) -> RouteDay:
    """Routes, minutes, doors and cars of all legs together. ``wishes``: as of ``want_day``."""
    wanted = want_day(actor=actor, operation=operation, on=on, **wishes)
    return keep_day(actor=actor, wanted=wanted, made=wanted.work())


def want_day(
    *, actor: Actor, operation: Operation, on: date, budget: float = 1.2, window_s: float = 1800.0,
    hold_s: float = 1200.0, vehicles: list[str] | None = None, areas: list[Any] | None = None,
) -> WantedDay:  # fmt: skip
    require(actor, "route.change", operation.compartment_id)
    for_a_principal(operation)
    midnight = datetime.combine(on, time(), ZoneInfo(operation.time_zone))
    doors = queries.doors_of(actor, stops_of(rows := road_legs(actor, operation, midnight)))
    road_map, legs, left_out = mapped(actor, rows, doors)
    wish = DayWish(
        midnight, [leg_wish(leg, doors) for leg in legs],
        cars_of(actor, operation, midnight, legs, vehicles or []), budget, window_s, hold_s,
        areas or [],
    )  # fmt: skip
    graph, known = maps.network(actor, road_map), surveyed(actor, operation)
    return WantedDay(operation, on, legs, road_map, graph, wish, known, left_out)


def stops_of(legs: list[Movement]) -> list[Place | None]:
    return [place for leg in legs for place in (leg.origin, leg.destination)]


def mapped(
    actor: Actor, rows: list[Movement], doors: dict[UUID, list[PlaceDoor]]
) -> tuple[RoadMap, list[Movement], list[str]]:
    """The map on which most legs lie, those legs, and why each other one is left out."""
    by_map: dict[UUID, tuple[RoadMap, list[Movement]]] = {}
    why: dict[UUID, str] = {}
    for leg in rows:
        try:
            wish = leg_wish(leg, doors)
            points = [at for _, at in (*wish.start_doors, *wish.goal_doors)]
            found = map_over(actor, points, f"leg {leg.serial}")
        except Refused as refused:
            why[leg.pk] = f"Leg {leg.serial} is left out. {refused}"
            continue
        by_map.setdefault(found.pk, (found, []))[1].append(leg)
    if not by_map:
        raise Refused("No leg of this day can be planned", " ".join(why.values()))
    road_map, legs = max(by_map.values(), key=lambda pair: len(pair[1]))
    other = f"is left out: it lies on another map than {road_map.name}. Plan it alone."
    return (
        road_map,
        legs,
        [why.get(leg.pk, f"Leg {leg.serial} {other}") for leg in rows if leg not in legs],
    )


def road_legs(actor: Actor, operation: Operation, midnight: datetime) -> list[Movement]:
    rows = operation_queries.movements(actor, operation).filter(
        kind__in=BY_CAR, starts__gte=midnight, starts__lt=midnight + timedelta(days=1)
    )
    legs = list(rows.filter(state__in=queries.BEFORE).order_by("starts", "serial"))
    if not legs:
        raise Refused(
            "No leg by road is still to be driven on that day", f"{midnight:%Y-%m-%d}",
            "Give the legs their times; or plan one leg alone.",
        )  # fmt: skip
    if len(legs) > MOST_LEGS:
        raise Refused(f"{len(legs)} legs on one day", mend=f"At most {MOST_LEGS} are planned.")
    return legs


def leg_wish(leg: Movement, doors: dict[UUID, list[PlaceDoor]]) -> LegWish:
    start, goal = ends_of(leg)
    assert leg.origin and leg.destination and leg.starts
    return LegWish(
        leg.pk, leg.origin.name, leg.destination.name, _doors(leg.origin, start, doors),
        _doors(leg.destination, goal, doors), leg.starts, leg.ends,
    )  # fmt: skip


def _doors(place: Place, at: Any, doors: dict[UUID, list[PlaceDoor]]) -> list[Any]:
    known = doors.get(place.pk, [])
    return [(door.name, tuple(door.position)) for door in known] or [("", at)]


def cars_of(
    actor: Actor, operation: Operation, midnight: datetime, legs: list[Movement], named: list[str]
) -> list[CarWish]:
    """Those that are named, or all of the engagement that nothing keeps off the road."""
    rows = list(fleet.of_engagement(actor, operation.engagement.compartment_id))
    if named:
        unknown = [name for name in named if name not in {row.slug for row in rows}]
        if unknown:
            raise Refused("There is no such vehicle", ", ".join(unknown), "See the fleet.")
        rows = [row for row in rows if row.slug in named]
    free = [row for row in rows if not _blocked(row)]
    if not free:
        raise Refused(
            "No vehicle can go on that day", f"{midnight:%Y-%m-%d}",
            "Add one under Vehicles, or clear what keeps them off the road.",
        )  # fmt: skip
    until = midnight + ENDS
    return [
        CarWish(str(row.pk), row.name, allotments.promised(row, midnight, until, legs))
        for row in free
    ]


def _blocked(row: Vehicle) -> bool:
    return any(line.state == "block" for line in fleet.stand(row).lines)


@transaction.atomic
def keep_day(*, actor: Actor, wanted: WantedDay, made: tuple[Any, dict[UUID, Any]]) -> RouteDay:
    found, payloads = made
    wish, operation = wanted.wish, wanted.operation
    day = RouteDay.objects.create(
        key_id=wanted.movements[0].key_id, compartment_id=operation.compartment_id,
        operation=operation, on=wanted.on, budget=wish.budget, window_s=wish.window_s,
        hold_s=wish.hold_s, bound=found.bound, bound_all_day=found.bound_all_day,
        bound_one_car=found.bound_one_car, bound_unstaffed=found.bound_unstaffed,
        time_ratio=found.time_ratio, took_s=found.seconds, made_by_id=actor.pk,
        payload={"words": found.words(), "notes": [*found.notes, *wanted.left_out],
                 "cars": [car.name for car in wish.cars],
                 "extra_s": sum(leg.mean_s - leg.fastest_s for leg in found.legs)},
    )  # fmt: skip
    for movement in wanted.movements:
        payload = payloads[movement.pk]
        keep_version(
            actor, movement, wanted.road_map, payload, day=day, areas=wish.areas,
            reason=f"Planned with the whole day {wanted.on}", budget=wish.budget,
            window_s=payload["window_s"], bound=day.bound, time_ratio=payload["time_ratio"],
            opens_at=datetime.fromisoformat(payload["opens_at"]),
        )  # fmt: skip
    tell_day(day, "planned", f"Day {day.on} planned: {len(payloads)} legs as one game", actor)
    return day


@transaction.atomic
def approve_day(*, actor: Actor, day: RouteDay) -> RouteDay:
    require(actor, "route.approve", day.compartment_id)
    for plan in _of(actor, day, RoutePlan.State.DRAFT, "to approve"):
        approve_routes(actor=actor, plan=plan)
    return day


@transaction.atomic
def draw_day(*, actor: Actor, day: RouteDay) -> RouteDay:
    """Every approved leg is drawn and sealed by itself; each is released just before it leaves."""
    require(actor, "route.draw", day.compartment_id)
    for plan in _of(actor, day, RoutePlan.State.APPROVED, "approved and not drawn"):
        draw_route(actor=actor, plan=plan)
    return day


def _of(actor: Actor, day: RouteDay, state: str, words: str) -> list[RoutePlan]:
    found = [plan for plan in queries.plans_of(actor, day) if plan.state == state]
    open_ = [plan for plan in found if state == RoutePlan.State.DRAFT or not queries.drawn(plan)]
    if not open_:
        raise Refused(f"No leg of this day is {words}", f"{day.on}")
    return open_


def tell_day(day: RouteDay, event: str, text: str, actor: Actor) -> None:
    announce(
        topic="routes", event=event, text=text, compartment_id=day.compartment_id,
        operation_id=day.operation_id, record=None, actor=actor,
    )  # fmt: skip
