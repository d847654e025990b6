"""When a movement arrives, as chances: P(on time), P10, P50 and P90, and the latest departure.

A movement is a row of parts: drives, waits and loading. Each part has a law for its length; what
the traffic of the hour and of the day does to the drives comes on top. All of it is drawn 10,000
times and counted (Monte Carlo), as sums of such laws have no closed form.

Units: seconds. Times of the clock are seconds after midnight, local, of the day of departure, and
may pass 86,400. Factors and spreads are plain numbers.

Sources: triangular least, likely, most for parts that people estimate, with 10,000 draws: the
usual schedule estimate of PERT. Lognormal for driving: Emam and Al-Deek (2006, Transportation
Research Record 1959) found it to fit measured travel times best of four laws. The factor of the
day that all drives share is ours: without it the sum of many drives looks surer than it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Any, Literal

import numpy as np

from varangian.kernel.results import Refused

Array = np.ndarray[Any, Any]
Law = Literal["fixed", "lognormal", "triangular", "normal"]
Kind = Literal["drive", "wait", "load"]
DAY_S, HOUR_S = 86_400.0, 3_600.0
PIECE_S = 600.0
"""A longer drive meets the traffic of more than one hour and is driven in pieces."""
FLAT = (1.0,) * 24
DRAWS = 10_000
STEP_S = 30.0
ROUNDS = 240


@dataclass(frozen=True)
class Part:
    """One part of a movement, in the order in which it happens.

    ``likely_s`` is the median of a lognormal, the mean of a normal, the mode of a triangular law.
    ``spread`` is the standard deviation of the logarithm (lognormal) or in seconds (normal);
    ``least_s`` and ``most_s`` bound the triangular one. A part that has ``not_before_s`` does not
    end before that time of the clock: a hold until then, which takes up delay.
    """

    name: str
    likely_s: float
    kind: Kind = "drive"
    law: Law = "lognormal"
    spread: float = 0.0
    least_s: float = 0.0
    most_s: float = 0.0
    not_before_s: float | None = None


@dataclass(frozen=True)
class Sample:
    """Lengths as drawn, float64[parts, draws], of free traffic; with what they were drawn from.

    The same sample serves every departure that is compared, so that chance does not decide which
    of two departures looks better.
    """

    parts: tuple[Part, ...]
    lengths: Array
    traffic: tuple[float, ...] = FLAT


@dataclass(frozen=True)
class Span:
    """Of ten such days, nine are later than ``p10`` and nine are earlier than ``p90``."""

    name: str
    p10: float
    p50: float
    p90: float


def sample(
    parts: Sequence[Part],
    *,
    traffic: Sequence[float] = FLAT,
    common: float = 0.0,
    draws: int = DRAWS,
    seed: int = 1,
) -> Sample:
    """Draw every part. The same seed gives the same sample on every machine.

    :param traffic: 24 factors on driving time, for each full hour; straight lines join them.
    :param common: standard deviation of the logarithm of the day's factor on all drives.
    """
    _check(parts, traffic, common, draws)
    rng = np.random.default_rng(seed)
    day = np.exp(common * rng.standard_normal(draws))
    lengths = np.empty((len(parts), draws))
    for row, part in zip(lengths, parts, strict=True):
        row[:] = _drawn(part, rng, draws)
        if part.kind == "drive":
            row *= day
    return Sample(tuple(parts), lengths, tuple(traffic))


def _drawn(part: Part, rng: np.random.Generator, draws: int) -> Array:
    if part.law == "triangular" and part.most_s > part.least_s:
        return rng.triangular(part.least_s, part.likely_s, part.most_s, draws)
    shock = rng.standard_normal(draws)
    if part.law == "lognormal":
        return part.likely_s * np.exp(part.spread * shock)
    if part.law == "normal":
        return np.maximum(part.likely_s + part.spread * shock, 0.0)
    return np.full(draws, part.likely_s)


def _check(parts: Sequence[Part], traffic: Sequence[float], common: float, draws: int) -> None:
    if not parts:
        raise Refused("A movement has at least one part", mend="Give its drives and waits.")
    if len(traffic) != 24 or not all(0.1 <= factor <= 10 for factor in traffic):
        raise Refused("Traffic is 24 factors from 0.1 to 10", "traffic", "1 is the free road.")
    if not 0 <= common <= 2 or draws < 100:
        raise Refused("These draws say nothing", "common, draws", "0 to 2, and at least 100 draws.")
    for number, part in enumerate(parts, 1):
        where = f"part {number}, {part.name}"
        if not (np.isfinite(part.likely_s) and part.likely_s >= 0 and 0 <= part.spread < np.inf):
            raise Refused("A length or spread is negative or no number", where)
        if part.law == "lognormal" and part.spread > 2:
            raise Refused("A spread above 2 is no driving time", where, "0.2 is usual.")
        if part.law == "triangular" and not part.least_s <= part.likely_s <= part.most_s:
            raise Refused("Least, likely and most are not in order", where)


def run(drawn: Sample, departs_s: float) -> Array:
    """float64[parts, draws]: the clock at the end of each part when one leaves at ``departs_s``."""
    ends = np.empty_like(drawn.lengths)
    clock = np.full(drawn.lengths.shape[1], float(departs_s))
    for number, part in enumerate(drawn.parts):
        length = drawn.lengths[number]
        clock = _driven(drawn, part, clock, length) if part.kind == "drive" else clock + length
        if part.not_before_s is not None:
            clock = np.maximum(clock, part.not_before_s)
        ends[number] = clock
    return ends


def _driven(drawn: Sample, part: Part, clock: Array, length: Array) -> Array:
    if drawn.traffic == FLAT:
        return clock + length
    pieces = max(1, ceil(part.likely_s / PIECE_S))
    for _ in range(pieces):
        clock = clock + length / pieces * factor(drawn.traffic, clock)
    return clock


def factor(traffic: Sequence[float], clock: Array | float) -> Array:
    """What the hour makes of driving time; between full hours the straight line."""
    hours = np.arange(25)
    return np.interp(np.asarray(clock) / HOUR_S % 24, hours, [*traffic, traffic[0]])


def on_time(drawn: Sample, departs_s: float, due_s: float) -> float:
    """Share of the draws that arrive at ``due_s`` or before."""
    return float(np.mean(run(drawn, departs_s)[-1] <= due_s))


def spans(drawn: Sample, departs_s: float) -> list[Span]:
    """When each part ends; the last is the arrival."""
    found = np.quantile(run(drawn, departs_s), (0.1, 0.5, 0.9), axis=1)
    return [
        Span(part.name, float(low), float(mid), float(high))
        for part, low, mid, high in zip(drawn.parts, *found, strict=True)
    ]


def latest_departure(drawn: Sample, due_s: float, level: float = 0.95) -> float | None:
    """The latest clock time at which one leaves and is on time with chance ``level``, to a second.

    None when no departure of the day before reaches it: a hold lets nobody go in time. Where later
    is better for a while, as when a jam ends, it is the last good departure near the arrival.
    """
    if not 0 < level < 1:
        raise Refused("A level lies between 0 and 1", str(level), "0.95 is usual.")

    def good(at: float) -> bool:
        return on_time(drawn, at, due_s) >= level

    at = due_s
    for _ in range(8):
        took = run(drawn, at)[-1] - at
        nearer = due_s - float(np.quantile(took, level, method="higher"))
        if abs(nearer - at) < 0.5:
            break
        at = max(nearer, due_s - DAY_S)
    rounds = 0
    while not good(at):
        at, rounds = at - STEP_S * (1 + rounds // 8), rounds + 1
        if at < due_s - DAY_S or rounds > ROUNDS:
            return None
    while at + STEP_S <= due_s and good(at + STEP_S):
        at += STEP_S
    low, high = at, at + STEP_S
    while high - low > 1.0:
        middle = (low + high) / 2
        low, high = (middle, high) if good(middle) else (low, middle)
    return low


def remaining(parts: Sequence[Part], done_s: float, pace: float = 1.0) -> list[Part]:
    """What is left of a movement ``done_s`` likely seconds along, at an observed pace.

    :param pace: observed over planned driving time; 1.2 is a fifth slower than planned.
    """
    left, begun = [], 0.0
    for part in parts:
        share = 1.0
        if part.likely_s > 0:
            share = min(1.0, max(0.0, (begun + part.likely_s - done_s) / part.likely_s))
        elif begun < done_s:
            share = 0.0
        begun += part.likely_s
        if share > 0:
            scale = share * (pace if part.kind == "drive" else 1.0)
            left.append(_scaled(part, scale))
    return left


def _scaled(part: Part, scale: float) -> Part:
    spread = part.spread * scale if part.law == "normal" else part.spread
    return replace(
        part, likely_s=part.likely_s * scale, spread=spread, least_s=part.least_s * scale,
        most_s=part.most_s * scale,
    )  # fmt: skip
