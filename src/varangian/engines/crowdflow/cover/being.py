"""Where the principal is and for how long: ways and stays as drawn, and the ways out.

The pace along a rope line and the seconds of a way out are those of the rope line planner and of
the way out (``principal``); a plain way is walked between a free walk and the detail's fast one.
"""

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points

from varangian.engines.crowdflow.cover.model import Being, Part
from varangian.engines.crowdflow.cover.weights import Weights
from varangian.engines.crowdflow.flow.film import Film
from varangian.engines.crowdflow.flow.grid import grid_of
from varangian.engines.crowdflow.flow.law import WALK
from varangian.engines.crowdflow.principal.advice import Option, advise
from varangian.engines.crowdflow.principal.maps import WayMaps, way_maps
from varangian.engines.crowdflow.principal.pace import BRISK
from varangian.engines.crowdflow.principal.rope import BRISK as ROPE_BRISK
from varangian.engines.crowdflow.principal.rope import SLOW as ROPE_SLOW
from varangian.engines.crowdflow.venue.floor import floors
from varangian.engines.crowdflow.venue.model import Item, Venue
from varangian.kernel.results import Refused

STEP_M = 1.0
MOST_POINTS = 120
OUTS = ("go now", "safe room")
Rows = list[tuple[int, float, float, float, float, float]]
"""Level, x, y, quick, slow, metres."""


def being_of(venue: Venue, weights: Weights, maps: WayMaps | None = None) -> Being:
    """``maps``: seconds in the crowd of a run; without them the ways out lead through an empty
    venue."""
    notes: list[str] = []
    parts: list[tuple[Part, Rows]] = [(_part(way), way_rows(way)) for way in venue.of("way")]
    parts += [(_part(stay), _stay(stay)) for stay in venue.of("stay")]
    if not venue.of("stay"):
        for stage in venue.of("stage"):
            rows = _spread(stage.shape, stage.level, weights.stage_minutes * 60)
            parts.append((Part(stage.id, stage.label, "stage"), rows))
            told = f"No stay is drawn: {weights.stage_minutes:g} min on the {stage.label} assumed"
            notes.append(told)
    if parts:
        outs, told = _outs(venue, parts, maps)
        parts += outs
        notes += told
    return _joined(parts, notes)


def _part(item: Item) -> Part:
    what = "rope" if item.kind == "way" and item.props.rope else item.kind
    return Part(item.id, item.props.name or item.label, what)


def pace_of(item: Item, length: float) -> tuple[float, float]:
    """Seconds for a way: quick and slow."""
    if item.props.minutes:
        return item.props.minutes * 60, item.props.minutes * 60
    quick, slow = (ROPE_BRISK, ROPE_SLOW) if item.props.rope else (BRISK, WALK)
    return length / quick, length / slow


def way_rows(item: Item, shape: BaseGeometry | None = None) -> Rows:
    """``shape``: another line, walked as this way is."""
    line = item.shape if shape is None else shape
    count = max(1, round(line.length / STEP_M))
    at = (np.arange(count) + 0.5) * line.length / count
    points = shapely.get_coordinates(shapely.line_interpolate_point(line, at))  # type: ignore[arg-type]
    quick, slow = (seconds / count for seconds in pace_of(item, line.length))
    return [(item.level, x, y, quick, slow, m) for (x, y), m in zip(points, at, strict=True)]


def _stay(item: Item) -> Rows:
    seconds = item.props.minutes * 60
    if item.shape.geom_type == "Point":
        return [(item.level, item.shape.x, item.shape.y, seconds, seconds, 0.0)]  # type: ignore[attr-defined]
    return _spread(item.shape, item.level, seconds)


def _spread(shape: BaseGeometry, level: int, seconds: float) -> Rows:
    points = points_in(shape, STEP_M, MOST_POINTS)
    each = seconds / len(points)
    return [(level, x, y, each, each, 0.0) for x, y in points]


def points_in(shape: BaseGeometry, step: float, most: int) -> np.ndarray:
    """A lattice within an area; one point at least, ``most`` at most."""
    step = max(step, float(np.sqrt(shape.area / most)))
    west, south, east, north = shape.bounds
    x, y = np.meshgrid(
        np.arange(west + step / 2, east, step), np.arange(south + step / 2, north, step)
    )
    inside = shapely.contains_xy(shape, x, y)
    found = np.stack([x[inside], y[inside]], axis=1)
    return found if len(found) else shapely.get_coordinates(shape.representative_point())


def quiet_maps(venue: Venue) -> WayMaps:
    """Seconds to vehicles and safe rooms with nobody about."""
    grid = grid_of(venue)
    return way_maps(venue, Film(grid, 60.0, np.zeros((1, grid.size), np.float32)))


def _outs(
    venue: Venue, parts: Sequence[tuple[Part, Rows]], maps: WayMaps | None
) -> tuple[list[tuple[Part, Rows]], list[str]]:
    """From where the principal is longest, to the nearest vehicle and safe room."""
    if not venue.of("vehicle", "safe_room"):
        return [], ["No vehicle or safe room is drawn: the ways out are not watched"]
    part, rows = max(parts, key=lambda one: max(row[4] for row in one[1]))
    level, x, y = rows[len(rows) // 2][:3]
    try:
        found = advise(maps or quiet_maps(venue), level=level, at=on_floor(venue, level, x, y))
    except Refused as refused:
        return [], [f"Ways out: {refused.what.lower()}"]
    told = [] if maps else ["The ways out are walked with nobody about: run the egress first"]
    chosen = [option for what in OUTS for option in found.options if option.what == what][:2]
    outs = [
        (Part(f"out-{option.goal}", f"Way out to {option.name}", "out"), _out_rows(option))
        for option in chosen
    ]
    told.append(f"Ways out begin at {part.name}")
    return [(one, lines) for one, lines in outs if lines], told


def on_floor(venue: Venue, level: int, x: float, y: float) -> tuple[float, float]:
    """A stage is no floor of the model: the nearest floor to it."""
    point = shapely.Point(x, y)
    for floor in floors(venue):
        if floor.level == level and not floor.open.is_empty and not floor.open.contains(point):
            near = nearest_points(floor.open.buffer(-0.3) or floor.open, point)[0]
            return near.x, near.y
    return x, y


def _out_rows(option: Option) -> Rows:
    way = np.array(option.way, float).reshape(-1, 3)
    if len(way) < 2:
        return []
    steps = np.hypot(*(way[1:, 1:] - way[:-1, 1:]).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    share = np.concatenate([steps, [0.0]]) / max(float(steps.sum()), 1e-9)
    seconds = option.moving * share
    return [
        (int(level), x, y, s, s, m)
        for (level, x, y), s, m in zip(way.tolist(), seconds, along, strict=True)
    ]


def _joined(parts: Sequence[tuple[Part, Rows]], notes: list[str]) -> Being:
    rows = np.array([row for _, lines in parts for row in lines], float).reshape(-1, 6)
    of = np.repeat(np.arange(len(parts)), np.array([len(lines) for _, lines in parts], int))
    return Being(
        tuple(part for part, _ in parts), of, rows[:, 0].astype(int), rows[:, 1:3], rows[:, 3],
        rows[:, 4], rows[:, 5], tuple(notes),
    )  # fmt: skip
