"""Who can come: which part of a route is within minutes of a standby car, and where to put cars.

Maximal covering location (Church and ReVelle, 1974) as a mixed integer program by HiGHS: with k
cars the most seconds of the route have one within the limit. Seconds of the route are what counts,
as it is time that is spent exposed, not metres.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from . import network, paths, words
from .graph import Array, Graph

MOST_PLACES = 400
GAP = 1e-6


@dataclass(frozen=True)
class Stand:
    """A place for a car. ``alone_s``: seconds of the route that no other chosen car covers."""

    node: int
    lat: float
    lon: float
    words: str
    covers_s: float
    alone_s: float


@dataclass(frozen=True)
class Reach:
    """``share`` of the route's seconds within the limit; ``bare`` are the edges outside it.

    ``worst_s``: of all points of the route the longest wait; None when some are out of reach.
    """

    stands: tuple[Stand, ...]
    share: float
    worst_s: float | None
    within_s: float
    bare: tuple[int, ...]
    proven: bool
    """False when the time for the search ran out: the best found is given."""
    words: str

    def shape(self) -> dict[str, Any]:
        return asdict(self)


def arrivals(graph: Graph, edges: Sequence[int] | Array, nodes: Sequence[int] | Array) -> Array:
    """float64[places, edges]: seconds from each node to the head of each edge of a route.

    Who comes drives to where the stopped car is: to the end of the stretch, the way that it went.
    """
    heads, place = np.unique(graph.head[np.asarray(edges)], return_inverse=True)
    matrix = network.free_flow(graph, turned=True)
    away = network.csgraph().dijkstra(matrix, indices=heads)
    return away[:, np.asarray(nodes)].T[:, place]


def stand(
    graph: Graph,
    edges: Sequence[int],
    cars: int,
    within_s: float,
    places: Sequence[int] | None = None,
    seconds: float = 10.0,
) -> Reach:
    """Where ``cars`` cars stand so that the most of a route is within ``within_s`` of one.

    :param places: nodes where a car may stand; by default crossings near the route.
    :param seconds: time for the search.
    """
    way = np.asarray(edges, dtype=np.int64)
    paths.follow(graph, way)
    if not len(way) or cars < 1:
        return _reach(graph, way, [], np.empty((0, len(way))), within_s, proven=True)
    nodes = np.unique(_near(graph, way, within_s) if places is None else np.asarray(places))
    away = arrivals(graph, way, nodes)
    covers = away <= within_s
    useful, first = np.unique(covers, axis=0, return_index=True)
    first = first[useful.any(axis=1)]
    if not len(first):
        return _reach(graph, way, [], np.empty((0, len(way))), within_s, proven=True)
    chosen, proven = _cover(covers[first], graph.seconds[way], cars, seconds)
    rows = first[chosen]
    return _reach(graph, way, nodes[rows].tolist(), away[rows], within_s, proven=proven)


def _near(graph: Graph, way: Array, within_s: float) -> Array:
    """Nodes of the core that reach some point of the route in time, evenly thinned."""
    heads = np.unique(graph.head[way])
    matrix = network.free_flow(graph, turned=True)
    away = network.csgraph().dijkstra(matrix, indices=heads, min_only=True)
    near = np.flatnonzero((away <= within_s) & graph.core)
    if len(near) <= MOST_PLACES:
        return near
    order = near[np.lexsort((graph.lon[near], graph.lat[near].round(2)))]
    return order[np.linspace(0, len(order) - 1, MOST_PLACES).astype(int)]


def _cover(covers: Array, weight: Array, cars: int, seconds: float) -> tuple[list[int], bool]:
    """max weight.y with y_j <= sum of x_i that cover j, at most ``cars`` of x."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_matrix, eye, hstack, vstack

    groups, which = np.unique(covers.T, axis=0, return_inverse=True)
    worth = np.bincount(which.ravel(), weights=weight)
    kept = groups.any(axis=1)
    groups, worth = groups[kept], worth[kept]
    sites, spans = covers.shape[0], len(worth)
    seen = hstack([-csr_matrix(groups.astype(float)), eye(spans)])
    few = hstack([csr_matrix(np.ones((1, sites))), csr_matrix((1, spans))])
    most: Any = np.concatenate([np.zeros(spans), [cars]])
    done = milp(
        np.concatenate([np.zeros(sites), -worth]),
        constraints=LinearConstraint(vstack([seen, few]), ub=most),
        integrality=np.concatenate([np.ones(sites), np.zeros(spans)]),
        bounds=Bounds(0, 1),
        options={"time_limit": seconds, "mip_rel_gap": GAP},
    )
    if done.x is None:
        return _greedy(groups.T, worth, cars), False
    return np.flatnonzero(done.x[:sites] > 0.5).tolist(), done.status == 0


def _greedy(covers: Array, worth: Array, cars: int) -> list[int]:
    """At least 1 - 1/e of the best: what stands when the search has no answer in time."""
    chosen: list[int] = []
    left = worth.copy()
    while len(chosen) < cars and left.any():
        chosen.append(int(np.argmax(covers @ left)))
        left[covers[chosen[-1]]] = 0
    return chosen


def _reach(
    graph: Graph, way: Array, nodes: list[int], away: Array, within_s: float, *, proven: bool
) -> Reach:
    covers, seconds = away <= within_s, graph.seconds[way]
    times = covers.sum(axis=0)
    stands = tuple(
        Stand(
            node=node,
            lat=float(graph.lat[node]),
            lon=float(graph.lon[node]),
            words=words.place(graph, node),
            covers_s=float(seconds[row].sum()),
            alone_s=float(seconds[row & (times == 1)].sum()),
        )
        for node, row in zip(nodes, covers, strict=True)
    )
    share = float(seconds[times > 0].sum() / seconds.sum()) if len(way) else 1.0
    worst = float(away.min(axis=0).max()) if len(nodes) and len(way) else np.inf
    told = f"{share:.0%} of the driving time is within {words.seconds(within_s)} of a car"
    return Reach(
        stands=stands,
        share=share,
        worst_s=worst if np.isfinite(worst) else None,
        within_s=within_s,
        bare=tuple(way[times == 0].tolist()),
        proven=proven,
        words=told if nodes else f"No car stands within {words.seconds(within_s)} of the route",
    )
