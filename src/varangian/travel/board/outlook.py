"""When a leg arrives: from its plan before it begins, from its positions on the way."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from varangian.engines.routing import timing
from varangian.engines.routing.timing import Part

from .marks import SHARED

DRAWS, SEED = 10_000, 1
LEVEL = 0.95
type Worked = tuple[float | None, float | None, list[tuple[str, float, float, float]], float | None]
"""Chance to be on time, latest departure, spans of the parts, chance to be too early."""


@dataclass(frozen=True)
class Outlook:
    """``on_time`` and ``latest`` are None where no arrival is due, or no departure is in time."""

    on_time: float | None
    p10: datetime
    p50: datetime
    p90: datetime
    latest: datetime | None
    marks: dict[str, datetime]
    """Mark -> when half of such days have reached it."""
    early: float | None = None
    """Share of such days that arrive before the destination is ready."""


def before(
    parts: tuple[Part, ...], traffic: tuple[float, ...], spread: float,
    departs: datetime, due: datetime | None, zone: str, level: float = LEVEL,
    ready: datetime | None = None,
) -> Outlook:  # fmt: skip
    """Before departure: also the latest one that is in time with chance ``level``."""
    midnight = midnight_of(departs, zone)
    due_s = (due - midnight).total_seconds() if due else None
    ready_s = (ready - midnight).total_seconds() if ready else None
    departs_s = (departs - midnight).total_seconds()
    found = _worked(parts, traffic, spread, departs_s, due_s, level, ready_s)
    chance, latest, spans, early = found
    at = [midnight + timedelta(seconds=value) for value in spans[-1][1:]]
    marks = {name: midnight + timedelta(seconds=mid) for name, _, mid, _ in spans}
    until = midnight + timedelta(seconds=latest) if latest is not None else None
    return Outlook(chance, at[0], at[1], at[2], until, marks, early)


@lru_cache(maxsize=256)
def _worked(
    parts: tuple[Part, ...], traffic: tuple[float, ...], spread: float,
    departs_s: float, due_s: float | None, level: float, ready_s: float | None,
) -> Worked:  # fmt: skip
    drawn = timing.sample(parts, traffic=traffic, common=spread * SHARED, draws=DRAWS, seed=SEED)
    spans = [(s.name, s.p10, s.p50, s.p90) for s in timing.spans(drawn, departs_s)]
    early = timing.on_time(drawn, departs_s, ready_s) if ready_s is not None else None
    if due_s is None:
        return None, None, spans, early
    chance = timing.on_time(drawn, departs_s, due_s)
    return chance, timing.latest_departure(drawn, due_s, level), spans, early


def under_way(
    parts: tuple[Part, ...], traffic: tuple[float, ...], spread: float,
    at: datetime, done_s: float, pace: float, due: datetime | None, zone: str,
) -> tuple[datetime, float | None]:  # fmt: skip
    """Half of such days have arrived by the first; the second is the chance to be on time.

    The day has shown its pace, so what is left is as sure as one drive alone.
    """
    left = timing.remaining(parts, done_s, pace)
    if not left:
        return at, (1.0 if due is None or at <= due else 0.0) if due else None
    midnight = midnight_of(at, zone)
    drawn = timing.sample(left, traffic=traffic, common=spread * SHARED / 2, draws=2_000, seed=SEED)
    now_s = (at - midnight).total_seconds()
    eta = midnight + timedelta(seconds=timing.spans(drawn, now_s)[-1].p50)
    if due is None:
        return eta, None
    return eta, timing.on_time(drawn, now_s, (due - midnight).total_seconds())


def midnight_of(at: datetime, zone: str) -> datetime:
    """Of the clock that the traffic is told by; seconds are added to it as they pass, so that a
    night of a time change is as long as it is."""
    local = at.astimezone(ZoneInfo(zone))
    first = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return first.astimezone(ZoneInfo("UTC"))
