"""How long officers travel to their shifts: by law it shortens rest, and in places it is work."""

from typing import Any

from django.db import transaction
from pydantic import ValidationError

from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor

from ..models import Roster
from ..rosterfile.schema import Way
from .roster_shifts import open_roster, tell


@transaction.atomic
def set_ways(*, actor: Actor, operation: Any, ways: list[dict[str, Any]]) -> Roster:
    """Minutes one way by home and site, instead of those known before. A way that is not given is
    not known: it is counted as none, and the roster says so."""
    roster = open_roster(actor=actor, operation=operation)
    checked = [_checked(row) for row in ways]
    ends = [(way.home, way.site) for way in checked]
    if twice := {pair for pair in ends if ends.count(pair) > 1}:
        home, site = min(twice)
        raise Refused("A way is given twice", where=f"{home} to {site}")
    roster.ways = [way.model_dump(mode="json") for way in checked]
    roster.save(update_fields=["ways"])
    tell(roster)
    return roster


def _checked(row: dict[str, Any]) -> Way:
    try:
        return Way.model_validate(row)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = f"{row.get('home', '?')} to {row.get('site', '?')}"
        raise Refused(first["msg"], where, "Home, site, and minutes one way.") from error
