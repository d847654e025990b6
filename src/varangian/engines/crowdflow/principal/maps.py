"""Seconds to each goal from every cell at every moment of a forecast.

Backwards in time: who leaves a cell at one moment goes to the neighbour from which the whole takes
least when it is reached, between the two moments that stand around that time. To wait is allowed,
so a later moment plus the wait bounds the earlier one from above, and sweeps only lower it.
"""

from dataclasses import dataclass

import numpy as np

from varangian.engines.crowdflow.flow.film import Film
from varangian.engines.crowdflow.principal.goals import Goal, goals_of
from varangian.engines.crowdflow.principal.graph import Graph, graph_of
from varangian.engines.crowdflow.principal.pace import BRISK, SLOWEST, pace
from varangian.engines.crowdflow.venue.model import Venue

FAR = np.float32(1e6)
SETTLED_S = 0.05
MOST_SWEEPS = 2000


@dataclass(frozen=True)
class WayMaps:
    """``seconds``: goals x moments x cells, from the moment of leaving; FAR where no way leads."""

    film: Film
    goals: tuple[Goal, ...]
    graph: Graph
    speed: np.ndarray
    seconds: np.ndarray

    @property
    def every(self) -> float:
        return self.film.every

    def look(self, goal: int, cell: int, at: float) -> float:
        """Seconds from a cell when leaving ``at`` seconds into the forecast; inf without a way."""
        a, b, share = self.between(at)
        found = self.seconds[goal, a, cell] * (1 - share) + self.seconds[goal, b, cell] * share
        return float(found) if found < FAR / 2 else float("inf")

    def between(self, at: float) -> tuple[int, int, float]:
        last = self.seconds.shape[1] - 1
        moment = min(max(at / self.every, 0.0), float(last))
        a = int(moment)
        return a, min(a + 1, last), moment - a


def way_maps(
    venue: Venue,
    film: Film,
    *,
    shut: frozenset[str] = frozenset(),
    brisk: float = BRISK,
    slowest: float = SLOWEST,
) -> WayMaps:
    """``slowest`` and ``brisk``: metres a second of the detail, measured if you have it."""
    graph = graph_of(film.grid, shut)
    goals = goals_of(venue, film.grid, graph)
    speed = pace(film.frames, brisk, slowest)
    moments = len(speed)
    seconds = np.full((len(goals), moments, film.grid.size), FAR, np.float32)
    for k in range(moments - 1, -1, -1):
        last = k == moments - 1
        later = None if last else seconds[:, k + 1]
        seconds[:, k] = _moment(graph, goals, speed[k], later, film.every)
    return WayMaps(film, tuple(goals), graph, speed, seconds)


def _moment(
    graph: Graph, goals: list[Goal], speed: np.ndarray, later: np.ndarray | None, every: float
) -> np.ndarray:
    size = len(speed)
    value = np.full((len(goals), size), FAR, np.float32)
    if later is not None:
        np.minimum(later + np.float32(every), FAR, out=value)
    for row, goal in zip(value, goals, strict=True):
        row[goal.cells] = np.minimum(row[goal.cells], goal.left)
    slow = 1 / speed
    steps = []
    for shift, metres, may in graph.steps:
        here = np.flatnonzero(may)
        there = here + shift
        cost = (slow[here] + slow[there]) * np.float32(metres / 2)
        steps.append((here, there, cost, np.minimum(cost / np.float32(every), 1)))
    for sweep in range(MOST_SWEEPS):
        before = value.copy() if sweep % 4 == 3 else None
        for here, there, cost, share in steps:
            onward = value[:, there]
            if later is not None:
                onward = onward + (later[:, there] - onward) * share
            value[:, here] = np.minimum(value[:, here], onward + cost)
        for link in graph.links:
            _through(link, value)
        if before is not None and float((before - value).max()) < SETTLED_S:
            break
    return value


def _through(link, value: np.ndarray) -> None:
    if link.outside:
        return
    seconds = np.float32(link.seconds)
    if link.forward:
        onward = value[:, link.there].min(axis=1, keepdims=True) + seconds
        value[:, link.here] = np.minimum(value[:, link.here], onward)
    if link.back:
        onward = value[:, link.here].min(axis=1, keepdims=True) + seconds
        value[:, link.there] = np.minimum(value[:, link.there], onward)
