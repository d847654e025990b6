"""Where an observer may stand: what he sees from there is a place, and routes touch places.

Cells of ``cell_m`` on four grids, each moved by half a cell: whatever spot of the town he picks,
all within a quarter of a cell around it lies in one of the cells. One grid alone would not do:
who stands at the border of two cells sees both. ``cell_m=0`` makes each road a place of its own,
its two directions together.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..graph import Array, Graph

METRES_PER_DEGREE = 111_195.0
MOVED = ((0.0, 0.0), (0.5, 0.5), (0.5, 0.0), (0.0, 0.5))
SPAN = 1 << 20
"""Cells of a grid in one direction that a number of a cell has room for."""


@dataclass(frozen=True)
class Places:
    """The places of a network. A place is a whole number that means the same in every journey."""

    graph: Graph
    cell_m: float = 400.0
    grids: int = 4

    @cached_property
    def _squeeze(self) -> float:
        return float(np.cos(np.radians(self.graph.lat.mean())))

    @cached_property
    def _west_south(self) -> tuple[float, float]:
        return float(self.graph.lon.min()), float(self.graph.lat.min())

    def _flat(self, lon: Array, lat: Array) -> Array:
        west, south = self._west_south
        east_m = (lon - west) * METRES_PER_DEGREE * self._squeeze
        return np.stack([east_m, (lat - south) * METRES_PER_DEGREE], axis=1)

    def _numbers(self, flat: Array, grid: int) -> Array:
        east, north = MOVED[grid]
        cell = np.floor(flat / self.cell_m + [east, north]).astype(np.int64) + 1
        return (grid * SPAN + cell[:, 0]) * SPAN + cell[:, 1]

    def of_nodes(self, nodes: Array) -> Array:
        """int64[grids, len(nodes)]; of roads, which lie between nodes, none."""
        if not self.cell_m:
            return np.empty((0, len(nodes)), dtype=np.int64)
        flat = self._flat(self.graph.lon[nodes], self.graph.lat[nodes])
        return np.stack([self._numbers(flat, grid) for grid in range(self.grids)])

    def touched(self, edges: Array) -> tuple[Array, Array, Array]:
        """Pairs of (index into ``edges``, place) and whether the edge enters the place anew."""
        if not self.cell_m:
            back = self.graph.back[edges]
            road = np.where(back >= 0, np.minimum(back, edges), edges).astype(np.int64)
            return np.arange(len(edges)), road, np.ones(len(edges), dtype=bool)
        owner, flat = self._course(edges)
        tails = self.of_nodes(self.graph.tail[edges])
        rows, places, enters = [], [], []
        for grid in range(self.grids):
            pair = np.stack([owner, self._numbers(flat, grid)], axis=1)
            pair = pair[np.lexsort((pair[:, 1], pair[:, 0]))]
            pair = pair[np.r_[True, (np.diff(pair, axis=0) != 0).any(axis=1)]]
            rows.append(pair[:, 0])
            places.append(pair[:, 1])
            enters.append(pair[:, 1] != tails[grid][pair[:, 0]])
        return np.concatenate(rows), np.concatenate(places), np.concatenate(enters)

    def _course(self, edges: Array) -> tuple[Array, Array]:
        """Points along edges, close enough that no cell is stepped over."""
        first, last = self.graph.bends[edges], self.graph.bends[edges + 1]
        count = last - first
        index = np.repeat(first - np.r_[0, np.cumsum(count)[:-1]], count) + np.arange(count.sum())
        owner = np.repeat(np.arange(len(edges)), count)
        flat = self._flat(self.graph.shape[index, 0], self.graph.shape[index, 1])
        same = owner[:-1] == owner[1:]
        here, there, owned = flat[:-1][same], flat[1:][same], owner[:-1][same]
        step = min(25.0, self.cell_m / 8)
        steps = np.maximum(1, np.ceil(np.hypot(*(there - here).T) / step)).astype(np.int64)
        piece = np.repeat(np.arange(len(here)), steps)
        share = (np.arange(len(piece)) - np.repeat(np.cumsum(steps) - steps, steps)) / steps[piece]
        between = here[piece] + (there - here)[piece] * share[:, None]
        return np.r_[owner, owned[piece]], np.concatenate([flat, between])

    def middle(self, place: int) -> tuple[float, float]:
        """(lat, lon) of the middle of a place."""
        if not self.cell_m:
            line = self.graph.course([place])
            lon, lat = line[len(line) // 2]
            return float(lat), float(lon)
        grid, north = divmod(int(place), SPAN)
        grid, east = divmod(grid, SPAN)
        west, south = self._west_south
        x = (east - 1 + 0.5 - MOVED[grid][0]) * self.cell_m
        y = (north - 1 + 0.5 - MOVED[grid][1]) * self.cell_m
        return south + y / METRES_PER_DEGREE, west + x / METRES_PER_DEGREE / self._squeeze
