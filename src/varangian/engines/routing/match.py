"""Where on its route a car is: progress that never goes back, and how far off the line it is.

A fix is laid on the line where two things agree best: it is near the line, and the way along the
line since the last fix is as long as the crow's way between the two fixes. That is the emission
and the transition of the hidden Markov map matching of Newson and Krumm (2009), for one line and
one step at a time. So a route that crosses or meets itself is not jumped across, and a gap of the
receiver is bridged. Progress never decreases: driving back shows as ``behind_m``, not as less.

Units: metres, seconds, degrees (lon, lat; WGS 84). Within 50 km the flat plane is exact enough:
the error is below a thousandth.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from varangian.kernel.geometry import EARTH_RADIUS_KM
from varangian.kernel.results import Refused

Array = np.ndarray[Any, Any]
RADIUS_M = EARTH_RADIUS_KM * 1000
SIGMA_M = 10.0
"""Of a fix that does not tell its accuracy."""
NEAR_M, DEVIATIONS = 25.0, 2.5
"""A fix lies on the line within so much, and so many times its own accuracy: lanes have a width."""
BETA_M, BETA_SHARE = 20.0, 0.25
"""How much the way may differ from the crow's way: at corners it does."""
START_BIAS_M = 5_000.0
"""Of several places for the first fix, one so much further on counts as one deviation worse."""
PRIOR_S = 120.0
"""The planned pace counts like two minutes of driving, so that one red light changes little."""
SLOWEST, QUICKEST = 4.0, 0.5


@dataclass(frozen=True)
class Line:
    """A route. ``along_m[k]`` and ``at_s[k]``: way and planned driving time to its corner ``k``."""

    points: Array
    """float64[k, 2], (lon, lat); over the date line the longitude goes on past 180."""
    middle: Array
    """(lon, lat)."""
    flat: Array
    """float64[k, 2], metres east and north of the middle."""
    along_m: Array
    at_s: Array

    @property
    def metres(self) -> float:
        return float(self.along_m[-1])

    @property
    def seconds(self) -> float:
        return float(self.at_s[-1])


@dataclass(frozen=True)
class Fix:
    at_s: float
    lon: float
    lat: float
    accuracy_m: float | None = None


@dataclass(frozen=True)
class Progress:
    """``along_m`` is the furthest point reached on the line; the other two are of this fix.

    ``off_m``: to the nearest point of the whole line. ``behind_m``: by how much the fix lies on
    the line behind the progress, 0 while it goes forward. ``on``: the fix was laid on the line.
    """

    along_m: float
    off_m: float
    on: bool
    behind_m: float
    fix: Fix
    anchor: Fix
    """The last fix that lay on the line ahead; the crow's way is measured from there."""


