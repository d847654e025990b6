"""Which ways to duty the roster must know, and which it knows."""

from dataclasses import dataclass
from typing import Any

from varangian.platform.access.scope import Actor

from . import roster as rows
from .roster_problem import site_of


@dataclass(frozen=True)
class WayToDuty:
    home: str
    site: str
    minutes: int | None


def ways(actor: Actor, operation: Any) -> list[WayToDuty]:
    """Every pair of a home and a site that occurs; minutes are None while nobody has said."""
    people = rows.team(actor, operation)
    records = rows.records(actor, people)
    homes = sorted({home for r in records.values() if (home := r.facts.get("home"))})
    sites = sorted({site_of(shift) for shift in rows.shifts(actor, operation)})
    roster = rows.roster(actor, operation)
    known = {(row["home"], row["site"]): row["minutes"] for row in (roster.ways if roster else [])}
    return [
        WayToDuty(home, site, known.get((home, site)))
        for home in homes
        for site in sites
        if home != site
    ]
