"""Where to wait when the destination is not ready yet: near the way, known, and not at its door."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from math import exp
from typing import Any

from varangian.engines.routing import match

from .marks import APART_M, ENDS_M, HOLD, Mark

NEAR_M = 150.0
"""From the line: a place further off is a way of its own, which nobody has timed."""
EARLY = 0.05
"""Too early on more days than this, and a place to wait is proposed."""
FAST = 1.2816
"""Nine of ten drives take longer than the median less so many spreads."""
MOST = 4


@dataclass(frozen=True)
class Spot:
    """A place where a car can wait. ``sure``: somebody of the team has seen that it can."""

    name: str
    lat: float
    lon: float
    why: str
    sure: bool


@dataclass(frozen=True)
class Hold:
    """``wait_s`` is usual; it goes on at ``until``, so a car that is late waits less, or not."""

    key: str
    name: str
    why: str
    sure: bool
    along_m: float
    wait_s: float
    until: datetime

    def shape(self) -> dict[str, Any]:
        row = asdict(self)
        return row | {"km": round(self.along_m / 1000, 2), "wait_min": round(self.wait_s / 60, 1)}


def propose(
    line: match.Line, marks: Sequence[Mark], spots: Sequence[Spot], spread: float,
    arrives: datetime, ready: datetime,
) -> list[Hold]:  # fmt: skip
    """Known places first, then those nearest to the destination. ``arrives``: as planned now."""
    taken = [mark.along_m for mark in marks if mark.kind == HOLD]
    found: list[Hold] = []
    for spot in sorted(spots, key=lambda one: not one.sure):
        along, off = match.locate(line, spot.lon, spot.lat)
        inside = ENDS_M <= along <= line.metres - ENDS_M
        apart = all(abs(along - other) >= APART_M / 2 for other in taken)
        if off > NEAR_M or not inside or not apart:
            continue
        taken.append(along)
        left = line.seconds - match.seconds_at(line, along)
        until = ready - timedelta(seconds=left * exp(-FAST * spread))
        wait = (until - (arrives - timedelta(seconds=left))).total_seconds()
        if wait > 0:
            key = f"{along:.0f}"
            found.append(Hold(key, spot.name, spot.why, spot.sure, along, wait, until))
    return sorted(found, key=lambda one: (not one.sure, -one.along_m))[:MOST]
