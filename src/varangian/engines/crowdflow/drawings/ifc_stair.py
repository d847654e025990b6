"""Stairs of a building model as one line from foot to head, also where they turn.

A stair is its treads: flat pieces that look up, one above the other. In the order of their height
they give the way, be it straight, round a landing or winding. Flights that a landing joins come as
elements of their own and are put together, foot to head. Nothing here needs the library of IFC.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

SAME_M = 0.03
"""Flat pieces this near in height are one tread."""
LEAST_TREAD_M2 = 0.03
STEEPEST_RISE_M, FARTHEST_M, LANDING_M = 0.45, 3.5, 4.0
"""From tread to tread: more is another stair. How far a foot may lie from the head before it."""
UP = 0.95
STRAIGHT_M = 0.25
"""What lies this near to a straight line is on it."""


@dataclass(frozen=True)
class Tread:
    """Its middle, its height and the longer side of it, across which people walk abreast."""

    x: float
    y: float
    z: float
    wide: float

    def moved(self, larger: float, shift: tuple[float, float]) -> "Tread":
        return Tread(
            self.x * larger + shift[0], self.y * larger + shift[1], self.z * larger,
            self.wide * larger,
        )  # fmt: skip


class Flight(Protocol):
    """What is asked of a part of a building here."""

    @property
    def storey(self) -> int: ...
    @property
    def treads(self) -> tuple[Tread, ...]: ...


def treads_of(points: np.ndarray, faces: np.ndarray) -> list[Tread]:
    """From the foot up; none where it is no stair: a ramp, a body without flats, one that forks."""
    corners = points[faces]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    size = np.linalg.norm(normal, axis=1)
    flat = (size > 1e-9) & (normal[:, 2] > UP * np.maximum(size, 1e-12))
    height, corners = corners[flat, :, 2].mean(axis=1), corners[flat, :, :2]
    found: list[Tread] = []
    for members in _levels(height):
        tread = _tread(corners[members], float(height[members].mean()))
        if tread is None:
            return []
        if tread.wide > 0:
            found.append(tread)
    return found if len(found) >= 3 and _climbs(found) else []


def _levels(height: np.ndarray) -> list[np.ndarray]:
    order = np.argsort(height)
    if not len(order):
        return []
    apart = np.flatnonzero(np.diff(height[order]) > SAME_M) + 1
    return np.split(order, apart)


def _tread(triangles: np.ndarray, z: float) -> Tread | None:
    """None where two pieces of one height lie apart: a stair that forks or two in one body."""
    closed = np.concatenate([triangles, triangles[:, :1]], axis=1)
    shape = shapely.union_all(shapely.polygons(closed)).buffer(SAME_M)  # type: ignore[arg-type]
    parts = [p for p in shapely.get_parts(shape) if p.area > LEAST_TREAD_M2]
    if not parts:
        return Tread(0.0, 0.0, z, 0.0)
    if len(parts) > 1:
        return None
    middle = parts[0].centroid
    return Tread(middle.x, middle.y, z, max(_sides(parts[0])) - 2 * SAME_M)


def _sides(shape: BaseGeometry) -> tuple[float, float]:
    box = shapely.get_coordinates(shape.minimum_rotated_rectangle)
    if len(box) < 4:
        return 0.0, 0.0
    first, second = (float(np.hypot(*(box[k + 1] - box[k]))) for k in (0, 1))
    return first, second


def _climbs(treads: Sequence[Tread]) -> bool:
    return all(_follows(low, high, FARTHEST_M) for low, high in pairwise(treads))


def _follows(low: Tread, high: Tread, farthest: float) -> bool:
    near = np.hypot(high.x - low.x, high.y - low.y) <= farthest
    return bool(near and -SAME_M <= high.z - low.z <= STEEPEST_RISE_M)


def joined[F: Flight](flights: Sequence[F], heights: Sequence[float]) -> list[list[F]]:
    """Flights that follow each other over a landing, foot first; one that ends at a storey ends
    the stair. Those without treads stay alone."""
    before: dict[int, int] = {}
    after: dict[int, int] = {}
    for k, low in enumerate(flights):
        if not low.treads or _at_storey(low.treads[-1].z, heights):
            continue
        near = [
            (_between(low, high), n)
            for n, high in enumerate(flights)
            if n != k and n not in before and high.treads
            and _follows(low.treads[-1], high.treads[0], LANDING_M)
        ]  # fmt: skip
        if near:
            after[k] = min(near)[1]
            before[after[k]] = k
    chains = []
    for k in range(len(flights)):
        if k not in before:
            chain = [k]
            while chain[-1] in after:
                chain.append(after[chain[-1]])
            chains.append([flights[n] for n in chain])
    return chains


def _at_storey(z: float, heights: Sequence[float]) -> bool:
    """The last tread of a flight lies at the floor it leads to, or one step below it."""
    return any(-SAME_M <= height - z <= STEEPEST_RISE_M / 2 for height in heights)


def _between(low: Flight, high: Flight) -> float:
    a, b = low.treads[-1], high.treads[0]
    return float(np.hypot(b.x - a.x, b.y - a.y))


def line_of(treads: Sequence[Tread], beyond: float) -> tuple[shapely.LineString, float] | None:
    """From ``beyond`` before the first tread to as far behind the last, and the width: that of the
    narrowest treads, as a landing is wider."""
    points = np.array([(tread.x, tread.y) for tread in treads])
    apart = np.hypot(*np.diff(points, axis=0).T) > 1e-3
    points = points[np.concatenate([[True], apart])]
    if len(points) < 2:
        return None
    way = shapely.LineString(points).simplify(STRAIGHT_M)
    corners = shapely.get_coordinates(way)
    first, last = corners[0] - corners[1], corners[-1] - corners[-2]
    depth = [float(np.hypot(*(points[k + 1] - points[k]))) / 2 for k in (0, len(points) - 2)]
    corners[0] += first / np.hypot(*first) * (depth[0] + beyond)
    corners[-1] += last / np.hypot(*last) * (depth[1] + beyond)
    wide = float(np.quantile([tread.wide for tread in treads], 0.25))
    return shapely.LineString(corners), wide
