"""In which country a place lies, offline; what is not known stays empty."""

from functools import cache, lru_cache
from typing import Any

import numpy as np

from varangian.kernel.geometry import EARTH_RADIUS_KM, LatLon
from varangian.places.countries import COUNTRIES
from varangian.places.gazetteer import resolve
from varangian.places.gazetteer_data import airports, countries, fold

from .presence_rules import Interval, Spot

NEAR_KM = 80.0


def spot_of(place: Any) -> Spot:
    """Of a place of the team."""
    if place is None:
        return Spot()
    point = (place.position[0], place.position[1]) if place.position else None
    return Spot(place.name, country_of(place.source_text or place.name, point))


def country_of(text: str, point: LatLon | None = None) -> str:
    """By the name, else by the airports around the point if they all lie in one country."""
    found = resolve(text) if text else None
    if found is not None and found.country and found.precision != "ambiguous":
        return found.country
    return _country_at(round(point[0], 2), round(point[1], 2)) if point else ""


@lru_cache(maxsize=4096)
def _country_at(lat: float, lon: float) -> str:
    points, codes = _airports()
    there, here = np.radians(points), np.radians((lat, lon))
    turn = np.sin((there - here) / 2) ** 2
    angle = turn[:, 0] + np.cos(there[:, 0]) * np.cos(here[0]) * turn[:, 1]
    km = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(angle))
    near = {codes[index] for index in np.flatnonzero(km <= NEAR_KM)}
    return near.pop() if len(near) == 1 else ""


@cache
def _airports() -> tuple[np.ndarray, list[str]]:
    rows = [(one.lat, one.lon, one.country) for one in airports().with_iata()]
    return np.array([row[:2] for row in rows]), [row[2] for row in rows]


def country_words(code: str) -> str:
    return COUNTRIES.get(code, code)


def lies_in(interval: Interval, asked: str) -> bool:
    """Is somebody there, or on the way there or from there? ``asked`` is a country or a place."""
    code = countries().get(fold(asked))
    if code:
        return code in interval.countries
    spots = [spot for spot in (interval.spot, interval.towards) if spot]
    return any(fold(asked) in fold(spot.words) for spot in spots)
