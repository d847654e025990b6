"""The corridor question answered the plain way: walk the path in small steps and measure.

Shares nothing with the engine. Tests hold the engine to it; the benchmark measures against it.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from varangian.engines.corridor import Area, Box, Disc, Hazard, Leg

EARTH_KM = 6371.0088


@dataclass(frozen=True)
class Walk:
    """Distances in km from the hazard's area at evenly spaced moments of the shared window.

    ``blur`` is the most by which a distance may be too long; ``step`` minutes lie between samples.
    """

    km: np.ndarray
    step: float
    blur: float


def haversine(lat1, lon1, lat2, lon2):
    lat1, lon1, lat2, lon2 = (np.radians(v) for v in (lat1, lon1, lat2, lon2))
    h = np.sin((lat2 - lat1) / 2) ** 2
    h = h + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(h, 0, 1)))


def along(path, fractions):
    """Latitudes and longitudes at fractions of a path's length."""
    points = np.array(path, dtype=float)
    if len(points) == 1:
        return np.full(len(fractions), points[0, 0]), np.full(len(fractions), points[0, 1])
    lengths = haversine(points[:-1, 0], points[:-1, 1], points[1:, 0], points[1:, 1])
    ends = np.cumsum(lengths)
    total = ends[-1]
    if total == 0:
        return along(path[:1], fractions)
    gone = np.asarray(fractions) * total
    piece = np.minimum(np.searchsorted(ends, gone), len(lengths) - 1)
    share = (gone - ends[piece] + lengths[piece]) / np.where(lengths[piece] > 0, lengths[piece], 1)
    angle = lengths[piece] / EARTH_KM
    sine = np.where(angle > 0, np.sin(angle), 1)
    p = np.where(angle > 0, np.sin((1 - share) * angle) / sine, 1)
    q = np.where(angle > 0, np.sin(share * angle) / sine, 0)
    lat, lon = np.radians(points[:, 0]), np.radians(points[:, 1])
    xyz = np.stack((np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)))
    x, y, z = p * xyz[:, piece] + q * xyz[:, piece + 1]
    return np.degrees(np.arctan2(z, np.hypot(x, y))), np.degrees(np.arctan2(y, x))


def sides(shape):
    """Straight sides in lon, lat; the long way round only where a box says so."""
    if isinstance(shape, Box):
        w, s, n = shape.west, shape.south, shape.north
        e = shape.east if shape.east >= w else shape.east + 360
        ring = [(w, s), (e, s), (e, n), (w, n), (w, s)]
        return list(pairwise(ring))
    found = []
    for polygon in shape.polygons:
        for ring in polygon:
            closed = [*ring, ring[0]]
            for (lon1, lat1), (lon2, lat2) in pairwise(closed):
                found.append(((lon1, lat1), (lon1 + (lon2 - lon1 + 180) % 360 - 180, lat2)))
    return found


def inside(shape, lat, lon):
    """Even-odd rule along the meridian northwards, sides unrolled about each point."""
    if isinstance(shape, Box):
        width = shape.east - shape.west
        width = width if width >= 0 else width + 360
        return (shape.south <= lat) & (lat <= shape.north) & ((lon - shape.west) % 360 <= width)
    odd = np.zeros(len(lat), dtype=bool)
    for (lon1, lat1), (lon2, lat2) in sides(shape):
        x1 = (lon1 - lon + 180) % 360 - 180
        x2 = (lon2 - lon + 180) % 360 - 180
        astride = ((x1 > 0) != (x2 > 0)) & (np.abs(x1 - x2) < 180)
        with np.errstate(divide="ignore", invalid="ignore"):
            height = lat1 + (lat2 - lat1) * (-x1) / (x2 - x1)
        odd ^= astride & (height > lat)
    return odd


def distances(shape, lat, lon, corners=400):
    """Distance from each point to the area, and the most by which it may be too long."""
    if isinstance(shape, Disc):
        return np.maximum(haversine(lat, lon, shape.lat, shape.lon) - shape.radius_km, 0), 0.0
    assert isinstance(shape, Area | Box)
    best, blur = np.full(len(lat), np.inf), 0.0
    share = np.linspace(0, 1, corners + 1)
    for (lon1, lat1), (lon2, lat2) in sides(shape):
        side_lon, side_lat = lon1 + share * (lon2 - lon1), lat1 + share * (lat2 - lat1)
        gaps = haversine(side_lat[:-1], side_lon[:-1], side_lat[1:], side_lon[1:])
        blur = max(blur, float(gaps.max()) / 2)
        away = haversine(lat[:, None], lon[:, None], side_lat[None], side_lon[None]).min(axis=1)
        best = np.minimum(best, away)
    return np.where(inside(shape, lat, lon), 0.0, best), blur


def walk(leg: Leg, hazard: Hazard, samples: int = 600) -> Walk | None:
    """None when the windows share no time. The shared window must be closed."""
    shared = leg.window.overlap(hazard.window)
    if shared is None:
        return None
    assert shared.end is not None
    seconds = (shared.end - shared.start).total_seconds()
    moments = (np.arange(samples) + 0.5) / samples
    if leg.end is not None and leg.end > leg.start:
        whole = (leg.end - leg.start).total_seconds()
        moments = ((shared.start - leg.start).total_seconds() + moments * seconds) / whole
    lat, lon = along(leg.path, moments)
    km, blur = distances(hazard.shape, lat, lon)
    return Walk(km, seconds / 60 / samples, blur)
