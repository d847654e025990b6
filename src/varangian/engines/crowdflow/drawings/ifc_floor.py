"""Rooms, walls, slabs and doors of a building as a plan: where one can walk, and through what.

A storey with rooms (IfcSpace) has them for its floor. Without rooms its floor is what the walls
enclose, doors shut, less what no slab lies under; without walls it is the slabs. What had to be
guessed is told.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from varangian.engines.crowdflow.drawings.drawn import feature
from varangian.engines.crowdflow.drawings.ifc_stair import Tread, joined, line_of
from varangian.engines.crowdflow.drawings.layers import Meaning
from varangian.engines.crowdflow.venue.floor import REACHES, sides
from varangian.engines.crowdflow.venue.model import Finding

HEAD_M, STEP_M, SLAB_M = 1.9, 0.3, 0.6
"""Clear height of a way; what is lower than a step is no wall; how far a slab may lie from its
storey."""
LEAST_M2 = 0.5
CLOSES_M = 0.15
GROUND_M = 1.5
LEAST_STAIR_M = 0.5
FAR_M = 10_000.0


@dataclass(frozen=True)
class Part:
    kind: str
    storey: int
    shape: BaseGeometry
    low: float
    high: float
    name: str = ""
    width: float = 0.0
    host: BaseGeometry | None = None
    ends: tuple[tuple[float, float], ...] = ()
    treads: tuple[Tread, ...] = ()
    """Of a stair, from its foot up."""


@dataclass(frozen=True)
class Building:
    heights: list[float]
    names: list[str]
    parts: list[Part]

    @staticmethod
    def of(found: dict[str, Any], larger: float = 1.0) -> "Building":
        heights = [row["height"] * larger for row in found["storeys"]] or [0.0]
        names = [row["name"] for row in found["storeys"]] or [""]
        shift = _shift(found["parts"], larger)
        parts = [_part(row, heights, larger, shift) for row in found["parts"]]
        parts = [part for part in parts if not part.shape.is_empty]
        stairs = [part for part in parts if part.kind == "stair"]
        parts = [part for part in parts if part.kind != "stair"]
        parts += [_stair_of(flights, heights) for flights in joined(stairs, heights)]
        return Building(heights, names, parts)

    def level(self, storey: int) -> int:
        """The storey nearest the ground is level 0, those below are negative."""
        used = sorted({part.storey for part in self.parts})
        ground = min(used, key=lambda k: abs(self.heights[k]))
        return used.index(storey) - used.index(ground) if storey in used else storey

    def above_ground(self, storey: int) -> float:
        ground = min(self.heights, key=abs)
        return self.heights[storey] - ground


def _shift(rows: list[dict[str, Any]], larger: float) -> tuple[float, float]:
    """A model in the coordinates of its country is moved to its own corner."""
    if not rows:
        return 0.0, 0.0
    west, south, east, north = np.array(
        shapely.total_bounds([shapely.from_wkt(row["shape"]) for row in rows])
    ) * larger  # fmt: skip
    if max(abs(west), abs(south), abs(east), abs(north)) < FAR_M:
        return 0.0, 0.0
    return float(-np.floor(west)), float(-np.floor(south))


def _part(
    row: dict[str, Any], heights: list[float], larger: float, shift: tuple[float, float]
) -> Part:
    def moved(shape: BaseGeometry) -> BaseGeometry:
        return shapely.transform(shape, lambda xy: xy * larger + shift)

    low, high = row["low"] * larger, row["high"] * larger
    storey = row["storey"]
    if storey is None:
        storey = min(range(len(heights)), key=lambda k: abs(heights[k] - low))
    ends = [tuple(np.array(row[e]) * larger + shift) for e in ("foot", "head") if e in row]
    host = row.get("host")
    return Part(
        row["kind"], storey, moved(shapely.from_wkt(row["shape"])), low, high, row["name"],
        row.get("width", 0.0) * larger, moved(shapely.from_wkt(host)) if host else None,
        tuple(ends),
        tuple(Tread(*tread).moved(larger, shift) for tread in row.get("treads", ())),
    )  # fmt: skip


def _stair_of(flights: Sequence[Part], heights: list[float]) -> Part:
    """Flights over landings as one stair, of the storey on which its foot stands."""
    treads = tuple(tread for flight in flights for tread in flight.treads)
    if not treads:
        return flights[0]
    low, high = treads[0].z, treads[-1].z
    storey = min(range(len(heights)), key=lambda k: abs(heights[k] - low))
    shape = shapely.union_all([flight.shape for flight in flights])
    return replace(flights[0], storey=storey, shape=shape, low=low, high=high, treads=treads)


def built(building: Building) -> tuple[list[dict[str, Any]], list[Finding]]:
    notes: list[Finding] = []
    features: list[dict[str, Any]] = []
    counts: dict[str, int] = {}
    for storey in sorted({part.storey for part in building.parts}):
        one = _Storey(building, storey, notes)
        for meaning, shape, name in one.items():
            counts[meaning.kind] = counts.get(meaning.kind, 0) + 1
            features.append(feature(f"{meaning.kind}-{counts[meaning.kind]}", meaning, shape, name))
    return features, notes


Item = tuple[Meaning, BaseGeometry, str]


class _Storey:
    def __init__(self, building: Building, storey: int, notes: list[Finding]) -> None:
        self.building, self.storey, self.notes = building, storey, notes
        self.level = building.level(storey)
        self.height = building.heights[storey]
        self.parts = [part for part in building.parts if part.storey == storey]
        self.walls = [p for p in self._of("wall") if self._bars(p)]
        self.doors = [(p, line) for p in self._of("door") if (line := door_line(p)) is not None]
        solid = shapely.union_all([p.shape for p in self.walls])
        self.solid = solid.difference(shapely.union_all([p.shape for p in self._passages()]))
        shut = [part.shape.buffer(0.01, join_style="mitre") for part, _ in self.doors]
        self.house = _filled(shapely.union_all([solid, *shut]))

    def _of(self, kind: str) -> list[Part]:
        return [part for part in self.parts if part.kind == kind]

    def _bars(self, wall: Part) -> bool:
        """It stands in the way: not a beam above the head, not a kerb."""
        return wall.low < self.height + HEAD_M and wall.high > self.height + STEP_M

    def _passages(self) -> list[Part]:
        """Openings without a door that one can walk through; windows are none."""
        return [
            p for p in self._of("opening")
            if p.low <= self.height + STEP_M and p.high >= self.height + HEAD_M
        ]  # fmt: skip

    def items(self) -> Iterator[Item]:
        areas = list(self._areas())
        yield from areas
        floor = shapely.union_all([shape for _, shape, _ in areas]).difference(self.solid)
        for part in self.walls:
            for shape in _polygons(part.shape.difference(self._gaps())):
                yield Meaning("wall", self.level), shape, part.name
        for part, line in self.doors:
            yield self._door(part, line, floor)
        for part in self._of("stair"):
            stair = self._stair(part)
            if stair:
                yield stair

    def _gaps(self) -> BaseGeometry:
        return shapely.union_all([p.shape for p in self._passages()])

    def _areas(self) -> Iterator[Item]:
        rooms = self._of("space")
        if rooms:
            for part in rooms:
                for shape in _polygons(part.shape):
                    yield Meaning("area", self.level), shape, part.name
            return
        slabs = [p.shape for p in self._of("slab") if abs(p.high - self.height) < SLAB_M]
        slab, name = shapely.union_all(slabs), self.building.names[self.storey]
        if self.house.is_empty and slab.is_empty:
            if self.walls:
                mend = "Close the walls, or export the rooms (IfcSpace) or the slab."
                self._note("no_floor", "fault", "The walls enclose no floor", mend)
            return
        whole = self.house if slab.is_empty else slab
        if not self.house.is_empty and not slab.is_empty:
            whole = self.house.intersection(slab)
        base = (
            "what its walls enclose" if not self.house.is_empty else "its slabs, for no wall closes"
        )
        mend = "Look at it on the plan; export the rooms (IfcSpace) to have them by name."
        self._note("floor_built", "warning", f"The model has no rooms: the floor is {base}", mend)
        for shape in _polygons(whole.simplify(0.02)):
            yield Meaning("area", self.level), shape, name

    def _door(self, part: Part, line: shapely.LineString, floor: BaseGeometry) -> Item:
        props: dict[str, Any] = {}
        if part.width and part.width < line.length - 0.01:
            props["width_m"] = round(part.width, 3)
        left = right = False
        for reach in REACHES:
            left, right = (floor.intersects(shapely.Point(p)) for p in sides(line, reach))
            if left and right:
                break
        if left != right and self._outside(line, left):
            if self.building.above_ground(self.storey) > GROUND_M:
                mend = "Draw the stair or the ground behind it, or say that it leads outside."
                what = f"The door {part.name} leads to no floor, and not to the ground"
                self._note("door", "warning", what, mend, line.interpolate(0.5, normalized=True))
            else:
                props["leads"] = "outside"
        return Meaning("door", self.level, props), line, part.name

    def _outside(self, line: shapely.LineString, floor_left: bool) -> bool:
        """Beyond a room that is not drawn there may be the house still."""
        if self.house.is_empty:
            return True
        reach = REACHES[-1]
        beyond = sides(line, reach)[1 if floor_left else 0]
        return not self.house.intersects(shapely.Point(beyond))

    def _stair(self, part: Part) -> Item | None:
        heights = self.building.heights
        top = min(range(len(heights)), key=lambda k: abs(heights[k] - part.high))
        found = line_of(part.treads, STEP_M) if part.treads else stair_line(part)
        if found is None or top == self.storey or abs(heights[top] - part.high) > SLAB_M:
            mend = "Draw it in the editor as one line from its foot to its head."
            what = f"The stair {part.name} has no steps to follow or ends at no storey: left out"
            self._note("stair", "warning", what, mend, part.shape.centroid)
            return None
        line, width = found
        props = {"to_level": self.building.level(top), "width_m": round(max(width, 0.5), 2)}
        return Meaning("stair", self.level, props), line, part.name

    def _note(
        self, code: str, severity: Any, what: str, mend: str, at: BaseGeometry | None = None
    ) -> None:
        where = self.building.names[self.storey] or f"level {self.level}"
        spot = (round(at.x, 2), round(at.y, 2)) if isinstance(at, shapely.Point) else None
        self.notes.append(Finding(code, severity, what, mend, where, spot, self.level))


def stair_line(part: Part) -> tuple[shapely.LineString, float] | None:
    """From the floor before its first step to the floor behind its last, and its width.

    Where it is highest is its head; its foot lies across from it. None where it turns on itself,
    so that head and foot lie on one side.
    """
    box = shapely.get_coordinates(part.shape.minimum_rotated_rectangle)
    if len(part.ends) < 2 or len(box) < 5:
        return None
    middle, spans = box[:4].mean(axis=0), (box[1] - box[0], box[2] - box[1])
    lengths = [float(np.hypot(*span)) for span in spans]
    foot, head = (np.array(end) - middle for end in part.ends)
    risen = [float(head @ span) / length for span, length in zip(spans, lengths, strict=True)]
    way = 0 if abs(risen[0]) > abs(risen[1]) else 1
    length, width = lengths[way], lengths[1 - way]
    up = spans[way] / length * np.sign(risen[way])
    if length < LEAST_STAIR_M or abs(risen[way]) < 0.2 * length or foot @ up > 0.1 * length:
        return None
    half = up * (length / 2 + STEP_M)
    return shapely.LineString([middle - half, middle + half]), width


def door_line(part: Part) -> shapely.LineString | None:
    """Through the middle of the opening, along its wall; else along its own longer side."""
    box = shapely.get_coordinates(part.shape.minimum_rotated_rectangle)
    if len(box) < 5:
        return None
    spans = [(b - a, a, b) for a, b in pairwise(box[:3])]
    if part.host is not None:
        wall = _longest(part.host)
        along = max(spans, key=lambda s: abs(float(s[0] @ wall)) / float(np.hypot(*s[0])))
    else:
        along = max(spans, key=lambda s: float(np.hypot(*s[0])))
    middle, half = box[:4].mean(axis=0), along[0] / 2
    line = shapely.LineString([middle - half, middle + half])
    return line if line.length > 0.1 else None


def _longest(shape: BaseGeometry) -> np.ndarray:
    box = shapely.get_coordinates(shape.minimum_rotated_rectangle)
    spans = [b - a for a, b in pairwise(box[:3])]
    return max(spans, key=lambda s: float(np.hypot(*s)))


def _filled(solid: BaseGeometry) -> BaseGeometry:
    """What walls and shut doors enclose, their own thickness with it."""
    closed = solid.buffer(CLOSES_M, join_style="mitre").buffer(-CLOSES_M, join_style="mitre")
    rings = [
        shapely.Polygon(part.exterior)
        for part in shapely.get_parts(closed)
        if part.geom_type == "Polygon" and part.interiors
    ]
    return shapely.union_all(rings)


def _polygons(shape: BaseGeometry) -> list[BaseGeometry]:
    parts = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"]
    return [part for part in parts if part.area > (LEAST_M2 if len(parts) > 1 else 0.01)]
