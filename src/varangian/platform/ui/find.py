"""Find anything: each feature registers how its records are found by a few typed letters."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

MOST = 6


@dataclass(frozen=True)
class Hit:
    caption: str
    url: str
    kind: str = ""
    """A few words beside the caption: state, date, operation."""


@dataclass(frozen=True)
class Finder:
    name: str
    words: str
    icon: str
    search: Callable[[Any, str], list[Hit]]


_finders: dict[str, Finder] = {}


def register(name: str, *, words: str, icon: str, search: Callable[[Any, str], list[Hit]]) -> None:
    """``search(actor, text)`` returns only what the actor may see."""
    _finders[name] = Finder(name, words, icon, search)


def find(actor: Any, text: str) -> list[tuple[Finder, list[Hit]]]:
    """Groups that have hits, at most six hits each."""
    groups = [(finder, finder.search(actor, text)[:MOST]) for finder in _finders.values()]
    return [(finder, hits) for finder, hits in groups if hits]
