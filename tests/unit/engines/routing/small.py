"""Small networks by hand and by chance, and the plain ways to answer the same questions."""

import heapq
from collections.abc import Iterable, Sequence

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from varangian.engines.routing.graph import ONE_WAY, ROADS, Graph, Site, Source

Row = tuple[int, int, float]
TRIED = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
"""No deadline: a shared machine stalls."""


def net(
    points: Sequence[tuple[float, float]],
    rows: Iterable[Row],
    *,
    flags: dict[tuple[int, int], int] | None = None,
    names: dict[tuple[int, int], str] | None = None,
    sites: Sequence[Site] = (),
    road: str = "residential",
    lanes: int = 0,
) -> Graph:
    """Points are (lat, lon), rows are (tail, head, seconds): 10 m of road a second."""
    rows, flags, names = list(rows), flags or {}, names or {}
    tail, head = (np.array([row[i] for row in rows], dtype=np.int32) for i in (0, 1))
    seconds = np.array([row[2] for row in rows], dtype=float)
    ends = {(t, h) for t, h, _ in rows}
    told = ["", *dict.fromkeys(names.values())]
    marks = [flags.get((t, h), 0) | (0 if (h, t) in ends else ONE_WAY) for t, h, _ in rows]
    lat, lon = (np.array([p[i] for p in points], dtype=float) for i in (0, 1))
    course = np.stack([np.stack([lon[tail], lat[tail]], 1), np.stack([lon[head], lat[head]], 1)], 1)
    return Graph(
        lon=lon,
        lat=lat,
        tail=tail,
        head=head,
        metres=seconds * 10,
        seconds=seconds,
        road=np.full(len(rows), ROADS.index(road), dtype=np.int8),
        flags=np.array(marks, dtype=np.uint8),
        lanes=np.full(len(rows), lanes, dtype=np.int8),
        way=np.array([_way(rows, i) for i in range(len(rows))], dtype=np.int64),
        name=np.array([told.index(names.get((t, h), "")) for t, h, _ in rows], dtype=np.int32),
        names=tuple(told),
        bends=np.arange(len(rows) + 1) * 2,
        shape=course.reshape(-1, 2),
        sites=tuple(sites),
        source=Source("by hand", "2026-01-01"),
    )


def _way(rows: list[Row], i: int) -> int:
    """Both directions between two nodes are one street, of parallel ones the first."""
    t, h, _ = rows[i]
    before = sum((a, b) == (t, h) for a, b, _ in rows[:i])
    low, high = min(t, h), max(t, h)
    return 1 + low + high * 100 + before * 10_000


def both(rows: Iterable[Row]) -> list[Row]:
    return [turned for t, h, s in rows for turned in ((t, h, s), (h, t, s))]


def line(count: int, step: float = 0.01) -> list[tuple[float, float]]:
    """Points from west to east along the equator."""
    return [(0.5, 0.5 + step * i) for i in range(count)]


@st.composite
def networks(draw, most: int = 8) -> Graph:
    """Any small network: one-way streets, parallel edges, parts that are cut off."""
    n = draw(st.integers(2, most))
    node = st.integers(0, n - 1)
    pairs = draw(st.lists(st.tuples(node, node, st.integers(1, 30), st.booleans()), max_size=3 * n))
    rows = []
    for t, h, s, two_way in pairs:
        if t != h:
            rows += [(t, h, float(s)), (h, t, float(s))] if two_way else [(t, h, float(s))]
    spread = [(0.5 + 0.003 * (i // 3), 0.5 + 0.003 * (i % 3)) for i in range(n)]
    return net(spread, rows or [(0, 1, 5.0)])


def dijkstra(
    graph: Graph, start: int, cost: np.ndarray | None = None, without: int = -1
) -> list[float]:
    """By a heap, edge by edge."""
    cost = graph.seconds if cost is None else cost
    out: dict[int, list[tuple[int, float]]] = {}
    for e in range(len(graph.tail)):
        if e != without and np.isfinite(cost[e]):
            out.setdefault(int(graph.tail[e]), []).append((int(graph.head[e]), float(cost[e])))
    best = [float("inf")] * len(graph.lon)
    best[start], heap = 0.0, [(0.0, start)]
    while heap:
        far, here = heapq.heappop(heap)
        if far > best[here]:
            continue
        for there, step in out.get(here, ()):
            if far + step < best[there]:
                best[there] = far + step
                heapq.heappush(heap, (far + step, there))
    return best


def follows(graph: Graph, edges: Sequence[int], start: int, goal: int) -> bool:
    stops = [start, *(int(graph.head[e]) for e in edges)]
    return stops[-1] == goal and all(
        int(graph.tail[e]) == at for e, at in zip(edges, stops, strict=False)
    )
