"""A whole day as one game: routes, slots, cars and doors of all its legs together."""

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...errors import Progress, silent
from ...graph import Array, Graph
from ..engine import check
from ..places import Places
from ..programme import Car, Stop, checked
from .joining import joined
from .legs import made_leg
from .model import Day, Wish


def day(
    graph: Graph,
    stops: Sequence[Stop],
    cars: Sequence[Car],
    *,
    forbid: Array | None = None,
    within_s: float = 8.0,
    tell: Progress = silent,
    **wishes: Any,
) -> Day:
    """The joint mix of a day; ``wishes`` are the other fields of ``Wish``.

    :param within_s: about so long; what is not finished by then is as good as it has become.
    :raises Refused: a leg without a way, a stop that cannot be reached in time, no car.
    """
    wish = Wish(tuple(stops), tuple(cars), **wishes)
    checked(wish.stops, wish.cars)
    nodes = [door.node for stop in wish.stops for door in stop.doors]
    check(graph, nodes, budget=wish.budget, routes=wish.routes, window_s=0, hold_s=wish.hold_s)
    begun, places = time.monotonic(), Places(graph, wish.cell_m, wish.grids)
    driven = [i for i, stop in enumerate(wish.stops[:-1]) if stop.driven]
    made = []
    for number, index in enumerate(driven):
        tell(f"Ways of leg {number + 1} of {len(driven)}", 0.7 * number / len(driven))
        left = within_s * 0.6 - (time.monotonic() - begun)
        share = max(0.05, left / (len(driven) - number))
        doors = [[door.node for door in stop.doors] for stop in wish.stops[index : index + 2]]
        made.append(made_leg(places, wish, index, doors, forbid, (), share))
    tell("Mixing the legs together", 0.7)
    return joined(graph, wish, made, {}, begun)


def places_of(graph: Graph, wish: Wish, edges: Sequence[int]) -> tuple[Array, Array, Array]:
    """Pairs of index and place of a route, as ``Places.touched`` gives them: for a check."""
    return Places(graph, wish.cell_m, wish.grids).touched(np.asarray(edges))
