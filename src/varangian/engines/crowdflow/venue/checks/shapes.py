"""Areas, zones and levels as they are drawn."""

from collections.abc import Iterator

import shapely

from varangian.engines.crowdflow.venue.floor import Floor
from varangian.engines.crowdflow.venue.model import Finding, Item, Venue

DOUBLED_M2 = 1.0
DOUBLED_SHARE = 0.5
OFF_SHARE = 0.02


def check(venue: Venue, floors: list[Floor]) -> Iterator[Finding]:
    if not floors:
        mend = "Draw the floor that people may walk on as one or more areas."
        yield Finding("no_area", "fault", "The plan has no area", mend)
        return
    yield from _doubled(venue.of("area"), _levels_mixed)
    yield from _doubled(venue.of("zone"), _counted_twice)
    known = {floor.level: floor for floor in floors}
    for floor in floors:
        if floor.open.is_empty:
            mend = "Check the walls, stages and barriers of this level."
            yield Finding("no_floor", "fault", "No floor is left", mend, level=floor.level)
    for item in venue.items:
        if item.level not in known:
            mend = "Draw an area on that level, or correct its level."
            what = f"The {item.label} is on level {item.level}, which has no area"
            yield Finding("level", "fault", what, mend, item.id, spot(item.shape), item.level)
    for zone in venue.of("zone"):
        if zone.level in known:
            yield from _off(zone, known[zone.level])


def _doubled(items: list[Item], tell) -> Iterator[Finding]:
    if len(items) < 2:
        return
    shapes = [item.shape for item in items]
    tree = shapely.STRtree(shapes)
    for one, two in sorted(map(tuple, tree.query(shapes, "intersects").T)):
        a, b = items[one], items[two]
        if one >= two or a.level != b.level:
            continue
        both = a.shape.intersection(b.shape)
        if both.area > max(DOUBLED_M2, DOUBLED_SHARE * min(a.shape.area, b.shape.area)):
            yield tell(a, b, both)


def _levels_mixed(a: Item, b: Item, both) -> Finding:
    what = f"The {a.label} and the {b.label} lie on each other over {both.area:.0f} m2"
    mend = "If they are two storeys, give each its level; else draw the floor once."
    return Finding("areas_overlap", "fault", what, mend, f"{a.id}, {b.id}", spot(both), a.level)


def _counted_twice(a: Item, b: Item, both) -> Finding:
    what = f"The {a.label} and the {b.label} share {both.area:.0f} m2; its people count twice"
    mend = "Cut one of the zones out of the other."
    return Finding("zones_overlap", "fault", what, mend, f"{a.id}, {b.id}", spot(both), a.level)


def _off(zone: Item, floor: Floor) -> Iterator[Finding]:
    off = zone.shape.difference(floor.walled)
    if off.area > max(DOUBLED_M2, OFF_SHARE * zone.shape.area):
        share = off.area / zone.shape.area
        what = f"{share:.0%} of the {zone.label} is off the floor or in walls"
        severity = "fault" if share > 0.5 else "warning"
        mend = "Draw the zone inside an area, or the area around it."
        yield Finding("zone_off_floor", severity, what, mend, zone.id, spot(off), zone.level)


def spot(shape) -> tuple[float, float]:
    point = shapely.point_on_surface(shape)
    return round(point.x, 2), round(point.y, 2)
