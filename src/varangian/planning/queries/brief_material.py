"""What a brief is drafted from: read once, with the rights of the person who drafts it."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from varangian.intelligence import queries as signals
from varangian.kernel.clock import now
from varangian.kernel.geometry import haversine_km
from varangian.operations import queries as operations
from varangian.places import queries as places
from varangian.platform.access.scope import Actor, may
from varangian.platform.thread import registry
from varangian.platform.thread.queries import stale_marks
from varangian.threats import queries as threats
from varangian.threats.models import BoloSighting
from varangian.threats.queries import bolo
from varangian.travel.queries import destinations, dossiers

from ..brief_compose import Found, Goal, Touch
from ..compose.material import HELP
from .around import met
from .readiness import readiness

OVER = ("cancelled", "complete")


def day_of(operation: Any, at: datetime) -> date:
    return at.astimezone(ZoneInfo(operation.time_zone)).date()


def window(operation: Any, day: date) -> tuple[datetime, datetime]:
    """A day from midnight to midnight where the operation is; 23 or 25 hours twice a year."""
    zone = ZoneInfo(operation.time_zone)
    begin = datetime(day.year, day.month, day.day, tzinfo=zone)
    after = day + timedelta(days=1)
    return begin, datetime(after.year, after.month, after.day, tzinfo=zone)


def legs_of_day(actor: Actor, operation: Any, day: date) -> list[Any]:
    begin, end = window(operation, day)
    rows = operations.movements(actor, operation).exclude(state__in=OVER)
    found = [m for m in rows if m.starts and m.starts < end and (m.ends or m.starts) >= begin]
    return sorted(found, key=lambda m: m.starts)


def legs_ahead(actor: Actor, operation: Any, only: list[UUID] | None = None) -> list[Any]:
    """Not begun yet, or those that are named, whenever they are."""
    rows = [m for m in operations.movements(actor, operation) if m.state not in OVER]
    if only:
        rows = [m for m in rows if m.pk in only]
    else:
        rows = [m for m in rows if m.starts and (m.ends or m.starts) > now()]
    return sorted(rows, key=lambda m: (m.starts is None, m.starts, m.serial))


def found_for(
    actor: Actor, operation: Any, legs: list[Any], since: datetime | None, *, whole: bool
) -> Found:
    """``whole``: the brief speaks of the day, so a leg without a start may belong to it."""
    circle, at = operation.compartment_id, now()
    unplaced = operations.movements(actor, operation).filter(starts=None).exclude(state__in=OVER)
    seen = may(actor, "threat.view", circle)
    ready = may(actor, "readiness.view", circle)
    return Found(
        operation=operation,
        at=at,
        since=since,
        legs=tuple(legs),
        undated=tuple(m for m in unplaced if m not in legs) if whole else (),
        assessment=threats.assessments(actor, operation).first() if seen else None,
        threats=tuple(threats.sources(actor, operation)),
        touches=tuple(_touches(actor, legs)),
        sightings=tuple(_sightings(actor, operation, since)),
        bolos=tuple(bolo.out(actor, operation)),
        lights=tuple(row for row in readiness(actor, operation) if row.wanting) if ready else (),
        marks=tuple(_marks(actor, circle)),
        goals=tuple(_goals(actor, operation, legs)),
        care=tuple(_care(actor, operation, legs)),
    )


def _touches(actor: Actor, legs: list[Any]) -> list[Touch]:
    running = {str(row.pk): row for row in signals.running(actor)}
    rows = met(legs, running)
    return [Touch(running[str(row.hazard)], row.leg, row.words) for row in rows]


def _sightings(actor: Actor, operation: Any, since: datetime | None) -> list[BoloSighting]:
    """Those that wait, and what was confirmed since the last brief."""
    rows = BoloSighting.objects.visible_to(actor).filter(operation=operation)
    rows = rows.exclude(state="denied").select_related("card", "by").order_by("-at")
    return [r for r in rows if r.state == "candidate" or since is None or r.at > since]


def _marks(actor: Actor, circle: UUID) -> list[tuple[str, str, int, datetime]]:
    """Grouped: forty lines of one order that wait for one reason are told once."""
    rows = [row for row in stale_marks(actor, [circle]) if row.kind != "brief"]
    many = Counter((row.kind, row.reason) for row in rows)
    first: dict[tuple[str, str], datetime] = {}
    for row in rows:
        first.setdefault((row.kind, row.reason), row.since)
    known = registry.kinds()
    return [
        (known[kind].words if kind in known else kind, reason, count, first[kind, reason])
        for (kind, reason), count in many.items()
    ]


def _goals(actor: Actor, operation: Any, legs: list[Any]) -> list[Goal]:
    """Destinations during the legs; without legs all of the operation."""
    rows = list(destinations.destinations(actor, operation))
    begins = min((m.starts for m in legs if m.starts), default=None)
    ends = max((m.ends or m.starts for m in legs if m.starts), default=None)
    if begins and ends:
        rows = [r for r in rows if r.starts <= ends and (r.ends is None or r.ends >= begins)]
    states = destinations.standings(actor, rows)
    return [_goal(actor, row, states[row.pk]) for row in rows]


def _goal(actor: Actor, row: Any, standing: Any) -> Goal:
    whole = dossiers.dossier(actor, row)
    return Goal(row, whole.title, standing, whole.score, tuple(whole.said), tuple(whole.hazards))


def _care(actor: Actor, operation: Any, legs: list[Any]) -> list[tuple[Any, float | None]]:
    near = (operation.compartment_id, operation.engagement.compartment_id)
    rows = places.places(actor).filter(kind__in=HELP, compartment_id__in=near)
    ends = [end.position for m in legs for end in (m.origin, m.destination) if end and end.located]
    found = [(row, _nearest(row, ends)) for row in rows]
    return sorted(found, key=lambda pair: (pair[1] is None, pair[1] or 0, pair[0].name))


def _nearest(place: Any, ends: list[Any]) -> float | None:
    if not place.located or not ends:
        return None
    return min(haversine_km(tuple(place.position), tuple(end)) for end in ends)
