"""People from cell to cell in the open: the inner loop, arrays only, in place."""

import numpy as np

from varangian.engines.crowdflow.flow.grid import Grid
from varangian.engines.crowdflow.flow.law import FLOW, JAM, WAVE

PRESSURE_M = 0.5
"""How many metres of way one person on a square metre weighs."""
TINY = np.float32(1e-9)


class Spread:
    def __init__(self, grid: Grid, step: float, walk: float, reachable: np.ndarray) -> None:
        n, self.nx, self.h = grid.size, grid.nx, np.float32(grid.h)
        floor = grid.area > 0
        self.per_area = np.where(floor, 1 / np.where(floor, grid.area, 1), 0).astype(np.float32)
        self.right, self.up = grid.right[:-1], grid.up[: -self.nx]
        push = np.float32(PRESSURE_M / grid.h)
        self.push_right, self.push_up = push * (self.right > 0), push * (self.up > 0)
        self.slope_right = (self.right > 0) * np.float32(walk / grid.h)
        self.slope_up = (self.up > 0) * np.float32(walk / grid.h)
        self.walks = (walk / grid.h**2 * reachable).astype(np.float32)
        """By the whole cell, so that none sends more than it has; who has no way out stays."""
        self.face = np.float32(grid.h * step)
        self.jam = np.float32(JAM) * grid.area
        self.inflow = np.float32(WAVE * grid.h * step) * (grid.area > 0)
        self.most_in = np.full(n, FLOW * grid.h * step, np.float32)
        self.most_sent = np.full(n, FLOW, np.float32)
        self.nought, self.one = np.zeros(n, np.float32), np.ones(n, np.float32)
        """Arrays, for numpy is two to three times as quick with them as with a number."""
        self.density = np.zeros(n, np.float32)
        self.ready, self.room = np.zeros(n, np.float32), np.zeros(n, np.float32)
        self.takes = np.zeros(n, np.float32)
        """Through one whole face; a cell at a door is reached over several of them."""
        self.led: np.ndarray | None = None
        self.b = _Buffers(self)

    def prepare(self, people: np.ndarray, asleep: np.ndarray, moving: float) -> None:
        """Who is ready to go and how much room there is, before doors take their share.

        Of those who stood ``asleep`` in a cell at the beginning the share ``moving`` has begun to
        walk; the others stand in the way of the rest."""
        np.multiply(people, self.per_area, out=self.density)
        if moving < 1:
            np.multiply(asleep, np.float32(moving - 1), out=self.ready)
            self.ready += people
            np.maximum(self.ready, self.nought, out=self.ready)
            self.ready *= self.walks
        else:
            np.multiply(people, self.walks, out=self.ready)
        np.minimum(self.ready, self.most_sent, out=self.ready)
        self.ready *= self.face
        np.subtract(np.float32(JAM), self.density, out=self.takes)
        self.takes *= self.inflow
        np.maximum(self.takes, self.nought, out=self.takes)
        np.minimum(self.takes, self.most_in, out=self.takes)
        np.subtract(self.jam, people, out=self.room)
        np.add(self.takes, self.takes, out=self.b.fits)
        np.minimum(self.room, self.b.fits, out=self.room)
        np.maximum(self.room, self.nought, out=self.room)

    def flow(self, people: np.ndarray, time: np.ndarray) -> None:
        if time is not self.led:
            self._lead(time)
        b = self.b
        for slope, push, nought, low, high, ahead, back in b.faces:
            np.subtract(low, high, out=ahead)
            ahead *= push
            ahead += slope
            np.minimum(ahead, nought, out=back)
            np.maximum(ahead, nought, out=ahead)
        self._rate()
        for share, flows, rate, room in b.sent:
            flows *= rate
            np.minimum(flows, room, out=flows)
            flows *= share
        for share, flows, rate, room in b.sent_back:
            flows *= rate
            np.maximum(flows, room, out=flows)
            flows *= share
        self._move(people)

    def _lead(self, time: np.ndarray) -> None:
        """The slope of seconds over each face; it stays until the choice of exits changes."""
        nx, b = self.nx, self.b
        np.multiply(time[:-1] - time[1:], self.slope_right, out=b.slope_east)
        np.multiply(time[:-nx] - time[nx:], self.slope_up, out=b.slope_north)
        self.led = time

    def _rate(self) -> None:
        """What a cell sends for each unit of slope over its faces."""
        b = self.b
        b.rate.fill(TINY)
        for flows, target, square in b.into_rate:
            np.multiply(flows, flows, out=square)
            target += square
        np.sqrt(b.rate, out=b.rate)
        np.divide(self.ready, b.rate, out=b.rate)
        np.negative(self.takes, out=b.gives)

    def _move(self, people: np.ndarray) -> None:
        nx, b = self.nx, self.b
        b.fits.fill(TINY)
        b.fits[1:] += b.east
        b.fits[:-1] -= b.west
        b.fits[nx:] += b.north
        b.fits[:-nx] -= b.south
        np.divide(self.room, b.fits, out=b.fits)
        np.minimum(b.fits, self.one, out=b.fits)
        b.east *= b.fits[1:]
        b.west *= b.fits[:-1]
        b.north *= b.fits[nx:]
        b.south *= b.fits[:-nx]
        b.east += b.west
        b.north += b.south
        people[1:] += b.east
        people[:-1] -= b.east
        people[nx:] += b.north
        people[:-nx] -= b.north
        np.maximum(people, self.nought, out=people)


class _Buffers:
    """Arrays that are written anew each step, and the views of them that a step needs.

    ``west`` and ``south`` are flows against the axis and so not above zero, and ``gives`` is what
    may be taken with its sign turned: a step then needs no arrays of its own.
    """

    def __init__(self, spread: "Spread") -> None:
        n, nx = len(spread.density), spread.nx
        self.east, self.west, self.slope_east, wide = np.zeros((4, n - 1), np.float32)
        self.north, self.south, self.slope_north, tall = np.zeros((4, n - nx), np.float32)
        self.rate, self.fits, self.gives = np.zeros((3, n), np.float32)
        nought = spread.nought
        density, rate, takes, gives = spread.density, self.rate, spread.takes, self.gives
        none, tops = nought[: n - 1], nought[: n - nx]
        self.faces = (
            (self.slope_east, spread.push_right, none, density[:-1], density[1:],
             self.east, self.west),
            (self.slope_north, spread.push_up, tops, density[:-nx], density[nx:],
             self.north, self.south),
        )  # fmt: skip
        self.into_rate = (
            (self.east, rate[:-1], wide), (self.west, rate[1:], wide),
            (self.north, rate[:-nx], tall), (self.south, rate[nx:], tall),
        )  # fmt: skip
        self.sent = (
            (spread.right, self.east, rate[:-1], takes[1:]),
            (spread.up, self.north, rate[:-nx], takes[nx:]),
        )
        self.sent_back = (
            (spread.right, self.west, rate[1:], gives[:-1]),
            (spread.up, self.south, rate[nx:], gives[:-nx]),
        )
