"""Ways on the network of a map: a route with its times, to a haven, onto another route."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from varangian.engines.routing import match
from varangian.kernel.geometry import LatLon, haversine_km

from ..route_working import part

if TYPE_CHECKING:
    from varangian.engines.routing.graph import Array, Graph

CROW_KMH, CROW_LONGER = 25.0, 1.4
"""Without a map of the roads a way is guessed so, and said to be guessed."""
SAME_M = 40.0


def line_of(graph: "Graph", edges: Sequence[int]) -> dict[str, Any]:
    """Corners with the seconds to each, from the edges of a route."""
    points, times, begun = [], [], 0.0
    for edge in edges:
        shape = graph.shape[graph.bends[edge] : graph.bends[edge + 1]]
        steps = np.hypot(*np.diff(shape, axis=0).T)
        share = np.concatenate([[0.0], np.cumsum(steps)]) / max(float(steps.sum()), 1e-12)
        at = begun + share * float(graph.seconds[edge])
        skip = 1 if points else 0
        points += shape[skip:].tolist()
        times += at[skip:].tolist()
        begun += float(graph.seconds[edge])
    return _shape(points, times)


def of_route(graph: "Graph | None", row: dict[str, Any]) -> dict[str, Any]:
    """The line of a planned route. Its own times along it need the map that it was planned on."""
    if graph is not None and (edges := row.get("edges")) and max(edges) < graph.size[1]:
        made = line_of(graph, edges)
        if len(made["line"]) == len(row["geometry"]) and _same(made["line"], row["geometry"]):
            return made
    line = match.line(row["geometry"], float(row["seconds"]))
    return _shape([list(point) for point in row["geometry"]], line.at_s.tolist())


def _same(one: list[Any], other: list[Any]) -> bool:
    return bool(np.abs(np.asarray(one) - np.asarray(other)).max() < 1e-4)


def _shape(points: list[Any], times: list[float]) -> dict[str, Any]:
    line = match.line(points, times)
    return {
        "line": [[round(lon, 6), round(lat, 6)] for lon, lat in points],
        "at_s": [round(second, 2) for second in times],
        "metres": round(line.metres, 1),
        "seconds": round(line.seconds, 1),
    }


def crow(here: LatLon, there: LatLon) -> dict[str, Any]:
    """No road is known: straight there, with a guessed time."""
    km = haversine_km(here, there) * CROW_LONGER
    seconds = max(km / CROW_KMH * 3600, 1.0)
    points = [[here[1], here[0]], [there[1], there[0]]]
    if here == there:
        points[1] = [there[1] + 1e-4, there[0]]
    return _shape(points, [0.0, seconds]) | {"guessed": True, "cues": []}


def node_near(graph: "Graph", at: LatLon, within_m: float = 250.0) -> int | None:
    try:
        return int(part("snap").snap(graph, at[0], at[1], within_m))
    except part("snap").NoRoad:
        return None


def drive(graph: "Graph", start: int, goal: int, closed: "Array | None" = None) -> dict[str, Any]:
    """The fastest way with its turns in words. Raises NoWay, in words, when none is open."""
    cost = part("paths").closed(graph, closed)
    edges = part("paths").shortest(graph, start, goal, cost)
    return _driven(graph, edges)


def _driven(graph: "Graph", edges: Sequence[int]) -> dict[str, Any]:
    cues = [cue.shape() for cue in part("turns").cues(graph, edges)]
    told = [{"words": cue["words"], "metres": cue["metres"]} for cue in cues]
    return line_of(graph, edges) | {"cues": told, "edges": [int(edge) for edge in edges]}


def seconds_from(graph: "Graph", start: int, closed: "Array | None" = None) -> "Array":
    cost = part("paths").closed(graph, closed)
    return part("paths").from_start(graph, start, cost)


def onto(
    graph: "Graph", start: int, edges: Sequence[int], closed: "Array | None" = None
) -> dict[str, Any] | None:
    """From where the car is onto a planned route and along it to its end, in the least time.

    None when no open road leads onto it.
    """
    way = np.asarray(edges, dtype=np.int64)
    if not len(way) or way.max() >= graph.size[1]:
        return None
    nodes = np.concatenate([graph.tail[way[:1]], graph.head[way]])
    left = np.concatenate([np.cumsum(graph.seconds[way][::-1])[::-1], [0.0]])
    if closed is not None and closed[way].any():
        left[: int(np.flatnonzero(closed[way]).max()) + 1] = np.inf
    total = seconds_from(graph, start, closed)[nodes] + left
    best = int(np.argmin(total))
    if not np.isfinite(total[best]):
        return None
    cost = part("paths").closed(graph, closed)
    first = part("paths").shortest(graph, start, int(nodes[best]), cost)
    whole = [*first, *way[best:].tolist()]
    return _driven(graph, whole) if whole else None
