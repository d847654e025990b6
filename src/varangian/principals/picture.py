"""How much was open at the end of each month, by kind and by what could be done with it.

Counts of items only; of the time before the first was written down nothing is known.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

MONTHS = 12
ORDER = ("reaches", "finds", "helps", "knows", "unknown")
"""The heaviest lowest, where the eye rests."""
OPEN = ("public", "taking_down", "came_back")
BAR, GAP, HIGH = 10, 4, 60
TONES = {"reaches": "red", "finds": "amber", "helps": "blue", "knows": "green", "unknown": "grey"}


@dataclass(frozen=True)
class Standing:
    """How an item stood after a change."""

    item: UUID
    at: datetime
    kind: str
    sensitivity: str
    status: str


@dataclass(frozen=True)
class Month:
    first: date
    known: bool
    """False before anything was written down: not the same as nothing being public."""
    open: dict[tuple[str, str], int]
    """By kind and sensitivity."""

    @property
    def words(self) -> str:
        return f"{self.first:%b %Y}"

    def by_sensitivity(self, kind: str = "") -> dict[str, int]:
        found: Counter[str] = Counter()
        for (one, sensitivity), count in self.open.items():
            if not kind or one == kind:
                found[sensitivity] += count
        return dict(found)

    def total(self, kind: str = "") -> int:
        return sum(self.by_sensitivity(kind).values())


def months(changes: Iterable[Standing], at: datetime, count: int = MONTHS) -> list[Month]:
    """``changes`` oldest first."""
    firsts = _firsts(at.date(), count + 1)
    rows = list(changes)
    latest: dict[UUID, Standing] = {}
    found, used = [], 0
    for first, after in pairwise(firsts):
        end = datetime(after.year, after.month, 1, tzinfo=UTC)
        while used < len(rows) and rows[used].at < end:
            latest[rows[used].item] = rows[used]
            used += 1
        opened = [(one.kind, one.sensitivity) for one in latest.values() if one.status in OPEN]
        found.append(Month(first, bool(latest), dict(Counter(opened))))
    return found


def _firsts(today: date, count: int) -> list[date]:
    """The first days of the months up to the one after this."""
    last = today.year * 12 + today.month
    return [date(n // 12, n % 12 + 1, 1) for n in range(last - count + 1, last + 1)]


def chart(found: list[Month], kind: str = "", top: int = 0) -> dict[str, Any]:
    """Bars of one drawing; ``top`` makes several comparable."""
    high = max([top, 1, *(month.total(kind) for month in found)])
    bars = [bar for n, month in enumerate(found) for bar in _bars(month, n, kind, high)]
    now_open = found[-1].total(kind) if found else 0
    told = ", ".join(
        f"{month.words} {month.total(kind) if month.known else 'not kept'}" for month in found
    )
    return {
        "width": len(found) * (BAR + GAP),
        "height": HIGH,
        "bar": BAR,
        "bars": bars,
        "high": high,
        "now": now_open,
        "words": f"Open items by month: {told}",
    }


def _bars(month: Month, number: int, kind: str, high: int) -> list[dict[str, Any]]:
    by = month.by_sensitivity(kind)
    found, below = [], 0.0
    for name in ORDER:
        if by.get(name):
            tall = HIGH * by[name] / high
            below += tall
            found.append(
                {
                    "x": number * (BAR + GAP),
                    "y": round(HIGH - below, 2),
                    "height": round(tall, 2),
                    "tone": TONES[name],
                    "words": f"{month.words}: {by[name]} {name}",
                }
            )
    return found
