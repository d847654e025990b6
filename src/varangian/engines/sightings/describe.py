"""What an officer wrote in a hurry, as words that can be compared."""

import re
from functools import cache
from typing import Annotated

from pydantic import AfterValidator

from varangian.kernel.library import Keyed, LibraryFile, load_yaml, unique

BEFORE = 2
"""A colour belongs to the thing at most so many words after it."""


class Words(Keyed):
    words: tuple[str, ...]


class Lexicon(LibraryFile):
    colours: Annotated[tuple[Words, ...], AfterValidator(unique)]
    things: Annotated[tuple[Words, ...], AfterValidator(unique)]


@cache
def lexicon() -> Lexicon:
    return load_yaml("varangian.engines.sightings", "looks.yaml", Lexicon)


@cache
def _index() -> tuple[dict[str, str], dict[str, str]]:
    book = lexicon()
    tables = (
        {word: one.id for one in rows for word in one.words} for rows in (book.colours, book.things)
    )
    colours, things = tables
    return colours, things


def colour_of(text: str) -> str:
    """The first colour named, by its common name; empty when there is none."""
    colours, _ = _index()
    return next((colours[word] for word in _split(text) if word in colours), "")


def describe(text: str) -> dict[str, str]:
    """``Grey parka and a red rucksack`` is {"coat": "grey", "bag": "red"}.

    A thing without a colour is there by its own word; words that are not in the lexicon count for
    nothing, so that nobody is found by "the" and "again".
    """
    colours, things = _index()
    split, found = _split(text), {}
    for at, word in enumerate(split):
        thing = things.get(word)
        if thing is None or thing in found:
            continue
        near = split[max(0, at - BEFORE) : at]
        said = [colours[one] for one in near if one in colours]
        found[thing] = said[-1] if said else word
    return found


def _split(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.lower())
