"""Chains of the features above, so that the house can verify them without knowing them."""

from collections.abc import Callable, Iterator
from typing import Any, Protocol


class State(Protocol):
    """What a walk found: the head, and the first break or None."""

    @property
    def serial(self) -> int: ...
    @property
    def head(self) -> str: ...
    @property
    def broken(self) -> Any: ...


Walk = Callable[[], Iterator[tuple[str, State]]]
_walks: dict[str, Walk] = {}


def register(name: str, walk: Walk) -> None:
    """``walk()`` yields the name and the state of each chain of this kind."""
    _walks[name] = walk


def walks() -> dict[str, Walk]:
    return _walks
