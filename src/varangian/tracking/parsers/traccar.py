"""Traccar Client 9 and later: JSON with ``location`` and the units of the phone."""

from typing import Any

from .reading import (
    Asked,
    Heard,
    Reading,
    accuracy,
    course,
    degrees,
    listing,
    mapping,
    moment,
    number,
    share,
    word,
)


def read(asked: Asked) -> Heard | None:
    found = mapping(asked.json)
    location = found.get("location")
    several = listing(location) or [location]
    if not all(isinstance(one, dict) and "coords" in one for one in several):
        return None
    alarm = word(found.get("alarm"))
    return Heard("traccar", [_reading(one, alarm) for one in several])


def _reading(one: dict[str, Any], alarm: str) -> Reading:
    coords = mapping(one.get("coords"))
    lat, lon = degrees(coords.get("latitude"), coords.get("longitude"))
    alarm = alarm or word(mapping(one.get("extras")).get("alarm")) or word(one.get("alarm"))
    return Reading(
        at=moment(one.get("timestamp")),
        lat=lat,
        lon=lon,
        altitude=number(coords.get("altitude"), -12_000, 60_000),
        accuracy=accuracy(coords.get("accuracy")),
        speed=number(coords.get("speed"), 0, 1e4),
        course=course(coords.get("heading")),
        battery=share(mapping(one.get("battery")).get("level"), 1),
        activity=word(mapping(one.get("activity")).get("type")),
        trigger=word(one.get("event")),
        sos=alarm.lower() == "sos",
    )
