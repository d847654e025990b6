"""One run of the cell model: people flow down the field of seconds to the outside.

Each step a cell sends what a triangular flow-density relation lets go, split over its faces by the
slope of seconds and of density (without the second term all take one streamline and doors run at
half their capacity), and takes what its neighbours' room allows. Doors and stairs have capacities
of their own. Every ``REROUTE_S`` the choice of exits reckons with the queues that are there.
"""

from itertools import pairwise
from math import ceil

import numpy as np

from varangian.engines.crowdflow.flow.choice import Choice, fields, ways_out
from varangian.engines.crowdflow.flow.crossing import Crossing, Exits, give
from varangian.engines.crowdflow.flow.detour import Detour
from varangian.engines.crowdflow.flow.grid import Grid
from varangian.engines.crowdflow.flow.route import FAR
from varangian.engines.crowdflow.flow.spread import Spread
from varangian.engines.crowdflow.flow.state import Outcome, Setting, open_links

COURANT = 0.48
REROUTE_S = 10.0
LOOK_S = 4.0
CRITICAL = 4.0
"""People on a square metre above which the minutes are counted."""
SURGE_SHARE = 0.5
"""How much of a gate those who push in can take from those who leave."""


def alone(grid: Grid, blocked: frozenset[str], walk: float) -> np.ndarray:
    """Seconds to each exit with nobody in the way."""
    return fields(grid, open_links(grid, blocked), walk)


def simulate(
    grid: Grid, setting: Setting, seconds: np.ndarray | None = None, keep_every: float = 0.0
) -> Outcome:
    """``seconds``: what ``alone`` gives, when it is at hand. Every ``keep_every`` seconds the
    density is kept in ``history``."""
    step = COURANT * grid.h / max(setting.walk, 0.1)
    if seconds is None:
        seconds = alone(grid, setting.blocked, setting.walk)
    run = _Run(grid, setting, seconds, step)
    ticks = ceil(setting.most_seconds / step)
    look, reroute = max(1, round(LOOK_S / step)), max(1, round(REROUTE_S / step))
    keep = max(1, round(keep_every / step)) if keep_every else 0
    for tick in range(ticks):
        if tick % look == 0 and run.look(tick, look) <= run.done:
            break
        if keep and tick % keep == 0:
            run.history.append(run.density().copy())
        if setting.aware > 0 and tick and tick % reroute == 0:
            run.choice.reckon(run.people)
        run.advance(tick)
    return run.outcome()


class _Run:
    def __init__(self, grid: Grid, setting: Setting, seconds: np.ndarray, step: float) -> None:
        self.setting, self.step = setting, step
        self.people = setting.people.astype(np.float32)
        self.asleep = self.people.copy()
        self.start = float(self.people.sum())
        surge = setting.surge
        self.total = self.start + (surge.people if surge else 0.0)
        self.waiting = surge.people if surge else 0.0
        self.done = max(0.5, 0.0005 * self.total)
        links = open_links(grid, setting.blocked)
        capacity = np.array([link.capacity * setting.doors for link in ways_out(links)])
        self.choice = Choice(seconds, capacity, setting.aware)
        self.exits = Exits([k for k in links if k.outside], setting.doors, step, grid.size)
        self.crossings = [
            Crossing(link, link.capacity * setting.doors, step)
            for link in links
            if not link.outside
        ]
        self.reachable = self.choice.time < FAR / 2
        self.detour = Detour(grid, self.choice, links, setting.walk)
        self.spread = Spread(grid, step, setting.walk, self.reachable)
        n = grid.size
        self.peak, self.above = np.zeros(n, np.float32), np.zeros(n, np.float32)
        self.when = np.zeros(n, np.float32)
        self.times: list[float] = []
        self.inside: list[float] = []
        self.minutes: list[dict[str, float]] = []
        self.history: list[np.ndarray] = []
        self.spent = 0.0

    def density(self) -> np.ndarray:
        return self.people * self.spread.per_area

    def still(self) -> float:
        return float(self.people.sum()) + sum(c.held for c in self.crossings) + self.waiting

    def look(self, tick: int, every: int) -> float:
        """Takes down how things stand."""
        now, density, inside = tick * self.step, self.density(), self.still()
        self.times.append(now)
        self.inside.append(inside)
        worse = density > self.peak
        self.when[worse] = now
        np.maximum(self.peak, density, out=self.peak)
        crushed = density > CRITICAL
        self.above += crushed * np.float32(every * self.step)
        self.spent += float(self.people[crushed].sum()) * every * self.step / 60
        while len(self.minutes) <= now / 60:
            self.minutes.append(self.passed())
        return inside

    def advance(self, tick: int) -> None:
        moving = self._moving(tick * self.step)
        self.spread.prepare(self.people, self.asleep, moving)
        if self.waiting > 0:
            self._surge(tick * self.step)
        self.detour.step(tick, self.spread.density)
        self.exits.pass_step(self.spread.ready, self.people)
        for crossing in self.crossings:
            crossing.pass_step(
                tick, self.detour.time, self.spread.ready, self.spread.room, self.people
            )
        self.spread.flow(self.people, self.detour.time)

    def _moving(self, now: float) -> float:
        until = self.setting.start_seconds
        return 1.0 if until <= 0 else min(1.0, (now + self.step) / until)

    def _surge(self, now: float) -> None:
        surge = self.setting.surge
        assert surge
        gate = next(k for k, link in enumerate(self.exits.links) if link.id == surge.gate)
        due = surge.people * min(1.0, (now + self.step) / surge.seconds)
        wants = min(due - (surge.people - self.waiting), self.exits.most[gate] * SURGE_SHARE)
        here = self.exits.links[gate].here
        came = give(here, max(0.0, wants), self.spread.room, self.people)
        self.waiting -= came
        self.exits.meet(gate, came)

    def passed(self) -> dict[str, float]:
        inner = {c.link.id: c.passed for c in self.crossings}
        return inner | {
            e.id: float(n) for e, n in zip(self.exits.links, self.exits.passed, strict=True)
        }

    def outcome(self) -> Outcome:
        passed = self.passed()
        per_minute = {
            name: [round(b[name] - a[name], 1) for a, b in pairwise(self.minutes)]
            for name in passed
        }
        return Outcome(
            np.array(self.times), np.array(self.inside), self.total, passed, per_minute,
            self.peak, self.above, self.when, float(self.setting.people[~self.reachable].sum()),
            self.spent, self.history,
        )  # fmt: skip
