"""Shortest ways by scipy's Dijkstra, and clear words where there is none."""

import numpy as np

from varangian.kernel.results import Refused

from . import network, words
from .graph import Array, Graph


class NoWay(Refused):
    """The start does not reach the goal. ``nearest`` is the reachable node closest to it."""

    def __init__(self, what: str, mend: str = "", nearest: int | None = None) -> None:
        super().__init__(what, mend=mend)
        self.nearest = nearest


def shortest(graph: Graph, start: int, goal: int, cost: Array | None = None) -> list[int]:
    """Edges from ``start`` to ``goal``. An infinite cost closes an edge. Raises NoWay."""
    price = graph.seconds if cost is None else cost
    joints = network.of(graph)
    plain = network.free_flow(graph) if cost is None else joints.matrix(cost)
    away, before = network.csgraph().dijkstra(plain, indices=start, return_predecessors=True)
    if not np.isfinite(away[goal]):
        raise no_way(graph, start, goal, away, closed=bool(np.isinf(price).any()))
    return along(joints, price, before, start, goal)


def along(joints: network.Network, cost: Array, before: Array, start: int, goal: int) -> list[int]:
    """Edges of a search's tree from its root to ``goal``."""
    edges, here = [], goal
    while here != start:
        last = int(before[here])
        edges.append(joints.edge(cost, last, here))
        here = last
    return edges[::-1]


def from_start(graph: Graph, node: int, cost: Array | None = None) -> Array:
    """float64[n]: cost from ``node`` to each node; infinite where it does not lead."""
    return network.search(graph, node, cost)


def to_goal(graph: Graph, node: int, cost: Array | None = None) -> Array:
    """float64[n]: cost from each node to ``node``."""
    return network.search(graph, node, cost, turned=True)


def follow(graph: Graph, way: Array) -> None:
    """Refuses edges that are not of this map or do not follow each other."""
    if len(way) and (way.min() < 0 or way.max() >= graph.size[1]):
        raise Refused("The route has an edge that is not of this map", mend="Compute it anew.")
    broken = np.flatnonzero(graph.head[way[:-1]] != graph.tail[way[1:]])
    if len(broken):
        where = f"after edge {int(broken[0]) + 1} of {len(way)}"
        raise Refused("The edges of the route do not follow each other", where, "Compute it anew.")


def closed(graph: Graph, avoid: Array | None) -> Array | None:
    """Seconds with the avoided edges closed; None when nothing is avoided."""
    if avoid is None or not np.any(avoid):
        return None
    return np.where(avoid, np.inf, graph.seconds)


def no_way(graph: Graph, start: int, goal: int, away: Array, *, closed: bool) -> NoWay:
    """Says where the roads from the start come nearest to the goal."""
    reached = np.flatnonzero(np.isfinite(away))
    east = (graph.lon[reached] - graph.lon[goal] + 180) % 360 - 180
    north = graph.lat[reached] - graph.lat[goal]
    far = np.hypot(east * np.cos(np.radians(graph.lat[goal])), north)
    nearest = int(reached[np.argmin(far)])
    there = (float(graph.lat[goal]), float(graph.lon[goal]))
    here = (float(graph.lat[nearest]), float(graph.lon[nearest]))
    goal_words, ends = words.place(graph, goal), words.place(graph, nearest)
    if closed and np.isfinite(from_start(graph, start)[goal]):
        why = f"Every way to {goal_words} leads over closed or avoided roads"
        mend = "Make the avoided area smaller, or choose another goal."
    else:
        why = f"No road of this map leads to {goal_words}"
        mend = "The map has a gap there: load a larger extract, or set the goal on that side."
    if len(reached) == 1:
        return NoWay(f"{why}: there is no way out of {ends}", mend, nearest)
    tell = f"the nearest place that can be reached is {ends}; the goal lies"
    return NoWay(f"{why}: {tell} {words.from_there(here, there)} of it", mend, nearest)
