"""A venue plan: a GeoJSON profile of our own, read into metres and looked over.

    read = read_venue(data)          what could not be read is in read.findings
    findings = check(read.venue)     faults of the place, each with where and how to mend it

Raises Refused when nothing can be made of the file at all.
"""

from varangian.engines.crowdflow.venue.checks import check
from varangian.engines.crowdflow.venue.model import Finding, Item, Venue
from varangian.engines.crowdflow.venue.reading import Read, read_venue
from varangian.engines.crowdflow.venue.schema import schema

__all__ = ["Finding", "Item", "Read", "Venue", "check", "read_venue", "schema"]
