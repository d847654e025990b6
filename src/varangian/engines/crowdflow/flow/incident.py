"""A place that people keep away from: no floor within it, and its doors shut."""

from dataclasses import dataclass, replace

import shapely

from varangian.engines.crowdflow.venue.model import Item, Venue
from varangian.engines.crowdflow.venue.profile import Stage
from varangian.kernel.results import Refused

RADIUS_M = 6.0


@dataclass(frozen=True)
class Incident:
    at: tuple[float, float]
    radius: float = RADIUS_M
    level: int = 0


def with_incident(venue: Venue, incident: Incident) -> tuple[Venue, frozenset[str]]:
    """The venue without that floor, and the doors and stairs within it."""
    if not 1 <= incident.radius <= 100:
        raise Refused("The incident has no such size", "incident", "Give a radius of 1 to 100 m.")
    disc = shapely.Point(incident.at).buffer(incident.radius)
    floor = [a for a in venue.of("area") if a.level == incident.level and a.shape.intersects(disc)]
    if not floor:
        where = f"{incident.at[0]:g}, {incident.at[1]:g}"
        raise Refused("The incident lies off the floor", where, "Give a place on the plan.")
    block = Item("incident", "stage", disc, Stage(kind="stage", level=incident.level))
    ways = [*venue.doors, *venue.of("stair")]
    shut = frozenset(w.id for w in ways if w.level == incident.level and w.shape.intersects(disc))
    return replace(venue, items=(*venue.items, block)), shut
