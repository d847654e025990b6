"""Can a body get out? Validity of outlines says nothing: the floor is shrunk and its parts joined.

A part is what is left of a level after shrinking by the radius of a body; stairs join parts of two
levels. Whoever stands in a part without an exit cannot leave.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import shapely
from shapely.geometry.base import BaseGeometry

from varangian.engines.crowdflow.venue.checks.shapes import spot
from varangian.engines.crowdflow.venue.floor import Floor
from varangian.engines.crowdflow.venue.model import Finding, Item, Venue

BODY_RADIUS_M = 0.25
WHEELCHAIR_RADIUS_M = 0.59
SLIVER_M2 = 0.5
CORNER_SHARE = 0.05
STEP_M = 1.0
SEAT_M = 0.75


@dataclass
class Parts:
    """The parts of the floor, which belong together, and which lead out."""

    shapes: list[BaseGeometry] = field(default_factory=list)
    level: list[int] = field(default_factory=list)
    home: list[int] = field(default_factory=list)
    free: set[int] = field(default_factory=set)

    def root(self, k: int) -> int:
        while self.home[k] != k:
            k = self.home[k]
        return k

    def leads_out(self, k: int) -> bool:
        return self.root(k) in self.free

    def at(self, level: int, shape: BaseGeometry, reach: float = 0.0) -> list[int]:
        return [
            k
            for k, part in enumerate(self.shapes)
            if self.level[k] == level and part.dwithin(shape, reach + 1e-9)
        ]


def parts_of(venue: Venue, floors: list[Floor], radius: float, stairs: bool = True) -> Parts:
    parts = Parts()
    for floor in floors:
        for shape in shapely.get_parts(floor.walkable.buffer(-radius)):
            if shape.area > 0.01:
                parts.shapes.append(shape)
                parts.level.append(floor.level)
    parts.home = list(range(len(parts.shapes)))
    for stair in venue.of("stair") if stairs else ():
        foot, head = stair_ends(stair)
        below = parts.at(stair.level, foot, STEP_M)[:1]
        above = parts.at(stair.props.to_level, head, STEP_M)[:1]
        if below and above:
            parts.home[parts.root(below[0])] = parts.root(above[0])
    exits = {door.id for door in venue.exits}
    past = max(0.0, radius - BODY_RADIUS_M)
    for floor in floors:
        for o in floor.openings:
            if o.item.id in exits and o.stands:
                parts.free |= {parts.root(k) for k in parts.at(floor.level, o.line, past)}
    return parts


def stair_ends(stair: Item) -> tuple[shapely.Point, shapely.Point]:
    ends = shapely.get_coordinates(stair.shape)[[0, -1]]
    return shapely.Point(ends[0]), shapely.Point(ends[1])


def check(venue: Venue, floors: list[Floor]) -> Iterator[Finding]:
    yield from _stairs(venue, floors)
    if not venue.exits:
        mend = 'Set "leads": "outside" on the doors and gates that lead out.'
        yield Finding("no_exit", "fault", "Nobody can leave: the plan has no exit", mend)
        return
    parts = parts_of(venue, floors, BODY_RADIUS_M)
    yield from _dead_exits(venue, floors, parts)
    yield from _cut_off(parts)
    yield from _zones(venue, parts)
    yield from _seats(venue, parts)
    yield from _wheels(venue, floors, parts)


def _stairs(venue: Venue, floors: list[Floor]) -> Iterator[Finding]:
    ground = {floor.level: floor.walkable for floor in floors}
    for stair in venue.of("stair"):
        ends = zip(stair_ends(stair), (stair.level, stair.props.to_level), strict=True)
        for point, level in ends:
            floor = ground.get(level)
            if floor is None or not floor.dwithin(point, STEP_M):
                what = f"The {stair.label} ends at nothing on level {level}"
                mend = "End its line on the floor of that level, or correct to_level."
                at = (round(point.x, 2), round(point.y, 2))
                yield Finding("stair", "fault", what, mend, stair.id, at, level)
        if stair.level == stair.props.to_level:
            what = f"The {stair.label} begins and ends on level {stair.level}"
            at = spot(stair.shape)
            yield Finding("stair", "fault", what, "Set to_level.", stair.id, at, stair.level)


def _dead_exits(venue: Venue, floors: list[Floor], parts: Parts) -> Iterator[Finding]:
    """An exit no body can get to, or one that serves a corner of the floor where nobody is."""
    exits, sizes = {door.id for door in venue.exits}, _sizes(parts)
    peopled = {
        parts.root(k)
        for zone in venue.of("zone", "seats")
        for k in parts.at(zone.level, zone.shape)
    }
    for floor in floors:
        for o in floor.openings:
            if o.item.id not in exits or not o.stands:
                continue
            roots = {parts.root(k) for k in parts.at(floor.level, o.line)}
            size = max((sizes[root] for root in roots), default=0.0)
            if roots & peopled or size >= max(SLIVER_M2 * 4, CORNER_SHARE * sum(sizes.values())):
                continue
            what = f"The {o.item.label} is cut off: a body of 50 cm gets to it from {size:.1f} m2"
            mend = "Widen the way to it, or take the exit away."
            at, level = o.middle, floor.level
            yield Finding("exit_cut_off", "fault", what, mend, o.item.id, at, level)


def _sizes(parts: Parts) -> dict[int, float]:
    sizes: dict[int, float] = {}
    for k, shape in enumerate(parts.shapes):
        root = parts.root(k)
        sizes[root] = sizes.get(root, 0.0) + shape.area
    return sizes


def _cut_off(parts: Parts) -> Iterator[Finding]:
    """Floor without a way out, told at the gap that would have to be wider."""
    for k, shape in enumerate(parts.shapes):
        if parts.leads_out(k) or shape.area < SLIVER_M2:
            continue
        others = [
            parts.shapes[j]
            for j in range(len(parts.shapes))
            if parts.level[j] == parts.level[k] and parts.leads_out(j)
        ]
        at, told = spot(shape), ""
        if others:
            gap = shapely.shortest_line(shape, shapely.union_all(others))
            at = spot(gap) if gap.length else at
            told = "; the nearest floor with a way out is at the place told"
        what = f"{shape.area:.0f} m2 of floor have no way out{told}"
        mend = "Draw the door or widen the gap to more than 50 cm; else the floor is no area."
        yield Finding("no_way_out", "fault", what, mend, "", at, parts.level[k])


def _zones(venue: Venue, parts: Parts) -> Iterator[Finding]:
    for zone in venue.of("zone", "queue", "safe_room"):
        here = parts.at(zone.level, zone.shape)
        shut = [parts.shapes[k] for k in here if not parts.leads_out(k)]
        lost = sum(part.intersection(zone.shape).area for part in shut)
        if here and lost > max(SLIVER_M2, 0.05 * zone.shape.area):
            what = f"{lost:.0f} m2 of the {zone.label} have no way out"
        elif not here:
            what = f"Nobody can stand in the {zone.label}"
        else:
            continue
        mend = "Open a way of more than 50 cm from it to an exit."
        yield Finding("zone_cut_off", "fault", what, mend, zone.id, spot(zone.shape), zone.level)


def _seats(venue: Venue, parts: Parts) -> Iterator[Finding]:
    for block in venue.of("seats"):
        points = shapely.get_parts(block.shape)
        free = [parts.shapes[k] for k in range(len(parts.shapes))
                if parts.level[k] == block.level and parts.leads_out(k)]  # fmt: skip
        near = shapely.dwithin(points, shapely.union_all(free), SEAT_M)
        if not near.all():
            lost = points[~near]
            what = f"{len(lost)} of {len(points)} seats of the {block.label} cannot be reached"
            mend = f"Bring a gangway within {SEAT_M} m of each seat, or move the seats."
            at = spot(lost[0])
            yield Finding("seats_cut_off", "fault", what, mend, block.id, at, block.level)


def _wheels(venue: Venue, floors: list[Floor], parts: Parts) -> Iterator[Finding]:
    wide = parts_of(venue, floors, WHEELCHAIR_RADIUS_M, stairs=False)
    for zone in venue.of("zone"):
        if not any(parts.leads_out(k) for k in parts.at(zone.level, zone.shape)):
            continue
        if not any(wide.leads_out(k) for k in wide.at(zone.level, zone.shape)):
            what = f"No way of 1.2 m without stairs leads from the {zone.label} outside"
            mend = "Plan an evacuation chair or a refuge for wheelchair users of this zone."
            at, level = spot(zone.shape), zone.level
            yield Finding("wheelchair", "warning", what, mend, zone.id, at, level)
