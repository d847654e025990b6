"""What goes into one run and what comes out."""

from dataclasses import dataclass, field

import numpy as np

from varangian.engines.crowdflow.flow.grid import Grid
from varangian.engines.crowdflow.flow.law import WALK
from varangian.engines.crowdflow.flow.links import Link


@dataclass(frozen=True)
class Surge:
    """People who push in at a gate, evenly over ``seconds``."""

    gate: str
    people: float
    seconds: float = 120.0


@dataclass(frozen=True)
class Setting:
    """One run: the crowd and what differs from run to run."""

    people: np.ndarray
    """In each cell at the beginning."""
    walk: float = WALK
    doors: float = 1.0
    """Capacity of doors and stairs beside the experiments."""
    start_seconds: float = 0.0
    """Until everybody has begun to walk; they begin evenly over this time."""
    aware: float = 0.5
    """0: everybody takes the nearest exit. 1: everybody knows the queues."""
    blocked: frozenset[str] = frozenset()
    surge: Surge | None = None
    most_seconds: float = 3600.0


@dataclass
class Outcome:
    """``times`` with those still ``inside``; ``passed`` by link; per cell the worst density and
    the seconds above the critical one."""

    times: np.ndarray
    inside: np.ndarray
    people: float
    passed: dict[str, float]
    flow_by_minute: dict[str, list[float]]
    peak: np.ndarray
    above: np.ndarray
    when: np.ndarray
    stuck: float
    """People with no way out at all."""
    person_minutes_above: float = 0.0
    history: list[np.ndarray] = field(default_factory=list)

    def time_until(self, share: float) -> float:
        """Seconds until this share of all people was out; NaN if never."""
        goal = self.people * (1 - share) + 1e-3
        done = np.flatnonzero(self.inside <= goal)
        if not len(done):
            return float("nan")
        at = slice(max(0, done[0] - 1), done[0] + 1)
        return float(np.interp(-goal, -self.inside[at], self.times[at]))


def open_links(grid: Grid, blocked: frozenset[str]) -> list[Link]:
    return [link for link in grid.links if link.id not in blocked]
