"""Where the people stand at the beginning, and what differs from run to run."""

import numpy as np
import shapely

from varangian.engines.crowdflow.flow.grid import Grid
from varangian.engines.crowdflow.flow.law import CROWD_SLOWEST, SCATTER, WALK
from varangian.engines.crowdflow.flow.state import Setting, Surge
from varangian.engines.crowdflow.venue.model import Venue
from varangian.kernel.results import Refused

DENSEST = 4.5
"""Nobody is put closer than this at the beginning."""
UNEVEN = 0.5
PATCH_M = 6.0
STANDING = ("standing", "seated")


def places(venue: Venue, grid: Grid) -> np.ndarray:
    """How much each cell draws people: the zones with their numbers, else all of the floor."""
    zones = [z for z in venue.of("zone") if z.props.use in STANDING and z.level in grid.rows]
    weight = np.zeros(grid.size)
    for zone in zones:
        inside = grid.area * _within(grid, zone)
        if inside.sum() <= 0:
            continue
        density = (zone.props.people or 0) / inside.sum() if _counted(zones) else 1.0
        weight += inside * density
    return weight if weight.sum() > 0 else grid.area.astype(float)


def _counted(zones: list) -> bool:
    return all(zone.props.people for zone in zones)


def _within(grid: Grid, zone) -> np.ndarray:
    first, count = grid.rows[zone.level]
    column, row = np.meshgrid(np.arange(grid.nx - 2), np.arange(count))
    x = grid.west + (column + 0.5) * grid.h
    y = grid.south + (row + 0.5) * grid.h
    shapely.prepare(zone.shape)
    inside = np.zeros(grid.size).reshape(-1, grid.nx)
    inside[first : first + count, 1:-1] = shapely.contains_xy(zone.shape, x, y)
    return inside.ravel()


def spread(weight: np.ndarray, grid: Grid, people: float) -> np.ndarray:
    """``people`` by weight; where too many would stand the rest goes to the other cells."""
    most = DENSEST * grid.area.astype(float)
    if people > most.sum():
        mend = f"At most {int(most.sum()):,} fit on its floor; see varangian crowd capacity."
        raise Refused(f"{people:,.0f} people do not fit into the venue", "people", mend)
    placed = np.zeros(grid.size)
    for share in (weight, grid.area.astype(float)):
        for _ in range(30):
            left, room = people - placed.sum(), (placed < most - 1e-9) * share
            if left < 1e-6 or room.sum() <= 0:
                break
            placed = np.minimum(placed + left * room / room.sum(), most)
    return placed


def _patches(grid: Grid, rng: np.random.Generator) -> np.ndarray:
    """Groups stand together: patches of some metres are fuller or emptier."""
    side = max(1, round(PATCH_M / grid.h))
    rows = grid.size // grid.nx
    drawn = rng.lognormal(0, UNEVEN, (rows // side + 1, grid.nx // side + 1))
    return drawn.repeat(side, 0)[:rows].repeat(side, 1)[:, : grid.nx].ravel()


def setting(
    grid: Grid,
    weight: np.ndarray,
    people: int,
    seed: tuple[int, int],
    start: tuple[float, float],
    blocked: frozenset[str],
    surge: Surge | None,
    aware: tuple[float, float] = (0.0, 0.8),
) -> Setting:
    """One draw of everything that is uncertain."""
    rng = np.random.default_rng(seed)
    uneven = weight * _patches(grid, rng)
    return Setting(
        people=spread(uneven, grid, people),
        walk=float(np.clip(rng.normal(WALK, 0.1), 0.9, 1.7)),
        doors=float(rng.uniform(CROWD_SLOWEST, 1.0) * np.exp(rng.normal(0, SCATTER))),
        start_seconds=float(rng.uniform(*start)),
        aware=float(rng.uniform(*aware)),
        blocked=blocked,
        surge=surge,
    )
