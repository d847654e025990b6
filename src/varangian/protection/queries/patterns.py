"""Patterns in what the team has seen around one principal, over all their operations."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from varangian.engines.sightings import (
    Limits,
    Pattern,
    Report,
    colour_of,
    correlate,
    describe,
    read,
)
from varangian.kernel.clock import now
from varangian.kernel.results import NotFound
from varangian.operations.models import Operation
from varangian.platform.access.scope import Actor, require

from ..models import FieldReport, PatternVerdict
from .machines import MachineSighting, read_plates

DAYS = 90
MOST = 5000
KINDS = {"person": "person", "group": "person", "vehicle": "vehicle"}
GROWN = 2
"""A denied pattern with so many more sightings is shown again."""


@dataclass(frozen=True)
class Found:
    """``reports`` by their id, as text, for the sightings that the patterns name."""

    report: Report
    reports: dict[str, FieldReport | MachineSighting]
    verdicts: dict[str, PatternVerdict]
    seen: int
    placeless: int
    """Sightings that say no place, or nothing that tells what was seen from others."""
    machines: int = 0
    """How many of those seen are of machines."""

    def state(self, pattern: Pattern) -> str:
        """``open``, ``confirmed`` or ``denied``."""
        verdict = self.verdicts.get(pattern.name)
        if verdict is None:
            return "open"
        grown = len(pattern.sightings) - verdict.sightings >= GROWN
        return "open" if verdict.verdict == "denied" and grown else verdict.verdict


def patterns(actor: Actor, operation: Operation) -> Found:
    """The sightings of the last 90 days that this person may see, weighed together."""
    require(actor, "pattern.view", operation.compartment_id)
    since = now() - timedelta(days=DAYS)
    machines = read_plates(actor, operation.principal_id, since)  # pyright: ignore
    rows = [*sightings(actor, operation, since), *machines]
    columns, unread = read(_row(one) for one in rows)
    zone = ZoneInfo(operation.time_zone).utcoffset(now())
    limits = Limits(offset_s=zone.total_seconds() if zone else 0.0)
    # No track: an officer who looks is where the principal is, was or will be, so that every
    # report counts as beside him.
    report = correlate(columns, limits=limits)
    return Found(
        report,
        {str(one.pk): one for one in rows},
        _verdicts(actor, operation),
        len(rows),
        len(unread),
        len(machines),
    )


def sightings(actor: Actor, operation: Operation, since: datetime) -> list[FieldReport]:
    found = FieldReport.objects.visible_to(actor).filter(
        operation__principal_id=operation.principal_id,
        kind=FieldReport.Kind.SIGHTING,
        at__gte=since,
    )
    rows = found.select_related("person", "operation", "entry").order_by("-at")[:MOST]
    return [one for one in rows if one.content.get("what") in KINDS]


def pattern(actor: Actor, operation: Operation, name: str) -> tuple[Found, Pattern]:
    found = patterns(actor, operation)
    one = next((row for row in found.report.patterns if row.name == name), None)
    if one is None:
        mend = "varangian sighting patterns lists them."
        raise NotFound("There is no such pattern now", where=name[:60], mend=mend)
    return found, one


def _row(report: FieldReport | MachineSighting) -> dict[str, Any]:
    """As the engine reads it."""
    said = report.content
    lat, lon = said.get("position") or (None, None)
    looks = {} if isinstance(report, MachineSighting) else describe(said.get("text", ""))
    colour = colour_of(said.get("colour", ""))
    if colour:
        looks["colour"] = colour
    return {
        "id": str(report.pk),
        "at": report.at.isoformat(),
        "lat": lat,
        "lon": lon,
        "kind": KINDS[said["what"]],
        "plate": said.get("plate", ""),
        "looks": looks,
        "odd": {"odd": True, "fits": False}.get(said.get("behaviour", "")),
    }


def _verdicts(actor: Actor, operation: Operation) -> dict[str, PatternVerdict]:
    """The newest for each name."""
    found = PatternVerdict.objects.visible_to(actor).filter(
        operation__principal_id=operation.principal_id
    )
    return {row.name: row for row in found.select_related("by").order_by("at")}
