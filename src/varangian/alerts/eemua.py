"""The alarm load as EEMUA 191 and ISA-18.2 count it. Pure.

Only time that somebody watched counts: ten quiet nights do not make a flood acceptable.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from . import rules

SLOT_S = 600


@dataclass(frozen=True)
class Asked:
    """One time that an alert asked."""

    at: datetime
    urgency: str
    cause: str
    alert: object


@dataclass(frozen=True)
class Times:
    """Seconds; None where nothing was measured."""

    count: int = 0
    middle: float | None = None
    nine_of_ten: float | None = None


@dataclass(frozen=True)
class Share:
    urgency: str
    count: int
    percent: float
    target: int


@dataclass(frozen=True)
class Load:
    slots: int
    watched: bool
    """False: nobody was on duty, so the whole span counts."""
    asked: int
    per_slot: float
    peak: int
    peak_at: datetime | None
    flood_percent: float
    over_percent: float
    """Slots above what is manageable."""
    band: str
    shares: list[Share] = field(default_factory=list)
    bars: list[tuple[datetime, int]] = field(default_factory=list)


def slot_of(at: datetime) -> int:
    return int(at.timestamp()) // SLOT_S


def watched_slots(spans: Iterable[tuple[datetime, datetime]]) -> set[int]:
    found: set[int] = set()
    for begin, end in spans:
        found.update(range(slot_of(begin), slot_of(end) + 1))
    return found


def load(
    asked: Sequence[Asked],
    *,
    since: datetime,
    until: datetime,
    duties: Sequence[tuple[datetime, datetime]],
) -> Load:
    limits = rules.load()
    counts = Counter(slot_of(one.at) for one in asked)
    slots = watched_slots(duties) or watched_slots([(since, until)])
    slots |= set(counts)
    flood = sum(1 for number in counts.values() if number > limits.flood_alerts)
    over = sum(1 for number in counts.values() if number > limits.manageable_per_10_min)
    rate = len(asked) / len(slots)
    peak = max(counts, key=lambda slot: counts[slot], default=None)
    return Load(
        slots=len(slots),
        watched=bool(duties),
        asked=len(asked),
        per_slot=rate,
        peak=counts[peak] if peak is not None else 0,
        peak_at=_start(peak, since) if peak is not None else None,
        flood_percent=100 * flood / len(slots),
        over_percent=100 * over / len(slots),
        band=rules.band(rate),
        shares=_shares(asked),
        bars=_bars(counts, since, until),
    )


def _start(slot: int, like: datetime) -> datetime:
    return datetime.fromtimestamp(slot * SLOT_S, like.tzinfo)


def _shares(asked: Sequence[Asked]) -> list[Share]:
    counts, targets = Counter(one.urgency for one in asked), rules.load().shares
    return [
        Share(urgency, counts[urgency], 100 * counts[urgency] / max(1, len(asked)), target)
        for urgency, target in targets.items()
    ]


BARS = 96


def _bars(counts: Counter[int], since: datetime, until: datetime) -> list[tuple[datetime, int]]:
    """The worst ten minutes of each stretch: a mean over hours would hide a flood."""
    begin, end = slot_of(since), slot_of(until)
    width = max(1, -(-(end - begin + 1) // BARS))
    found = []
    for first in range(begin, end + 1, width):
        worst = max(counts[slot] for slot in range(first, min(first + width, end + 1)))
        found.append((_start(first, since), worst))
    return found


def times(seconds: Iterable[float]) -> Times:
    found = sorted(seconds)
    if not found:
        return Times()
    ninth = found[min(len(found) - 1, -(-len(found) * 9 // 10) - 1)]
    return Times(len(found), median(found), ninth)


def span(days: int, until: datetime) -> datetime:
    return until - timedelta(days=days)
