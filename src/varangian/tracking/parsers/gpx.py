"""A track from a file: GPX 1.0 and 1.1, whatever its namespace."""

from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from .reading import Reading, Unreadable, accuracy, course, degrees, moment, number

MOST = 200_000
POINTS = {"trkpt", "wpt"}


def read_gpx(data: bytes) -> list[Reading]:
    """Points without a time are left out: a position without a time is of no use here."""
    try:
        root = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, RecursionError) as error:
        raise Unreadable("this is no GPX file") from error
    if _name(root) != "gpx":
        raise Unreadable("this is no GPX file")
    found = []
    for point in root.iter():
        if _name(point) in POINTS and (reading := _reading(point)) is not None:
            found.append(reading)
            if len(found) > MOST:
                raise Unreadable(f"more than {MOST:,} points")
    return found


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _reading(point: Any) -> Reading | None:
    told = {
        _name(child): (child.text or "").strip() for child in point.iter() if child is not point
    }
    if not told.get("time"):
        return None
    lat, lon = degrees(point.get("lat"), point.get("lon"))
    return Reading(
        at=moment(told["time"]),
        lat=lat,
        lon=lon,
        altitude=number(told.get("ele"), -12_000, 60_000),
        accuracy=accuracy(told.get("accuracy")),
        speed=number(told.get("speed"), 0, 1e4),
        course=course(told.get("course")),
        trigger="upload",
    )
