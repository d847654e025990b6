"""Held against the shapes: which country's plate a text is, or the beginning or end of one.

Look-alikes (O and 0, I and 1, B and 8 ...) are exchanged only where a shape asks for the other: in
a text that fits as it stands nothing is touched, and a word of letters alone becomes no plate.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from .countries import DIGITS, Country, Shape

ALIKE = {
    "O": "0",
    "Q": "0",
    "D": "0",
    "I": "1",
    "L": "1",
    "Z": "2",
    "S": "5",
    "G": "6",
    "B": "8",
    "0": "ODQ",
    "1": "I",
    "2": "Z",
    "5": "S",
    "6": "G",
    "8": "B",
}
MOST_CHANGED = 2
PART = 4
"""Characters from which a piece of a plate is told."""
NONE = re.compile(r"[^0-9A-Z]")


@dataclass(frozen=True, slots=True)
class Fit:
    text: str
    country: str
    changed: tuple[int, ...] = ()
    """Places where a look-alike was exchanged."""
    whole: bool = True
    """False: only the beginning or the end of a plate."""


def plain(text: str) -> str:
    """Upper case, letters and digits alone; umlauts and rings as the letters below them."""
    return NONE.sub("", unicodedata.normalize("NFKD", text.upper()))


def fit(text: str, among: Sequence[Country]) -> Fit | None:
    """The shape with the fewest exchanges; of equals the country that is named first.

    ``text``: as `plain` gives it.
    """
    best: Fit | None = None
    for country in among:
        for shape in country.shapes:
            if len(shape) != len(text):
                continue
            found = _held(text, shape)
            if found is None:
                continue
            if best is None or len(found[1]) < len(best.changed):
                best = Fit(found[0], country.code, found[1])
    return best or _part(text, among)


def _held(text: str, shape: Shape) -> tuple[str, tuple[int, ...]] | None:
    out, changed = "", []
    for place, (one, may) in enumerate(zip(text, shape, strict=True)):
        if one in may:
            out += one
            continue
        other = next((like for like in ALIKE.get(one, "") if like in may), "")
        if not other or len(changed) == MOST_CHANGED:
            return None
        out += other
        changed.append(place)
    kept = [one for place, one in enumerate(text) if place not in changed]
    if changed and not (any(map(str.isalpha, kept)) and any(map(str.isdigit, kept))):
        return None
    return out, tuple(changed)


def _part(text: str, among: Sequence[Country]) -> Fit | None:
    """A piece must hold letters and digits and fit as it stands: it proves less than a whole."""
    if len(text) < PART or text.isalpha() or text.isdigit():
        return None
    for country in among:
        for shape in country.shapes:
            if len(shape) <= len(text):
                continue
            for piece in (shape[: len(text)], shape[-len(text) :]):
                if _mixed(piece) and all(one in may for one, may in zip(text, piece, strict=True)):
                    return Fit(text, country.code, whole=False)
    return None


def _mixed(piece: Shape) -> bool:
    return len({may == DIGITS for may in piece}) == 2
