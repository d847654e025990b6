"""What is to be watched, each place with what it counts."""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from varangian.engines.crowdflow.cover.being import points_in
from varangian.engines.crowdflow.cover.model import Being
from varangian.engines.crowdflow.cover.seeing import Seeing
from varangian.engines.crowdflow.cover.weights import Weights
from varangian.engines.crowdflow.venue.floor import REACHES, clear_line, sides
from varangian.engines.crowdflow.venue.model import Item, Venue

CELL_M = 1.0
MOST_OF_ZONE = 60


@dataclass(frozen=True)
class Places:
    """Arrays of one length. ``kind``: what the principal does there, entrance or zone."""

    level: np.ndarray
    xy: np.ndarray
    weight: np.ndarray
    names: tuple[str, ...]
    of: np.ndarray
    """Which of the names."""

    @property
    def whole(self) -> float:
        return float(self.weight.sum())


def places_of(venue: Venue, being: Being, seeing: dict[int, Seeing], weights: Weights) -> Places:
    """Places off the floor are left out: what is drawn in the street is watched from elsewhere."""
    names: list[str] = []
    rows: list[tuple[int, float, float, float, int]] = []
    for number, part in enumerate(being.parts):
        mine = being.only(being.part == number)
        rows += _thinned(mine, weights.factor(part.what), len(names))
        names.append(part.name)
    for item in venue.doors:
        if item.props.entrance and item.level in seeing and weights.entrance > 0:
            x, y = _inside(item, seeing[item.level].floor.open)
            rows.append((item.level, x, y, weights.entrance, len(names)))
            names.append(f"Entrance {item.props.name or item.id}")
    for zone in venue.of("zone"):
        if zone.level in seeing and zone.props.use != "backstage" and weights.zone > 0:
            free = zone.shape.intersection(seeing[zone.level].floor.open)
            points = points_in(free, CELL_M, MOST_OF_ZONE) if free.area > 0 else []
            rows += [(zone.level, x, y, weights.zone / len(points), len(names)) for x, y in points]
            names.append(f"Zone {zone.props.name or zone.id}")
    table = np.array(rows, float).reshape(-1, 5)
    on = np.array([_on(seeing, int(row[0]), row[1], row[2]) for row in table], bool)
    table = table[on & (table[:, 3] > 0)]
    level, of = table[:, 0].astype(int), table[:, 4].astype(int)
    return Places(level, table[:, 1:3], table[:, 3], tuple(names), of)


def _thinned(being: Being, factor: float, name: int) -> list[tuple[int, float, float, float, int]]:
    """One place a square metre: the seconds there add up."""
    found: dict[tuple[int, int, int], list[float]] = {}
    seconds = (being.quick + being.slow) / 2
    for level, (x, y), here in zip(being.level, being.xy, seconds, strict=True):
        key = (int(level), round(x / CELL_M), round(y / CELL_M))
        kept = found.setdefault(key, [x, y, 0.0])
        kept[2] += float(here) * factor
    return [(key[0], x, y, weight, name) for key, (x, y, weight) in found.items()]


def _inside(item: Item, free: BaseGeometry) -> tuple[float, float]:
    """Before the entrance, on the floor."""
    line = clear_line(item)
    for reach in REACHES:
        for x, y in sides(line, reach):
            if free.contains(shapely.Point(x, y)):
                return float(x), float(y)
    middle = line.interpolate(0.5, normalized=True)
    return middle.x, middle.y


def _on(seeing: dict[int, Seeing], level: int, x: float, y: float) -> bool:
    return level in seeing and seeing[level].open.intersects(shapely.Point(x, y))
