"""What features above have to say at a question of a survey. They register when they are loaded."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from varangian.platform.access.scope import Actor


@dataclass(frozen=True)
class Remark:
    """``item`` is the question of the form; ``url`` is where it is answered."""

    item: str
    title: str
    words: str
    url: str


Reader = Callable[[Actor, Any], list[Remark]]
_readers: list[Reader] = []


def register(reader: Reader) -> None:
    """``reader`` gives what waits at one place, as far as this person may read it."""
    _readers.append(reader)


def at_place(actor: Actor, place: Any) -> list[Remark]:
    return [remark for reader in _readers for remark in reader(actor, place)]
