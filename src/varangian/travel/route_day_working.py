"""A day's legs, doors and cars as the engine wants them, and its answer as plans of the legs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from varangian.engines.routing.errors import Progress, silent
from varangian.kernel.geometry import LatLon

from .route_working import described, part, shut

if TYPE_CHECKING:
    from varangian.engines.routing.graph import Graph
    from varangian.engines.routing.mix import Day, DayLeg

PROMISES = ("bound", "bound_all_day", "bound_unstaffed", "at_ends")


@dataclass(frozen=True)
class LegWish:
    """One driven leg. Doors are (name, position) and never empty; times with their zone."""

    movement: UUID
    start: str
    goal: str
    start_doors: Sequence[tuple[str, LatLon]]
    goal_doors: Sequence[tuple[str, LatLon]]
    opens: datetime
    ends: datetime | None
    not_before: datetime | None = None
    """Now, when its window has begun: nothing leaves in the past."""
    before: "BeforeLeg | None" = None


@dataclass(frozen=True)
class BeforeLeg:
    """A leg as it is on record. ``drawn``: it stays as it is while its roads are open."""

    payload: dict[str, Any]
    opens: datetime
    drawn: bool


@dataclass(frozen=True)
class CarWish:
    """``busy``: times at which it is promised elsewhere."""

    vehicle: str
    name: str
    busy: Sequence[tuple[datetime, datetime]] = ()


@dataclass(frozen=True)
class DayWish:
    midnight: datetime
    legs: Sequence[LegWish]
    cars: Sequence[CarWish]
    budget: float = 1.2
    window_s: float = 1800.0
    hold_s: float = 1200.0
    areas: list[Any] = field(default_factory=list)
    within_s: float = 8.0


def work_out_day(
    graph: "Graph", wish: DayWish, known: Sequence[Any] = (), tell: Progress = silent
) -> tuple["Day", dict[UUID, dict[str, Any]]]:
    """The day as the engine made it, and the payload of each leg's plan."""
    mix = part("mix")
    tell("Finding the roads of all doors", 0.01)
    stops = _stops(graph, wish)
    cars = [mix.Car(car.vehicle, free=_free(car, wish.midnight)) for car in wish.cars]
    found = mix.day(
        graph, stops, cars, forbid=shut(graph, wish.areas), within_s=wish.within_s,
        budget=wish.budget, hold_s=wish.hold_s,
        tell=lambda step, share: tell(step, 0.02 + 0.7 * share),
    )  # fmt: skip
    return found, _payloads(graph, wish, found, known, tell)


def work_out_closure(
    graph: "Graph", wish: DayWish, known: Sequence[Any] = (), tell: Progress = silent
) -> tuple["Day", dict[UUID, dict[str, Any]]]:
    """The legs that are still to be driven, mixed anew as one game with the areas closed.

    A leg that was drawn and whose roads are open stays in the game as it is; it has no payload, nor
    has one that no way is left for.
    """
    mix = part("mix")
    tell("Reading the day as it was planned", 0.01)
    cars = tuple(mix.Car(car.vehicle, free=_free(car, wish.midnight)) for car in wish.cars)
    wanted = mix.Wish(
        tuple(_stops(graph, wish)), cars, budget=wish.budget, hold_s=wish.hold_s
    )  # fmt: skip
    planned = mix.recorded(graph, wanted, [_kept(leg, wish.midnight) for leg in wish.legs])
    held = [
        made.number
        for leg, made in zip(wish.legs, planned.legs, strict=True)
        if leg.before and leg.before.drawn
    ]
    closed = shut(graph, wish.areas)
    assert closed is not None
    found = mix.resolve(
        graph, planned, closed, keep=held, within_s=wish.within_s,
        tell=lambda step, share: tell(step, 0.05 + 0.65 * share),
    )  # fmt: skip
    return found, _payloads(graph, wish, found, known, tell)


