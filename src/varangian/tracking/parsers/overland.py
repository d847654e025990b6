"""Overland: a batch of GeoJSON features; without ``{"result": "ok"}`` it sends them all again."""

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
    if not isinstance(found.get("locations"), list):
        return None
    heard = Heard("overland", reply=b'{"result":"ok"}')
    for feature in found["locations"]:
        place = mapping(mapping(feature).get("geometry"))
        if place.get("type") == "Point":
            heard.readings.append(_reading(mapping(feature), place))
    return heard


def _reading(feature: dict[str, Any], place: dict[str, Any]) -> Reading:
    told = mapping(feature.get("properties"))
    at = [*listing(place.get("coordinates")), None, None]
    lat, lon = degrees(at[1], at[0])
    return Reading(
        at=moment(told.get("timestamp")),
        lat=lat,
        lon=lon,
        altitude=number(told.get("altitude"), -12_000, 60_000),
        accuracy=accuracy(told.get("horizontal_accuracy")),
        speed=number(told.get("speed"), 0, 1e4),
        course=course(told.get("course")),
        battery=share(told.get("battery_level"), 1),
        activity=word(next(iter(listing(told.get("motion"))), "")),
    )
