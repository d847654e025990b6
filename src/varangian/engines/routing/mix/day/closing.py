"""The rest of a day anew when a road closes."""

import time
from collections.abc import Collection
from dataclasses import replace

from varangian.kernel.results import Refused

from ...errors import Progress, silent
from ...graph import Array, Graph
from ..places import Places
from .joining import joined
from .legs import made_leg
from .model import COLD, Day, Made


def resolve(
    graph: Graph,
    planned: Day,
    forbid: Array,
    *,
    done: int = 0,
    at_node: int | None = None,
    now_s: float | None = None,
    keep: Collection[int] | None = None,
    within_s: float = 1.4,
    tell: Progress = silent,
) -> Day:
    """The rest of the day anew after a closure, from the routes already thought of.

    A leg whose ways are all open keeps its chances: what was drawn from them still holds.

    :param forbid: bool[m], all edges that are closed or to be avoided now.
    :param done: so many legs are behind us; they stay as they were planned.
    :param keep: numbers of the legs that may keep their chances, when not all: the others are mixed
        anew with them even when all their ways are open.
    :param at_node: where the car is when the leg after them has begun, at ``now_s``.
    """
    begun, wish = time.monotonic(), planned.wish
    if not 0 <= done < len(planned.legs):
        raise Refused(f"{done} legs are done", "done", f"The day has {len(planned.legs)}.")
    if (at_node is None) != (now_s is None):
        raise Refused("A car under way needs its node and the time", mend="Give both.")
    places = Places(graph, wish.cell_m, wish.grids)
    by_index = {leg.number - 1: leg for leg in planned.legs}
    order = sorted(by_index)
    rest = order[done:]
    known = planned.warm or COLD
    warm = {each.number: each for each in known.made}
    free = set(rest) if keep is not None else set[int]()
    free -= {number - 1 for number in keep or ()}
    hit = [i for i in rest if i not in warm or i in free or _crossed(graph, warm[i], forbid)]
    made, kept = [], {i: by_index[i] for i in order[:done]}
    for number, index in enumerate(rest):
        tell(f"Ways of leg {number + 1} of {len(rest)}", 0.7 * number / len(rest))
        under_way = index == rest[0] and at_node is not None
        doors = [[door.node for door in stop.doors] for stop in wish.stops[index : index + 2]]
        if under_way:
            doors[0] = [int(at_node or 0)]
        if index not in hit and not under_way:
            made.append(warm[index])
            continue
        left = within_s * 0.6 - (time.monotonic() - begun)
        share = max(0.02, left / len([i for i in [rest[0], *hit] if i >= index]))
        leg, since = by_index[index], now_s if under_way else None
        try:
            made.append(made_leg(places, wish, index, doors, forbid, leg.pool, share, since))
        except Refused as refused:
            kept[index] = replace(leg, routes=(), departures=(), blocked=str(refused))
    if not made:
        raise Refused("No leg of the rest of the day has a way left", kept[rest[0]].blocked)
    tell("Mixing the legs together", 0.7)
    return joined(graph, wish, made, kept, begun, known)


def _crossed(graph: Graph, made: Made, forbid: Array) -> bool:
    """Is a way that is mixed closed, or the fastest one? All others were only thought of."""
    quickest = min(made.pool, key=lambda edges: graph.seconds[list(edges)].sum())
    used = [edge for way in made.leg.ways for edge in way.edges]
    return bool(forbid[[*used, *quickest]].any())
