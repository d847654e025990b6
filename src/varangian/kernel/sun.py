"""Sunrise and sunset by the general solar position formulas of NOAA; good to a minute or two."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import acos, cos, degrees, pi, radians, sin, tan
from typing import Literal

from .geometry import LatLon

HORIZON, CIVIL = 90.833, 96.0
"""Zenith in degrees: the upper edge of the sun with refraction, and the end of civil twilight."""
type Day = Literal["usual", "polar day", "polar night"]


@dataclass(frozen=True, slots=True)
class SunTimes:
    """In UTC. On a polar day or night nothing rises or sets, and both are None."""

    rises: datetime | None
    sets: datetime | None
    kind: Day = "usual"


def sun_times(point: LatLon, day: date, zenith: float = HORIZON) -> SunTimes:
    """Rise and set at ``point`` (lat, lon) on the solar day whose noon is on ``day`` there."""
    lat, lon = point
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) - timedelta(minutes=4 * lon)
    rises = _event(lat, noon, zenith, -1)
    sets = _event(lat, noon, zenith, 1)
    if rises is None or sets is None:
        up = sin(radians(lat)) * sin(_declination(_fraction(noon))) > 0
        return SunTimes(None, None, "polar day" if up else "polar night")
    return SunTimes(rises, sets)


def _event(lat: float, noon: datetime, zenith: float, side: int) -> datetime | None:
    """Twice round: the first answer says at which hour the formulas are to be taken."""
    at: datetime | None = noon
    for _ in range(2):
        assert at is not None
        gamma = _fraction(at)
        angle = _hour_angle(lat, _declination(gamma), zenith)
        if angle is None:
            return None
        transit = noon - timedelta(minutes=_equation_of_time(gamma))
        at = transit + timedelta(minutes=4 * side * angle)
    return at


def _fraction(at: datetime) -> float:
    """The year as an angle."""
    start = datetime(at.year, 1, 1, tzinfo=UTC)
    length = (datetime(at.year + 1, 1, 1, tzinfo=UTC) - start).days
    return 2 * pi / length * ((at - start).total_seconds() / 86400 - 0.5)


def _equation_of_time(g: float) -> float:
    """Minutes by which the sun is ahead of the clock."""
    return 229.18 * (
        0.000075
        + 0.001868 * cos(g)
        - 0.032077 * sin(g)
        - 0.014615 * cos(2 * g)
        - 0.040849 * sin(2 * g)
    )


def _declination(g: float) -> float:
    return (
        0.006918
        - 0.399912 * cos(g)
        + 0.070257 * sin(g)
        - 0.006758 * cos(2 * g)
        + 0.000907 * sin(2 * g)
        - 0.002697 * cos(3 * g)
        + 0.00148 * sin(3 * g)
    )


def _hour_angle(lat: float, declination: float, zenith: float) -> float | None:
    flat = radians(max(-89.999, min(89.999, lat)))
    cosine = cos(radians(zenith)) / (cos(flat) * cos(declination)) - tan(flat) * tan(declination)
    return degrees(acos(cosine)) if -1 <= cosine <= 1 else None
