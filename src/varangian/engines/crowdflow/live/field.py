"""Zones with so many people as densities of the cells, for the way out of the principal."""

from collections.abc import Mapping, Sequence

import numpy as np
import shapely

from varangian.engines.crowdflow.flow.film import Film
from varangian.engines.crowdflow.flow.grid import Grid
from varangian.engines.crowdflow.venue.model import Item


def cells_of(grid: Grid, zone: Item) -> np.ndarray:
    """Cells of the floor whose middle lies in the zone."""
    if zone.level not in grid.rows:
        return np.array([], int)
    first, count = grid.rows[zone.level]
    column, row = np.meshgrid(np.arange(grid.nx - 2), np.arange(count))
    x, y = grid.west + (column + 0.5) * grid.h, grid.south + (row + 0.5) * grid.h
    inside = np.zeros((grid.size // grid.nx, grid.nx), bool)
    inside[first : first + count, 1:-1] = shapely.contains_xy(zone.shape, x, y)
    return np.flatnonzero(inside.ravel() & (grid.area > 0))


def held_film(
    grid: Grid,
    cells: Mapping[str, np.ndarray],
    moments: Sequence[Mapping[str, float]],
    every: float,
) -> Film:
    """``moments``: people by zone, now and ``every`` seconds apart; evenly over each zone."""
    frames = np.zeros((len(moments), grid.size), np.float32)
    for frame, people in zip(frames, moments, strict=True):
        for zone, count in people.items():
            mine = cells.get(zone)
            if mine is not None and len(mine):
                frame[mine] = np.maximum(frame[mine], count / float(grid.area[mine].sum()))
    return Film(grid, every, frames)
