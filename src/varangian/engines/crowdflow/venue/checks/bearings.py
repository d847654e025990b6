"""Points that must be on the floor: posts, screening lanes, safe rooms."""

from collections.abc import Iterator

from shapely.geometry.base import BaseGeometry

from varangian.engines.crowdflow.venue.checks.shapes import spot
from varangian.engines.crowdflow.venue.floor import Floor
from varangian.engines.crowdflow.venue.model import Finding, Item, Venue

NEAR_M = 1.0
ROOM_M = 1.5
"""As far as the principal's way out looks for floor around a safe room."""


def check(venue: Venue, floors: list[Floor]) -> Iterator[Finding]:
    ground = {floor.level: floor.walkable for floor in floors}
    for item in venue.of("post", "screening", "safe_room"):
        floor = ground.get(item.level)
        if floor is None:
            continue
        if item.kind == "safe_room":
            yield from _room(item, floor)
        elif not floor.dwithin(item.shape, NEAR_M):
            away = floor.distance(item.shape)
            what = f"The {item.label} is {away:.0f} m off the floor"
            mend = "Move it onto an area, or draw the area it stands on."
            at = spot(item.shape)
            yield Finding("off_floor", "warning", what, mend, item.id, at, item.level)


def _room(item: Item, floor: BaseGeometry) -> Iterator[Finding]:
    """A point stands for a room around it; a room that is drawn must have floor of its own."""
    near = ROOM_M if item.shape.geom_type == "Point" else 0.0
    if floor.dwithin(item.shape, near):
        return
    away = floor.distance(item.shape)
    what = f"The {item.label} is {away:.1f} m off the floor: no way out leads to it"
    mend = "Move it onto an area, or draw the area of the room with its door."
    at = spot(item.shape)
    yield Finding("safe_room_off_floor", "fault", what, mend, item.id, at, item.level)
