"""The part of a network that a journey may use, with the places in which it can be met.

Kept are the edges that lie on some way of at most ``stretch`` times the fastest. Entrances hang on
two nodes of their own, so a journey with several doors at either end is one flow all the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from varangian.kernel.results import Refused

from ..graph import Array, Graph
from .places import Places

DOOR_S = 0.01
"""Seconds of the edges that join entrances to the two nodes of their own: nothing, but not zero."""
PENALTY = 1.4
FEW = 6
SHUT = 1e9
"""Seconds of an edge that may not be used."""


@dataclass(frozen=True)
class Net:
    """``k`` edges between numbered nodes; the first doors are the starts, the last the goals."""

    places: Places
    edges: Array
    """int64[k], numbers in the graph; -1 for the edges of doors."""
    tail: Array
    head: Array
    seconds: Array
    doors: tuple[tuple[int, ...], tuple[int, ...]]
    """Nodes of the graph: where it may start, where it may end."""
    best: float
    """Seconds of the fastest way."""
    ids: Array
    """int64[c]: the places outside the ends."""
    enter: csr_matrix
    """k x c: 1 where an edge enters a place; ``touch`` alike where it runs in it."""
    touch: csr_matrix
    forced: Array
    """bool[c]: places that no way of at most ``stretch`` times ``best`` leaves out."""
    stretch: float
    spare: list[list[int]]
    """Ways round places that the usual ones all use."""

    @cached_property
    def source(self) -> int:
        return int(self.tail.max())

    @cached_property
    def sink(self) -> int:
        return int(self.head.max())

    @cached_property
    def times(self) -> Array:
        """float64[k], in times of the fastest way; doors take none."""
        return np.where(self.edges < 0, 0.0, self.seconds) / self.best

    @cached_property
    def _order(self) -> tuple[Array, Array, Array, Array]:
        """Edges by their two nodes: the order, first of each pair, number of the pair, rows."""
        size = self.sink + 1
        pair = self.tail * size + self.head
        order = np.argsort(pair, kind="stable")
        first = np.flatnonzero(np.r_[True, np.diff(pair[order]) != 0])
        pair = pair[order][first]
        return order, first, pair, np.searchsorted(pair, np.arange(size + 1) * size)

    def cheapest(self, cost: Array) -> tuple[float, list[int]]:
        """Cost and edges (numbers of this net) of the cheapest way; costs must be > 0."""
        order, first, pair, rows = self._order
        size = self.sink + 1
        least = np.minimum.reduceat(cost[order], first)
        matrix = csr_matrix((least, pair % size, rows), shape=(size, size))
        far, before = dijkstra(matrix, indices=self.source, return_predecessors=True)
        nodes = [self.sink]
        while nodes[-1] != self.source:
            nodes.append(int(before[nodes[-1]]))
        way = np.array(nodes[::-1])
        group = np.searchsorted(pair, way[:-1] * size + way[1:])
        stop = np.r_[first[1:], len(order)]
        edges = order[first[group]]
        for index in np.flatnonzero(stop[group] - first[group] > 1):
            twins = order[first[group[index]] : stop[group[index]]]
            edges[index] = twins[np.argmin(cost[twins])]
        return float(far[self.sink]), edges.tolist()

    def renumbered(self, edges: Sequence[int]) -> list[int] | None:
        """Edges of the graph as a way of this net; None when one of them is not in it."""
        inner = len(self.edges) - sum(len(doors) for doors in self.doors)
        want = np.asarray(edges, dtype=np.int64)
        at = np.searchsorted(self.edges[:inner], want)
        if not len(want) or (at >= inner).any() or (self.edges[at] != want).any():
            return None
        hung = range(inner, len(self.edges))
        first = [
            e for e in hung if self.head[e] == self.tail[at[0]] and self.tail[e] == self.source
        ]
        last = [e for e in hung if self.tail[e] == self.head[at[-1]] and self.head[e] == self.sink]
        return [first[0], *at.tolist(), last[0]] if first and last else None

    def varied(self, count: int) -> list[list[int]]:
        """The fastest way, then ways for which the edges used before, and places, cost more."""
        cost, found = self.seconds.copy(), []
        for _ in range(count):
            _, way = self.cheapest(cost)
            found.append(way)
            cost[way] *= PENALTY
            seen = np.unique(self.touch[way].indices)
            cost *= 1 + 0.1 * (self.touch[:, seen].getnnz(axis=1) > 0)
        return found


def cut(
    places: Places,
    starts: Sequence[int],
    goals: Sequence[int],
    *,
    stretch: float,
    ends_s: float,
    forbid: Array | None = None,
) -> Net:
    """The net of one journey. Raises Refused when no way leads from a start to a goal."""
    graph = places.graph
    usable = np.ones(graph.size[1], bool) if forbid is None else ~np.asarray(forbid, bool)
    from_start, to_goal = _far(graph, usable, starts, goals)
    best = float(from_start[list(goals)].min())
    if not np.isfinite(best):
        _refuse(graph, from_start, to_goal, starts, goals, forbid is not None and not usable.all())
    if best <= 0:
        raise Refused(
            "Start and goal are the same place in the network",
            mend="Choose two places on different roads.",
        )
    way_s = from_start[graph.tail] + graph.seconds + to_goal[graph.head]
    edges = np.flatnonzero(usable & (way_s <= best * stretch + 1e-9)).astype(np.int64)
    near = min(ends_s, best / 4)
    ends = (from_start <= near) | (to_goal <= near)
    rows, ids, enters = places.touched(edges)
    outside = ~np.isin(ids, _at_ends(places, edges, ends, (from_start, to_goal), near))
    known, column = np.unique(ids[outside], return_inverse=True)
    rows, enters = rows[outside], enters[outside]
    nodes, number = np.unique(np.r_[graph.tail[edges], graph.head[edges]], return_inverse=True)
    tail, head = number[: len(edges)], number[len(edges) :]
    first = [int(np.searchsorted(nodes, s)) for s in starts if s in nodes]
    last = [int(np.searchsorted(nodes, g)) for g in goals if g in nodes]
    hung, n, shape = len(first) + len(last), len(nodes), (len(edges), len(known))
    wide = (shape[0] + hung, shape[1])
    touch = csr_matrix((np.ones(len(rows)), (rows, column)), shape=wide)
    enter = csr_matrix((np.ones(enters.sum()), (rows[enters], column[enters])), shape=wide)
    net = Net(
        places=places,
        edges=np.r_[edges, np.full(hung, -1)],
        tail=np.r_[tail, np.full(len(first), n), last].astype(np.int64),
        head=np.r_[head, first, np.full(len(last), n + 1)].astype(np.int64),
        seconds=np.r_[graph.seconds[edges], np.full(hung, DOOR_S)],
        doors=(tuple(nodes[first].tolist()), tuple(nodes[last].tolist())),
        best=best,
        ids=known,
        enter=enter,
        touch=touch,
        forced=np.zeros(len(known), bool),
        stretch=stretch,
        spare=[],
    )
    forced, spare = _unavoidable(net)
    net.forced[forced] = True
    net.spare.extend(spare)
    return net


def _far(
    graph: Graph, usable: Array, starts: Sequence[int], goals: Sequence[int]
) -> tuple[Array, Array]:
    cost = np.where(usable, graph.seconds, np.inf)
    first = graph.cheapest(cost)
    first = first[usable[first]]
    n = graph.size[0]
    ends = (graph.tail[first], graph.head[first])
    matrix = csr_matrix((graph.seconds[first], ends), shape=(n, n))
    there = dijkstra(matrix, indices=list(starts), min_only=True)
    back = dijkstra(matrix.T.tocsr(), indices=list(goals), min_only=True)
    return there, back


def _at_ends(
    places: Places, edges: Array, ends: Array, far: tuple[Array, Array], near: float
) -> Array:
    """Places that lie, be it in part, in the ends."""
    graph = places.graph
    if places.cell_m:
        used = np.unique(np.r_[graph.tail[edges], graph.head[edges]])
        return np.unique(places.of_nodes(used[ends[used]]))
    inside = (far[0][graph.tail[edges]] < near) | (far[1][graph.head[edges]] < near)
    return np.unique(places.touched(edges[inside])[1])


def _unavoidable(net: Net) -> tuple[list[int], list[list[int]]]:
    """Columns of the places that no way short enough leaves out, and ways round the others."""
    common, most = np.ones(len(net.ids), bool), net.best * net.stretch + 1
    for way in net.varied(FEW):
        if net.seconds[way].sum() <= most:
            common[np.setdiff1d(np.arange(len(net.ids)), net.touch[way].indices)] = False
    inside, found, spare = net.touch.tocsc(), [], []
    for place in np.flatnonzero(common).tolist():
        cost = net.seconds.copy()
        cost[inside.indices[inside.indptr[place] : inside.indptr[place + 1]]] = SHUT
        seconds, way = net.cheapest(cost)
        if seconds > most:
            found.append(place)
        else:
            spare.append(way)
    return found, spare


def _refuse(
    graph: Graph,
    from_start: Array,
    to_goal: Array,
    starts: Sequence[int],
    goals: Sequence[int],
    avoided: bool,
) -> None:
    if avoided:
        free = np.ones(graph.size[1], bool)
        there, _ = _far(graph, free, starts, goals)
        if np.isfinite(there[list(goals)]).any():
            raise Refused(
                "The areas to avoid and the closed roads leave no way to the goal",
                mend="Take one of them out, or choose another entrance.",
            )
    from scipy.spatial import cKDTree

    squeeze = np.cos(np.radians(graph.lat.mean()))
    flat = np.stack([graph.lon * squeeze, graph.lat], axis=1) * 111_195.0
    here, there = np.flatnonzero(np.isfinite(from_start)), np.flatnonzero(np.isfinite(to_goal))
    gap = cKDTree(flat[there]).query(flat[here])[0]
    at = here[int(np.argmin(gap))]
    wide = float(gap.min())
    what = "No road leads from the start to the goal"
    if wide > 1:
        what += f": the network has a gap of about {wide:.0f} m"
    raise Refused(
        what,
        where=f"{graph.lat[at]:.5f}, {graph.lon[at]:.5f}",
        mend="Use an extract that covers the whole way, or set the point on another road.",
    )
