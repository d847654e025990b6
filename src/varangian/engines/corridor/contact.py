"""Where a path's segment lies within reach of a hazard's outline, in closed form.

A position x radians along a segment is p(x) = A cos x + T sin x, so for any fixed vector v the
product p(x).v is a sine wave. "Within r of the point e" is p.e >= cos r. "Within r of the arc
e1 e2, beside it" is |p.n| <= sin r, p.out >= 0 and p.back >= 0 with n the arc's pole and out, back
its end tangents. Each holds on one span of x. Reach r below 90 degrees less the segment for arcs.
"""

from dataclasses import dataclass

import numpy as np

from varangian.engines.corridor.areas import Outlines
from varangian.engines.corridor.sphere import Floats, Ints, angle, dot
from varangian.engines.corridor.tracks import Tracks

TURN = 2 * np.pi


@dataclass(frozen=True, slots=True)
class Rows:
    """N pairings of a segment with an arc, and the stretch of the segment that counts."""

    tracks: Tracks
    lines: Outlines
    segment: Ints  # (N,)
    arc: Ints  # (N,)
    low: Floats  # (N,) radians along the segment
    high: Floats  # (N,)
    reach: Floats  # (N,) radians

    def wave(self, vectors: Floats) -> tuple[Floats, Floats]:
        """Height and phase (nearest to the stretch's middle) of p(x).v."""
        v = vectors[self.arc]
        level, rise = dot(self.tracks.a[self.segment], v), dot(self.tracks.t[self.segment], v)
        phase = np.arctan2(rise, level)
        return np.hypot(level, rise), phase + TURN * np.round((self.middle - phase) / TURN)

    @property
    def middle(self) -> Floats:
        return (self.low + self.high) / 2

    def at(self, x: Floats) -> Floats:
        return (
            self.tracks.a[self.segment] * np.cos(x)[:, None]
            + self.tracks.t[self.segment] * np.sin(x)[:, None]
        )

    def only(self, chosen: Ints) -> "Rows":
        return Rows(
            self.tracks,
            self.lines,
            self.segment[chosen],
            self.arc[chosen],
            self.low[chosen],
            self.high[chosen],
            self.reach[chosen],
        )


def spans(rows: Rows) -> tuple[Ints, Floats, Floats]:
    """Row number, low and high of every stretch within reach of the outline."""
    height, phase = rows.wave(rows.lines.e1)
    half = _half_span(height, np.cos(np.minimum(rows.reach, np.pi)))
    round_point = [(phase - half, phase + half)]
    if np.any(half > np.pi / 2):
        other = np.where(phase > rows.middle, phase - TURN, phase + TURN)
        round_point.append((other - half, other + half))
    number = np.arange(len(half))
    found = [(number, low, high) for low, high in round_point]
    beside = np.flatnonzero(rows.lines.half[rows.arc] > 0)
    if len(beside):
        found.append((beside, *_beside_arc(rows.only(beside))))
    row = np.concatenate([part[0] for part in found])
    low = np.maximum(np.concatenate([part[1] for part in found]), rows.low[row])
    high = np.minimum(np.concatenate([part[2] for part in found]), rows.high[row])
    kept = low <= high
    return row[kept], low[kept], high[kept]


def nearest(rows: Rows) -> tuple[Floats, Floats]:
    """Least angle from each row's stretch to its arc, and where on the segment."""
    _, phase = rows.wave(rows.lines.e1)
    best_x = np.clip(phase, rows.low, rows.high)
    best = angle(rows.at(best_x), rows.lines.e1[rows.arc])
    beside = np.flatnonzero(rows.lines.half[rows.arc] > 0)
    if not len(beside):
        return best, best_x
    part = rows.only(beside)
    _, to_end = part.wave(part.lines.e2)
    _, peak = part.wave(part.lines.normal)
    crossing = np.where(peak > part.middle, peak - np.pi / 2, peak + np.pi / 2)
    for x in (part.low, part.high, to_end, crossing):
        x = np.clip(x, part.low, part.high)
        away = _to_arc(part, x)
        closer = away < best[beside]
        best[beside[closer]], best_x[beside[closer]] = away[closer], x[closer]
    return best, best_x


def _half_span(height: Floats, least: Floats) -> Floats:
    """Half the span on which a wave of that height is at least ``least``; -inf for never."""
    ratio = least / np.where(height > 0, height, 1e-300)
    return np.where(ratio > 1, -np.inf, np.arccos(np.clip(ratio, -1, 1)))


def _beside_arc(rows: Rows) -> tuple[Floats, Floats]:
    low, high = rows.low, rows.high
    lines, edge = rows.lines, -np.sin(np.minimum(rows.reach, np.pi / 2))
    zero = np.full_like(edge, -1e-13)
    for vectors, sign, least in (
        (lines.out, 1, zero),
        (lines.back, 1, zero),
        (lines.normal, 1, edge),
        (lines.normal, -1, edge),
    ):
        height, phase = rows.wave(sign * vectors)
        half = _half_span(height, least)
        flat = height < 1e-14
        low = np.where(flat, low, np.maximum(low, phase - half))
        high = np.where(flat, high, np.minimum(high, phase + half))
    return low, high


def _to_arc(rows: Rows, x: Floats) -> Floats:
    p, arc, lines = rows.at(x), rows.arc, rows.lines
    beside = (dot(p, lines.out[arc]) >= 0) & (dot(p, lines.back[arc]) >= 0)
    off = np.arcsin(np.minimum(np.abs(dot(p, lines.normal[arc])), 1.0))
    ends = np.minimum(angle(p, lines.e1[arc]), angle(p, lines.e2[arc]))
    return np.where(beside, off, ends)
