"""A day that was planned before, from what a record keeps of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from varangian.kernel.results import Refused

from ...graph import Array, Graph
from ..engine import source_of
from ..joint import Leg, way_of
from ..model import Departure
from ..net import cut
from ..places import Places
from .model import Day, DayLeg, Made, Warm, Wish


@dataclass(frozen=True)
class Kept:
    """Routes of a leg as edges, and its departures in seconds after midnight; both may be empty."""

    routes: Sequence[tuple[int, ...]] = ()
    departures: Sequence[Departure] = ()


def recorded(graph: Graph, wish: Wish, legs: Sequence[Kept]) -> Day:
    """The day as far as ``resolve`` needs it; its promises are those of no mix.

    :param legs: one for each driven leg of ``wish``, in their order. One whose routes are not in
        this network any more has none to start from and is planned anew.
    """
    places = Places(graph, wish.cell_m, wish.grids)
    driven = [i for i, stop in enumerate(wish.stops[:-1]) if stop.driven]
    made, chances, parts = [], {}, []
    for index, kept in zip(driven, legs, strict=True):
        start, goal = wish.stops[index : index + 2]
        warm = _warm(places, wish, index, kept) if kept.departures else None
        pool = tuple(map(tuple, kept.routes)) if warm else ()
        parts.append(DayLeg(index + 1, start.name, goal.name, (), (), {}, 0.0, 0.0, (), pool))
        if warm:
            made.append(warm[0])
            chances[index] = warm[1]
    return Day(
        wish, tuple(parts), 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, None, source_of(graph), 0.0,
        warm=Warm(tuple(made), chances, ()),
    )  # fmt: skip


def _warm(places: Places, wish: Wish, index: int, kept: Kept) -> tuple[Made, Array] | None:
    """The leg as it was mixed; None when its routes do not lead from these doors to those."""
    size = places.graph.size[1]
    if any(not 0 <= edge < size for way in kept.routes for edge in way):
        return None
    doors = [[door.node for door in stop.doors] for stop in wish.stops[index : index + 2]]
    try:
        net = cut(places, *doors, stretch=wish.stretch, ends_s=wish.ends_s)
    except Refused:
        return None
    ways = [net.renumbered(way) for way in kept.routes]
    if None in ways:
        return None
    slots = sorted({one.at_s for one in kept.departures})
    chance = np.zeros((len(ways), len(slots)))
    for one in kept.departures:
        chance[one.route, slots.index(one.at_s)] += one.probability
    chance /= chance.sum()
    mixed = [way_of(net, way) for way in ways if way]
    mean = float(chance.sum(axis=1) @ [way.seconds for way in mixed]) / net.best
    leg = Leg(mixed, tuple(slots), net.best, max(wish.budget, mean + 1e-6))
    return Made(index, net, leg, tuple(map(tuple, kept.routes))), chance
