"""Doors that overlap, stand outside their wall, are too narrow or say two widths."""

from collections.abc import Iterator

import shapely

from varangian.engines.crowdflow.venue.floor import Floor, Opening
from varangian.engines.crowdflow.venue.model import Finding

BODY_M = 0.5
NARROW_M = 0.7
SHARED_M = 0.05
WIDE_M = 12.0


def check(floors: list[Floor]) -> Iterator[Finding]:
    for floor in floors:
        within = floor.open.buffer(-0.35)
        for opening in floor.openings:
            yield from _width(opening)
            yield from _place(opening, within)
        yield from _overlaps(floor.openings)


def _width(o: Opening) -> Iterator[Finding]:
    door, drawn = o.item, o.item.shape.length
    if o.item.width > drawn + 0.1:
        what = f"The {door.label} says {door.width:.2f} m clear, but is drawn {drawn:.2f} m long"
        mend = "Measure the clear width; a door cannot be wider than its opening."
        yield _told("door_width", "fault", o, what, mend)
    if door.width < BODY_M:
        what = f"Nobody gets through the {door.label}: {door.width:.2f} m"
        yield _told("door_narrow", "fault", o, what, "Correct the width, or lock it.")
    elif door.width < NARROW_M:
        what = f"The {door.label} is {door.width:.2f} m wide; an exit needs {NARROW_M} m"
        yield _told("door_narrow", "warning", o, what, "Do not count it as an exit.")
    elif door.kind == "door" and door.width > WIDE_M:
        what = f"The {door.label} is {door.width:.1f} m wide"
        yield _told("door_wide", "warning", o, what, "Check it; an open side is a gate.")


def _place(o: Opening, within) -> Iterator[Finding]:
    outside = o.item.props.leads == "outside"
    if not o.stands:
        where = "has no floor beside it" if not (o.left or o.right) else "leads into a wall"
        mend = "Draw its line in the wall between two areas"
        mend += ", or along the edge of one." if outside else ', or set "leads": "outside".'
        yield _told("door_off_wall", "fault", o, f"The {o.item.label} {where}", mend)
    elif outside and o.left and o.right and within.intersects(shapely.Point(o.middle)):
        what = f"The {o.item.label} leads outside, but stands in the open floor"
        yield _told("door_off_wall", "fault", o, what, "Draw it on the edge of the venue.")
    elif not outside and within.contains(o.line.centroid):
        what = f"The {o.item.label} stands in the open floor, not in a wall"
        yield _told("door_off_wall", "fault", o, what, "Draw the wall, or move the door into it.")


def _overlaps(openings: tuple[Opening, ...]) -> Iterator[Finding]:
    """Two doors on the same piece of wall let through as many as one."""
    if len(openings) < 2:
        return
    bands = [o.line.buffer(0.15, cap_style="flat") for o in openings]
    tree = shapely.STRtree(bands)
    for one, two in sorted(map(tuple, tree.query(bands, "intersects").T)):
        a, b = openings[one], openings[two]
        shared = a.line.intersection(bands[two]).length
        if one < two and shared > SHARED_M and _alike(a.line, b.line):
            what = f"The {a.item.label} and the {b.item.label} share {shared:.2f} m of opening"
            mend = "Keep one, or move them apart; else their width counts twice."
            where = f"{a.item.id}, {b.item.id}"
            level = a.item.level
            yield Finding("doors_overlap", "fault", what, mend, where, a.middle, level)


def _alike(a: shapely.LineString, b: shapely.LineString) -> bool:
    """Lines that run the same way, within 30 degrees."""
    (ax, ay), (bx, by) = (
        (xy[-1] - xy[0]) / max(float(shapely.length(line)), 1e-9)
        for line in (a, b)
        for xy in [shapely.get_coordinates(line)]
    )
    return abs(ax * bx + ay * by) > 0.87


def _told(code: str, severity, o: Opening, what: str, mend: str) -> Finding:
    return Finding(code, severity, what, mend, o.item.id, o.middle, o.item.level)
