"""Route analysis on a city, each part beside the plain way to do it. Prints JSON.

Plain peers: one heap search for each node (havens), taking each edge of the way away and searching
again (forced), the penalty method alone as a prototype had it (diverse), every edge measured
against the point (snap). Medians over random pairs at least 4 km apart, or half of a small map.
"""

import heapq
import json
import os
import statistics
import sys
import time
from itertools import combinations
from pathlib import Path

import numpy as np

from varangian.engines.routing import (
    avoid,
    choke,
    city,
    diverse,
    exposure,
    havens,
    network,
    osm,
    paths,
    picture,
    reach,
    snap,
    turns,
)
from varangian.engines.routing.graph import Graph

PAIRS, SAMPLE = 40, 25
MAP = "travel/baltimore.osm.pbf"


def at_hand() -> Graph:
    """Real roads when the machine has sample data, else an invented city of 15,000 edges."""
    path = Path(os.environ.get("VARANGIAN_SHARED_DATA", ""), MAP)
    return osm.load(path) if path.is_file() else city.build(columns=72, rows=60)


def timed(work, *args, **more):
    begun = time.perf_counter()
    result = work(*args, **more)
    return (time.perf_counter() - begun) * 1e3, result


def each(work, pairs):
    """Wall and processor time: on a shared machine only the second carries over."""
    walls, cpus, results = [], [], []
    for pair in pairs:
        begun = time.process_time()
        wall, result = timed(work, *pair)
        cpus.append((time.process_time() - begun) * 1e3)
        walls.append(wall)
        results.append(result)
    return {
        "median_ms": round(statistics.median(walls), 2),
        "worst_ms": round(max(walls), 2),
        "cpu_ms": round(statistics.median(cpus), 2),
    }, results


def far_pairs(graph: Graph, rng: np.random.Generator) -> list[tuple[int, int]]:
    core, found = np.flatnonzero(graph.core), []
    north = np.ptp(graph.lat) * 111_195
    least = min(4000.0, north / 2)
    while len(found) < PAIRS:
        a, b = (int(node) for node in rng.choice(core, 2))
        east = (graph.lon[a] - graph.lon[b]) * np.cos(np.radians(graph.lat[a]))
        if np.hypot(east, graph.lat[a] - graph.lat[b]) * 111_195 >= least:
            found.append((a, b))
    return found


def naive(graph: Graph, start: int, goals: set[int], without: int = -1) -> float:
    """Seconds to the first of the goals, by a heap."""
    out, best, heap = network.leaving(graph), {start: 0.0}, [(0.0, start)]
    while heap:
        far, here = heapq.heappop(heap)
        if here in goals:
            return far
        if far > best[here]:
            continue
        for edge in out[here]:
            there, new = int(graph.head[edge]), far + float(graph.seconds[edge])
            if edge != without and new < best.get(there, np.inf):
                best[there] = new
                heapq.heappush(heap, (new, there))
    return float("inf")


def penalty_only(graph: Graph, start: int, goal: int, k: int = 6) -> list[list[int]]:
    """As the prototype did: dearer edges, and the whole graph searched, at most 25 times."""
    cost, found = graph.seconds.copy(), []
    for _ in range(25):
        way = paths.shortest(graph, start, goal, cost)
        limit = 1.4 * (graph.seconds[found[0]].sum() if found else np.inf)
        apart = all(diverse.overlap(graph, way, other) <= 0.6 for other in found)
        if graph.seconds[way].sum() <= limit and apart:
            found.append(way)
        back = graph.back[way]
        cost[np.unique(np.concatenate([way, back[back >= 0]]))] *= 1.4
        if len(found) == k:
            break
    return found


def diversity(graph: Graph, pairs, found) -> dict:
    alike = [diverse.overlap(graph, a, b) for ways in found for a, b in combinations(ways, 2)]
    stretch = [
        graph.seconds[way].sum() / graph.seconds[ways[0]].sum() for ways in found for way in ways
    ]
    return {
        "ways_mean": round(statistics.mean(map(len, found)), 2),
        "overlap_mean": round(statistics.mean(alike), 3) if alike else None,
        "overlap_most": round(max(alike), 3) if alike else None,
        "stretch_mean": round(float(statistics.mean(stretch)), 3),
    }


def of_diverse(graph: Graph, pairs) -> dict:
    ours, found = each(lambda a, b: diverse.routes(graph, a, b), pairs)
    plain, before = each(lambda a, b: penalty_only(graph, a, b), pairs)
    ratio = plain["cpu_ms"] / ours["cpu_ms"]
    return {
        **ours,
        **diversity(graph, pairs, found),
        "aim_ms": 300,
        "penalty_only": plain | diversity(graph, pairs, before),
        "plain_to_ours": round(ratio, 1),
    }