def line(points: Sequence[Sequence[float]], seconds: Sequence[float] | float | None = None) -> Line:
    """From (lon, lat) corners and the planned time to each, in all, or at 30 km/h."""
    corners = np.array(points, dtype=float)
    if corners.ndim != 2 or corners.shape[1] != 2 or len(corners) < 2:
        raise Refused("A line has at least two corners", "line", "Longitude first, then latitude.")
    if not np.isfinite(corners).all() or np.abs(corners).max() > 180:
        raise Refused("A corner of the line is no place on earth", "line")
    corners[:, 0] = corners[0, 0] + (corners[:, 0] - corners[0, 0] + 180) % 360 - 180
    middle = corners.mean(axis=0)
    flat = _flat(corners, middle)
    steps = np.hypot(*np.diff(flat, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    if along[-1] < 1:
        raise Refused("This line has no length", "line")
    return Line(corners, middle, flat, along, _times(along, seconds))


def _times(along: Array, seconds: Sequence[float] | float | None) -> Array:
    if seconds is None:
        return along / (30 / 3.6)
    if isinstance(seconds, int | float):
        return along / along[-1] * float(seconds)
    times = np.asarray(seconds, dtype=float)
    if times.shape != along.shape or (np.diff(times) < 0).any() or times[0] != 0:
        raise Refused("The times along a line do not fit its corners", "line")
    return times


def _flat(points: Array, middle: Array) -> Array:
    east = (points[:, 0] - middle[0] + 180) % 360 - 180
    squeeze = np.cos(np.radians(middle[1]))
    return RADIUS_M * np.radians(np.stack([east * squeeze, points[:, 1] - middle[1]], 1))


def advance(route: Line, before: Progress | None, fix: Fix) -> Progress:
    """What one more fix says. Fixes come in the order of their times; an older one says nothing."""
    if before is not None and fix.at_s <= before.fix.at_s:
        return before
    here = _here(route, fix)
    along, off = _feet(route, here)
    sigma = max(fix.accuracy_m or SIGMA_M, 3.0)
    nearest = float(off.min())
    if before is None:
        return _first(along, off, sigma, fix)
    reach = max(NEAR_M, DEVIATIONS * sigma)
    score = _score(route, before, here, (along, off, sigma))
    best = int(np.argmin(score))
    if off[best] > reach:
        return Progress(before.along_m, nearest, on=False, behind_m=0.0, fix=fix,
                        anchor=before.anchor)  # fmt: skip
    reached = float(along[best])
    if reached >= before.along_m:
        return Progress(reached, nearest, on=True, behind_m=0.0, fix=fix, anchor=fix)
    behind = before.along_m - reached
    return Progress(before.along_m, nearest, on=True, behind_m=behind, fix=fix,
                    anchor=fix if behind < reach else before.anchor)  # fmt: skip


def _score(route: Line, before: Progress, here: Array, feet: tuple[Array, Array, float]) -> Array:
    """-log of emission times transition; from a way back the crow's way is to where it began."""
    along, off, sigma = feet
    last = _here(route, before.anchor)
    crow = float(np.hypot(*(here - last)))
    moved = along - before.along_m
    beta = BETA_M + BETA_SHARE * crow
    strange = np.abs(np.abs(moved) - crow) / beta
    back = np.where(moved < -2 * sigma, 1.0, 0.0)
    return 0.5 * (off / sigma) ** 2 + strange + back


def _first(along: Array, off: Array, sigma: float, fix: Fix) -> Progress:
    best = int(np.argmin(0.5 * (off / sigma) ** 2 + along / START_BIAS_M))
    on = bool(off[best] <= max(NEAR_M, DEVIATIONS * sigma))
    reached = float(along[best]) if on else 0.0
    return Progress(reached, float(off.min()), on, 0.0, fix, fix)


def _here(route: Line, fix: Fix) -> Array:
    return _flat(np.array([[fix.lon, fix.lat]]), route.middle)[0]


def _feet(route: Line, here: Array) -> tuple[Array, Array]:
    """For each stretch: way to its point nearest to ``here``, and how far that is."""
    begin = route.flat[:-1]
    course = route.flat[1:] - begin
    length = np.maximum((course**2).sum(1), 1e-9)
    share = np.clip(((here - begin) * course).sum(1) / length, 0, 1)
    foot = begin + course * share[:, None]
    steps = np.diff(route.along_m)
    return route.along_m[:-1] + share * steps, np.hypot(*(foot - here).T)


def off_m(route: Line, lon: float, lat: float) -> float:
    """Metres from a place to the line."""
    return float(_feet(route, _here(route, Fix(0.0, lon, lat)))[1].min())


def locate(route: Line, lon: float, lat: float) -> tuple[float, float]:
    """Metres along the line to its point nearest to a place, and from there to the place."""
    along, off = _feet(route, _here(route, Fix(0.0, lon, lat)))
    best = int(np.argmin(off))
    return float(along[best]), float(off[best])


def seconds_at(route: Line, along_m: float) -> float:
    """Planned driving seconds from the start to a point of the line."""
    return float(np.interp(along_m, route.along_m, route.at_s))


def place_at(route: Line, along_m: float) -> tuple[float, float]:
    """(lon, lat) of a point of the line."""
    lon = np.interp(along_m, route.along_m, route.points[:, 0])
    lat = np.interp(along_m, route.along_m, route.points[:, 1])
    return float((lon + 180) % 360 - 180), float(lat)


def pace(route: Line, from_m: float, to_m: float, took_s: float) -> float:
    """Observed over planned driving time between two points, drawn towards 1 on short stretches."""
    planned = seconds_at(route, to_m) - seconds_at(route, from_m)
    found = (max(took_s, 0.0) + PRIOR_S) / (max(planned, 0.0) + PRIOR_S)
    return min(max(found, QUICKEST), SLOWEST)


def remaining_s(route: Line, along_m: float, pace_: float = 1.0) -> float:
    """Driving seconds that are left at this pace: for the time of arrival."""
    return (route.seconds - seconds_at(route, along_m)) * pace_
