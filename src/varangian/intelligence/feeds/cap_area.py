"""Where a CAP alert applies: polygons, circles and what the geocodes say of the country."""

import re

from lxml import etree

from varangian.intelligence.feeds import values
from varangian.intelligence.feeds.records import Geometry, Note, Ring
from varangian.kernel.geometry import LatLon, circle_ring

MAX_RADIUS_KM = 5000.0
_COUNTRY = re.compile(r"([A-Z]{2})(?:-[A-Z0-9]{1,3})?$")


def geometry(areas: list[etree._Element], note: Note) -> Geometry:
    """One circle alone stays point and radius; beside others, circles become polygons."""
    polygons, circles = [], []
    for area in areas:
        for element in area.findall("{*}polygon"):
            ring = _polygon(values.text(element.text, 2_000_000), note)
            if ring:
                polygons.append((ring,))
        for element in area.findall("{*}circle"):
            circle = _circle(values.text(element.text), note)
            if circle:
                circles.append(circle)
    circles = list(dict.fromkeys(circles))
    if len(circles) == 1 and not polygons:
        return Geometry(point=circles[0][0], radius_km=circles[0][1])
    for centre, km in circles:
        if km > 0:
            polygons.append((tuple((lon, lat) for lat, lon in circle_ring(centre, km)),))
        else:
            note("A circle of radius 0 beside other areas was left out", "")
    return Geometry(polygons=tuple(dict.fromkeys(polygons)))


def countries(areas: list[etree._Element]) -> tuple[str, ...]:
    """ISO 3166 codes out of geocodes whose name speaks of ISO or a country."""
    found = []
    for area in areas:
        for code in area.findall("{*}geocode"):
            name = values.text(code.findtext("{*}valueName")).lower()
            match = _COUNTRY.match(values.text(code.findtext("{*}value")).upper())
            if match and ("iso" in name or "country" in name):
                found.append(match.group(1))
    return tuple(dict.fromkeys(found))


def _pair(words: str, note: Note) -> LatLon | None:
    lat, _, lon = words.partition(",")
    return values.point(lat, lon, note)


def _polygon(words: str, note: Note) -> Ring | None:
    if not words:
        return None
    corners: list[LatLon | None] = []
    for pair in words.split():
        corner = _pair(pair, note)
        if corner is None:
            return None
        corners.append(corner)
    ring = values.ring(corners)
    if ring is None:
        note("A polygon has fewer than three corners; left out", "")
    return ring


def _circle(words: str, note: Note) -> tuple[LatLon, float] | None:
    if not words:
        return None
    pair, _, radius = words.partition(" ")
    centre, km = _pair(pair, note), values.number(radius.strip())
    if centre is None:
        return None
    if km is None or not 0 <= km <= MAX_RADIUS_KM:
        note(f"A circle of radius {radius[:30]!r} is impossible; left out", "")
        return None
    return centre, km