def _kept(leg: LegWish, midnight: datetime) -> Any:
    mix = part("mix")
    if leg.before is None:
        return mix.Kept()
    payload, since = leg.before.payload, (leg.before.opens - midnight).total_seconds()
    return mix.Kept(
        [tuple(row["edges"]) for row in payload["routes"]],
        [
            mix.Departure(row["route"], since + row["at_s"], row["probability"])
            for row in payload["departures"]
        ],
    )


def _payloads(
    graph: "Graph", wish: DayWish, found: "Day", known: Sequence[Any], tell: Progress
) -> dict[UUID, dict[str, Any]]:
    names = {car.vehicle: car.name for car in wish.cars}
    payloads = {}
    for number, (leg, made) in enumerate(zip(wish.legs, found.legs, strict=True)):
        tell(
            f"Exposure of leg {number + 1} of {len(wish.legs)}",
            0.72 + 0.27 * number / len(wish.legs),
        )
        if made.routes and not made.kept:
            payloads[leg.movement] = _payload(graph, found, made, wish, known, names)
    return payloads


def _stops(graph: "Graph", wish: DayWish) -> list[Any]:
    """Where one leg ends and the next begins elsewhere, a leg that is not driven lies between."""
    mix = part("mix")
    stops: list[Any] = []
    for leg in wish.legs:
        since = (leg.opens - wish.midnight).total_seconds()
        first = since
        if leg.not_before:
            first = max(since, (leg.not_before - wish.midnight).total_seconds())
        leave = (first, max(first, since + wish.window_s))
        late = (leg.ends - wish.midnight).total_seconds() if leg.ends else None
        arrived = stops.pop() if stops and stops[-1].name == leg.start else None
        by = arrived.arrive_by if arrived else None
        stops.append(mix.Stop(leg.start, _doors(graph, leg.start_doors), leave, by))
        stops.append(mix.Stop(leg.goal, _doors(graph, leg.goal_doors), None, late, driven=False))
    return stops


def _doors(graph: "Graph", doors: Sequence[tuple[str, LatLon]]) -> tuple[Any, ...]:
    """Two doors at the same corner are one to a car."""
    mix, snap = part("mix"), part("snap").snap
    found: dict[int, Any] = {}
    for name, (lat, lon) in doors:
        node = int(snap(graph, lat, lon))
        found.setdefault(node, mix.Door(name, node))
    return tuple(found.values())


def _free(car: CarWish, midnight: datetime) -> tuple[tuple[float, float], ...]:
    """The gaps between what it is promised for, over two days; empty is always."""
    if not car.busy:
        return ()
    gaps, since = [], 0.0
    for begin, end in sorted(car.busy):
        gaps.append((since, (begin - midnight).total_seconds()))
        since = max(since, (end - midnight).total_seconds())
    return tuple((a, b) for a, b in [*gaps, (since, 2 * 86400.0)] if b > a)


def _payload(
    graph: "Graph", day: "Day", leg: "DayLeg", wish: DayWish, known: Sequence[Any],
    names: dict[str, str],
) -> dict[str, Any]:  # fmt: skip
    rows = [route.shape() for route in leg.routes]
    opens_s = min(departure.at_s for departure in leg.departures)
    departures = [{**one.shape(), "at_s": round(one.at_s - opens_s, 1)} for one in leg.departures]
    spread = max(departure["at_s"] for departure in departures)
    return {
        **described(graph, leg.routes, rows, known),
        **{name: round(getattr(day, name), 6) for name in PROMISES},
        "floor": 0.0,
        "time_ratio": leg.mean_s / leg.fastest_s,
        "budget": wish.budget,
        "fastest_s": leg.fastest_s,
        "extra_s": leg.mean_s - leg.fastest_s,
        "hold_s": wish.hold_s,
        "window_s": spread,
        "ends_s": day.wish.ends_s,
        "cell_m": day.wish.cell_m,
        "sight_m": day.wish.cell_m / 4,
        "method": "columns",
        "source": day.source,
        "departures": departures,
        "forced": [place.shape() for place in leg.forced],
        "cars": [
            {"vehicle": car, "name": names[car], "share": share} for car, share in leg.cars.items()
        ],
        "notes": list(day.notes),
        "opens_at": (wish.midnight + timedelta(seconds=opens_s)).isoformat(),
    }
