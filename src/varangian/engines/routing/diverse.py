"""Several ways that differ: none much longer than the fastest, no two too much alike.

First the penalty method: a way that was found is made dearer, in both directions, and the search
goes again. What it leaves open is filled by ways over one point (all points of the network are
tried, so the fastest that fits is found). Likeness counts metres of street, whichever way driven.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from . import network, paths
from .graph import Array, Graph

PENALTY = 1.4
TRIES = 16
SLACK = 1e-9


@dataclass
class _Part:
    """The edges that lie on some way within the stretch: no other can be of use."""

    graph: Graph
    start: int
    goal: int
    edges: Array
    nodes: Array
    tail: Array
    head: Array
    seconds: Array
    street: Array
    """A number for each street: an edge and its way back have the same."""
    metres: Array
    limit: float
    overlap: float
    joints: network.Network
    found: list[list[int]] = field(default_factory=list)

    def length(self, way: Iterable[int]) -> float:
        return float(self.metres[np.unique(self.street[list(way)], return_index=True)[1]].sum())

    def fits(self, way: list[int]) -> bool:
        if self.seconds[way].sum() > self.limit:
            return False
        return all(self.shared(way, other) <= self.overlap + SLACK for other in self.found)

    def shared(self, way: list[int], other: list[int]) -> float:
        """Metres of street in common, as a share of the shorter of the two."""
        return likeness(self.street, self.metres, way, other)


def likeness(street: Array, metres: Array, way: list[int], other: list[int]) -> float:
    mine, first = np.unique(street[way], return_index=True)
    theirs, second = np.unique(street[other], return_index=True)
    long = metres[way][first]
    both = float(long[np.isin(mine, theirs)].sum())
    return both / max(min(float(long.sum()), float(metres[other][second].sum())), SLACK)


def streets(graph: Graph) -> Array:
    """int64[m]: the smaller number of an edge and its way back."""
    own = np.arange(graph.size[1])
    return np.where(graph.back >= 0, np.minimum(own, graph.back), own)


def overlap(graph: Graph, way: list[int], other: list[int]) -> float:
    """How much of the shorter of two ways lies on streets of the other, by metres."""
    return likeness(streets(graph), graph.metres, way, other)


def routes(
    graph: Graph,
    start: int,
    goal: int,
    k: int = 6,
    stretch: float = 1.4,
    overlap: float = 0.6,
    avoid: Array | None = None,
) -> list[list[int]]:
    """At most ``k`` ways as edges, the fastest first; each at most ``stretch`` times its time.

    :param overlap: the share of the shorter of two ways that may lie on streets of the other.
    :param avoid: bool[m], edges that no way may use.
    Fewer ways come when no more exist within these bounds. Raises NoWay when there is none.
    """
    if start == goal:
        return [[]]
    part = _part(graph, start, goal, stretch, overlap, avoid)
    _penalise(part, k)
    if len(part.found) < k:
        _fill(part, k)
    part.found.sort(key=lambda way: float(part.seconds[way].sum()))
    return [part.edges[way].tolist() for way in part.found]


def _part(
    graph: Graph, start: int, goal: int, stretch: float, overlap: float, avoid: Array | None
) -> _Part:
    cost = paths.closed(graph, avoid)
    away, left = paths.from_start(graph, start, cost), paths.to_goal(graph, goal, cost)
    if not np.isfinite(away[goal]):
        raise paths.no_way(graph, start, goal, away, closed=cost is not None)
    limit = float(away[goal]) * max(stretch, 1.0) * (1 + SLACK) + SLACK
    price = graph.seconds if cost is None else cost
    edges = np.flatnonzero(away[graph.tail] + price + left[graph.head] <= limit)
    nodes, ends = np.unique(
        np.concatenate([graph.tail[edges], graph.head[edges]]), return_inverse=True
    )
    tail, head = ends[: len(edges)], ends[len(edges) :]
    return _Part(
        graph=graph,
        start=int(np.searchsorted(nodes, start)),
        goal=int(np.searchsorted(nodes, goal)),
        edges=edges,
        nodes=nodes,
        tail=tail,
        head=head,
        seconds=graph.seconds[edges],
        street=np.unique(streets(graph)[edges], return_inverse=True)[1],
        metres=graph.metres[edges],
        limit=limit,
        overlap=overlap,
        joints=network.network(len(nodes), tail, head),
    )


def _penalise(part: _Part, k: int) -> None:
    dear = np.ones(int(part.street.max()) + 1)
    for _ in range(max(TRIES, 3 * k)):
        cost = part.seconds * dear[part.street]
        way = _way(part, cost)
        if part.fits(way):
            part.found.append(way)
            if len(part.found) >= k:
                return
        dear[part.street[way]] *= PENALTY


def _way(part: _Part, cost: Array) -> list[int]:
    _, before = network.csgraph().dijkstra(
        part.joints.matrix(cost), indices=part.start, return_predecessors=True
    )
    return paths.along(part.joints, cost, before, part.start, part.goal)


def _fill(part: _Part, k: int) -> None:
    """Adds the fastest way over some point that fits beside those found, again and again."""
    ahead = _tree(part, part.start, part.joints)
    behind = _tree(part, part.goal, network.network(len(part.nodes), part.head, part.tail))
    total, long = ahead.seconds + behind.seconds, ahead.length + behind.length
    good, seen = total <= part.limit, 0
    while len(part.found) < k:
        for other in part.found[seen:]:
            good &= _apart(part, ahead, behind, long, other)
        seen = len(part.found)
        points = np.flatnonzero(good)
        ways = (
            ahead.edges(int(point))[::-1] + behind.edges(int(point))
            for point in points[np.argsort(total[points], kind="stable")]
        )
        way = next((w for w in ways if _simple(part, w) and part.fits(w)), None)
        if way is None:
            return
        part.found.append(way)


def _apart(part: _Part, ahead: "_Tree", behind: "_Tree", long: Array, other: list[int]) -> Array:
    """bool[n]: points over which the way has little in common with another."""
    used = np.isin(part.street, part.street[other])
    both = ahead.sum(part.metres * used) + behind.sum(part.metres * used)
    return both <= (part.overlap + SLACK) * np.minimum(long, part.length(other)) + SLACK


def _simple(part: _Part, way: list[int]) -> bool:
    heads = part.head[way]
    return len(np.unique(heads)) == len(heads) and part.start not in heads


@dataclass
class _Tree:
    """A search's tree: for each node the edge by which it was reached, nearest nodes first."""

    seconds: Array
    length: Array
    order: list[int]
    before: list[int]
    by: list[int]

    def sum(self, value: Array) -> Array:
        given, out = value.tolist(), [0.0] * len(self.by)
        for node in self.order:
            if self.by[node] >= 0:
                out[node] = out[self.before[node]] + given[self.by[node]]
        return np.array(out)

    def edges(self, node: int) -> list[int]:
        """From the node back to the root."""
        found = []
        while self.by[node] >= 0:
            found.append(self.by[node])
            node = self.before[node]
        return found


def _tree(part: _Part, root: int, joints: network.Network) -> _Tree:
    away, before = network.csgraph().dijkstra(
        joints.matrix(part.seconds), indices=root, return_predecessors=True
    )
    by = [
        joints.edge(part.seconds, int(last), node) if last >= 0 else -1
        for node, last in enumerate(before)
    ]
    tree = _Tree(away, away, np.argsort(away, kind="stable").tolist(), before.tolist(), by)
    tree.length = tree.sum(part.metres)
    return tree
