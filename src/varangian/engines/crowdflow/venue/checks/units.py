"""Is this venue of a size in which people are?"""

from collections.abc import Iterator
from statistics import median

import shapely

from varangian.engines.crowdflow.venue.guess import PLAUSIBLE, units_of_door
from varangian.engines.crowdflow.venue.model import Finding, Venue

SMALLEST_M, LARGEST_M = 3.0, 10_000.0


def check(venue: Venue) -> Iterator[Finding]:
    said = venue.frame.units
    west, south, east, north = shapely.total_bounds([item.shape for item in venue.items])
    extent = max(east - west, north - south)
    if venue.doors:
        usual = median(door.shape.length for door in venue.doors)
        if not PLAUSIBLE[0] * 0.8 <= usual <= PLAUSIBLE[1] * 2:
            yield _wrong(said, f"doors are {usual:.3g} m wide", units_of_door(usual))
            return
    if extent > LARGEST_M:
        likely = "millimetres" if extent > 50_000 else "centimetres"
        yield _wrong(said, f"the venue is {extent:,.0f} m across", likely)
    elif extent < SMALLEST_M:
        likely = "degrees" if extent < 0.1 else ""
        yield _wrong(said, f"the venue is {extent:.2g} m across", likely)


def _wrong(said: str, told: str, likely: str) -> Finding:
    better = f' Say "units": "{likely}".' if likely and said == "metres" else ""
    mend = f"Correct the units.{better}" if better else "Check units and scale of the drawing."
    return Finding("units", "fault", f"Read in {said}, {told}", mend, "units")
