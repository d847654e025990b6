"""Where every way, or nearly every good way, has to pass.

``forced`` is exact: the edges whose loss parts the goal from the start. ``corridor`` weighs the
near-optimal ways by how little they lose (Dial's assignment, 1971). ``bridges`` finds cuts of the
whole network; most are dead ends, so they say little about a journey.
"""

from dataclasses import dataclass

import numpy as np

from . import network, paths, words
from .graph import BRIDGE, TUNNEL, Array, Graph

FADE = 3.0
"""A way that just keeps the stretch weighs exp(-3) of the fastest."""


@dataclass(frozen=True)
class Place:
    """Forced edges that follow each other: a place to staff. ``metres`` is how long it is."""

    edges: tuple[int, ...]
    words: str
    metres: float
    lat: float
    lon: float

    def shape(self) -> dict[str, object]:
        at = {"lat": round(self.lat, 6), "lon": round(self.lon, 6)}
        return {"words": self.words, "metres": round(self.metres), **at, "edges": [*self.edges]}


def forced(graph: Graph, start: int, goal: int, avoid: Array | None = None) -> list[int]:
    """Edges that every way from ``start`` to ``goal`` uses, in the order in which it does.

    One way is walked, and flooded sideways without its own edges; where the flood reaches no
    later point of the way, the next edge is the only one out. Linear in the edges. Raises NoWay.
    """
    way = paths.shortest(graph, start, goal, paths.closed(graph, avoid))
    shut = set(np.flatnonzero(avoid).tolist()) if avoid is not None else set()
    return _only_ones(way, start, graph.head.tolist(), network.leaving(graph), shut | set(way))


def _only_ones(
    way: list[int], start: int, head: list[int], out: list[list[int]], shut: set[int]
) -> list[int]:
    place = {start: 0} | {head[edge]: number for number, edge in enumerate(way, 1)}
    seen, found, far, walked = {start}, [], 0, 0
    stack = [start]
    while True:
        while stack:
            for edge in out[stack.pop()]:
                there = head[edge]
                if there not in seen and edge not in shut:
                    seen.add(there)
                    stack.append(there)
                    far = max(far, place.get(there, 0))
        if walked == len(way):
            return found
        if walked == far:
            found.append(way[walked])
            far += 1
        walked += 1
        if (there := head[way[walked - 1]]) not in seen:
            seen.add(there)
            stack.append(there)


def places(graph: Graph, edges: list[int]) -> list[Place]:
    """Edges in the order of a way, joined where they follow each other as one kind of structure."""
    groups: list[list[int]] = []
    for edge in edges:
        last = groups[-1][-1] if groups else edge
        if graph.head[last] == graph.tail[edge] and _kind(graph, last) == _kind(graph, edge):
            groups[-1].append(edge)
        else:
            groups.append([edge])
    return [_place(graph, group) for group in groups]


def _kind(graph: Graph, edge: int) -> str:
    flags = int(graph.flags[edge])
    return "Tunnel" if flags & TUNNEL else "Bridge" if flags & BRIDGE else "Road"


