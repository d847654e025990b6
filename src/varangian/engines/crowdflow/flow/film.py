"""One run of many, kept moment by moment: that whose 95 in 100 are out in the median time."""

from dataclasses import dataclass

import numpy as np

from varangian.engines.crowdflow.flow.grid import Grid
from varangian.engines.crowdflow.flow.state import Outcome

FEWEST_S = 5.0
FRAMES = 40


@dataclass(frozen=True)
class Film:
    """``frames``: moments x cells, people on a square metre, ``every`` seconds."""

    grid: Grid
    every: float
    frames: np.ndarray


def median_run(outcomes: list[Outcome]) -> int:
    """The number of the run in the middle; one in which not all got out counts as slowest."""
    times = np.array([o.time_until(0.95) for o in outcomes])
    order = np.argsort(np.where(np.isnan(times), np.inf, times))
    return int(order[(len(order) - 1) // 2])


def pace_of_frames(outcome: Outcome) -> float:
    return max(FEWEST_S, float(outcome.times[-1]) / FRAMES)


def film_of(grid: Grid, outcome: Outcome, every: float) -> Film:
    return Film(grid, every, np.stack(outcome.history).astype(np.float32))
