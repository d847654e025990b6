"""Hazard shapes laid out as arrays: a bounding cap for each, and the outline of those asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from varangian.engines.corridor.model import Area, Box, Disc, Hazard, Polygon, Ring, Shape
from varangian.engines.corridor.sphere import (
    Floats,
    Ints,
    angle,
    normalised,
    tangent,
    unit_vectors,
)
from varangian.kernel.geometry import EARTH_RADIUS_KM

KM_PER_DEGREE = EARTH_RADIUS_KM * np.pi / 180
EVERYWHERE = np.pi

type Side = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Areas:
    """H hazards. ``radius`` EVERYWHERE means that the cap rules nothing out."""

    start: Floats  # (H,) seconds since the epoch
    end: Floats  # (H,) seconds, inf when open
    centre: Floats  # (H, 3)
    radius: Floats  # (H,) radians


@dataclass(frozen=True, slots=True)
class Outlines:
    """The boundaries of chosen hazards as great-circle arcs; a disc is one arc without length."""

    first: Ints  # (K,) first arc of each chosen hazard
    count: Ints  # (K,)
    e1: Floats  # (A, 3)
    e2: Floats  # (A, 3)
    out: Floats  # (A, 3) direction at e1 towards e2, zero for a point
    back: Floats  # (A, 3) direction at e2 towards e1
    normal: Floats  # (A, 3)
    middle: Floats  # (A, 3)
    half: Floats  # (A,) radians
    radius: Floats  # (K,) radians, of a disc; 0 otherwise
    geometry: np.ndarray  # (K,) shapely geometries in unrolled lon, lat; None for a disc
    west: Floats  # (K,) least unrolled longitude of the geometry


def lay_out(hazards: Sequence[Hazard]) -> Areas:
    windows = [hazard.window for hazard in hazards]
    caps = np.array([_disc_row(hazard.shape) for hazard in hazards])
    centre, radius = unit_vectors(caps[:, 0], caps[:, 1]), caps[:, 2] / EARTH_RADIUS_KM
    others = [k for k, hazard in enumerate(hazards) if not isinstance(hazard.shape, Disc)]
    if others:
        centre[others], radius[others] = _bounding_caps([hazards[k].shape for k in others])
    radius[radius > np.pi / 2 - 0.01] = EVERYWHERE
    return Areas(
        start=np.array([window.start.timestamp() for window in windows]),
        end=np.array([np.inf if w.end is None else w.end.timestamp() for w in windows]),
        centre=centre,
        radius=radius,
    )


def _disc_row(shape: Shape) -> tuple[float, float, float]:
    return (shape.lat, shape.lon, shape.radius_km) if isinstance(shape, Disc) else (0.0, 0.0, 0.0)


def _bounding_caps(shapes: Sequence[Shape]) -> tuple[Floats, Floats]:
    """Caps that hold the areas, with room for sides that bulge from the great circle.

    A side of ``dlon`` and length L strays from the great circle by at most dlon * L / 4.
    """
    rings = [_outer_corners(shape) for shape in shapes]
    flat = np.array([corner for ring in rings for corner in ring], dtype=float)
    sizes = np.array([len(ring) for ring in rings])
    first = np.cumsum(sizes) - sizes
    owner = np.repeat(np.arange(len(rings)), sizes)
    vectors = unit_vectors(flat[:, 1], flat[:, 0])
    centre = normalised(np.add.reduceat(vectors, first))
    reach = np.maximum.reduceat(angle(vectors, centre[owner]), first)
    step = np.radians(np.abs(np.diff(flat, axis=0, append=flat[:1])))
    step[:, 0] = np.where(step[:, 0] > np.pi, 2 * np.pi - step[:, 0], step[:, 0])
    step[first + sizes - 1] = 0.0
    bulge = np.maximum.reduceat(step[:, 0] * np.hypot(step[:, 0], step[:, 1]) / 4, first)
    turn = np.where(owner[1:] == owner[:-1], step[:-1, 0], 0.0)
    wide = np.add.reduceat(np.append(turn, 0.0), first) >= np.pi * 2 - 1e-6
    broad = np.array([isinstance(s, Box) and (s.east - s.west) % 360 >= 170 for s in shapes])
    whole = np.array([isinstance(s, Box) and s.east - s.west >= 170 for s in shapes])
    return centre, np.where(wide | broad | whole, EVERYWHERE, reach + bulge + 1e-6)


def _outer_corners(shape: Shape) -> list[tuple[float, float]]:
    if isinstance(shape, Box):
        w, s, e, n = shape.west, shape.south, shape.east, shape.north
        return [(w, s), (e, s), (e, n), (w, n), (w, s)]
    assert isinstance(shape, Area)
    return [corner for polygon in shape.polygons for corner in (*polygon[0], polygon[0][0])]


def outlines(shapes: Sequence[Shape]) -> Outlines:
    """Arcs and geometries; sides are cut so finely that they err by less than 0.2 km."""
    drawn = [_outline(shape) for shape in shapes]
    owner = np.repeat(np.arange(len(drawn)), [len(sides) for sides, _ in drawn])
    owner, arcs = _cut(owner, np.array([side for sides, _ in drawn for side in sides], dtype=float))
    count = np.bincount(owner, minlength=len(drawn))
    e1, e2 = unit_vectors(arcs[:, 1], arcs[:, 0]), unit_vectors(arcs[:, 3], arcs[:, 2])
    geometry = np.array([area for _, area in drawn], dtype=object)
    shapely.prepare(geometry)
    return Outlines(
        first=np.cumsum(count) - count,
        count=count,
        e1=e1,
        e2=e2,
        out=tangent(e1, e2),
        back=tangent(e2, e1),
        normal=normalised(np.cross(e1, e2)),
        middle=normalised(e1 + e2),
        half=angle(e1, e2) / 2,
        radius=np.array([s.radius_km if isinstance(s, Disc) else 0.0 for s in shapes])
        / EARTH_RADIUS_KM,
        geometry=geometry,
        west=np.nan_to_num(shapely.bounds(geometry)[:, 0]),
    )


def _outline(shape: Shape) -> tuple[list[Side], BaseGeometry | None]:
    """Sides and the area they bound, both in unrolled degrees."""
    if isinstance(shape, Disc):
        return [(shape.lon, shape.lat, shape.lon, shape.lat)], None
    if isinstance(shape, Box):
        w, s, n = shape.west, shape.south, shape.north
        e = shape.east if shape.east >= w else shape.east + 360
        sides = [(w, s, e, s), (w, n, e, n)]
        if e - w < 360:
            sides = [(w, s, e, s), (e, s, e, n), (e, n, w, n), (w, n, w, s)]
        return sides, shapely.box(w, s, e, n)
    parts = [_polygon(polygon) for polygon in shape.polygons]
    area = parts[0][1] if len(parts) == 1 else _together([part for _, part in parts])
    return [side for sides, _ in parts for side in sides], area


def _together(parts: list[BaseGeometry]) -> BaseGeometry:
    """Union of polygons that may have been unrolled a turn apart."""
    least = min(part.bounds[0] for part in parts)
    turns = [_moved(part, -360 * ((part.bounds[0] - least) // 360)) for part in parts]
    return shapely.union_all(turns)


def _moved(area: BaseGeometry, degrees: float) -> BaseGeometry:
    return shapely.transform(area, lambda xy: xy + np.array([degrees, 0])) if degrees else area


def _polygon(polygon: Polygon) -> tuple[list[Side], BaseGeometry]:
    sides, shell = _ring(polygon[0])
    for ring in polygon[1:]:
        more, hole = _ring(ring)
        sides += more
        turns = round((shell.centroid.x - hole.centroid.x) / 360)
        shell = shell.difference(_moved(hole, 360 * turns))
    return sides, shell


def _ring(ring: Ring) -> tuple[list[Side], BaseGeometry]:
    """A ring unrolled over the antimeridian; one that runs round a pole is closed along it."""
    closed = ring if ring[0] == ring[-1] else (*ring, ring[0])
    unrolled = [closed[0]]
    for (before, _), (lon, lat) in pairwise(closed):
        step = lon - before
        if 180 < abs(step) < 360:
            step -= 360 if step > 0 else -360
        unrolled.append((unrolled[-1][0] + step, lat))
    sides = [(*a, *b) for a, b in pairwise(unrolled)]
    if abs(unrolled[-1][0] - unrolled[0][0]) > 180:
        pole = 90.0 if sum(lat for _, lat in unrolled) >= 0 else -90.0
        unrolled += [(unrolled[-1][0], pole), (unrolled[0][0], pole)]
    area = shapely.Polygon(unrolled)
    return sides, area if area.is_valid else shapely.make_valid(area)


def _cut(owner: Ints, sides: np.ndarray) -> tuple[Ints, np.ndarray]:
    """Sides (lon, lat, lon, lat) cut into pieces: the steeper the latitude, the shorter."""
    lon1, lat1, lon2, lat2 = sides.T
    low = np.where(lat1 * lat2 > 0, np.minimum(np.abs(lat1), np.abs(lat2)), 0.0)
    high = np.minimum(np.maximum(np.abs(lat1), np.abs(lat2)), 89.0)
    across = (lon2 - lon1) * np.cos(np.radians(low))
    length = KM_PER_DEGREE * np.hypot(across, lat2 - lat1)
    longest = np.clip(50 / np.sqrt(np.tan(np.radians(high)) + 1e-9), 5.0, 200.0)
    along_meridian = np.abs(lat2 - lat1) / 60
    pieces = np.where(lon1 == lon2, along_meridian, length / longest)
    pieces = np.maximum(np.ceil(pieces), 1).astype(np.intp)
    row = np.repeat(np.arange(len(sides)), pieces)
    step = np.arange(len(row)) - (np.cumsum(pieces) - pieces)[row]
    share = (np.column_stack((step, step + 1)) / pieces[row, None])[:, :, None]
    start, end = sides[row, None, :2], sides[row, None, 2:]
    points = np.where(share == 1, end, start + share * (end - start))
    return owner[row], points.reshape(-1, 4)
