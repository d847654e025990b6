"""A venue as square cells. Levels lie above each other in one array, with a shut row between.

Only the largest piece of floor within a cell counts, so that a wall thinner than a cell does not
leak; faces between cells are as wide as the floor they share. Doors are no cells: they are links.
"""

from dataclasses import dataclass
from math import ceil, sqrt
from typing import Any

import numpy as np
import shapely

from varangian.engines.crowdflow.flow.links import Finder, Link, links_of
from varangian.engines.crowdflow.venue.floor import Floor, floors
from varangian.engines.crowdflow.venue.model import Venue
from varangian.kernel.results import Refused

FEWEST_SHARE = 0.2
CELLS = 3500
SMALLEST_M, LARGEST_M = 0.4, 3.0
MOST_CELLS = 120_000


@dataclass(frozen=True)
class Grid:
    """Flat arrays; ``k + 1`` is the cell to the right of ``k``, ``k + nx`` the one above."""

    h: float
    nx: int
    rows: dict[int, tuple[int, int]]
    """Level -> first row, rows."""
    west: float
    south: float
    area: np.ndarray
    right: np.ndarray
    """Share of the face to the right that is open, 0 to 1."""
    up: np.ndarray
    links: tuple[Link, ...]

    @property
    def size(self) -> int:
        return len(self.area)

    def centre(self, k: int) -> tuple[int, float, float]:
        """Level and place of a cell."""
        row, column = divmod(int(k), self.nx)
        for level, (first, count) in self.rows.items():
            if first <= row < first + count:
                x = self.west + (column - 0.5) * self.h
                return level, round(x, 2), round(self.south + (row - first + 0.5) * self.h, 2)
        raise IndexError(k)

    def level_array(self, values: np.ndarray, level: int) -> np.ndarray:
        first, count = self.rows[level]
        return values.reshape(-1, self.nx)[first : first + count, 1:-1]


def usual_cell(venue: Venue) -> float:
    area = sum(floor.open.area for floor in floors(venue))
    return float(np.clip(sqrt(area / CELLS), SMALLEST_M, LARGEST_M / 2))


def grid_of(venue: Venue, h: float | None = None) -> Grid:
    """``h``: size of a cell in metres; without it as fine as about 3,500 cells allow."""
    size = h or usual_cell(venue)
    if not 0.2 <= size <= LARGEST_M:
        raise Refused(f"Cells of {size:g} m", "cell", f"Give 0.2 to {LARGEST_M:g} m.")
    ground = [floor for floor in floors(venue) if not floor.open.is_empty]
    if not ground:
        raise Refused("The plan has no floor to walk on", "", "Draw an area.")
    west, south, east, north = shapely.total_bounds([floor.open for floor in ground])
    nx, ny = ceil((east - west) / size - 1e-6) + 2, ceil((north - south) / size - 1e-6)
    if nx * (ny + 1) * len(ground) > MOST_CELLS:
        mend = "Give larger cells, or only the part of the venue that matters."
        raise Refused(f"The venue needs more than {MOST_CELLS:,} cells", "cell", mend)
    rows = {floor.level: (1 + n * (ny + 1), ny) for n, floor in enumerate(ground)}
    shape = (1 + len(ground) * (ny + 1), nx)
    area, right, up = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    pieces = np.full(shape, None, object)
    for floor in ground:
        first = rows[floor.level][0]
        block = np.s_[first : first + ny, 1:-1]
        made = _raster(floor, west, south, nx - 2, ny, size)
        area[block], right[block], up[block], pieces[block] = made
    flat_area, flat_right, flat_up = (v.ravel().astype(np.float32) for v in (area, right, up))
    corner = (float(west), float(south))
    links = links_of(venue, ground, Finder(rows, nx, size, corner, area, pieces))
    return Grid(size, nx, rows, *corner, flat_area, flat_right, flat_up, tuple(links))


def _raster(
    floor: Floor, west: float, south: float, nx: int, ny: int, h: float
) -> tuple[np.ndarray, ...]:
    column, row = np.meshgrid(np.arange(nx), np.arange(ny))
    x, y = west + column.ravel() * h, south + row.ravel() * h
    boxes = shapely.box(x, y, x + h, y + h)
    shapely.prepare(floor.open)
    full = shapely.contains(floor.open, boxes)
    pieces = boxes.copy()
    some = ~full & shapely.intersects(floor.open, boxes)
    pieces[some] = [_largest(p) for p in shapely.intersection(boxes[some], floor.open)]
    area = np.where(full | some, shapely.area(pieces), 0.0)
    area[area < FEWEST_SHARE * h * h] = 0.0
    right = _faces(pieces, full, area, 1, shapely.linestrings(_ends(x + h, y, x + h, y + h)), h)
    right.reshape(ny, nx)[:, -1] = 0.0
    up = _faces(pieces, full, area, nx, shapely.linestrings(_ends(x, y + h, x + h, y + h)), h)
    return tuple(values.reshape(ny, nx) for values in (area, right, up, pieces))


def _ends(x0: np.ndarray, y0: np.ndarray, x1: np.ndarray, y1: np.ndarray) -> np.ndarray:
    return np.stack([np.stack([x0, y0], 1), np.stack([x1, y1], 1)], axis=1)


def _largest(shape: shapely.Geometry) -> shapely.Geometry:
    parts = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"]
    return max(parts, key=lambda p: p.area) if parts else shapely.Polygon()


def _faces(
    pieces: np.ndarray,
    full: np.ndarray,
    area: np.ndarray,
    step: int,
    edges: Any,
    h: float,
) -> np.ndarray:
    """The share of each edge that both pieces touch."""
    count = len(area)
    here, there = np.arange(count - step), np.arange(step, count)
    share = np.zeros(count)
    both = (area[here] > 0) & (area[there] > 0)
    whole = both & full[here] & full[there]
    share[here[whole]] = 1.0
    part = here[both & ~whole]
    if len(part):
        mine = shapely.buffer(pieces[part], 1e-6 * h, quad_segs=1)
        other = shapely.buffer(pieces[part + step], 1e-6 * h, quad_segs=1)
        touched = shapely.intersection(shapely.intersection(edges[part], mine), other)
        share[part] = np.clip(shapely.length(touched) / h, 0, 1)
    share[share < 0.05] = 0.0
    return share
