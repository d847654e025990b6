"""The legs of a day mixed together, and the promise of the whole."""

import time
from collections.abc import Sequence
from dataclasses import replace
from math import inf

import numpy as np

from ...graph import Array, Graph
from ..engine import forced_stretches, route_of, source_of
from ..joint import greatest, solve
from ..model import Departure, Spot
from ..programme import cars_of_legs
from .model import COLD, Day, DayLeg, Made, Warm, Wish


def joined(
    graph: Graph, wish: Wish, made: Sequence[Made], done: dict[int, DayLeg], begun: float,
    kept: Warm = COLD,
) -> Day:  # fmt: skip
    legs = [each.leg for each in made]
    fixed = [kept.chance.get(each.number) if each in kept.made else None for each in made]
    mixed = solve(legs, wish.hold_s, kept.cuts, fixed)
    spans = [
        (leg.slots[0], leg.slots[-1] + slow, slow)
        for leg in legs
        for slow in [max(way.seconds for way in leg.ways)]
    ]
    cars, notes = cars_of_legs(wish.cars, spans)
    found = greatest(mixed.table, mixed.flat, wish.hold_s)
    always = greatest(mixed.table, mixed.flat, inf)
    played, forced = found["played"], found["forced"]
    parts = dict(done)
    for each, chance, share in zip(made, mixed.chance, cars, strict=True):
        part = _day_leg(graph, wish, each, chance, share)
        parts[each.number] = replace(part, kept=each in kept.made)
    legs_made = tuple(parts[number] for number in sorted(parts))
    still = [parts[each.number] for each in made]
    place = made[0].net.places.middle(played[1]) if played[0] else (0.0, 0.0)
    if not any(len(leg.slots) > 1 for leg in legs):
        notes.append("Every minute of departure is fixed: timing gives no protection.")
    return Day(
        wish=wish,
        legs=legs_made,
        bound=_or_all(found),
        bound_all_day=max(_or_all(found), always["played"][0]),
        bound_one_car=_or_all(found) * max(max(share.values()) for share in cars),
        bound_unstaffed=max(_or_all(found), forced[0]),
        at_ends=found["doors"][0],
        time_ratio=sum(leg.mean_s for leg in still) / sum(leg.fastest_s for leg in still),
        worst=Spot(*place, played[2], played[0]) if played[0] else None,
        source=source_of(graph),
        seconds=time.monotonic() - begun,
        notes=tuple(notes),
        warm=Warm(
            tuple(made),
            {each.number: chance for each, chance in zip(made, mixed.chance, strict=True)},
            mixed.cuts,
        ),
    )


def _or_all(found: dict[str, tuple[float, int, float]]) -> float:
    """Where no place lies outside the ends, what is left is the chance there."""
    if found["played"][0]:
        return found["played"][0]
    return max(found["forced"][0], found["doors"][0])


def _day_leg(
    graph: Graph, wish: Wish, made: Made, chance: Array, share: dict[str, float]
) -> DayLeg:
    start, goal = wish.stops[made.number : made.number + 2]
    names = {door.node: door.name for stop in (start, goal) for door in stop.doors}
    total = chance.sum(axis=1)
    used = np.flatnonzero(total > 0).tolist()
    routes = tuple(
        route_of(
            graph, made.leg.ways[i], float(total[i]), lambda node: names.get(node, "under way")
        )
        for i in used
    )
    return DayLeg(
        number=made.number + 1,
        start=start.name,
        goal=goal.name,
        routes=routes,
        departures=tuple(
            Departure(r, made.leg.slots[s], float(chance[i, s]))
            for r, i in enumerate(used)
            for s in np.flatnonzero(chance[i] > 0).tolist()
        ),
        cars=share,
        fastest_s=made.net.best,
        mean_s=float(total @ [way.seconds for way in made.leg.ways]),
        forced=forced_stretches(made.net),
        pool=made.pool,
    )
