"""Doors and stairs as links between groups of cells, with a capacity of their own."""

from dataclasses import dataclass
from math import ceil

import numpy as np
import shapely

from varangian.engines.crowdflow.flow.law import STAIR_FLOW, STAIR_WALK, through
from varangian.engines.crowdflow.venue.checks.reach import stair_ends
from varangian.engines.crowdflow.venue.floor import Floor, Opening, sides
from varangian.engines.crowdflow.venue.model import Item, Venue

STAIR_DENSITY = 2.0
DELAY_M = 1.0


@dataclass(frozen=True)
class Link:
    """``there`` is empty for the outside. ``forward`` and ``back`` say which ways are allowed."""

    id: str
    here: np.ndarray
    there: np.ndarray
    capacity: float
    """People a second, as in the experiments."""
    seconds: float
    """To pass it alone."""
    holds: float
    forward: bool
    back: bool
    stair: bool = False
    entrance: bool = False

    @property
    def outside(self) -> bool:
        return len(self.there) == 0


class Finder:
    """Cells near a place of a level: the one whose floor is nearest, not whose square is."""

    def __init__(
        self,
        rows: dict[int, tuple[int, int]],
        nx: int,
        h: float,
        corner: tuple[float, float],
        area: np.ndarray,
        pieces: np.ndarray,
    ) -> None:
        self.rows, self.nx, self.h, self.corner = rows, nx, h, corner
        self.area, self.pieces = area, pieces

    def at(self, level: int, x: float, y: float) -> int | None:
        first, count = self.rows[level]
        column = int(np.floor((x - self.corner[0]) / self.h)) + 1
        row = int(np.floor((y - self.corner[1]) / self.h))
        near = [
            (first + r, c)
            for r in range(max(0, row - 1), min(count, row + 2))
            for c in range(max(1, column - 1), min(self.nx - 1, column + 2))
            if self.area[first + r, c] > 0
        ]
        if not near:
            return None
        away = shapely.distance([self.pieces[cell] for cell in near], shapely.Point(x, y))
        r, c = near[int(np.argmin(away))]
        return r * self.nx + c


def links_of(venue: Venue, ground: list[Floor], finder: Finder) -> list[Link]:
    found = [
        link
        for floor in ground
        for o in floor.openings
        if o.stands and not o.item.props.locked and (link := _door(o, floor, finder))
    ]
    return found + [link for s in venue.of("stair") if (link := _stair(s, finder))]


def _door(o: Opening, floor: Floor, finder: Finder) -> Link | None:
    left, right = _beside(o, floor, finder, 0), _beside(o, floor, finder, 1)
    props, width = o.item.props, o.item.width
    if props.leads == "outside":
        inside = np.union1d(left, right)
        if not len(inside):
            return None
        out, into = props.direction != "in", props.direction != "out"
        return Link(
            o.item.id, inside, np.array([], int), through(width), 0.5, 0, out, into,
            entrance=props.entrance,
        )  # fmt: skip
    if not len(left) or not len(right):
        return None
    forward, back = props.direction != "out", props.direction != "in"
    return Link(o.item.id, left, right, through(width), 0.5, 0, forward, back)


def _beside(o: Opening, floor: Floor, finder: Finder, side: int) -> np.ndarray:
    """The cells along one side of a door, as many as are needed to let its people through."""
    a, b = shapely.get_coordinates(o.line)[[0, -1]]
    width = float(np.hypot(*(b - a)))
    reach = o.cut.area / max(width, 1e-9) / 2 + 0.05
    shift = sides(o.line, reach)[side] - (a + b) / 2
    count = max(2, ceil(width / finder.h * 2) + 1)
    middle = (a + b) / 2
    span = max(width, min(0.9 * finder.h, 1.0))
    along = (b - a) / max(width, 1e-9) * span
    found = set()
    for t in np.linspace(-0.45, 0.45, count):
        x, y = middle + along * t + shift
        if not floor.open.dwithin(shapely.Point(x, y), 0.3):
            continue
        cell = finder.at(floor.level, x, y)
        if cell is not None:
            found.add(cell)
    return np.array(sorted(found), int)


def _stair(stair: Item, finder: Finder) -> Link | None:
    ends = []
    for point, level in zip(stair_ends(stair), (stair.level, stair.props.to_level), strict=True):
        if level not in finder.rows:
            return None
        reach = stair.width / 2
        cells = {finder.at(level, point.x + d, point.y) for d in (-reach, 0, reach)}
        cells |= {finder.at(level, point.x, point.y + d) for d in (-reach, 0, reach)}
        ends.append(np.array(sorted(c for c in cells if c is not None), int))
    if not len(ends[0]) or not len(ends[1]):
        return None
    length = max(stair.shape.length, DELAY_M)
    width = stair.width
    holds = width * length * STAIR_DENSITY
    seconds = length / STAIR_WALK
    return Link(
        stair.id, ends[0], ends[1], STAIR_FLOW * width, seconds, holds, True, True, stair=True
    )
