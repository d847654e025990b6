"""Small random towns, and the game on them solved the plain way: every simple way enumerated."""

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import linprog

from varangian.engines.routing.graph import Graph, Source

STEP = 0.006
"""Degrees between crossings: about 670 m, so each lies in cells of its own."""


def town(columns, rows, seconds, missing=()):
    """Two-way streets between neighbours of a grid; ``seconds`` in the order of the streets."""
    streets = []
    for node in range(columns * rows):
        if node % columns + 1 < columns:
            streets.append((node, node + 1))
        if node + columns < columns * rows:
            streets.append((node, node + columns))
    rows_ = [
        (a, b, time, way)
        for way, ((x, y), time) in enumerate(zip(streets, seconds, strict=False))
        if way not in missing
        for a, b in ((x, y), (y, x))
    ]
    tail, head, times, way = (np.array(part) for part in zip(*rows_, strict=True))
    lon = 11 + np.tile(np.arange(columns), rows) * STEP
    lat = 54 + np.repeat(np.arange(rows), columns) * STEP
    m = len(tail)
    ends = np.stack([np.stack([lon[tail], lat[tail]], 1), np.stack([lon[head], lat[head]], 1)], 1)
    return Graph(
        lon=lon, lat=lat, tail=tail.astype(np.int32), head=head.astype(np.int32),
        metres=times * 10.0, seconds=times.astype(float), road=np.zeros(m, np.int8),
        flags=np.zeros(m, np.uint8), lanes=np.ones(m, np.int8), way=way.astype(np.int64),
        name=np.zeros(m, np.int32), names=("",), bends=np.arange(m + 1) * 2,
        shape=ends.reshape(-1, 2), sites=(), source=Source("small", "2026-01-01"),
    )  # fmt: skip


@st.composite
def towns(draw):
    columns, rows = draw(st.integers(2, 4)), draw(st.integers(2, 3))
    count = 2 * columns * rows
    seconds = draw(st.lists(st.integers(10, 60), min_size=count, max_size=count))
    missing = draw(st.sets(st.integers(0, count), max_size=3))
    return town(columns, rows, seconds, missing)


def simple_ways(graph, start, goal, most_s):
    """Edges of every way without a circle that takes at most ``most_s``."""
    leaving = {}
    for edge, node in enumerate(graph.tail.tolist()):
        leaving.setdefault(node, []).append(edge)
    found, stack = [], [(start, (), {start}, 0.0)]
    while stack:
        node, way, seen, gone = stack.pop()
        if node == goal:
            found.append(way)
            continue
        for edge in leaving.get(node, ()):
            head, since = int(graph.head[edge]), gone + float(graph.seconds[edge])
            if head not in seen and since <= most_s:
                stack.append((head, (*way, edge), seen | {head}, since))
    return found


def road(graph, edge):
    back = int(graph.back[edge])
    return min(edge, back) if back >= 0 else edge


def value(graph, ways, budget, exempt=frozenset()):
    """Least worst chance over roads, and the roads that all ways use; None where nothing counts."""
    used = [{road(graph, edge) for edge in way} - exempt for way in ways]
    forced = set.intersection(*used)
    roads = sorted(set.union(*used) - forced)
    if not roads:
        return None, forced
    times = np.array([graph.seconds[list(way)].sum() for way in ways])
    hit = np.array([[place in mine for mine in used] for place in roads], float)
    done = linprog(
        np.r_[np.zeros(len(ways)), 1],
        A_ub=np.vstack([np.c_[hit, -np.ones(len(roads))], np.r_[times / times.min(), 0]]),
        b_ub=np.r_[np.zeros(len(roads)), budget],
        A_eq=[np.r_[np.ones(len(ways)), 0]],
        b_eq=[1],
    )
    return done.fun, forced
