"""Whether a forecast may be shown: it must have beaten "nothing changes" at this venue.

An evening begins with the back-test of the one before, so that it need not be over before the
forecast has shown what it can.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

FEWEST = 12
"""Forecasts that came due before any is shown."""
BETTER = 0.05
KEPT = 400


@dataclass
class Skill:
    """By horizon in seconds: what was foretold and waits, and the errors of what came due."""

    waits: dict[int, list[list[float]]] = field(default_factory=dict)
    errors: dict[int, deque[tuple[float, float]]] = field(default_factory=dict)

    def told(self, at: float, horizon: int, people: float, now: float) -> None:
        self.waits.setdefault(horizon, []).append([at + horizon, people, now])

    def came_true(self, at: float, people: float) -> None:
        for horizon, rows in self.waits.items():
            due = [row for row in rows if row[0] <= at]
            self.waits[horizon] = [row for row in rows if row[0] > at]
            kept = self.errors.setdefault(horizon, deque(maxlen=KEPT))
            kept.extend((abs(row[1] - people), abs(row[2] - people)) for row in due)

    def better(self, horizon: int) -> float | None:
        """The share of persistence's error that is saved; None before enough came due."""
        rows = self.errors.get(horizon, ())
        if len(rows) < FEWEST:
            return None
        ours, theirs = (sum(row[k] for row in rows) for k in (0, 1))
        return 1 - ours / theirs if theirs > 0 else (0.0 if ours == 0 else -1.0)

    def shown(self, horizon: int) -> bool:
        found = self.better(horizon)
        return found is not None and found >= BETTER

    def farthest(self) -> int:
        """Up to where, in seconds, forecasts may be shown; nought for nowhere."""
        good = 0
        for horizon in sorted(self.errors):
            if not self.shown(horizon):
                break
            good = horizon
        return good

    def plain(self) -> dict[str, Any]:
        return {
            "waits": {str(h): rows for h, rows in self.waits.items()},
            "errors": {str(h): [list(row) for row in rows] for h, rows in self.errors.items()},
        }

    def carried(self) -> "Skill":
        """For the next evening: what came due counts, what waited does not."""
        return Skill({}, {h: deque(rows, maxlen=KEPT) for h, rows in self.errors.items()})

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "Skill":
        errors = {
            int(h): deque([(r[0], r[1]) for r in rows], maxlen=KEPT)
            for h, rows in kept["errors"].items()
        }
        return cls({int(h): [list(r) for r in rows] for h, rows in kept["waits"].items()}, errors)
