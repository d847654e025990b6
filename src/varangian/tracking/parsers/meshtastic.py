"""Meshtastic's JSON, posted by a gateway that speaks for its nodes."""

from typing import Any

from .reading import Asked, Heard, Reading, Unreadable, course, mapping, moment, number, word

TENMILLIONTH = 1e-7
METRES_PER_DEGREE = 111_320.0
MOST_NODE = 2**32


def read(asked: Asked) -> Heard | None:
    found = mapping(asked.json)
    if "from" not in found or not isinstance(found.get("type"), str):
        return None
    heard = Heard("meshtastic")
    if found["type"] == "position":
        heard.readings.append(_reading(found, mapping(found.get("payload"))))
    return heard


def node(value: Any) -> str:
    """As the radios write it: an exclamation mark and eight hexadecimal digits."""
    if isinstance(value, str) and value.startswith("!"):
        return word(value, 9)
    found = number(value, 0, MOST_NODE - 1)
    if found is None:
        raise Unreadable("the node has no number")
    return f"!{int(found):08x}"


def _reading(found: dict[str, Any], told: dict[str, Any]) -> Reading:
    lat, lon = number(told.get("latitude_i")), number(told.get("longitude_i"))
    if lat is None or lon is None:
        raise Unreadable("latitude or longitude is missing")
    given = told.get("time") or told.get("timestamp") or found.get("timestamp")
    track = number(told.get("ground_track"), 0, 3.6e7)
    return Reading(
        at=moment(given),
        lat=lat * TENMILLIONTH,
        lon=lon * TENMILLIONTH,
        altitude=number(told.get("altitude"), -12_000, 60_000),
        accuracy=_coarseness(told.get("precision_bits")),
        speed=number(told.get("ground_speed"), 0, 1e4),
        course=None if track is None else course(track * 1e-5),
        unit=node(found["from"]),
    )


def _coarseness(bits: Any) -> float | None:
    """A channel may send its positions cut to so many bits; half of the cell is the accuracy."""
    kept = number(bits, 1, 31)
    if kept is None:
        return None
    return 2 ** (32 - int(kept)) * TENMILLIONTH * METRES_PER_DEGREE / 2
