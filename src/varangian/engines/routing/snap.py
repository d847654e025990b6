"""From a position to the road beside it, and clear words where there is none.

Roads are sampled every 50 m on the sphere into a k-d tree; the candidates it finds are measured
against the true course, so the answer is exact, also at the antimeridian and near the poles.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from varangian.kernel.geometry import EARTH_RADIUS_KM, valid_lat_lon
from varangian.kernel.results import Refused

from . import network, words
from .graph import Array, Graph

RADIUS_M = EARTH_RADIUS_KM * 1000
STEP_M = 50.0


class NoRoad(Refused):
    """No road for this position."""

    def __init__(self, what: str, mend: str = "") -> None:
        super().__init__(what, mend=mend)


@dataclass(frozen=True)
class Spot:
    """A position on a road: ``along_m`` from the tail of ``edge``, ``off_m`` from what was asked.

    ``node`` is the end of the edge that is nearer along the road.
    """

    node: int
    edge: int
    along_m: float
    off_m: float
    lat: float
    lon: float


@dataclass(frozen=True)
class _Roads:
    tree: Any
    segment: Array
    """int64[s], for each sample the first of two points of ``graph.shape``."""
    edge: Array
    """int64[s], the edge it lies on."""


def snap(graph: Graph, lat: float, lon: float, within_m: float = 250) -> int:
    """The node of the core at the road nearest to a position. Raises NoRoad."""
    return spot(graph, lat, lon, within_m).node


def spot(graph: Graph, lat: float, lon: float, within_m: float = 250) -> Spot:
    """The point of the core's roads nearest to a position. Raises NoRoad."""
    _sane(lat, lon)
    roads = network.kept(graph, "core roads", lambda: _roads(graph, core_only=True))
    found = _nearest(graph, roads, lat, lon)
    if found is None:
        raise NoRoad("The map holds no roads that lead anywhere", "Load another map.")
    if found.off_m > within_m:
        raise _why(graph, lat, lon, within_m, found)
    return found


def _sane(lat: float, lon: float) -> None:
    if not valid_lat_lon(lat, lon):
        mend = "Latitude goes from -90 to 90, longitude from -180 to 180, latitude first."
        raise NoRoad(f"{lat}, {lon} is no position on the earth", mend)


