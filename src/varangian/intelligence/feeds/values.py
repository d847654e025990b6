"""Words, numbers, times and places as feeds write them. Soft faults go to ``note``."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite

from varangian.intelligence.feeds.records import Note, Ring
from varangian.kernel.geometry import LatLon, valid_lat_lon

LONGEST_TEXT = 20_000
YEARS = range(1900, 2201)
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def text(value: object, limit: int = LONGEST_TEXT) -> str:
    """Plain text without what databases and screens choke on; "" for what is no text."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return _UNPRINTABLE.sub("", str(value)).strip()[:limit]


def identifier(value: object) -> str:
    return " ".join(text(value, 500).split())


def web_link(value: object) -> str:
    """Only http and https: a feed must not plant a script link."""
    link = text(value, 2000)
    return link if re.match(r"https?://[^\s]+$", link, re.I) else ""


def number(value: object) -> float | None:
    """Finite number from a number or text, else None."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if isfinite(found) else None


def when(value: object, field: str, note: Note) -> datetime | None:
    """RFC 822 or ISO 8601 text, or milliseconds since the epoch; None when absent or impossible."""
    if value is None or value == "":
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        moment = _from_milliseconds(value)
    elif isinstance(value, str):
        moment = _from_text(value.strip()[:100])
    else:
        moment = None
    if moment is not None and moment.tzinfo is None:
        note(f"The {field} time {text(value, 60)} has no time zone; read as UTC", "")
        moment = moment.replace(tzinfo=UTC)
    try:
        moment = moment.astimezone(UTC) if moment else None
    except (OverflowError, ValueError):
        moment = None
    if moment is None or moment.year not in YEARS:
        note(
            f"The {field} time {text(value, 60)!r} is not a possible date; left unknown",
            "Give a date such as 2026-05-01T12:00:00Z.",
        )
        return None
    return moment


def _from_milliseconds(value: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(value / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _from_text(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def ordered(onset: datetime | None, expires: datetime | None, note: Note) -> datetime | None:
    """``expires``, or None with a note when it lies before the onset."""
    if onset and expires and expires < onset:
        note(
            f"Expires {expires.isoformat()} before its onset {onset.isoformat()}; end left unknown",
            "",
        )
        return None
    return expires


def point(lat: object, lon: object, note: Note) -> LatLon | None:
    """(lat, lon) with longitudes up to 360 brought home; None with a note when impossible."""
    a, b = number(lat), number(lon)
    if a is not None and b is not None:
        if 180 < b <= 360:
            b -= 360
        if valid_lat_lon(a, b):
            return a, b
    note(
        f"Latitude {text(lat, 30) or '?'}, longitude {text(lon, 30) or '?'} is no place on Earth",
        "Latitude is within -90 to 90, longitude within -180 to 180.",
    )
    return None


def ring(corners: list[LatLon | None]) -> Ring | None:
    """A closed ring of (lon, lat) from (lat, lon) corners; None when fewer than three differ."""
    if any(corner is None for corner in corners):
        return None
    flat = [(corner[1], corner[0]) for corner in corners if corner is not None]
    if len(set(flat)) < 3:
        return None
    return tuple(flat if flat[0] == flat[-1] else [*flat, flat[0]])
