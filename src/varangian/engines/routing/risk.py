"""What makes a stretch of road a worse place to be, as points that are shown, never as chances.

``rate = 1 + sum of points`` an hour for each edge; time spent times rate is what counts. The
points are an order of experts, not a measurement: they rank, and say which driver ranks.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from . import network
from .graph import BRIDGE, ONE_WAY, OVERLOOK, ROADS, SIGNAL, TUNNEL, Array, Graph

POINTS = {
    "single exit": 2.0,
    "tunnel": 2.0,
    "far from a haven": 1.5,
    "overlook": 1.5,
    "lights": 1.0,
    "bridge": 1.0,
    "slow": 1.0,
    "narrow": 1.0,
}
SCALE_S = 36_000.0
"""Ten hours at rate 1 weigh 1: keeps the weights of long and bad routes apart."""
SLOW_KMH = 20.0
SHUT_M = 300.0
"""A stretch at least as long without a way to turn off counts as single exit."""
FAR_S = 300.0
NARROW_ROADS = np.array([road in {"living_street", "service"} for road in ROADS])


def features(graph: Graph, nearest: Array | None = None) -> dict[str, Array]:
    """For each driver bool[m].

    :param nearest: float[n], seconds to the nearest haven of any kind; without it no edge is far.
    """
    flags = graph.flags
    far = np.zeros(graph.size[1], dtype=bool)
    if nearest is not None:
        far = graph.seconds + nearest[graph.head] > FAR_S
    return {
        "single exit": chains(graph) >= SHUT_M,
        "tunnel": flags & TUNNEL > 0,
        "far from a haven": far,
        "overlook": flags & OVERLOOK > 0,
        "lights": flags & SIGNAL > 0,
        "bridge": flags & BRIDGE > 0,
        "slow": graph.speed_kmh < SLOW_KMH,
        "narrow": narrow(graph),
    }


def narrow(graph: Graph) -> Array:
    """One lane in all, or a kind of road that is built so; unknown lanes do not count."""
    alone = (graph.back < 0) | (graph.flags & ONE_WAY > 0)
    return ((graph.lanes == 1) & alone) | NARROW_ROADS[graph.road]


def rates(
    graph: Graph, nearest: Array | None = None, points: dict[str, float] | None = None
) -> Array:
    """float64[m], for each edge 1 + the points of its drivers."""
    return rate_of(features(graph, nearest), points)


def rate_of(seen: dict[str, Array], points: dict[str, float] | None = None) -> Array:
    worth = POINTS | (points or {})
    given = np.stack([worth[name] * here for name, here in seen.items()])
    return 1.0 + given.sum(axis=0)


def factors(
    graph: Graph, rate: Array | None = None, beta: float = 1.0, among: Array | None = None
) -> Array:
    """float64[m], Valhalla's linear cost factors: clip(1 + beta x rate / median, 0.5, 5).

    :param rate: ``rates(graph, ...)``; without it no haven is thought of.
    :param beta: how much risk counts beside time; 0 is time alone.
    :param among: the edges over which the median is taken; all by default.
    """
    rate = rates(graph) if rate is None else rate
    middle = float(np.median(rate if among is None else rate[among]))
    return np.clip(1 + beta * rate / max(middle, 1e-9), 0.5, 5.0)


def linear(graph: Graph, factor: Array, edges: Any, most: int = 50_000) -> list[dict[str, Any]]:
    """``linear_cost_factors`` of a Valhalla request: course (polyline, 6 digits) and factor.

    Of more than ``most`` edges those whose factor is furthest from the middle are kept.
    """
    chosen = np.unique(np.asarray(edges, dtype=np.int64))
    if len(chosen) > most:
        off = np.abs(factor[chosen] - np.median(factor[chosen]))
        chosen = np.sort(chosen[np.argsort(-off, kind="stable")[:most]])
    return [
        {"shape": polyline(graph.course([edge])), "factor": round(float(factor[edge]), 3)}
        for edge in chosen.tolist()
    ]


def walkable(
    rows: list[dict[str, Any]], taken: Callable[[list[dict[str, Any]]], bool]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows that the router takes, and those it does not, found by halving.

    Valhalla refuses the whole request for one line that it cannot walk along its own edges: of
    14,000 lines of a city three. ``taken`` asks it about some rows; that the request goes without
    any is for the caller to know first.
    """
    if not rows or taken(rows):
        return rows, []
    if len(rows) == 1:
        return [], rows
    half = len(rows) // 2
    (good, bad), (more, worse) = (walkable(part, taken) for part in (rows[:half], rows[half:]))
    return good + more, bad + worse


def polyline(course: Array) -> str:
    """Google's encoded polyline with six digits, latitude first, as Valhalla reads it."""
    whole = np.rint(course[:, ::-1] * 1e6).astype(np.int64)
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    return "".join(_letters(value) for value in steps.ravel().tolist())


def _letters(value: int) -> str:
    left, text = (value << 1) ^ (value >> 63), ""
    while left >= 0x20:
        text += chr((0x20 | (left & 0x1F)) + 63)
        left >>= 5
    return text + chr(left + 63)


def leads_on(graph: Graph) -> Array:
    """bool[m]: edges that are a way out and no dead end: both ends in the core and on a loop."""
    return network.kept(graph, "leads on", lambda: _leads_on(graph))


def _leads_on(graph: Graph) -> Array:
    alive = graph.core[graph.tail] & graph.core[graph.head] & (graph.tail != graph.head)
    low, high = np.minimum(graph.tail, graph.head), np.maximum(graph.tail, graph.head)
    while True:
        pairs = np.unique(np.stack([low[alive], high[alive]], 1), axis=0)
        degree = np.bincount(pairs.ravel(), minlength=graph.size[0])
        kept = alive & (degree[graph.tail] > 1) & (degree[graph.head] > 1)
        if kept.sum() == alive.sum():
            return kept
        alive = kept


def chains(graph: Graph) -> Array:
    """float64[m]: metres of the stretch without a turning off in which each edge lies."""
    return network.kept(graph, "chains", lambda: _chains(graph))


def _chains(graph: Graph) -> Array:
    n, m = graph.size
    on = leads_on(graph)
    pairs = np.unique(np.sort(np.stack([graph.tail[on], graph.head[on]], 1), axis=1), axis=0)
    through = np.bincount(pairs.ravel(), minlength=n) <= 2
    arriving = np.flatnonzero(through[graph.head])
    leaving = network.leaving(graph)
    links = [
        (edge, onward)
        for edge in arriving.tolist()
        for onward in leaving[graph.head[edge]]
        if on[onward] and graph.head[onward] != graph.tail[edge]
    ]
    label = np.arange(m)
    if links:
        from scipy.sparse import coo_matrix

        a, b = np.array(links).T
        joined = coo_matrix((np.ones(len(a)), (a, b)), shape=(m, m))
        _, label = network.csgraph().connected_components(joined, directed=False)
    return np.bincount(label, weights=graph.metres)[label]
