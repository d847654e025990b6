"""Where the principal is brought: vehicles and safe rooms, and what leads to them."""

from dataclasses import dataclass

import numpy as np
import shapely

from varangian.engines.crowdflow.flow.grid import Grid
from varangian.engines.crowdflow.principal.graph import Graph
from varangian.engines.crowdflow.principal.pace import BRISK
from varangian.engines.crowdflow.venue.checks.bearings import ROOM_M
from varangian.engines.crowdflow.venue.model import Item, Venue
from varangian.kernel.results import Refused

AT_M = ROOM_M
MOST = 8


@dataclass(frozen=True)
class Goal:
    """``cells`` with the seconds that are left from each: 0 at the goal, the walk outside at a
    door that leads to a vehicle in the street."""

    id: str
    name: str
    kind: str
    at: tuple[float, float]
    cells: np.ndarray
    left: np.ndarray


def goals_of(venue: Venue, grid: Grid, graph: Graph) -> list[Goal]:
    items = venue.of("vehicle", "safe_room")
    if not items:
        mend = "Put a vehicle or a safe room on the plan."
        raise Refused("The plan has nowhere to bring the principal", "vehicle", mend)
    found = [goal for item in items[:MOST] if (goal := _goal(item, venue, grid, graph))]
    if not found:
        raise Refused("No way leads to a vehicle or safe room", "", "Check doors and levels.")
    return found


def _goal(item: Item, venue: Venue, grid: Grid, graph: Graph) -> Goal | None:
    middle = item.shape.centroid
    at = (round(middle.x, 2), round(middle.y, 2))
    name = item.props.name or item.id
    cells = _inside(item, grid)
    if len(cells):
        return Goal(item.id, name, item.kind, at, cells, np.zeros(len(cells), np.float32))
    if item.kind == "safe_room":
        return None
    doors = {door.id: door for door in venue.exits}
    seeds: dict[int, float] = {}
    for link in graph.links:
        if not (link.outside and link.forward and link.id in doors):
            continue
        walk = doors[link.id].shape.distance(shapely.Point(at)) / BRISK + link.seconds
        for k in link.here:
            seeds[int(k)] = min(walk, seeds.get(int(k), walk))
    if not seeds:
        return None
    cells = np.array(sorted(seeds), int)
    left = np.array([seeds[int(k)] for k in cells], np.float32)
    return Goal(item.id, name, item.kind, at, cells, left)


def _inside(item: Item, grid: Grid) -> np.ndarray:
    """Cells of the floor in the goal, or within reach of its point."""
    if item.level not in grid.rows:
        return np.array([], int)
    reach = item.shape if item.shape.geom_type == "Polygon" else item.shape.buffer(AT_M)
    first, count = grid.rows[item.level]
    column, row = np.meshgrid(np.arange(grid.nx - 2), np.arange(count))
    x = grid.west + (column + 0.5) * grid.h
    y = grid.south + (row + 0.5) * grid.h
    inside = np.zeros((grid.size // grid.nx, grid.nx), bool)
    inside[first : first + count, 1:-1] = shapely.contains_xy(reach, x, y)
    return np.flatnonzero(inside.ravel() & (grid.area > 0))
