"""Legs laid out as arrays: great-circle segments, gathered into chunks that a cap bounds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from varangian.engines.corridor.model import Leg
from varangian.engines.corridor.sphere import (
    Floats,
    Ints,
    angle,
    normalised,
    tangent,
    unit_vectors,
)
from varangian.kernel.geometry import EARTH_RADIUS_KM
from varangian.kernel.results import Refused

SEGMENT_RAD = 400 / EARTH_RADIUS_KM
CHUNK_RAD = 300 / EARTH_RADIUS_KM
POINT_RAD = 1e-9


@dataclass(frozen=True, slots=True)
class Tracks:
    """S segments in C chunks of L legs. Fractions run 0 to 1 over a leg's length.

    A position on segment s at angle x from its start is ``a[s] cos x + t[s] sin x``.
    """

    start: Floats  # (L,) seconds since the epoch
    end: Floats  # (L,) seconds, inf when unknown
    timed: np.ndarray  # (L,) bool: the position is known at every moment
    buffer: Floats  # (L,) radians
    a: Floats  # (S, 3)
    t: Floats  # (S, 3)
    theta: Floats  # (S,) length in radians, 0 for a stay
    f0: Floats  # (S,)
    f1: Floats  # (S,)
    middle: Floats  # (S, 3)
    leg_first: Ints  # (L,) first segment of each leg
    leg_count: Ints  # (L,)
    chunk_leg: Ints  # (C,)
    chunk_first: Ints  # (C,)
    chunk_count: Ints  # (C,)
    chunk_centre: Floats  # (C, 3)
    chunk_radius: Floats  # (C,) radians, without the buffer
    chunk_t0: Floats  # (C,) seconds
    chunk_t1: Floats  # (C,)

    def position(self, leg: Ints, fraction: Floats) -> Floats:
        """Unit vectors at a fraction of each leg."""
        key = np.repeat(np.arange(len(self.leg_first)), self.leg_count) * 2.0 + self.f0
        seg = np.searchsorted(key, leg * 2.0 + fraction, side="right") - 1
        seg = np.clip(seg, self.leg_first[leg], self.leg_first[leg] + self.leg_count[leg] - 1)
        span = self.f1[seg] - self.f0[seg]
        x = (self.theta[seg] * (fraction - self.f0[seg]) / np.where(span > 0, span, 1))[:, None]
        return self.a[seg] * np.cos(x) + self.t[seg] * np.sin(x)


def lay_out(legs: Sequence[Leg]) -> Tracks:
    """Raises Refused when two neighbouring points of a path are antipodes."""
    start = np.array([leg.start.timestamp() for leg in legs])
    end = np.array([np.inf if leg.end is None else leg.end.timestamp() for leg in legs])
    owner, a, b, theta = _segments(legs)
    count = np.bincount(owner, minlength=len(legs))
    first = np.cumsum(count) - count
    ends = np.cumsum(theta)
    base = (ends - theta)[first]
    length = np.add.reduceat(theta, first)
    moving = length > 0
    whole = np.where(moving, length, 1.0)[owner]
    f1 = np.where(moving[owner], np.minimum((ends - base[owner]) / whole, 1.0), 1.0)
    f0 = np.concatenate(([0.0], f1[:-1]))
    f0[first] = 0.0
    f1[first + count - 1] = 1.0
    timed = moving & np.isfinite(end) & (end > start)

    part = ((ends - theta / 2 - base[owner]) / CHUNK_RAD).astype(np.intp)
    change = np.concatenate(([True], (np.diff(owner) != 0) | (np.diff(part) != 0)))
    chunk_first = np.flatnonzero(change)
    chunk_count = np.diff(np.append(chunk_first, len(owner)))
    chunk_leg = owner[chunk_first]
    centre = normalised(np.add.reduceat(a + b, chunk_first))
    chunk_of = np.cumsum(change) - 1
    far = np.maximum(angle(a, centre[chunk_of]), angle(b, centre[chunk_of]))
    lasts = np.where(timed, end - start, 0.0)[chunk_leg]
    on_time = timed[chunk_leg]
    begin, stop = start[chunk_leg], end[chunk_leg]
    return Tracks(
        start=start,
        end=end,
        timed=timed,
        buffer=np.array([leg.buffer_km for leg in legs]) / EARTH_RADIUS_KM,
        a=a,
        t=tangent(a, b),
        theta=theta,
        f0=f0,
        f1=f1,
        middle=normalised(a + b),
        leg_first=first,
        leg_count=count,
        chunk_leg=chunk_leg,
        chunk_first=chunk_first,
        chunk_count=chunk_count,
        chunk_centre=centre,
        chunk_radius=np.maximum.reduceat(far, chunk_first),
        chunk_t0=begin + f0[chunk_first] * lasts,
        chunk_t1=np.where(on_time, begin + f1[chunk_first + chunk_count - 1] * lasts, stop),
    )


def _segments(legs: Sequence[Leg]) -> tuple[Ints, Floats, Floats, Floats]:
    """Leg number, both ends and length of all segments, none longer than SEGMENT_RAD."""
    sizes = np.array([len(leg.path) for leg in legs])
    points = np.array([point for leg in legs for point in leg.path], dtype=float)
    vectors = unit_vectors(points[:, 0], points[:, 1])
    owner = np.repeat(np.arange(len(legs)), sizes)
    inner = np.flatnonzero(owner[1:] == owner[:-1])
    a, b, owned = vectors[inner], vectors[inner + 1], owner[inner]
    theta = angle(a, b)
    if np.any(theta > np.pi - 1e-6):
        where = legs[int(owned[int(np.argmax(theta))])].id
        raise Refused(
            "Two neighbouring points of a path are antipodes, so its course is unknown",
            where,
            "Give a point between them.",
        )
    real = theta > POINT_RAD
    a, b, owned, theta = a[real], b[real], owned[real], theta[real]
    pieces = np.ceil(theta / SEGMENT_RAD).astype(np.intp)
    row = np.repeat(np.arange(len(theta)), pieces)
    step = np.arange(len(row)) - (np.cumsum(pieces) - pieces)[row]
    side, each = tangent(a, b)[row], (theta / pieces)[row]

    def at(steps: np.ndarray) -> Floats:
        x = (steps * each)[:, None]
        return a[row] * np.cos(x) + side * np.sin(x)

    still = np.setdiff1d(np.arange(len(legs)), owned)
    stay = vectors[(np.cumsum(sizes) - sizes)[still]]
    order = np.argsort(np.concatenate((owned[row], still)), kind="stable")
    return (
        np.concatenate((owned[row], still))[order],
        np.concatenate((at(step), stay))[order],
        np.concatenate((at(step + 1), stay))[order],
        np.concatenate((each, np.zeros(len(still))))[order],
    )
