"""Areas and lines in pixels of the picture (y downwards), for single points in plain Python."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import hypot

type Point = tuple[float, float]


@dataclass(frozen=True)
class Area:
    corners: tuple[Point, ...]

    @cached_property
    def _box(self) -> tuple[float, float, float, float]:
        xs, ys = zip(*self.corners, strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    @cached_property
    def _sides(self) -> tuple[tuple[float, float, float, float], ...]:
        ends = (*self.corners[1:], self.corners[0])
        return tuple((*a, *b) for a, b in zip(self.corners, ends, strict=True))

    def depth(self, point: Point, most: float) -> float:
        """How far inside (above nothing) or outside (below) the point is; cut at +-``most``."""
        x, y = point
        left, top, right, bottom = self._box
        if x < left - most or x > right + most or y < top - most or y > bottom + most:
            return -most
        inside, nearest = False, most
        for ax, ay, bx, by in self._sides:
            if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
                inside = not inside
            nearest = min(nearest, _away(x, y, ax, ay, bx, by))
        return nearest if inside else -nearest

    def holds(self, point: Point) -> bool:
        return self.depth(point, 1e-6) > 0


def _away(x: float, y: float, ax: float, ay: float, bx: float, by: float) -> float:
    dx, dy = bx - ax, by - ay
    square = dx * dx + dy * dy
    part = 0.0 if not square else max(0.0, min(1.0, ((x - ax) * dx + (y - ay) * dy) / square))
    return hypot(x - ax - part * dx, y - ay - part * dy)


@dataclass(frozen=True)
class Line:
    """From ``a`` to ``b``; ``in`` is from its left to its right, as for doors of a venue plan."""

    a: Point
    b: Point

    def right(self, point: Point) -> float:
        """Pixels to the right of the line as one looks along it; below nothing: to the left."""
        dx, dy = self.b[0] - self.a[0], self.b[1] - self.a[1]
        return (dx * (point[1] - self.a[1]) - dy * (point[0] - self.a[0])) / hypot(dx, dy)

    def passed_between(self, before: Point, after: Point, slack: float) -> bool:
        """Does the straight way from one side to the other meet the line within its ends?"""
        left, right = self.right(before), self.right(after)
        if left == right:
            return False
        part = left / (left - right)
        x = before[0] + part * (after[0] - before[0])
        y = before[1] + part * (after[1] - before[1])
        dx, dy = self.b[0] - self.a[0], self.b[1] - self.a[1]
        along = ((x - self.a[0]) * dx + (y - self.a[1]) * dy) / hypot(dx, dy)
        return -slack <= along <= hypot(dx, dy) + slack


def crosses_itself(corners: Sequence[Point]) -> bool:
    count = len(corners)
    sides = [(corners[k], corners[(k + 1) % count]) for k in range(count)]
    return any(
        _cross(*sides[i], *sides[j])
        for i in range(count)
        for j in range(i + 2, count)
        if (j + 1) % count != i
    )


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    return _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def square_of(corners: Sequence[Point]) -> float:
    """Area by the shoelace formula, in the unit of the corners, squared."""
    ends = [*corners[1:], corners[0]]
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(corners, ends, strict=True))) / 2
