"""What goes wrong with a map, in plain words, and how work on one is stopped."""

from collections.abc import Callable

Progress = Callable[[str, float], None]
"""Told the step in hand and how much of it is done, from 0 to 1. It raises Cancelled to stop."""


class BadMap(ValueError):
    """An extract that no road network can be made of."""

    def __init__(self, what: str, mend: str = "") -> None:
        super().__init__(f"{what}. {mend}".strip())
        self.what = what
        self.mend = mend


class Cancelled(Exception):
    """Somebody no longer wants the work to go on."""


def silent(step: str, share: float) -> None:
    """For callers that do not watch."""
