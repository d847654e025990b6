"""What one journey is, and what the comparison says of each way to make it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from .library import Mode, Span
from .stages import Leg

Basis = Literal["record", "told", "reckoned", "list", "unknown"]
BASIS_WORDS: dict[str, str] = {
    "record": "from records",
    "told": "told",
    "reckoned": "reckoned",
    "list": "from the list",
    "unknown": "unknown",
}
Standing = Literal["possible", "doubtful", "no"]


@dataclass(frozen=True)
class Hub:
    """A place near an end where this way begins or ends."""

    name: str
    km: float
    source: str
    facts: Mapping[str, str] = field(default_factory=dict)
    """What its survey says, by criterion: words with their age."""


@dataclass(frozen=True)
class Told:
    """What a person knows better than the list."""

    words: str
    low: float | None = None
    high: float | None = None
    by: str = ""

    @property
    def signed(self) -> str:
        return f"{self.words} ({self.by})" if self.by else self.words


@dataclass(frozen=True)
class Journey:
    """``km`` as the crow flies; None: an end is not on the map. ``road_km`` if somebody knows."""

    km: float | None
    party: int | None = None
    road_km: float | None = None
    road_from: str = ""
    light: str = ""
    """day, night or empty: the time is not known."""
    light_words: str = ""
    hubs: Mapping[str, tuple[Sequence[Hub], Sequence[Hub]]] = field(default_factory=dict)
    trauma: tuple[tuple[str, Span] | None, tuple[str, Span] | None] = (None, None)
    havens: str = ""
    """Havens on record along the way, in words; empty: none is known."""
    airports_on_way: str = ""
    booked: Mapping[str, tuple[str, Span]] = field(default_factory=dict)
    """By way: legs of the plan that go so, and their minutes."""
    told: Mapping[str, Mapping[str, Told]] = field(default_factory=dict)


@dataclass(frozen=True)
class Cell:
    words: str
    basis: Basis
    low: float | None = None
    high: float | None = None
    reasons: tuple[str, ...] = ()

    @property
    def unknown(self) -> bool:
        return self.basis == "unknown"


@dataclass(frozen=True)
class Column:
    mode: Mode
    standing: Standing
    why: tuple[str, ...]
    cells: Mapping[str, Cell]
    legs: tuple[Leg, ...]

    @property
    def unknown(self) -> list[str]:
        return [key for key, cell in self.cells.items() if cell.unknown]


def band(low: float, high: float) -> str:
    """Minutes as people say them: no more precise than what they rest on."""
    first, last = _rounded(low), _rounded(high)
    if max(first, last) < 120:
        return f"{first} min" if first == last else f"{first} to {last} min"
    return _hours(first) if first == last else f"{_hours(first)} to {_hours(last)}"


def _rounded(minutes: float) -> int:
    return round(minutes) if minutes < 10 else 5 * round(minutes / 5)


def _hours(minutes: int) -> str:
    return f"{minutes // 60} h {minutes % 60:02d}"
