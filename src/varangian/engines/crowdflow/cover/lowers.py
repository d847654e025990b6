"""What lowers the time in view: an overlook closed, a barrier as screen, the other side of the
rope, another door. Each is computed alone; they do not add up."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import shapely

from varangian.engines.crowdflow.cover.being import Rows, way_rows
from varangian.engines.crowdflow.cover.model import Being, Lower
from varangian.engines.crowdflow.cover.seeing import Seeing, seeing_of
from varangian.engines.crowdflow.cover.views import (
    Seconds,
    band_words,
    planned_of,
    seconds_of,
    views_of,
)
from varangian.engines.crowdflow.flow.film import Film
from varangian.engines.crowdflow.flow.grid import grid_of
from varangian.engines.crowdflow.principal.advice import advise
from varangian.engines.crowdflow.principal.maps import WayMaps, way_maps
from varangian.engines.crowdflow.venue.floor import REACHES, clear_line, sides
from varangian.engines.crowdflow.venue.model import Item, Venue
from varangian.engines.crowdflow.venue.profile import Vehicle
from varangian.kernel.results import Refused

LEAST_S = 1.0
MOST_SCREENS = 30
MOST_DOORS = 8
ROPE_NEAR_M = 3.0
AT_DOOR_M = 2.5


def lowers_of(venue: Venue, being: Being, views: np.ndarray) -> tuple[Lower, ...]:
    """Those that save a second or more at the slow pace, kind by kind in the order of the plan:
    sorted by what they save they would rank the overlooks."""
    plan = being.only(planned_of(being))
    before = seconds_of(plan, views[:, planned_of(being)].any(axis=0))[1]
    seeing = seeing_of(venue, doors_open=True)
    found = [
        *_closed(venue, plan, views[:, planned_of(being)]),
        *_screens(venue, plan),
        *_other_sides(venue, plan, seeing),
        *_other_doors(venue, plan, seeing),
    ]
    return tuple(
        Lower(what, how, seconds, round(before - seconds[1], 1))
        for what, how, seconds in found
        if before - seconds[1] >= LEAST_S
    )


Tried = Iterator[tuple[str, str, Seconds]]


def _closed(venue: Venue, being: Being, views: np.ndarray) -> Tried:
    for k, item in enumerate(venue.of("overlook")):
        left = np.delete(views, k, axis=0).any(axis=0)
        how = "blinds drawn, locked and checked, or an officer of ours in it"
        yield f"Close the {item.label}", how, seconds_of(being, left)


def _in_view(venue: Venue, being: Being, seeing: dict[int, Seeing]) -> Seconds:
    views = views_of(venue.of("overlook"), being, seeing)
    return seconds_of(being, views.any(axis=0))


def _screens(venue: Venue, being: Being) -> Tried:
    clear = [item for item in venue.of("barrier") if not item.props.opaque]
    for item in clear[:MOST_SCREENS]:
        seeing = seeing_of(venue, doors_open=True, screened=frozenset({item.id}))
        yield (
            f"Make the {item.label} a screen",
            f"{item.shape.length:.0f} m of drape or panel higher than eyes above",
            _in_view(venue, being, seeing),
        )


def _other_sides(venue: Venue, being: Being, seeing: dict[int, Seeing]) -> Tried:
    for way in venue.of("way"):
        if not way.props.rope:
            continue
        for item in venue.of("barrier"):
            near = item.level == way.level and item.shape.distance(way.shape) <= ROPE_NEAR_M
            other = _mirrored(way, item) if near else None
            here = seeing.get(way.level)
            if other is None or here is None or not here.floor.open.covers(other):
                continue
            moved = _walked(being, way, way_rows(way, other))
            what = f"Walk {way.props.name or way.label} on the other side of the {item.label}"
            yield what, "the crowd changes sides with the principal", _in_view(venue, moved, seeing)


def _mirrored(way: Item, barrier: Item) -> shapely.LineString | None:
    """Each point as far beyond the rope as it was before it."""
    points = shapely.get_coordinates(shapely.segmentize(way.shape, 1.0))
    shape: Any = barrier.shape
    line: Any = shape if shape.geom_type == "LineString" else shape.exterior
    at = shapely.line_interpolate_point(
        line, shapely.line_locate_point(line, shapely.points(points))
    )
    other = 2 * shapely.get_coordinates(at) - points
    if np.hypot(*(other - points).T).min() < 0.2:
        return None
    return shapely.LineString(other)


def _other_doors(venue: Venue, being: Being, seeing: dict[int, Seeing]) -> Tried:
    """The way from or to another door of the outside, by the way out's own seconds and cells."""
    doors = [
        d for d in venue.doors if d.props.leads == "outside" and not d.props.locked
    ][: MOST_DOORS + 1]  # fmt: skip
    for way in venue.of("way"):
        ends = shapely.get_coordinates(way.shape)[[0, -1]]
        for near, far in (ends, ends[::-1]):
            used = [d for d in doors if _at(d, near, way.level)]
            others = [d for d in doors if d not in used and d.level == way.level]
            if not used or not others or way.level not in seeing:
                continue
            maps = _maps_to(venue, way, far)
            for door in others if maps else ():
                line = _line(maps, door, way.level, seeing[way.level])
                if line is not None:
                    moved = _walked(being, way, way_rows(way, line))
                    what = f"Use the {door.label} for {way.props.name or way.label}"
                    seconds = _in_view(venue, moved, seeing)
                    how = f"the way is {line.length:.0f} m then, {band_words(seconds)} in view"
                    yield what, how, seconds
            break


def _at(door: Item, end: np.ndarray, level: int) -> bool:
    return door.level == level and door.shape.distance(shapely.Point(end)) <= AT_DOOR_M


def _maps_to(venue: Venue, way: Item, end: np.ndarray) -> WayMaps | None:
    """Ways from everywhere to the inner end of the way, with nobody about."""
    rest = [item for item in venue.items if item.kind not in ("vehicle", "safe_room")]
    props = Vehicle(kind="vehicle", level=way.level)
    there = Item("end", "vehicle", shapely.Point(end), props)
    other = replace(venue, items=(*rest, there))
    grid = grid_of(other)
    try:
        return way_maps(other, Film(grid, 60.0, np.zeros((1, grid.size), np.float32)))
    except Refused:
        return None


def _line(maps: WayMaps | None, door: Item, level: int, here: Seeing) -> shapely.LineString | None:
    assert maps
    for reach in REACHES:
        for x, y in sides(clear_line(door), reach):
            if here.floor.open.contains(shapely.Point(x, y)):
                try:
                    found = advise(maps, level=level, at=(float(x), float(y))).options[0]
                except Refused:
                    return None
                if len(found.way) < 2 or any(step[0] != level for step in found.way):
                    return None
                return shapely.LineString([step[1:] for step in found.way])
    return None


def _walked(being: Being, way: Item, rows: Rows) -> Being:
    """The same day with one way walked elsewhere."""
    number = next(k for k, part in enumerate(being.parts) if part.id == way.id)
    rest = being.only(being.part != number)
    table = np.array(rows, float).reshape(-1, 6)
    of = np.full(len(table), number)
    return Being(
        being.parts, np.concatenate([rest.part, of]),
        np.concatenate([rest.level, table[:, 0].astype(int)]),
        np.concatenate([rest.xy, table[:, 1:3]]), np.concatenate([rest.quick, table[:, 3]]),
        np.concatenate([rest.slow, table[:, 4]]), np.concatenate([rest.metres, table[:, 5]]),
        being.notes,
    )  # fmt: skip
