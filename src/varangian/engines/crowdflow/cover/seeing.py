"""What stops a look on each level of a plan.

Each question errs to the side that does no harm. Cover counts only floor that is drawn as open:
walls, screens, the edge of the floor and doors that may be shut stop it. A look from outside is
stopped only by what is drawn to stop it, and doors stand open. Crowd barriers, stages and people
stop neither; heights are not known.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from varangian.engines.crowdflow.cover.sight import edges_of
from varangian.engines.crowdflow.venue.floor import REACHES, Floor, floors, solid
from varangian.engines.crowdflow.venue.model import Item, Venue

WINDOW_M = 0.3
STEP_M = 1.0
MOST_EYES = 60


@dataclass(frozen=True)
class Seeing:
    """Of one level. ``open``: floor over which officers see; ``free``: the same with all doors
    open; ``solid``: what stops a look from anywhere."""

    level: int
    floor: Floor
    open: BaseGeometry
    free: BaseGeometry
    solid: BaseGeometry

    @cached_property
    def edges(self) -> np.ndarray:
        return edges_of(self.open)

    @cached_property
    def free_edges(self) -> np.ndarray:
        return edges_of(self.free)

    @cached_property
    def solid_edges(self) -> np.ndarray:
        return edges_of(self.solid)


def seeing_of(
    venue: Venue, *, doors_open: bool = False, screened: frozenset[str] = frozenset()
) -> dict[int, Seeing]:
    """``screened``: barriers that are taken as screens."""
    return {
        floor.level: _seeing(venue, floor, doors_open, screened)
        for floor in floors(venue)
        if not floor.walled.is_empty
    }


def _seeing(venue: Venue, floor: Floor, doors_open: bool, screened: frozenset[str]) -> Seeing:
    here = [item for item in venue.items if item.level == floor.level]
    areas = shapely.union_all([i.shape for i in here if i.kind == "area"])
    walls = shapely.union_all([solid(i) for i in here if i.kind == "wall" and not i.props.glass])
    screens = shapely.union_all(
        [solid(i) for i in here if i.kind == "barrier" and (i.props.opaque or i.id in screened)]
    )
    ways = [o for o in floor.openings if o.stands and not o.item.props.locked]
    cuts = shapely.union_all([o.cut for o in ways])
    gates = shapely.union_all([o.cut for o in ways if doors_open or o.item.kind == "gate"])
    bare = areas.difference(walls)
    open_ = shapely.union_all([bare, gates]).difference(screens)
    shapely.prepare(open_)
    return Seeing(
        floor.level, floor, open_,
        shapely.union_all([bare, cuts]).difference(screens),
        shapely.union_all([walls.difference(cuts), screens]),
    )  # fmt: skip


def eyes_of(item: Item, seeing: Seeing) -> tuple[np.ndarray, np.ndarray]:
    """Points from which an overlook looks, and the edges that stop it.

    In a wall of the venue it looks to both sides of it; off the floor it looks over what is not
    drawn as closed.
    """
    inside, outside = [], []
    for point in _along(item.shape):
        found = _beside(point, seeing.free)
        if len(found):
            inside += found
        else:
            away = point.buffer(WINDOW_M).difference(seeing.solid)
            outside += [part.representative_point() for part in shapely.get_parts(away)]
    if inside:
        return shapely.get_coordinates(inside), seeing.free_edges
    return shapely.get_coordinates(outside), seeing.solid_edges


def _along(shape: BaseGeometry) -> list[shapely.Point]:
    if shape.length == 0:
        return [shape.representative_point()]
    count = min(MOST_EYES, max(2, int(np.ceil(shape.length / STEP_M)) + 1))
    return list(shapely.line_interpolate_point(shape, np.linspace(0, shape.length, count)))  # type: ignore[arg-type]


def _beside(point: shapely.Point, free: BaseGeometry) -> list[shapely.Point]:
    """The point itself on open floor; else one on each side of the wall it is drawn in."""
    if free.contains(point):
        return [point]
    for reach in REACHES:
        near = point.buffer(reach).intersection(free)
        parts = [p for p in shapely.get_parts(near) if p.area > 1e-3]
        if parts:
            return [part.representative_point() for part in parts]
    return []