def _place(graph: Graph, group: list[int]) -> Place:
    named = list(dict.fromkeys(words.road(graph, edge) for edge in group))
    middle = group[len(group) // 2]
    line = graph.shape[graph.bends[middle] : graph.bends[middle + 1]]
    lon, lat = (line[(len(line) - 1) // 2] + line[len(line) // 2]) / 2
    long = float(graph.metres[group].sum())
    where = ", ".join(named[:3]) + (" and on" if len(named) > 3 else "")
    told = f"{_kind(graph, group[0])}: {where}{words.beside(graph, lat, lon)}, {words.metres(long)}"
    return Place(tuple(group), told, long, float(lat), float(lon))


def corridor(
    graph: Graph, start: int, goal: int, stretch: float = 1.3, avoid: Array | None = None
) -> Array:
    """float64[m]: the share of near-optimal ways over each edge; 1 where all of them go.

    Ways that come nearer to the goal with each edge, over edges of which some way keeps the
    stretch; each weighs exp(-3 x its loss / the loss that the stretch allows). Raises NoWay.
    """
    share = np.zeros(graph.size[1])
    if start == goal:
        return share
    cost = paths.closed(graph, avoid)
    away, left = paths.from_start(graph, start, cost), paths.to_goal(graph, goal, cost)
    best = away[goal]
    if not np.isfinite(best):
        raise paths.no_way(graph, start, goal, away, closed=cost is not None)
    price = graph.seconds if cost is None else cost
    total = away[graph.tail] + price + left[graph.head]
    near = np.flatnonzero(total <= best * max(stretch, 1.0) * (1 + 1e-9))
    near = near[left[graph.head[near]] < left[graph.tail[near]]]
    near = near[np.argsort(-left[graph.tail[near]], kind="stable")]
    loss = np.maximum(price[near] + left[graph.head[near]] - left[graph.tail[near]], 0)
    weight = np.exp(-FADE * loss / max(best * (max(stretch, 1.0) - 1), 1e-9))
    share[near] = _shares(near, graph, weight, start, goal)
    return share


def _shares(near: Array, graph: Graph, weight: Array, start: int, goal: int) -> list[float]:
    """``near`` goes from far to close, so each node is complete before it is left."""
    tail, head, each = graph.tail[near].tolist(), graph.head[near].tolist(), weight.tolist()
    onward: dict[int, float] = {goal: 1.0}
    for t, h, w in zip(reversed(tail), reversed(head), reversed(each), strict=True):
        onward[t] = onward.get(t, 0.0) + w * onward.get(h, 0.0)
    flow, shares = {start: 1.0}, []
    for t, h, w in zip(tail, head, each, strict=True):
        passing = flow.get(t, 0.0)
        part = passing * w * onward.get(h, 0.0) / onward[t] if passing else 0.0
        shares.append(part)
        flow[h] = flow.get(h, 0.0) + part
    return shares


def bridges(graph: Graph) -> Array:
    """bool[m]: edges of streets whose loss cuts the network in two, direction set aside."""
    streets = _streets(graph)
    cut = _cuts(streets, graph.size[0])
    pairs = np.sort(np.stack([graph.tail, graph.head], 1), axis=1).tolist()
    return np.array([cut.get((a, b), False) for a, b in pairs], dtype=bool)


def _streets(graph: Graph) -> dict[tuple[int, int], int]:
    """How many streets join two nodes."""
    own = np.arange(graph.size[1])
    once = np.flatnonzero((graph.back < 0) | (own < graph.back))
    count: dict[tuple[int, int], int] = {}
    for t, h in zip(graph.tail[once].tolist(), graph.head[once].tolist(), strict=True):
        pair = (min(t, h), max(t, h))
        count[pair] = count.get(pair, 0) + 1
    return count


def _cuts(streets: dict[tuple[int, int], int], nodes: int) -> dict[tuple[int, int], bool]:
    """Tarjan's low numbers (1974) without recursion."""
    beside: list[list[int]] = [[] for _ in range(nodes)]
    for a, b in streets:
        if a != b:
            beside[a].append(b)
            beside[b].append(a)
    number, low, cut, clock = [0] * nodes, [0] * nodes, {}, 0
    for root in range(nodes):
        stack = [] if number[root] else [(root, -1, iter(beside[root]))]
        if stack:
            clock += 1
            number[root] = low[root] = clock
        while stack:
            here, parent, rest = stack[-1]
            there = next(rest, None)
            if there is None:
                stack.pop()
                if parent >= 0:
                    low[parent] = min(low[parent], low[here])
                    pair = (min(here, parent), max(here, parent))
                    cut[pair] = low[here] > number[parent] and streets[pair] == 1
            elif not number[there]:
                clock += 1
                number[there] = low[there] = clock
                stack.append((there, here, iter(beside[there])))
            elif there != parent:
                low[here] = min(low[here], number[there])
    return cut
