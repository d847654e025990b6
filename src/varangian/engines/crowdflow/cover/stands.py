"""Where officers could stand: what is drawn stays, the rest is spread over the floor."""

from dataclasses import dataclass

import numpy as np
import shapely

from varangian.engines.crowdflow.cover.model import MOST_CANDIDATES, At, Being
from varangian.engines.crowdflow.cover.seeing import Seeing
from varangian.engines.crowdflow.venue.model import Venue
from varangian.kernel.results import Refused

BODY_M = 0.4
BESIDE_M = 0.8
"""An officer does not stand in the principal's way."""
LATTICE = 4000


@dataclass(frozen=True)
class Stand:
    id: str
    name: str
    level: int
    at: tuple[float, float]
    drawn: bool


def stands_of(
    venue: Venue, being: Being, seeing: dict[int, Seeing], count: int, at: tuple[At, ...], seed: int
) -> tuple[list[Stand], list[str]]:
    """Posts as drawn, then candidates; with words about posts that stand nowhere."""
    notes, found = [], []
    for item in venue.of("post"):
        here = seeing.get(item.level)
        spot = shapely.get_coordinates(item.shape)[0]
        if here is None or not here.open.intersects(shapely.Point(spot)):
            notes.append(f"The {item.label} stands on no open floor: it is left out")
            continue
        name = item.props.name or f"Post {item.id}"
        found.append(Stand(item.id, name, item.level, (float(spot[0]), float(spot[1])), True))
    places = [_given(one, seeing) for one in at] or _spread(being, seeing, count, seed)
    taken = {item.id for item in venue.items}
    number = 0
    for level, x, y in places:
        number += 1
        while f"cover-{number}" in taken:
            number += 1
        found.append(Stand(f"cover-{number}", "", level, (round(x, 2), round(y, 2)), False))
    return found, notes


def _given(one: At, seeing: dict[int, Seeing]) -> At:
    level, x, y = one
    here = seeing.get(level)
    if here is None or not here.open.intersects(shapely.Point(x, y)):
        mend = "Give places on the floor of a level that is drawn."
        raise Refused(f"Nobody can stand at {x:g}, {y:g}", f"level {level}", mend)
    return one


def _spread(being: Being, seeing: dict[int, Seeing], count: int, seed: int) -> list[At]:
    """Each next one farthest from those before, so corners come early; by level as by area."""
    areas = {level: here.floor.open.area for level, here in seeing.items()}
    whole = sum(areas.values())
    if whole <= 0:
        return []
    found: list[At] = []
    for level, here in sorted(seeing.items()):
        points = _free(being, here, whole)
        wanted = max(1, round(count * areas[level] / whole))
        found += [(level, float(x), float(y)) for x, y in _farthest(points, wanted, seed)]
    return found[:MOST_CANDIDATES]


def _free(being: Being, here: Seeing, whole: float) -> np.ndarray:
    step = max(0.5, float(np.sqrt(whole / LATTICE)))
    ground = here.floor.open.intersection(here.open).buffer(-BODY_M)
    mine = being.xy[being.level == here.level]
    if len(mine):
        ground = ground.difference(
            shapely.union_all(shapely.buffer(shapely.points(mine), BESIDE_M))
        )
    if ground.is_empty:
        return np.zeros((0, 2))
    west, south, east, north = ground.bounds
    x, y = np.meshgrid(np.arange(west, east + 1e-6, step), np.arange(south, north + 1e-6, step))
    inside = shapely.intersects_xy(ground, x, y)
    return np.stack([x[inside], y[inside]], axis=1)


def _farthest(points: np.ndarray, count: int, seed: int) -> np.ndarray:
    if len(points) <= count:
        return points
    first = int(np.random.default_rng(seed).integers(len(points)))
    away = np.hypot(*(points - points[first]).T)
    chosen = [int(np.argmax(away))]
    away = np.hypot(*(points - points[chosen[0]]).T)
    while len(chosen) < count:
        k = int(np.argmax(away))
        chosen.append(k)
        away = np.minimum(away, np.hypot(*(points - points[k]).T))
    return points[chosen]
