"""Pure: the frontier of what pays as a picture. Units are those of the viewBox."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from varangian.engines.measures import Point
from varangian.engines.measures.model import Axis

WIDTH, HEIGHT = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 56, 24, 44, 44
TICKS = 4
SCALE: dict[Axis, int] = {"money": 100, "hours": 10}


@dataclass(frozen=True)
class Dot:
    x: int
    y: int
    number: int
    cost: str
    residual: int
    count: int
    chosen: bool
    at_least: bool
    """Some of its measures do not say what they cost."""


@dataclass(frozen=True)
class Tick:
    at: int
    words: str


@dataclass(frozen=True)
class Picture:
    dots: list[Dot]
    path: str
    below: list[Tick]
    beside: list[Tick]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    floor: int = HEIGHT - BOTTOM
    right: int = WIDTH - RIGHT


def picture(points: Sequence[Point], axis: Axis, chosen: Point | None) -> Picture:
    """Cost rises to the right, what is left rises upwards from 0."""
    dearest = max([point.takes[axis] for point in points], default=0) or 1
    highest = max([point.residual for point in points], default=0) or 1

    def across(cost: float) -> int:
        return round(LEFT + cost / dearest * (WIDTH - LEFT - RIGHT))

    def down(residual: float) -> int:
        return round(HEIGHT - BOTTOM - residual / highest * (HEIGHT - TOP - BOTTOM))

    dots = [
        Dot(
            x=across(point.takes[axis]),
            y=down(point.residual),
            number=number,
            cost=amount(point.takes[axis], axis),
            residual=point.residual,
            count=len(point.chosen),
            chosen=chosen is not None and point.chosen == chosen.chosen,
            at_least=bool(point.unknown[axis]),
        )
        for number, point in enumerate(points)
    ]
    steps = [f"M{dot.x} {dot.y}" if not at else f"H{dot.x}V{dot.y}" for at, dot in enumerate(dots)]
    return Picture(
        dots,
        "".join(steps),
        _ticks(dearest, across, lambda value: amount(value, axis)),
        _ticks(highest, down, lambda value: f"{value:.0f}"),
    )


def _ticks(most: int, place: Callable[[float], int], words: Callable[[float], str]) -> list[Tick]:
    """Evenly spaced; where two would read alike, the first."""
    values = {words(most * n / TICKS): most * n / TICKS for n in range(TICKS, -1, -1)}
    return [Tick(place(value), said) for said, value in values.items()]


def amount(value: float, axis: Axis) -> str:
    scaled = value / SCALE[axis]
    return f"{scaled:,.0f}" if axis == "money" or scaled == round(scaled) else f"{scaled:,.1f}"
