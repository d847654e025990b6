"""The floor of one level: what is open, where doors open it, what is left for a body."""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from varangian.engines.crowdflow.venue.model import Item, Venue

REACHES = (0.3, 0.5, 0.75, 1.0, 1.5)
"""How far from its line a door may have to reach to come out of a thick wall, in metres."""


@dataclass(frozen=True)
class Opening:
    """A door in its wall. ``left`` and ``right`` tell on which sides there is floor."""

    item: Item
    line: shapely.LineString
    cut: BaseGeometry
    left: bool
    right: bool

    @property
    def middle(self) -> tuple[float, float]:
        point = self.line.interpolate(0.5, normalized=True)
        return round(point.x, 2), round(point.y, 2)

    @property
    def stands(self) -> bool:
        """It leads from floor to floor, or from floor to the outside."""
        if self.item.props.leads == "outside":
            return self.left or self.right
        return self.left and self.right


@dataclass(frozen=True)
class Floor:
    level: int
    walled: BaseGeometry
    """Areas less walls: what the building leaves."""
    open: BaseGeometry
    """The same less stages and barriers; doors are shut."""
    openings: tuple[Opening, ...]

    @property
    def walkable(self) -> BaseGeometry:
        cuts = [o.cut for o in self.openings if o.stands and not o.item.props.locked]
        return shapely.union_all([self.open, *cuts])


def floors(venue: Venue) -> list[Floor]:
    return [_floor(venue, level) for level in venue.levels]


def _floor(venue: Venue, level: int) -> Floor:
    here = [item for item in venue.items if item.level == level]
    areas = shapely.union_all([i.shape for i in here if i.kind == "area"])
    walls = shapely.union_all([solid(i) for i in here if i.kind == "wall"])
    blocks = [solid(i) for i in here if i.kind in ("stage", "barrier")]
    things = shapely.union_all(blocks)
    walled = areas.difference(walls)
    free = walled.difference(things)
    shapely.prepare(free)
    doors = [_opening(i, free, blocks) for i in here if i.kind in ("door", "gate")]
    return Floor(level, walled, free, tuple(doors))


def solid(item: Item) -> BaseGeometry:
    if item.shape.geom_type == "LineString":
        return item.shape.buffer(item.props.thickness_m / 2, cap_style="flat")
    return item.shape


def _opening(item: Item, free: BaseGeometry, blocks: list[BaseGeometry]) -> Opening:
    """A barrier through the line of a gate is opened by it; one in front of it stays."""
    line = clear_line(item)
    left = right = False
    reach = REACHES[0]
    for reach in REACHES:
        left, right = (free.intersects(shapely.Point(p)) for p in sides(line, reach))
        if (left and right) or (item.props.leads == "outside" and (left or right)):
            break
    before = shapely.union_all([block for block in blocks if not block.intersects(line)])
    cut = line.buffer(reach + 0.05, cap_style="flat").difference(before)
    return Opening(item, line, cut, left, right)


def clear_line(item: Item) -> shapely.LineString:
    """The line of a door, shortened about its middle to the clear width where that is less."""
    ends = shapely.get_coordinates(item.shape)[[0, -1]]
    length = float(np.hypot(*(ends[1] - ends[0])))
    if not length or item.width >= length:
        return shapely.LineString(ends) if length else item.shape  # type: ignore[return-value]
    middle, half = ends.mean(axis=0), (ends[1] - ends[0]) / length * item.width / 2
    return shapely.LineString([middle - half, middle + half])


def sides(line: shapely.LineString, reach: float) -> tuple[np.ndarray, np.ndarray]:
    """The points ``reach`` to the left and to the right of the middle of a line."""
    a, b = shapely.get_coordinates(line)[[0, -1]]
    along = (b - a) / max(float(np.hypot(*(b - a))), 1e-9)
    left = np.array([-along[1], along[0]])
    return (a + b) / 2 + left * reach, (a + b) / 2 - left * reach
