"""How each house stands: ruled out, open, or clear; and what is known to speak for it.

What nobody knows is worth nothing here; what it could be worth at most is said beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from .library import NO, YES, Item, StayLibrary

Standing = Literal["clear", "open", "out"]
ORDER: tuple[Standing, ...] = ("clear", "open", "out")
STANDING_WORDS: dict[str, str] = {
    "clear": "nothing rules it out",
    "open": "not cleared",
    "out": "ruled out",
}


@dataclass(frozen=True)
class Wish:
    """What the principal asks for. ``must``: a house without it is out; else it has a weight."""

    key: str
    words: str
    must: bool = False
    weight: float = 0.0


@dataclass(frozen=True)
class Answer:
    value: str = ""
    """Level, number, yes or no; empty: nobody knows."""
    origin: str = ""
    """survey or typed."""
    note: str = ""


@dataclass(frozen=True)
class Candidate:
    key: str
    name: str
    answers: Mapping[str, Answer] = field(default_factory=dict)

    def value(self, key: str) -> str:
        found = self.answers.get(key)
        return found.value if found else ""


@dataclass(frozen=True)
class Part:
    """One weighted line of one house: what is known of it is worth ``low``, at most ``high``."""

    key: str
    title: str
    words: str
    low: float
    high: float

    @property
    def known(self) -> bool:
        return bool(self.words)


@dataclass(frozen=True)
class Rated:
    candidate: Candidate
    parts: Sequence[Part]
    out: Sequence[str]
    """What rules it out, in words."""
    open: Sequence[str]
    """What could rule it out and nobody has looked."""
    low: float
    high: float
    """Share of what the weights ask for: known, and at most."""

    @property
    def standing(self) -> Standing:
        return "out" if self.out else "open" if self.open else "clear"

    @property
    def unknown(self) -> list[str]:
        return [part.title for part in self.parts if not part.known]


def weights_of(
    library: StayLibrary, own: Mapping[str, float], wishes: Sequence[Wish]
) -> dict[str, float]:
    """By item, as the library starts and as the people who choose have moved them."""
    known = {one.id: float(own.get(one.id, one.weight)) for one in library.items}
    return known | {one.key: one.weight for one in wishes if not one.must and one.weight > 0}


def rate(
    library: StayLibrary,
    candidates: Sequence[Candidate],
    weights: Mapping[str, float],
    wishes: Sequence[Wish] = (),
) -> list[Rated]:
    """The best first: clear before open before out, then by what is known to speak for each."""
    rows = [_rated(library, one, weights, wishes) for one in candidates]
    return sorted(rows, key=order)


def order(row: Rated, known: float | None = None) -> tuple[int, float, str]:
    """By standing, then by what is known to speak for it; those that are out only by name."""
    worth = row.low if known is None else known
    shown = 0.0 if row.standing == "out" else -round(worth, 9)
    return ORDER.index(row.standing), shown, row.candidate.name


def _rated(
    library: StayLibrary, one: Candidate, weights: Mapping[str, float], wishes: Sequence[Wish]
) -> Rated:
    items = [_item(item, one) for item in library.items]
    items += [_wish(wish, one) for wish in wishes if not wish.must and wish.weight > 0]
    out = [veto.title for veto in library.vetoes if one.value(veto.id) == YES]
    unsure = [veto.title for veto in library.vetoes if one.value(veto.id) not in (YES, NO)]
    musts = [wish for wish in wishes if wish.must]
    out += [f"Not there: {wish.words}" for wish in musts if one.value(wish.key) == NO]
    unsure += [wish.words for wish in musts if one.value(wish.key) not in (YES, NO)]
    whole = sum(weights.get(part.key, 0.0) for part in items)
    low = sum(weights.get(part.key, 0.0) * part.low for part in items)
    high = sum(weights.get(part.key, 0.0) * part.high for part in items)
    return Rated(one, items, out, unsure, _share(low, whole), _share(high, whole))


def _item(item: Item, one: Candidate) -> Part:
    value = one.value(item.id)
    worth = item.worth(value)
    if worth is None:
        return Part(item.id, item.title, "", 0.0, 1.0)
    return Part(item.id, item.title, item.words(value), worth, worth)


def _wish(wish: Wish, one: Candidate) -> Part:
    value = one.value(wish.key)
    if value not in (YES, NO):
        return Part(wish.key, wish.words, "", 0.0, 1.0)
    worth = 1.0 if value == YES else 0.0
    return Part(wish.key, wish.words, value, worth, worth)


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0
