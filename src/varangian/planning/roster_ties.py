"""The roster as a tab of the operation, and the count of duties that wait for an answer."""

from varangian.kernel.clock import now
from varangian.operations import tabs
from varangian.platform.access.scope import Actor
from varangian.platform.ui import nav

from .queries import roster as rows


def register_all() -> None:
    tabs.add(
        "roster",
        "Roster",
        icon="calendar-time",
        url_name="planning:roster",
        action="roster.view",
        rank=38,
    )
    nav.count("roster", waiting)


def waiting(person: Actor) -> int:
    return rows.unanswered(person, now())
