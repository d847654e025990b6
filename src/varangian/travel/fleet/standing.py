"""Is a vehicle ready? One line for each thing that must be so, with what runs out next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from .library import Named, Vehicles

State = Literal["ok", "soon", "due", "block", "unknown"]
TONES: dict[State, str] = {
    "ok": "green",
    "soon": "amber",
    "due": "amber",
    "block": "red",
    "unknown": "grey",
}
ORDER: tuple[State, ...] = ("block", "due", "unknown", "soon", "ok")


@dataclass(frozen=True)
class Line:
    key: str
    title: str
    state: State
    words: str
    ends: date | None = None

    @property
    def tone(self) -> str:
        return TONES[self.state]


@dataclass(frozen=True)
class Thing:
    """A paper, a piece of kit or a certificate as it was noted."""

    name: str
    title: str
    ends: date | None
    noted: date


@dataclass(frozen=True)
class Service:
    odometer_km: int | None
    due_km: int | None
    due_on: date | None


def papers(things: list[Thing], lists: Vehicles, today: date) -> list[Line]:
    """A paper that ran out blocks; one that nobody noted is unknown."""
    return [
        *_missing("paper", things, [row for row in lists.papers if row.needed]),
        *(_dated("paper", one, one.ends, today, lists, over="block") for one in things),
    ]


def kit(things: list[Thing], lists: Vehicles, today: date) -> list[Line]:
    """Kit without a date of its own is good for the months of its kind."""
    months = {row.id: row.months for row in lists.kit}
    shown = []
    for one in things:
        known = one.noted + timedelta(days=30 * months.get(one.name, 12))
        shown.append(_dated("kit", one, one.ends or known, today, lists, over="due"))
    return [*_missing("kit", things, [row for row in lists.kit if row.needed]), *shown]


def armour(things: list[Thing], lists: Vehicles, today: date) -> list[Line]:
    return [_dated("armour", one, one.ends, today, lists, over="due") for one in things]


def service(at: Service, lists: Vehicles, today: date) -> list[Line]:
    if at.due_on is None and at.due_km is None:
        return [Line("service", "Service", "unknown", "nobody wrote when the next one is due")]
    known = at.due_km is not None and at.odometer_km is not None
    km = (at.due_km or 0) - (at.odometer_km or 0) if known else None
    days = (at.due_on - today).days if at.due_on else None
    words = [f"{km} km left" if km >= 0 else f"{-km} km over"] if km is not None else []
    words += [f"by {at.due_on:%d %b %Y}"] if at.due_on else []
    if not words:
        words = [f"at {at.due_km} km; the mileage is not known"]
    margins = [(km, lists.soon_km), (days, lists.soon_days)]
    known_ones = [(left, soon) for left, soon in margins if left is not None]
    state: State = "ok" if known_ones else "unknown"
    if any(left <= soon for left, soon in known_ones):
        state = "soon"
    if any(left < 0 for left, _ in known_ones):
        state = "due"
    return [Line("service", "Service", state, ", ".join(words), at.due_on)]


def check(title: str, state: State, words: str, ends: datetime | None) -> Line:
    return Line("check", title, state, words, ends.date() if ends else None)


def worst(lines: Iterable[Line]) -> State:
    found = {line.state for line in lines}
    for state in ORDER:
        if state in found:
            return state
    return "unknown"


def ordered(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (ORDER.index(line.state), line.ends or date.max))


def next_to_end(lines: Iterable[Line], today: date) -> Line | None:
    """What expires next, of what has not run out yet."""
    dated = [line for line in lines if line.ends and line.ends >= today]
    return min(dated, key=lambda line: line.ends or date.max, default=None)


def _missing(key: str, things: list[Thing], needed: Iterable[Named]) -> list[Line]:
    there = {one.name for one in things}
    words = "nothing is noted"
    return [Line(key, row.title, "unknown", words) for row in needed if row.id not in there]


def _dated(
    key: str, one: Thing, ends: date | None, today: date, lists: Vehicles, *, over: State
) -> Line:
    if ends is None:
        return Line(key, one.title, "unknown", f"no end known, noted {one.noted:%d %b %Y}")
    if ends < today:
        return Line(key, one.title, over, f"ran out {ends:%d %b %Y}", ends)
    state: State = "soon" if (ends - today).days <= lists.soon_days else "ok"
    return Line(key, one.title, state, f"until {ends:%d %b %Y}", ends)
