"""Where the sea is within an extract: it is drawn as a line with the land on its left."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from shapely import LineString, Point, Polygon, STRtree, box, union_all
from shapely.ops import polygonize

Line = Sequence[tuple[float, float]]
Box = tuple[float, float, float, float]
BESIDE = 1e-6


def sea(lines: Sequence[Line], bounds: Box) -> list[Polygon]:
    """Parts of ``bounds`` (west, south, east, north) that lie to the right of the coast. An
    unfinished coast closes nothing: then there is no sea rather than a wrong one."""
    frame = box(*bounds)
    coast = [LineString(line) for line in lines if len(line) > 1]
    inside = [line for line in coast if line.intersects(frame)]
    if not inside:
        return []
    faces: list[Any] = list(polygonize(union_all([frame.exterior, *(inside)]).geoms))
    faces = [face for face in faces if frame.contains(face.representative_point())]
    votes = [0] * len(faces)
    tree = STRtree(faces)
    for line in inside:
        points = list(line.coords)
        for (x0, y0), (x1, y1) in pairwise(points):
            for side, vote in ((1, 1), (-1, -1)):
                at = _beside((x0, y0), (x1, y1), side)
                for face in tree.query(at, predicate="within").tolist():
                    votes[face] += vote
    return [face for face, vote in zip(faces, votes, strict=True) if vote > 0]


def _beside(a: tuple[float, float], b: tuple[float, float], side: int) -> Point:
    """A little to the right of the middle of a step, or to the left with ``side`` -1."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = (dx * dx + dy * dy) ** 0.5 or 1.0
    x, y = (a[0] + b[0]) / 2, (a[1] + b[1]) / 2
    return Point(x + side * dy / length * BESIDE, y - side * dx / length * BESIDE)
