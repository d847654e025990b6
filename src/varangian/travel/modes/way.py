"""How far a place lies off the straight way between two others."""

from math import acos, asin, cos, radians, sin

from varangian.kernel.geometry import LatLon, bearing, haversine_km

EARTH_KM = 6371.0088


def off_line_km(first: LatLon, last: LatLon, point: LatLon) -> float:
    """To the nearest point of the great circle between the two, ends included."""
    away = haversine_km(first, point)
    turn = radians(bearing(first, point) - bearing(first, last))
    if away == 0 or cos(turn) <= 0:
        return away
    angle = away / EARTH_KM
    aside = asin(max(-1.0, min(1.0, sin(angle) * sin(turn))))
    along = acos(max(-1.0, min(1.0, cos(angle) / cos(aside)))) * EARTH_KM
    if along > haversine_km(first, last):
        return haversine_km(last, point)
    return abs(aside) * EARTH_KM