def of_forced(graph: Graph, pairs) -> dict:
    ours, found = each(lambda a, b: choke.forced(graph, a, b), pairs)

    def by_removal(a, b):
        way = paths.shortest(graph, a, b)
        return [e for e in way if not np.isfinite(naive(graph, a, {b}, without=e))]

    few = pairs[:4]
    plain, expected = each(by_removal, few)
    return {
        **ours,
        "mean_edges": round(statistics.mean(map(len, found)), 1),
        "pairs_with_some": sum(map(bool, found)),
        "same_as_removal": all(a == b for a, b in zip(found, expected, strict=False)),
        "plain_to_ours": round(plain["cpu_ms"] / ours["cpu_ms"]),
    }


def of_havens(graph: Graph, rng: np.random.Generator) -> dict:
    havens.seconds_to(graph, graph.sites)
    ours, found = each(lambda sites: havens.seconds_to(graph, sites), [(graph.sites,)] * 20)
    seconds, _ = found[0]
    goals = set(np.flatnonzero(seconds == 0).tolist())
    sample = [(int(node),) for node in rng.choice(np.flatnonzero(graph.core), SAMPLE)]
    plain, naively = each(lambda node: naive(graph, node, goals), sample)
    core = seconds[graph.core]
    return {
        **ours,
        "sites": len(graph.sites),
        "aim_ms": 10,
        "same_as_plain": bool(np.allclose([seconds[node] for (node,) in sample], naively)),
        "plain_to_ours": round(plain["cpu_ms"] * graph.size[0] / ours["cpu_ms"]),
        "node_median_s": round(float(np.median(core))),
        "node_p95_s": round(float(np.percentile(core, 95))),
    }


def of_snap(graph: Graph, rng: np.random.Generator) -> dict:
    first, _ = timed(snap.snap, graph, float(graph.lat[0]), float(graph.lon[0]), 1e9)
    where = rng.choice(np.flatnonzero(graph.core), 200)
    jitter = rng.normal(0, 0.0005, (2, 200))
    points = np.stack([graph.lat[where], graph.lon[where]]) + jitter
    ours, found = each(lambda a, b: snap.spot(graph, a, b, 2000), points.T.tolist())

    def plainly(lat, lon):
        flat = np.array([np.cos(np.radians(lat)), 1.0]) * 111_195
        a = (graph.shape[:-1] - [lon, lat]) * flat
        step = (graph.shape[1:] - graph.shape[:-1]) * flat
        share = np.clip(-(a * step).sum(1) / np.maximum((step**2).sum(1), 1e-12), 0, 1)
        far = np.hypot(*(a + step * share[:, None]).T)
        far[graph.bends[1:-1] - 1] = np.inf
        return far.min()

    plain, _ = each(plainly, points.T.tolist())
    return {
        **ours,
        "first_ms": round(first, 1),
        "mean_off_m": round(statistics.mean(spot.off_m for spot in found), 1),
        "plain_to_ours": round(plain["cpu_ms"] / ours["cpu_ms"], 1),
    }


def of_rest(graph: Graph, pairs) -> dict:
    kinds = havens.by_kind(graph, graph.sites)
    ways = [paths.shortest(graph, a, b) for a, b in pairs]
    one = [(way,) for way in ways]
    exposure.profile(graph, ways[0], kinds)
    profiles, found = each(lambda way: exposure.profile(graph, way, kinds), one)
    middle = [float(np.median(graph.lat)), float(np.median(graph.lon))]
    ring = [(middle[1] + x, middle[0] + y) for x, y in ((0, 0), (0.01, 0), (0.01, 0.01), (0, 0))]
    area = {"type": "Polygon", "coordinates": [ring]}
    avoid.edges_in(graph, area)
    cars, _ = each(lambda way: reach.stand(graph, way, 2, 240), one[:10])
    return {
        "shortest": each(lambda a, b: paths.shortest(graph, a, b), pairs)[0],
        "corridor": each(lambda a, b: choke.corridor(graph, a, b), pairs)[0],
        "exposure": profiles,
        "picture_of_3": each(lambda n: picture.draw([("A", p) for p in found[:n]]), [(3,)] * 5)[0],
        "turns": each(lambda way: turns.cues(graph, way), one)[0],
        "avoid": each(lambda n: avoid.edges_in(graph, area), [(0,)] * 20)[0],
        "bridges": each(lambda n: choke.bridges(graph), [(0,)] * 5)[0],
        "standby_cars": cars,
    }


def main() -> dict:
    graph, rng = at_hand(), np.random.default_rng(0)
    pairs = far_pairs(graph, rng)
    paths.shortest(graph, *pairs[0])
    return {
        "bench": "routes",
        "map": graph.source.name,
        "nodes": graph.size[0],
        "edges": graph.size[1],
        "pairs": PAIRS,
        "snap": of_snap(graph, rng),
        "diverse": of_diverse(graph, pairs),
        "forced": of_forced(graph, pairs),
        "havens": of_havens(graph, rng),
        **of_rest(graph, pairs),
    }


if __name__ == "__main__":
    json.dump(main(), sys.stdout, indent=2)
    print()
