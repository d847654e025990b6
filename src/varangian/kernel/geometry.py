"""Points on the globe as (lat, lon) in degrees, distances in kilometres on a sphere of mean radius.

The sphere is within 0.6 % of the ellipsoid, which is finer than any hazard area is known.
"""

from collections.abc import Iterable
from math import asin, atan2, cos, degrees, hypot, isfinite, pi, radians, sin, sqrt
from typing import NamedTuple

EARTH_RADIUS_KM = 6371.0088

type LatLon = tuple[float, float]


class BoundingBox(NamedTuple):
    """Degrees. ``west > east`` means that the box crosses the antimeridian."""

    west: float
    south: float
    east: float
    north: float

    @property
    def width(self) -> float:
        """Degrees of longitude covered, 0 to 360."""
        span = self.east - self.west
        return span if span >= 0 else span + 360

    def contains(self, point: LatLon) -> bool:
        lat, lon = point
        return self.south <= lat <= self.north and (lon - self.west) % 360 <= self.width


def valid_lat_lon(lat: object, lon: object) -> bool:
    """True for two finite numbers in range; NaN, infinity, text and booleans are not."""
    for value, limit in ((lat, 90), (lon, 180)):
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        if not -limit <= value <= limit or not isfinite(value):
            return False
    return True


def wrap_lon(lon: float) -> float:
    """The same meridian in [-180, 180)."""
    return (lon + 180) % 360 - 180


def haversine_km(a: LatLon, b: LatLon) -> float:
    """Great-circle distance; keeps its precision for points a metre apart and for antipodes."""
    lat1, lon1, lat2, lon2 = map(radians, (*a, *b))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * atan2(sqrt(h), sqrt(max(0.0, 1 - h)))


def bearing(a: LatLon, b: LatLon) -> float:
    """Degrees clockwise from north in which one leaves ``a`` for ``b``; 0 when they coincide."""
    lat1, lon1, lat2, lon2 = map(radians, (*a, *b))
    east = sin(lon2 - lon1) * cos(lat2)
    north = cos(lat1) * sin(lat2) - sin(lat1) * cos(lat2) * cos(lon2 - lon1)
    return degrees(atan2(east, north)) % 360


def destination(start: LatLon, towards: float, km: float) -> LatLon:
    """Where one stands after ``km`` along the great circle that leaves at bearing ``towards``."""
    lat, lon, course, angle = *map(radians, (*start, towards)), km / EARTH_RADIUS_KM
    end = asin(_unit(sin(lat) * cos(angle) + cos(lat) * sin(angle) * cos(course)))
    turn = atan2(sin(course) * sin(angle) * cos(lat), cos(angle) - sin(lat) * sin(end))
    return degrees(end), wrap_lon(degrees(lon + turn))


def interpolate(a: LatLon, b: LatLon, fraction: float) -> LatLon:
    """The point at ``fraction`` (0 to 1) of the great circle from ``a`` to ``b``.

    Raises ValueError for antipodes: every great circle through them is equally short.
    """
    angle = haversine_km(a, b) / EARTH_RADIUS_KM
    if angle < 1e-12:
        return a
    if angle > pi - 1e-7:
        raise ValueError("no single great circle joins two antipodes; give a point between them")
    p, q = sin((1 - fraction) * angle) / sin(angle), sin(fraction * angle) / sin(angle)
    lat1, lon1, lat2, lon2 = map(radians, (*a, *b))
    x = p * cos(lat1) * cos(lon1) + q * cos(lat2) * cos(lon2)
    y = p * cos(lat1) * sin(lon1) + q * cos(lat2) * sin(lon2)
    z = p * sin(lat1) + q * sin(lat2)
    return degrees(atan2(z, hypot(x, y))), wrap_lon(degrees(atan2(y, x)))


def box_around(point: LatLon, km: float) -> BoundingBox:
    """The smallest box that holds the disc of ``km`` about ``point``; whole circles at a pole."""
    lat, lon = point
    reach = degrees(km / EARTH_RADIUS_KM)
    south, north = lat - reach, lat + reach
    if south <= -90 or north >= 90:
        return BoundingBox(-180.0, max(south, -90.0), 180.0, min(north, 90.0))
    half = degrees(asin(_unit(sin(radians(reach)) / cos(radians(lat)))))
    return BoundingBox(wrap_lon(lon - half), south, wrap_lon(lon + half), north)


def box_of(points: Iterable[LatLon]) -> BoundingBox:
    """The narrowest box that holds all points, over the antimeridian when that is shorter.

    Raises ValueError when there is no point.
    """
    listed = list(points)
    if not listed:
        raise ValueError("a bounding box needs at least one point")
    lons = sorted({wrap_lon(lon) for _, lon in listed})
    gaps = [(b - a) % 360 or 360.0 for a, b in zip(lons, lons[1:] + lons[:1], strict=True)]
    widest = gaps.index(max(gaps))
    lats = [lat for lat, _ in listed]
    return BoundingBox(lons[(widest + 1) % len(lons)], min(lats), lons[widest], max(lats))


def circle_ring(centre: LatLon, km: float, corners: int = 64) -> list[LatLon]:
    """A closed ring whose sides touch the circle of ``km``, so that the disc lies inside it."""
    angle = min(km / EARTH_RADIUS_KM, pi / 2 - 1e-3)
    outer = atan2(sin(angle), cos(angle) * cos(pi / corners)) * EARTH_RADIUS_KM
    ring = [destination(centre, 360 * k / corners, outer) for k in range(corners)]
    return [*ring, ring[0]]


def _unit(x: float) -> float:
    return max(-1.0, min(1.0, x))
