"""The way round a press of people, on the way to the exit that one has chosen.

The seconds of ``Choice`` are those of free ground, so that all cut a corner and queue there beside
empty floor. Here the ground takes longer where it is full, up to two and a half times as long, and
every other step a sweep carries that on to the cells behind: half of it at a time, as neighbouring
cells else swing. Whose exit is another one is not reached over the line between the two, so exits
are chosen by ``Choice`` alone. Without a press the seconds are those of free ground.
"""

from collections.abc import Sequence

import numpy as np

from varangian.engines.crowdflow.flow.choice import Choice
from varangian.engines.crowdflow.flow.grid import Grid
from varangian.engines.crowdflow.flow.law import FLOW, JAM, WAVE
from varangian.engines.crowdflow.flow.links import Link
from varangian.engines.crowdflow.flow.route import FAR, through

SLOWEST = 2.5
"""Ground in a press counts at most so many times as long as free ground."""
SWEEP_STEPS, LOOK_STEPS = 2, 4
"""So often the seconds are carried on, and the density is looked at."""


class Detour:
    """``time``: seconds felt; of two arrays the one that was written last."""

    def __init__(self, grid: Grid, choice: Choice, links: Sequence[Link], walk: float) -> None:
        n, nx = grid.size, grid.nx
        self.choice, self.nx = choice, nx
        self.inner = [link for link in links if not link.outside]
        outer = [link.here for link in links if link.outside and link.forward]
        self.exits = np.unique(np.concatenate(outer or [np.array([], int)]))
        self.right, self.up = grid.right[:-1] > 0, grid.up[:-nx] > 0
        self.floor = grid.area > 0
        self.walk, self.alone = np.float32(walk), np.float32(grid.h / walk)
        self.cost = np.full(n, self.alone, np.float32)
        self.twice = 2 * self.cost * self.cost
        self.shut_right = np.zeros(n - 1, np.float32)
        self.shut_up = np.zeros(n - nx, np.float32)
        self.across, self.along, self.new, self.low, self.apart = np.zeros((5, n), np.float32)
        self.none = np.zeros(n, np.float32)
        self.free = choice.time
        self.time, self.other = self.free.copy(), np.empty(n, np.float32)
        self._choose()

    def step(self, tick: int, density: np.ndarray) -> None:
        chosen = self.choice.time is not self.free
        if chosen:
            self.time += self.choice.time - self.free
            self.free = self.choice.time
            self._choose()
        if tick % LOOK_STEPS == 0:
            self._look(density)
        if chosen or tick % SWEEP_STEPS == 0:
            self._sweep()

    def _choose(self) -> None:
        """No way leads over the line between those who take one exit and those of the next."""
        taken, nx = self.choice.taken, self.nx
        self.shut_right[:] = np.where(self.right & (taken[1:] == taken[:-1]), 0, FAR)
        self.shut_up[:] = np.where(self.up & (taken[nx:] == taken[:-nx]), 0, FAR)
        self.most = np.where(self.floor, self.free * np.float32(SLOWEST), FAR).astype(np.float32)

    def _look(self, density: np.ndarray) -> None:
        """How much longer a metre takes: people on it by those whom the law lets go."""
        goes = np.clip(np.float32(WAVE) * (np.float32(JAM) - density), 0.05, FLOW)
        slower = np.clip(density * self.walk / goes, 1, SLOWEST)
        np.multiply(slower, self.alone, out=self.cost)
        np.multiply(self.cost, self.cost, out=self.twice)
        self.twice *= np.float32(2)

    def _sweep(self) -> None:
        time, new, low, apart = self.time, self.new, self.low, self.apart
        self._least(self.shut_right, 1, self.across)
        self._least(self.shut_up, self.nx, self.along)
        np.subtract(self.across, self.along, out=apart)
        np.abs(apart, out=apart)
        np.minimum(self.across, self.along, out=low)
        low += self.cost
        np.multiply(apart, apart, out=new)
        np.subtract(self.twice, new, out=new)
        np.maximum(new, self.none, out=new)
        np.sqrt(new, out=new)
        new += self.across
        new += self.along
        new *= np.float32(0.5)
        np.copyto(new, low, where=apart >= self.cost)
        np.minimum(new, self.most, out=new)
        np.maximum(new, self.free, out=new)
        for link in self.inner:
            through(link, new, self.cost)
        new[self.exits] = self.free[self.exits]
        np.add(time, new, out=self.other)
        self.other *= np.float32(0.5)
        self.time, self.other = self.other, time

    def _least(self, shut: np.ndarray, step: int, out: np.ndarray) -> None:
        """The better of the two neighbours in one direction."""
        time, beside = self.time, self.apart[step:]
        out[-step:] = FAR
        np.add(time[step:], shut, out=out[:-step])
        np.add(time[:-step], shut, out=beside)
        np.minimum(out[step:], beside, out=out[step:])
