"""Strokes of a drawing become the shapes that the plan wants of each kind."""

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import shapely

from varangian.engines.crowdflow.drawings.layers import Meaning
from varangian.engines.crowdflow.venue.model import Finding
from varangian.engines.crowdflow.venue.profile import KINDS

if TYPE_CHECKING:
    from varangian.engines.crowdflow.drawings.drawn import Stroke

CLOSES_M = 0.05
SLIVER_M2 = 0.01
Found = tuple[Meaning, shapely.Geometry, str]


def shaped(strokes: "list[Stroke]", metres: float, notes: list[Finding]) -> Iterator[Found]:
    """Areas of one layer together, since a ring within another one is a hole; all else singly."""
    rings: dict[str, list[shapely.Polygon]] = defaultdict(list)
    meant: dict[str, Meaning] = {}
    for stroke in strokes:
        points = np.array(stroke.points, float) * metres
        meaning, closed = stroke.meaning, _closed(points, stroke.closed)
        if meaning.kind == "area":
            if closed:
                key = repr(meaning)
                meant[key] = meaning
                rings[key].append(shapely.Polygon(points))
            else:
                _left_out(meaning, points, "an open line encloses no floor", notes)
            continue
        shape = _shape(meaning.kind, points, closed)
        if shape is None or shape.is_empty:
            _left_out(meaning, points, "it cannot be drawn so", notes)
        else:
            yield meaning, shape, stroke.name
    for key, polygons in rings.items():
        for part in shapely.get_parts(even_odd(polygons)):
            if part.geom_type == "Polygon" and part.area > SLIVER_M2:
                yield meant[key], part, ""


def even_odd(polygons: list[shapely.Polygon]) -> shapely.Geometry:
    """Rings on top of each other, largest first: one wholly within takes away, others add."""
    whole: shapely.Geometry = shapely.Polygon()
    for polygon in sorted(map(shapely.make_valid, polygons), key=lambda p: -p.area):
        holed = whole.contains(shapely.buffer(polygon, -1e-6))
        whole = whole.difference(polygon) if holed else whole.union(polygon)
    return whole


def _closed(points: np.ndarray, said: bool) -> bool:
    if len(points) < 3:
        return False
    return said or bool(np.hypot(*(points[0] - points[-1])) < CLOSES_M and len(points) > 3)


def _shape(kind: str, points: np.ndarray, closed: bool) -> shapely.Geometry | None:
    wanted = KINDS[kind][1]
    if closed and "Polygon" in wanted:
        shape = shapely.Polygon(points)
        return shape if shape.area > 0 else None
    if "LineString" in wanted and len(points) >= 2:
        line = _across(points) if closed else shapely.LineString(points)
        return line if line.length > 0 else None
    if "Point" in wanted:
        return shapely.Point(points.mean(axis=0))
    if "MultiPoint" in wanted:
        return shapely.MultiPoint(points)
    return None


def _across(points: np.ndarray) -> shapely.LineString:
    """The long middle line of a door that is drawn as a box."""
    box = shapely.MultiPoint(points).minimum_rotated_rectangle
    corners = shapely.get_coordinates(box)
    if len(corners) < 4:
        return shapely.LineString(points)
    a, b, c, d = corners[:4]
    if np.hypot(*(b - a)) >= np.hypot(*(c - b)):
        return shapely.LineString([(a + d) / 2, (b + c) / 2])
    return shapely.LineString([(a + b) / 2, (c + d) / 2])


def _left_out(meaning: Meaning, points: np.ndarray, why: str, notes: list[Finding]) -> None:
    at = (round(float(points[0][0]), 2), round(float(points[0][1]), 2))
    words = " or ".join(KINDS[meaning.kind][1])
    notes.append(
        Finding(
            "drawing", "warning", f"A line on the layer of {meaning.kind} is left out: {why}",
            f"Draw a {meaning.kind.replace('_', ' ')} as {words}.", meaning.kind, at, meaning.level,
        )
    )  # fmt: skip
