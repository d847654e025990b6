"""Many runs of one evacuation, on one or several processes."""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from typing import Any

import numpy as np

from varangian.engines.crowdflow.flow.answer import Answer, answer
from varangian.engines.crowdflow.flow.crowd import places, setting
from varangian.engines.crowdflow.flow.film import Film, film_of, median_run, pace_of_frames
from varangian.engines.crowdflow.flow.grid import Grid, grid_of
from varangian.engines.crowdflow.flow.incident import Incident, with_incident
from varangian.engines.crowdflow.flow.law import WALK
from varangian.engines.crowdflow.flow.simulate import COURANT, alone, simulate
from varangian.engines.crowdflow.flow.state import Outcome, Setting, Surge
from varangian.engines.crowdflow.venue.model import Venue
from varangian.kernel.results import Refused

MOST_PEOPLE, MOST_RUNS = 500_000, 10_000


@dataclass(frozen=True)
class Scenario:
    """``start_seconds``: between which bounds it takes until the last begins to walk."""

    blocked: frozenset[str] = frozenset()
    surge: Surge | None = None
    start_seconds: tuple[float, float] = (10.0, 90.0)
    incident: Incident | None = None
    aware: tuple[float, float] = (0.0, 0.8)
    """How much people know of queues, 0 to 1: with officers who send them on it is high."""


@dataclass(frozen=True)
class _Task:
    grid: Grid
    weight: np.ndarray
    seconds: np.ndarray
    people: int
    seed: int
    scenario: Scenario

    def run(self, number: int) -> Outcome:
        drawn = self.drawn(number)
        return simulate(self.grid, drawn, self.seconds * np.float32(WALK / drawn.walk))

    def drawn(self, number: int) -> Setting:
        asked = self.scenario
        return setting(
            self.grid, self.weight, self.people, (self.seed, number),
            asked.start_seconds, asked.blocked, asked.surge, asked.aware,
        )  # fmt: skip

    def film(self, outcomes: list[Outcome]) -> Film:
        number = median_run(outcomes)
        drawn = self.drawn(number)
        step = COURANT * self.grid.h / drawn.walk
        every = max(1, round(pace_of_frames(outcomes[number]) / step)) * step
        again = simulate(
            self.grid, drawn, self.seconds * np.float32(WALK / drawn.walk), keep_every=every
        )
        return film_of(self.grid, again, every)


def evacuate(venue: Venue, people: int, **how: Any) -> Answer:
    """Everybody leaves. The same seed gives the same answer, with any number of ``workers``.
    ``how``: as of ``filmed``."""
    venue, task, outcomes = _computed(venue, people, **how)
    return answer(venue, task.grid, people, outcomes)


def filmed(venue: Venue, people: int, **how: Any) -> tuple[Answer, Film]:
    """The same, with the run in the middle kept moment by moment."""
    venue, task, outcomes = _computed(venue, people, **how)
    return answer(venue, task.grid, people, outcomes), task.film(outcomes)


def _computed(
    venue: Venue,
    people: int,
    *,
    runs: int = 50,
    seed: int = 1,
    cell: float | None = None,
    workers: int = 1,
    scenario: Scenario | None = None,
    tell: Callable[[], None] = lambda: None,
) -> tuple[Venue, _Task, list[Outcome]]:
    asked = scenario or Scenario()
    if asked.incident:
        venue, shut = with_incident(venue, asked.incident)
        asked = replace(asked, blocked=asked.blocked | shut)
    _refuse(venue, people, runs, asked)
    grid = grid_of(venue, cell)
    seconds = alone(grid, asked.blocked, WALK)
    task = _Task(grid, places(venue, grid), seconds, people, seed, asked)
    outcomes = []
    for outcome in _outcomes(task, runs, workers):
        outcomes.append(outcome)
        tell()
    return venue, task, outcomes


def _refuse(venue: Venue, people: int, runs: int, asked: Scenario) -> None:
    if not 1 <= people <= MOST_PEOPLE:
        mend = f"Give 1 to {MOST_PEOPLE:,} people."
        raise Refused(f"{people:,} people cannot be simulated", "people", mend)
    if not 1 <= runs <= MOST_RUNS:
        raise Refused(f"{runs} runs cannot be computed", "runs", f"Give 1 to {MOST_RUNS:,}.")
    low, high = asked.start_seconds
    if not 0 <= low <= high <= 3600:
        raise Refused("The seconds to start do not fit", "start", "Give LOW:HIGH, 0 to 3600.")
    ways = {door.id for door in venue.doors} | {stair.id for stair in venue.of("stair")}
    for name in asked.blocked - ways:
        there = f"There is: {', '.join(sorted(ways)[:20])}."
        raise Refused(f"There is no door, gate or stair {name}", "block", there)
    if asked.surge:
        _refuse_surge(venue, asked, asked.surge)
    if not [e for e in venue.exits if e.id not in asked.blocked]:
        raise Refused("No exit is left", "block", "Leave at least one exit open.")


def _refuse_surge(venue: Venue, asked: Scenario, surge: Surge) -> None:
    gates = {d.id for d in venue.doors if d.props.leads == "outside" and not d.props.locked}
    if surge.gate not in gates - asked.blocked:
        there = f"There is: {', '.join(sorted(gates - asked.blocked))}."
        raise Refused(f"Nobody can push in at {surge.gate}", "surge", there)
    if not 0 < surge.people <= MOST_PEOPLE:
        raise Refused("The surge has no people", "surge", "Give GATE:N with N above 0.")


def _outcomes(task: _Task, runs: int, workers: int) -> Iterator[Outcome]:
    if workers <= 1 or runs < 4:
        yield from map(task.run, range(runs))
        return
    chunk = max(1, min(16, runs // (4 * workers)))
    with ProcessPoolExecutor(workers, get_context("spawn"), _begin, (task,)) as pool:
        yield from pool.map(_one, range(runs), chunksize=chunk)


_task: _Task | None = None


def _begin(task: _Task) -> None:
    global _task
    _task = task


def _one(number: int) -> Outcome:
    assert _task
    return _task.run(number)
