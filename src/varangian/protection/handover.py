"""What the next watch needs to know of one operation, generated from what is open."""

from datetime import timedelta
from typing import Any

from varangian.alerts import queries as alerts
from varangian.kernel.clock import age_words, now
from varangian.operations import queries as operations
from varangian.platform.access.scope import Actor
from varangian.platform.ui.templatetags.varangian import clock_in, in_zone

from .models import IncidentTask
from .overdue import overdue
from .queries.incidents import commander, incidents, tree
from .queries.muster import counts, open_of, running

AHEAD = timedelta(hours=12)
PARTS = (
    ("incidents", "Open incidents"),
    ("musters", "Roll calls"),
    ("late", "Overdue"),
    ("alerts", "Open alerts"),
    ("legs", "Now and the next twelve hours"),
    ("duty", "On duty"),
)


def open_points(actor: Actor, operation: Any) -> dict[str, list[str]]:
    """Lines of words by part: what is written down is what was shown when the watch changed."""
    return {
        "incidents": _incidents(actor, operation),
        "musters": _musters(actor, operation),
        "late": [
            f"{row.kind}: {row.title}, due {age_words(row.since)} ago"
            for row in overdue(actor, [operation])
        ],
        "alerts": [_alert(row) for row in alerts.alerts(actor, operation=operation.slug)[:50]],
        "legs": _legs(actor, operation),
        "duty": [
            f"{row.call_sign or row.person}, {row.get_status_display().lower()}"  # pyright: ignore
            f", {row.post.title if row.post else 'in reserve'}"
            for row in operations.on_duty(actor, operation)
        ],
    }


def _incidents(actor: Actor, operation: Any) -> list[str]:
    found = []
    for row in incidents(actor, operation, view="open"):
        held = commander(actor, row)
        tasks = IncidentTask.objects.visible_to(actor).filter(incident=row, state="open")
        late = sum(one["late"] for one in tree(actor, row))
        who = f"commander {held.person}" if held else "no commander"
        state = row.get_state_display().lower()  # pyright: ignore
        drill = "EXERCISE: " if row.drill else ""
        found.append(f"{drill}{row.label}, {row.title}: {state}, {who}")
        found += [f"  Task {task.serial}: {task.title}" for task in tasks]
        found += [f"  {late} calls overdue"] if late else []
    return found


def _musters(actor: Actor, operation: Any) -> list[str]:
    found = []
    for muster in running(actor).filter(operation=operation):
        count = counts(actor, muster)
        found.append(f"{muster.label}: {open_of(count)} of {count['all']} not accounted for")
    return found


def _alert(row: Any) -> str:
    who = f"with {row.acknowledged_by}" if row.acknowledged_by else "not acknowledged"
    return f"{row.get_urgency_display()}: {row.title}, {who}, {age_words(row.raised_at)} old"


def _legs(actor: Actor, operation: Any) -> list[str]:
    at, zone = now(), operation.time_zone
    rows = operations.movements(actor, operation).filter(starts__lt=at + AHEAD)
    rows = rows.exclude(state__in=("cancelled", "complete")).order_by("starts")
    return [
        f"{in_zone(leg.starts, zone)} to {clock_in(leg.ends, zone)}: {leg.serial}. {leg.title}"
        for leg in rows
        if leg.ends is None or leg.ends > at
    ]


def count_words(points: dict[str, list[str]]) -> str:
    """For the log: how much was handed over, not what."""
    named = {"incidents": "incident", "alerts": "alert", "late": "overdue point"}
    said = []
    for part, words in named.items():
        count = sum(not line.startswith("  ") for line in points[part])
        if count:
            said.append(f"{count} {words}{'s' if count > 1 else ''}")
    return ", ".join(said) or "nothing open"
