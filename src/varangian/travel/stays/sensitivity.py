"""What the order rests on: which weight turns it, where, and which answer could.

Each weight alone is moved from half to one and a half times. Two houses change places where
their sums are equal, so the place is computed, not searched.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .rating import Rated, order

LEAST, MOST = 0.5, 1.5
EVEN = 1e-9


@dataclass(frozen=True)
class Flip:
    """At ``factor`` of the weight these two change places."""

    factor: float
    above: str
    """Who is ahead beyond it, seen from where the weights stand now."""
    below: str
    more: bool
    """Whether it happens with more weight, or with less."""
    first: bool
    """Whether who is first changes with it."""

    @property
    def words(self) -> str:
        lead = " and takes the lead" if self.first else ""
        if abs(self.factor - 1) < EVEN:
            way = "more" if self.more else "less"
            return f"level now; with any {way} weight {self.above} passes {self.below}{lead}"
        return f"from {self.factor - 1:+.0%} on {self.above} passes {self.below}{lead}"


@dataclass(frozen=True)
class Moved:
    """One weight moved: the order at both ends, and every change between."""

    key: str
    title: str
    weight: float
    at_least: tuple[str, ...]
    at_most: tuple[str, ...]
    flips: tuple[Flip, ...]

    @property
    def robust(self) -> bool:
        return not self.flips

    @property
    def turns_first(self) -> bool:
        return any(flip.first for flip in self.flips)


@dataclass(frozen=True)
class Rests:
    """``rival`` could be first if these answers, not known today, turned out well."""

    rival: str
    unknown: tuple[str, ...]
    by_standing: tuple[str, ...] = ()
    """What must be cleared first."""


def moved(rows: Sequence[Rated], weights: Mapping[str, float]) -> list[Moved]:
    """For each weight; rows in the order of ``rate``."""
    titles = {part.key: part.title for row in rows for part in row.parts}
    return [_moved(rows, weights, key, titles[key]) for key in weights if key in titles]


def _moved(rows: Sequence[Rated], weights: Mapping[str, float], key: str, title: str) -> Moved:
    flips: list[Flip] = []
    for upper, lower in _pairs(rows):
        crossed = _crossing(upper, lower, weights, key)
        if crossed is not None:
            factor, more = crossed
            lead = _leads(rows, weights, key, factor)
            flips.append(Flip(factor, lower.candidate.name, upper.candidate.name, more, lead))
    ends = [_names(rows, weights, key, factor) for factor in (LEAST, MOST)]
    found = sorted(flips, key=lambda one: abs(one.factor - 1))
    return Moved(key, title, weights[key], ends[0], ends[1], tuple(found))


def _pairs(rows: Sequence[Rated]) -> list[tuple[Rated, Rated]]:
    """Only houses of one standing can change places by a weight; those that are out never."""
    live = [row for row in rows if row.standing != "out"]
    return [
        (one, other)
        for place, one in enumerate(live)
        for other in live[place + 1 :]
        if one.standing == other.standing
    ]


def _worths(row: Rated) -> dict[str, float]:
    return {part.key: part.low for part in row.parts}


def _crossing(
    upper: Rated, lower: Rated, weights: Mapping[str, float], key: str
) -> tuple[float, bool] | None:
    """At which factor the lower passes the upper, and whether upwards; None: not in the span."""
    ours, theirs = _worths(upper), _worths(lower)
    gaps = {name: weights[name] * (ours.get(name, 0) - theirs.get(name, 0)) for name in weights}
    rest, moving = sum(gap for name, gap in gaps.items() if name != key), gaps[key]
    if abs(moving) < EVEN:
        return None
    factor, more = -rest / moving, moving < 0
    if abs(factor - 1) < EVEN:
        return 1.0, more
    inside = 1 < factor < MOST if more else LEAST < factor < 1
    return (factor, more) if inside else None


def _names(
    rows: Sequence[Rated], weights: Mapping[str, float], key: str, factor: float
) -> tuple[str, ...]:
    changed = {name: value * (factor if name == key else 1) for name, value in weights.items()}

    def place(row: Rated) -> tuple[int, float, str]:
        worths = _worths(row)
        return order(row, sum(changed[name] * worths.get(name, 0.0) for name in changed))

    return tuple(row.candidate.name for row in sorted(rows, key=place))


def _leads(rows: Sequence[Rated], weights: Mapping[str, float], key: str, factor: float) -> bool:
    """Whether the house in front just before is another than just beyond."""
    step = 1e-6 if factor >= 1 else -1e-6
    before = _names(rows, weights, key, factor - step)
    after = _names(rows, weights, key, factor + step)
    return before[0] != after[0]


def rests_on(rows: Sequence[Rated]) -> list[Rests]:
    """Answers that nobody knows and that could put another house in front."""
    live = [row for row in rows if row.standing != "out"]
    if len(live) < 2:
        return []
    first = live[0]
    return [
        Rests(rival.candidate.name, tuple(rival.unknown), tuple(rival.open))
        for rival in live[1:]
        if rival.high > first.low + EVEN and (rival.unknown or rival.open)
    ]


def level(rows: Sequence[Rated]) -> list[tuple[str, str]]:
    """Neighbours of one standing between which the weights see no difference."""
    return [
        (one.candidate.name, other.candidate.name)
        for one, other in pairwise(rows)
        if one.standing == other.standing != "out" and abs(one.low - other.low) < EVEN
    ]
