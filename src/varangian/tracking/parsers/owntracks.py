"""OwnTracks over HTTP: one JSON object with ``_type``; it expects a JSON array back."""

from typing import Any

from .reading import (
    KMH,
    Asked,
    Heard,
    Reading,
    Unreadable,
    accuracy,
    course,
    degrees,
    mapping,
    moment,
    number,
    scaled,
    share,
    word,
)

PLACED = {"location", "transition"}
QUIET = {"lwt", "waypoint", "waypoints", "cmd", "card", "status", "steps", "dump", "beacon"}


def read(asked: Asked) -> Heard | None:
    """Known kinds without a position are taken and forgotten; unknown ones too."""
    found = mapping(asked.json)
    kind = found.get("_type")
    if not isinstance(kind, str):
        return None
    if kind == "encrypted":
        raise Unreadable("OwnTracks encrypts its messages: clear the secret key, TLS protects them")
    heard = Heard("owntracks", reply=b"[]")
    if kind in PLACED:
        heard.readings.append(_reading(found, kind))
    elif kind not in QUIET:
        raise Unreadable("a kind of OwnTracks message that is not known here")
    return heard


def _reading(found: dict[str, Any], kind: str) -> Reading:
    lat, lon = degrees(found.get("lat"), found.get("lon"))
    return Reading(
        at=moment(found.get("tst")),
        lat=lat,
        lon=lon,
        altitude=number(found.get("alt"), -12_000, 60_000),
        accuracy=accuracy(found.get("acc")),
        speed=scaled(found.get("vel"), KMH),
        course=course(found.get("cog")),
        battery=share(found.get("batt"), 100),
        trigger=word(found.get("event")) if kind == "transition" else word(found.get("t")),
    )
