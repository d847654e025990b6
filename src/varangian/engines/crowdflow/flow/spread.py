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
        self.most_in = np.float32(FLOW * grid.h * step)
        self.density = np.zeros(n, np.float32)
        self.ready, self.room = np.zeros(n, np.float32), np.zeros(n, np.float32)
        self.takes = np.zeros(n, np.float32)
        """Through one whole face; a cell at a door is reached over several of them."""

    def prepare(self, people: np.ndarray, asleep: np.ndarray, moving: float) -> None:
        """Who is ready to go and how much room there is, before doors take their share.

        Of those who stood ``asleep`` in a cell at the beginning the share ``moving`` has begun to
        walk; the others stand in the way of the rest."""
        np.multiply(people, self.per_area, out=self.density)
        if moving < 1:
            np.multiply(asleep, np.float32(moving - 1), out=self.ready)
            self.ready += people
            np.maximum(self.ready, 0, out=self.ready)
            self.ready *= self.walks
        else:
            np.multiply(people, self.walks, out=self.ready)
        np.minimum(self.ready, np.float32(FLOW), out=self.ready)
        self.ready *= self.face
        np.subtract(np.float32(JAM), self.density, out=self.takes)
        self.takes *= self.inflow
        np.clip(self.takes, 0, self.most_in, out=self.takes)
        np.minimum(2 * self.takes, self.jam - people, out=self.room)
        np.maximum(self.room, 0, out=self.room)

    def flow(self, people: np.ndarray, time: np.ndarray) -> None:
        nx = self.nx
        density = self.density
        east = (time[:-1] - time[1:]) * self.slope_right
        east += (density[:-1] - density[1:]) * self.push_right
        north = (time[:-nx] - time[nx:]) * self.slope_up
        north += (density[:-nx] - density[nx:]) * self.push_up
        west, south = np.maximum(-east, 0), np.maximum(-north, 0)
        np.maximum(east, 0, out=east)
        np.maximum(north, 0, out=north)
        length = np.full(len(density), TINY, np.float32)
        length[:-1] += east * east
        length[1:] += west * west
        length[:-nx] += north * north
        length[nx:] += south * south
        np.sqrt(length, out=length)
        rate = np.divide(self.ready, length, out=length)
        east *= rate[:-1]
        west *= rate[1:]
        north *= rate[:-nx]
        south *= rate[nx:]
        takes = self.takes
        for flows, share, room in (
            (east, self.right, takes[1:]),
            (west, self.right, takes[:-1]),
            (north, self.up, takes[nx:]),
            (south, self.up, takes[:-nx]),
        ):
            np.minimum(flows, room, out=flows)
            flows *= share
        self._move(people, east, west, north, south)

    def _move(
        self,
        people: np.ndarray,
        east: np.ndarray,
        west: np.ndarray,
        north: np.ndarray,
        south: np.ndarray,
    ) -> None:
        nx = self.nx
        coming = np.full(len(people), TINY, np.float32)
        coming[1:] += east
        coming[:-1] += west
        coming[nx:] += north
        coming[:-nx] += south
        fits = np.divide(self.room, coming, out=coming)
        np.minimum(fits, 1, out=fits)
        east *= fits[1:]
        west *= fits[:-1]
        north *= fits[nx:]
        south *= fits[:-nx]
        east_net, north_net = east - west, north - south
        people[1:] += east_net
        people[:-1] -= east_net
        people[nx:] += north_net
        people[:-nx] -= north_net
        np.maximum(people, 0, out=people)
