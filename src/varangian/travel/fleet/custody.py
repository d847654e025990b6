"""Which search is due, and until when one holds: both follow from who had the vehicle in sight."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from .library import Grade, Vehicles

GAP = timedelta(minutes=1)
"""A shorter hole between two entries is the time it takes to write."""


@dataclass(frozen=True)
class Held:
    """One line of the custody log; ``ends`` None: so it is now."""

    state: str
    starts: datetime
    ends: datetime | None = None


@dataclass(frozen=True)
class Due:
    grade: Grade
    why: list[str]


def due(log: list[Held], cleared_at: datetime | None, at: datetime, lists: Vehicles) -> Due:
    """``cleared_at``: when the last full search ended that found nothing."""
    if cleared_at is None:
        return Due("full", ["No full search of this vehicle is on record"])
    rows = _since(log, cleared_at, at)
    why = []
    for row in rows:
        known = lists.custody_state(row.state)
        minutes = int(((row.ends or at) - row.starts).total_seconds() // 60)
        if known.full_after is not None and minutes >= known.full_after:
            why.append(f"{known.title}, {_length(minutes)} from {row.starts:%d %b %H:%M} UTC")
    if why:
        return Due("full", why)
    return Due("cursory", ["Custody is unbroken since the last full search: cursory, every time"])


def lost_sight(log: list[Held], since: datetime, lists: Vehicles) -> Held | None:
    """The first line after ``since`` in which nobody of the team saw the vehicle."""
    rows = [row for row in _since(log, since, None) if not lists.custody_state(row.state).sight]
    return rows[0] if rows else None


def _since(log: list[Held], since: datetime, at: datetime | None) -> list[Held]:
    """Lines after a moment, with what nobody wrote down as unknown."""
    rows = sorted((r for r in log if r.ends is None or r.ends > since), key=lambda r: r.starts)
    found: list[Held] = []
    clock = since
    for row in rows:
        start = max(row.starts, since)
        if start - clock > GAP:
            found.append(Held("unknown", clock, start))
        found.append(Held(row.state, start, row.ends))
        clock = max(clock, row.ends) if row.ends else datetime.max.replace(tzinfo=since.tzinfo)
    if at is not None and at - clock > GAP:
        found.append(Held("unknown", clock, at))
    return found


def _length(minutes: int) -> str:
    return f"{minutes // 60} h {minutes % 60:02d} min" if minutes >= 60 else f"{minutes} min"