def _roads(graph: Graph, *, core_only: bool) -> _Roads:
    import scipy.spatial

    once = (graph.back < 0) | (np.arange(graph.size[1]) < graph.back)
    if core_only and len(once):
        once &= graph.core[graph.tail] & graph.core[graph.head]
    owner = np.repeat(np.arange(graph.size[1]), np.diff(graph.bends))
    first = np.flatnonzero((owner[:-1] == owner[1:]) & once[owner[:-1]])
    a, b = _sphere(graph.shape[first]), _sphere(graph.shape[first + 1])
    pieces = np.maximum(np.ceil(np.linalg.norm(b - a, axis=1) / STEP_M).astype(int), 1)
    which = np.repeat(np.arange(len(first)), pieces)
    place = np.arange(len(which)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    share = ((place + 0.5) / pieces[which])[:, None]
    samples = a[which] + (b - a)[which] * share
    tree = scipy.spatial.cKDTree(samples) if len(samples) else None
    return _Roads(tree, first[which], owner[first][which])


def _sphere(points: Array) -> Array:
    lon, lat = np.radians(points[:, 0]), np.radians(points[:, 1])
    flat = np.cos(lat)
    return RADIUS_M * np.stack([flat * np.cos(lon), flat * np.sin(lon), np.sin(lat)], 1)


def _nearest(graph: Graph, roads: _Roads, lat: float, lon: float) -> Spot | None:
    if roads.tree is None:
        return None
    here = _sphere(np.array([[lon, lat]]))[0]
    far, _ = roads.tree.query(here)
    near = np.unique(roads.tree.query_ball_point(here, far + STEP_M / 2 + 1))
    segment, edge = roads.segment[near], roads.edge[near]
    a = _plane(graph.shape[segment], lat, lon)
    course = _plane(graph.shape[segment + 1], lat, lon) - a
    length = np.maximum((course**2).sum(1), 1e-12)
    share = np.clip(-(a * course).sum(1) / length, 0, 1)
    foot = a + course * share[:, None]
    best = int(np.argmin(np.hypot(*foot.T)))
    return _spot(graph, int(edge[best]), int(segment[best]), share[best], foot[best], lat, lon)


def _plane(points: Array, lat: float, lon: float) -> Array:
    """Metres east and north of a position."""
    east = np.radians((points[:, 0] - lon + 180) % 360 - 180) * np.cos(np.radians(lat))
    return RADIUS_M * np.stack([east, np.radians(points[:, 1] - lat)], 1)


def _spot(
    graph: Graph, edge: int, segment: int, share: float, foot: Array, lat: float, lon: float
) -> Spot:
    line = _sphere(graph.shape[graph.bends[edge] : graph.bends[edge + 1]])
    steps = np.linalg.norm(np.diff(line, axis=0), axis=1)
    at = segment - int(graph.bends[edge])
    fraction = (steps[:at].sum() + share * steps[at]) / max(steps.sum(), 1e-9)
    node = int(graph.tail[edge] if fraction <= 0.5 else graph.head[edge])
    north, squeeze = np.degrees(foot[1] / RADIUS_M), max(np.cos(np.radians(lat)), 1e-9)
    east = np.degrees(foot[0] / RADIUS_M) / squeeze
    return Spot(
        node=node,
        edge=edge,
        along_m=float(fraction * graph.metres[edge]),
        off_m=float(np.hypot(*foot)),
        lat=float(lat + north),
        lon=float((lon + east + 180) % 360 - 180),
    )


def _why(graph: Graph, lat: float, lon: float, within_m: float, core: Spot) -> NoRoad:
    here = words.position(lat, lon)
    if lat == lon == 0:
        return NoRoad(f"{here} stands in many files for a position that is not known", _MOVE)
    box = bounds(graph)
    name = graph.source.name or "the map"
    if not _holds(box, lat, lon, within_m):
        outside = f"{here} lies outside {name}, which covers {_covers(box)}"
        if _holds(box, lon, lat, within_m):
            return NoRoad(outside, "Latitude and longitude look swapped.")
        far = words.from_there((core.lat, core.lon), (lat, lon))
        return NoRoad(f"{outside}; it is {far} of the nearest road", "Load a map that holds it.")
    every = network.kept(graph, "all roads", lambda: _roads(graph, core_only=False))
    any_road = _nearest(graph, every, lat, lon)
    if any_road and any_road.off_m <= within_m:
        cut = f"{words.road(graph, any_road.edge)} beside {here} is cut off from the other roads"
        return NoRoad(f"The road {cut} of {name}", _MOVE)
    way = words.from_there((lat, lon), (core.lat, core.lon))
    road = words.road(graph, core.edge)
    none = f"No road within {words.metres(within_m)} of {here}"
    return NoRoad(f"{none}; the nearest, {road}, is {way}. It may lie in water", _MOVE)


_MOVE = "Set the point on or beside a road."


def bounds(graph: Graph) -> tuple[float, float, float, float]:
    """West, south, east, north of the nodes; west > east across the antimeridian."""
    lon = graph.lon
    west, east = float(lon.min()), float(lon.max())
    if east - west > 180:
        west, east = float(lon[lon > 0].min()), float(lon[lon <= 0].max())
    return west, float(graph.lat.min()), east, float(graph.lat.max())


def _holds(box: tuple[float, float, float, float], lat: float, lon: float, margin_m: float) -> bool:
    west, south, east, north = box
    slack = np.degrees(margin_m / RADIUS_M)
    wide = slack / max(np.cos(np.radians(lat)), 0.01)
    inside = (lon - west + wide) % 360 <= (east - west) % 360 + 2 * wide
    return bool(south - slack <= lat <= north + slack and inside)


def _covers(box: tuple[float, float, float, float]) -> str:
    west, south, east, north = box
    tall = f"{abs(south):.3f}° {'N' if south >= 0 else 'S'} to {abs(north):.3f}°"
    wide = f"{abs(west):.3f}° {'E' if west >= 0 else 'W'} to {abs(east):.3f}°"
    return f"{tall} {'N' if north >= 0 else 'S'}, {wide} {'E' if east >= 0 else 'W'}"
