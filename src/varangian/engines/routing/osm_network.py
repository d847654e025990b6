"""Roads become a network: cut where they meet, one edge each way, with the seconds it takes."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from shapely import STRtree, linestrings

from . import osm_tags as rules
from .graph import BRIDGE, ONE_WAY, OVERLOOK, SIGNAL, TOLL, TUNNEL, Array
from .osm_read import Extract, Road, layer_of

WAIT_S, TURN_S = 12.0, 2.0
EARTH_M = 6_371_008.8
MOST_LIGHTS = 2


@dataclass
class Points:
    """The points of all roads in a row; a road is an unbroken run of them."""

    roads: list[Road]
    ref: Array = field(init=False)
    lon: Array = field(init=False)
    lat: Array = field(init=False)
    road: Array = field(init=False)

    def __post_init__(self) -> None:
        sizes = [len(road.refs) for road in self.roads]
        self.ref = np.concatenate([np.array(road.refs, np.int64) for road in self.roads])
        self.lon = np.concatenate([np.array(road.lons) for road in self.roads])
        self.lat = np.concatenate([np.array(road.lats) for road in self.roads])
        self.road = np.repeat(np.arange(len(self.roads)), sizes)

    @cached_property
    def along(self) -> Array:
        """Metres from the first point of all; only differences within a road mean anything."""
        lon, lat = np.radians(self.lon), np.radians(self.lat)
        half = np.sin(np.diff(lat) / 2) ** 2
        half += np.cos(lat[:-1]) * np.cos(lat[1:]) * np.sin(np.diff(lon) / 2) ** 2
        step = 2 * EARTH_M * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
        step[np.diff(self.road) != 0] = 0
        return np.concatenate([[0.0], np.cumsum(step)])


@dataclass
class Pieces:
    """Stretches between two cuts: ``first`` and ``last`` point, and the nodes at both."""

    first: Array
    last: Array
    tail: Array
    head: Array


def cut(points: Points, blocked: set[int]) -> tuple[Pieces, Array]:
    """The pieces, and for each point its node. A barrier is two ends that do not touch."""
    _, node = np.unique(points.ref, return_inverse=True)
    shared = np.bincount(node)[node] > 1
    new = np.diff(points.road, prepend=-1) != 0
    end = np.diff(points.road, append=len(points.roads)) != 0
    barred = np.isin(points.ref, np.fromiter(blocked, np.int64, len(blocked)))
    at = shared | new | end | barred
    pieces = _pieces(points, node, at, barred)
    at |= _extra_cuts(points, pieces)
    return _pieces(points, node, at, barred), node


def _pieces(points: Points, node: Array, at: Array, barred: Array) -> Pieces:
    cuts = np.flatnonzero(at)
    same = points.road[cuts[:-1]] == points.road[cuts[1:]]
    first, last = cuts[:-1][same], cuts[1:][same]
    tail, head = node[first].copy(), node[last].copy()
    fresh = int(node.max()) + 1
    for ends, side in ((first, tail), (last, head)):
        stopped = np.flatnonzero(barred[ends])
        side[stopped] = fresh + np.arange(len(stopped))
        fresh += len(stopped)
    return Pieces(first, last, tail, head)


def _extra_cuts(points: Points, pieces: Pieces) -> Array:
    """A loop, and the second of two arcs of a way between the same nodes, get cuts of their own:
    else the way back along an edge could not be told from the other arc."""
    at = np.zeros(len(points.ref), dtype=bool)
    low, high = np.minimum(pieces.tail, pieces.head), np.maximum(pieces.tail, pieces.head)
    way = np.array([road.number for road in points.roads])[points.road[pieces.first]]
    seen: set[tuple[int, int, int]] = set()
    for n, key in enumerate(zip(low.tolist(), high.tolist(), way.tolist(), strict=True)):
        first, last = int(pieces.first[n]), int(pieces.last[n])
        if key[0] == key[1]:
            at[first + (last - first) // 3] = at[first + 2 * (last - first) // 3] = True
        elif key in seen:
            at[(first + last) // 2] = True
        seen.add(key)
    return at


def lights_on(points: Points, pieces: Pieces, found: Extract) -> tuple[Array, Array]:
    """How many lights one waits at, as drawn and against. A light within a stretch belongs to the
    crossing it is nearer to: it holds those who come to that one."""
    forward = np.zeros(len(pieces.first), np.int64)
    against = np.zeros(len(pieces.first), np.int64)
    lit = np.isin(points.ref, np.fromiter(found.lights, np.int64, len(found.lights)))
    along, inner = points.along, lit.copy()
    for ends, count in ((pieces.last, forward), (pieces.first, against)):
        count += lit[ends]
        inner[ends] = False
    for point in np.flatnonzero(inner).tolist():
        n = int(np.searchsorted(pieces.first, point, side="right")) - 1
        if n < 0 or point > pieces.last[n]:
            continue
        first, last = along[pieces.first[n]], along[pieces.last[n]]
        far = bool(along[point] - first > (last - first) / 2)
        there, back = found.lights[int(points.ref[point])] or (far, not far)
        forward[n] += there
        against[n] += back
    return np.minimum(forward, MOST_LIGHTS), np.minimum(against, MOST_LIGHTS)


def overlooked(points: Points, pieces: Pieces, found: Extract) -> Array:
    """bool for each piece: a bridge of another road, of rails or of walkers leads over it."""
    under = np.zeros(len(pieces.first), dtype=bool)
    if not found.over or not len(under):
        return under
    xy = np.stack([points.lon, points.lat], 1)
    sizes = pieces.last - pieces.first + 1
    steps = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    lines: Any = linestrings(
        xy[np.repeat(pieces.first, sizes) + steps], indices=np.repeat(np.arange(len(under)), sizes)
    )
    layer = np.array([layer_of(road.tags) for road in points.roads])[points.road[pieces.first]]
    above = np.array([height for height, _ in found.over])
    over = np.array([linestrings(line) for _, line in found.over])
    which, piece = STRtree(lines).query(over, predicate="crosses")
    hit = (above[which] > layer[piece]) & (layer[piece] >= 0)
    under[piece[hit]] = True
    return under


def edges(points: Points, pieces: Pieces, found: Extract) -> dict[str, Any]:
    """The arrays of the graph, but for sites and source."""
    names: dict[str, int] = {"": 0}
    words = [_words(road, names) for road in points.roads]
    column = {key: np.array([row[key] for row in words]) for key in words[0]}
    of = points.road[pieces.first]
    flags = column["flags"][of] | np.where(overlooked(points, pieces, found), OVERLOOK, 0)
    metres = points.along[pieces.last] - points.along[pieces.first]
    degree = np.bincount(np.concatenate([pieces.tail, pieces.head]))
    lit = lights_on(points, pieces, found)
    sides = []
    for side, (way, head) in enumerate((("forward", pieces.head), ("backward", pieces.tail))):
        open_ = np.flatnonzero(column[way][of] & (pieces.tail != pieces.head))
        lights = lit[side][open_]
        seconds = metres[open_] / (column[f"speed_{way}"][of[open_]] / 3.6)
        seconds += lights * WAIT_S + (degree[head[open_]] > 2) * TURN_S
        sides.append(
            {
                "piece": open_,
                "against": np.full(len(open_), side),
                "seconds": np.maximum(seconds, 0.1),
                "flags": flags[open_] | np.where(lights > 0, SIGNAL, 0),
                "lanes": column[f"lanes_{way}"][of[open_]],
            }
        )
    joined = {key: np.concatenate([side[key] for side in sides]) for key in sides[0]}
    order = np.lexsort((joined["against"], joined["piece"]))
    joined = {key: values[order] for key, values in joined.items()}
    piece, back = joined.pop("piece"), joined.pop("against") == 1
    rows = of[piece]
    return _numbered(points, pieces, piece, back) | {
        "metres": np.maximum(metres[piece], 0.1),
        "seconds": joined["seconds"],
        "flags": joined["flags"].astype(np.uint8),
        "lanes": joined["lanes"].astype(np.int8),
        "road": column["road"][rows].astype(np.int8),
        "way": column["way"][rows].astype(np.int64),
        "name": column["name"][rows].astype(np.int32),
        "names": tuple(names),
    }


def _words(road: Road, names: dict[str, int]) -> dict[str, Any]:
    tags = road.tags
    forward, backward = rules.directions(tags)
    both = forward and backward
    flags = (
        (BRIDGE if rules.crosses(tags, "bridge") else 0)
        | (TUNNEL if rules.crosses(tags, "tunnel") else 0)
        | (TOLL if rules.crosses(tags, "toll") else 0)
        | (0 if both else ONE_WAY)
    )
    return {
        "forward": forward,
        "backward": backward,
        "speed_forward": rules.speed(tags, "forward"),
        "speed_backward": rules.speed(tags, "backward"),
        "lanes_forward": rules.lanes(tags, "forward", both),
        "lanes_backward": rules.lanes(tags, "backward", both),
        "flags": flags,
        "road": rules.road_number(tags),
        "way": road.number,
        "name": names.setdefault(rules.named(tags), len(names)),
    }


def _numbered(points: Points, pieces: Pieces, piece: Array, back: Array) -> dict[str, Any]:
    """Nodes counted from 0, and the course of each edge in its own direction."""
    ends = np.where(back, pieces.head[piece], pieces.tail[piece])
    heads = np.where(back, pieces.tail[piece], pieces.head[piece])
    used, numbers = np.unique(np.concatenate([ends, heads]), return_inverse=True)
    tail, head = np.split(numbers, 2)
    xy = np.stack([points.lon, points.lat], 1)
    courses = [
        xy[first : last + 1][:: -1 if turned else 1]
        for first, last, turned in zip(
            pieces.first[piece].tolist(), pieces.last[piece].tolist(), back.tolist(), strict=True
        )
    ]
    at = np.zeros((len(used), 2))
    starts = np.array([course[0] for course in courses]).reshape(-1, 2)
    stops = np.array([course[-1] for course in courses]).reshape(-1, 2)
    at[tail], at[head] = starts, stops
    return {
        "lon": at[:, 0],
        "lat": at[:, 1],
        "tail": tail.astype(np.int32),
        "head": head.astype(np.int32),
        "bends": np.concatenate([[0], np.cumsum([len(course) for course in courses])]),
        "shape": np.concatenate(courses),
    }
