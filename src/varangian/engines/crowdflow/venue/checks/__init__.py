"""Looks a plan over. Each check is a module and yields findings; the order is that of mending."""

from varangian.engines.crowdflow.venue.checks import (
    bearings,
    doors,
    people,
    reach,
    shapes,
    units,
    walls,
)
from varangian.engines.crowdflow.venue.floor import floors
from varangian.engines.crowdflow.venue.model import Finding, Venue


def check(venue: Venue) -> list[Finding]:
    """Wrong units make every other finding meaningless, so then they are told alone."""
    wrong = list(units.check(venue))
    if any(finding.severity == "fault" for finding in wrong):
        return wrong
    ground = floors(venue)
    found = [*wrong, *shapes.check(venue, ground)]
    if not ground or all(floor.open.is_empty for floor in ground):
        return found
    found += [*doors.check(ground), *walls.check(ground), *reach.check(venue, ground)]
    return [*found, *people.check(venue, ground), *bearings.check(venue, ground)]
