"""Inside or outside, with the doubt that every fix has. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

from shapely import box
from shapely.geometry import Point, Polygon
from shapely.validation import explain_validity

from varangian.kernel.geometry import LatLon, haversine_km

VAGUE = 100.0
"""Metres: a fix that is less exact says nothing about a fence."""
USUAL = 10.0
"""Metres: taken for a fix that does not say how exact it is."""
IN_A_ROW = 2
METRES_PER_DEGREE = 111_195.0
MOST_CORNERS = 200
AREA_M2 = (1_250, 7_850_000_000)
"""Of the smallest and the largest circle that may be drawn."""
NARROW = 20.0
"""Metres: in a fence that is narrower everywhere, no fix can be inside for certain."""
DETOUR, STRIDE = 1.3, 1.5
"""Streets are longer than the crow's way; metres per second of somebody with a purpose."""


@dataclass(frozen=True)
class Side:
    inside: bool
    pending: int = 0


def beyond_circle(centre: LatLon, radius_m: float, point: LatLon) -> float:
    """Metres outside the edge; negative inside."""
    return haversine_km(centre, point) * 1000 - radius_m


def beyond_outline(ring: Sequence[Sequence[float]], point: LatLon) -> float:
    """The same for an outline, on a plane around the point: fences are small."""
    area, here = _plane(ring, point), Point(0, 0)
    away = area.exterior.distance(here)
    return -away if area.contains(here) else away


def _plane(ring: Sequence[Sequence[float]], middle: LatLon) -> Polygon:
    """Metres east and north of the middle; an outline across the date line stays in one piece."""
    east = METRES_PER_DEGREE * cos(radians(middle[0]))
    return Polygon(
        (
            ((lon - middle[1] + 180) % 360 - 180) * east,
            (lat - middle[0]) * METRES_PER_DEGREE,
        )
        for lat, lon in ring
    )


def tidy(ring: Sequence[Sequence[float]]) -> list[list[float]]:
    """Without corners that stand twice, as the first does where an outline was closed."""
    kept = [list(one) for n, one in enumerate(ring) if n == 0 or list(one) != list(ring[n - 1])]
    return kept[:-1] if len(kept) > 1 and kept[0] == kept[-1] else kept


def outline_fault(ring: Sequence[Sequence[float]]) -> str:
    """Why this is no outline that can be watched, in words; nothing when it is."""
    if not 3 <= len(ring) <= MOST_CORNERS:
        return f"An outline has 3 to {MOST_CORNERS} corners; this one has {len(ring)}"
    area = _plane(ring, (ring[0][0], ring[0][1]))
    if not area.is_valid:
        return f"Two sides of the outline cross{_where(area, ring[0])}"
    if area.area < AREA_M2[0] or area.buffer(-NARROW / 2).is_empty:
        return f"The area is too small: {_sized(area)}, and a position is not that exact"
    if area.area > AREA_M2[1]:
        most = AREA_M2[1] // 10**6
        return f"The area is too large: {area.area / 1e6:,.0f} km², and {most:,} km² is the most"
    return ""


def _sized(area: Polygon) -> str:
    west, south, east, north = area.bounds
    return f"{east - west:.0f} m by {north - south:.0f} m"


def _where(area: Polygon, first: Sequence[float]) -> str:
    """Near which place, so that it is found on the map."""
    told = explain_validity(area).rpartition("[")[2].rstrip("]").split()
    try:
        x, y = (float(one) for one in told[:2])
    except ValueError:
        return ""
    lat = first[0] + y / METRES_PER_DEGREE
    lon = first[1] + x / (METRES_PER_DEGREE * cos(radians(first[0])))
    return f" near {lat:.5f}, {lon:.5f}"


def half_width(ring: Sequence[Sequence[float]]) -> float:
    """Metres from the innermost place to the edge, as far as a margin has to know it."""
    area = _plane(ring, (ring[0][0], ring[0][1]))
    west, south, east, north = area.bounds
    low, high = 0.0, box(west, south, east, north).length
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (low, middle) if area.buffer(-middle).is_empty else (middle, high)
    return low


def step(
    known: Side | None, beyond: float, accuracy: float | None, margin: float = 0.0
) -> tuple[Side | None, str]:
    """The new side, and ``enter`` or ``exit`` when it was crossed.

    Outside is what lies outside by more than the fix may be wrong, and by more than the margin;
    inside what lies inside; a fix in between says nothing. Two in a row cross. The first fix only
    says where it begins.
    """
    doubt = USUAL if accuracy is None else accuracy
    if doubt > VAGUE or 0 <= beyond <= max(doubt, margin):
        return known, ""
    inside = beyond < 0
    if known is None:
        return Side(inside), ""
    if inside == known.inside:
        return Side(inside), ""
    if known.pending + 1 < IN_A_ROW:
        return Side(known.inside, known.pending + 1), ""
    return Side(inside), "enter" if inside else "exit"


def walking_minutes(metres: float) -> float:
    return metres * DETOUR / STRIDE / 60
