"""Numbers of people that cannot be."""

from collections.abc import Iterator

from varangian.engines.crowdflow.venue.checks.shapes import spot
from varangian.engines.crowdflow.venue.floor import Floor
from varangian.engines.crowdflow.venue.model import Finding, Venue

CRUSH = 4.7
"""People on a square metre above which no standing crowd is planned: 47 on 10 m2."""


def check(venue: Venue, floors: list[Floor]) -> Iterator[Finding]:
    ground = {floor.level: floor.open for floor in floors}
    whole = sum(floor.open.area for floor in floors)
    for zone in venue.of("zone"):
        people = zone.props.people
        if people == 0:
            what = f"The {zone.label} holds zero people"
            mend = "Leave people out to have it computed, or say how many."
            at = spot(zone.shape)
            yield Finding("zero_people", "warning", what, mend, zone.id, at, zone.level)
        free = ground[zone.level].intersection(zone.shape).area if zone.level in ground else 0.0
        if people and people > CRUSH * free:
            yield _crush(f"The {zone.label}", people, free, zone.id, spot(zone.shape), zone.level)
    if venue.people is not None and venue.people > CRUSH * whole:
        yield _crush("The venue", venue.people, whole, "people", None, 0)
    if venue.people == 0:
        mend = "Leave people out, or say how many are expected."
        yield Finding("zero_people", "warning", "The plan expects zero people", mend, "people")


def _crush(who: str, people: int, free: float, where: str, at, level: int) -> Finding:
    density = f"{people / free:.1f} on a square metre" if free else "no floor at all"
    what = f"{who} cannot hold {people:,} people: that is {density}"
    mend = f"At most {int(CRUSH * free):,} could stand there; see varangian crowd capacity."
    return Finding("too_many", "fault", what, mend, where, at, level)
