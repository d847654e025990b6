"""When a track left one place and reached another. Pure rules."""

from collections.abc import Sequence
from datetime import datetime

from varangian.kernel.geometry import LatLon, haversine_km

from .actual import Passage

AT_PLACE_M = 150.0
"""So near to the point of a place one is at it: a venue has a forecourt and two doors."""
WORST_M = 100.0
"""A fix that is less sure of itself says nothing about a door."""

Point = tuple[datetime, LatLon, float | None]
"""When, where, and within how many metres."""


def passage(track: Sequence[Point], origin: LatLon | None, destination: LatLon | None) -> Passage:
    """``track`` in order of time. Departed: the last time at the origin before being elsewhere;
    arrived: the first time at the destination after being elsewhere. None where no fix says so."""
    sure = [point for point in track if point[2] is None or point[2] <= WORST_M]
    at_origin = [_at(point, origin) for point in sure]
    at_destination = [_at(point, destination) for point in sure]
    arrived = _turn(at_destination, into=True)
    before = at_origin[:arrived] if arrived is not None else at_origin
    departed = _turn(before, into=False)
    return Passage(
        departed=sure[departed][0] if departed is not None else None,
        arrived=sure[arrived][0] if arrived is not None else None,
    )


def _at(point: Point, place: LatLon | None) -> bool:
    return place is not None and haversine_km(point[1], place) * 1000 <= AT_PLACE_M


def _turn(there: Sequence[bool], *, into: bool) -> int | None:
    """The first fix there after one elsewhere, or the last one there before one elsewhere."""
    turns = range(len(there) - 1)
    if into:
        return next((i + 1 for i in turns if not there[i] and there[i + 1]), None)
    return next((i for i in reversed(turns) if there[i] and not there[i + 1]), None)
