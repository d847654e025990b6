"""The operations centre: every running detail at a glance, and what an operator works on."""

from collections import Counter, defaultdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from varangian.alerts import queries as alerts
from varangian.kernel.clock import now
from varangian.kernel.results import NotFound
from varangian.operations import queries as operations
from varangian.platform.access.scope import Actor, may

from ..library import procedures
from ..models import Handling, HandlingStep, WatchHandover
from ..overdue import Overdue, overdue
from .board import movements
from .incidents import incidents
from .late import allowed
from .muster import counts, open_of, running

MOST_DETAILS = 40
SOON = timedelta(hours=6)


def details(actor: Actor) -> list[Any]:
    """Operations that run, or begin within six hours, which this person watches."""
    rows = operations.operations(actor).filter(state__in=("active", "planned"))
    soon = now() + SOON
    shown = [r for r in rows if r.state == "active" or (r.starts is not None and r.starts < soon)]
    shown.sort(key=lambda row: (row.state != "active", row.starts or now()))
    return allowed(actor, shown)[:MOST_DETAILS]


def wall(actor: Actor) -> dict[str, Any]:
    """One row for each detail, the worst first, and what is overdue over all of them."""
    shown = details(actor)
    late = overdue(actor, shown)
    parts = _parts(actor, shown)
    rows = [_row(row, parts, late) for row in shown]
    rows.sort(key=lambda row: (TONES.index(row["tone"]), row["operation"].state != "active"))
    names = {row.pk: row.title for row in shown}
    return {
        "rows": rows,
        "late": [{"row": one, "operation": names.get(one.operation_id, "")} for one in late],
        "at": now(),
    }


TONES = ("red", "amber", "blue", "green", "grey")


def _parts(actor: Actor, shown: list[Any]) -> dict[str, dict[UUID, Any]]:
    """What the rows are made of: one read for each kind, over all operations."""
    ids = [row.pk for row in shown]
    found: dict[str, dict[UUID, Any]] = {
        name: defaultdict(list) for name in ("legs", "alerts", "incidents", "duty", "musters")
    }
    for leg in movements(actor):
        found["legs"][leg.operation_id].append(leg)
    for alert in alerts.alerts(actor).filter(operation_id__in=ids):
        found["alerts"][alert.operation_id].append(alert)
    for row in incidents(actor, view="open").filter(operation_id__in=ids):
        found["incidents"][row.operation_id].append(row)
    for muster in running(actor).filter(operation_id__in=ids):
        found["musters"][muster.operation_id].append((muster, counts(actor, muster)))
    for row in shown:
        found["duty"][row.pk] = list(operations.on_duty(actor, row))
    return found


def _row(operation: Any, parts: dict[str, dict[UUID, Any]], late: list[Overdue]) -> dict[str, Any]:
    pk, at = operation.pk, now()
    legs = [leg for leg in parts["legs"][pk] if leg.state not in ("cancelled", "complete")]
    running_ = [m for m in legs if m.starts <= at and (m.ends is None or m.ends > at)]
    coming = [m for m in legs if m.starts > at]
    mine = [one for one in late if one.operation_id == pk]
    waiting = parts["alerts"][pk]
    incidents_, musters = parts["incidents"][pk], parts["musters"][pk]
    duty = parts["duty"][pk]
    statuses = Counter(row.get_status_display() for row in duty)
    return {
        "operation": operation,
        "now": min(running_, key=lambda m: (m.kind == "stay", m.ends is None), default=None),
        "next": coming[0] if coming else None,
        "alerts": waiting,
        "acute": [row for row in waiting if row.urgency == "now" and not row.acknowledged_at],
        "incidents": incidents_,
        "musters": [{"muster": m, "counts": c, "open": open_of(c)} for m, c in musters],
        "duty": duty,
        "statuses": sorted(statuses.items()),
        "late": mine,
        "tone": _tone(operation, mine, waiting, incidents_, duty),
    }


def _tone(
    operation: Any, late: list[Overdue], waiting: list[Any], incidents_: list[Any], duty: list[Any]
) -> str:
    """Grey where nobody is on duty: what nobody watches is unknown, never green."""
    if incidents_ or any(row.tone == "red" for row in late):
        return "red"
    if late or any(row.urgency != "inform" for row in waiting):
        return "amber"
    if operation.state != "active":
        return "blue"
    return "green" if duty else "grey"


def map_features(actor: Actor, base: dict[str, Any]) -> dict[str, Any]:
    """The Board's map with the incidents on it."""
    found = [_incident_feature(row) for row in incidents(actor, view="open") if row.position]
    return {**base, "features": [*base["features"], *found]}


def _incident_feature(row: Any) -> dict[str, Any]:
    latitude, longitude = row.position
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
        "properties": {
            "kind": "hazard",
            "tone": "red" if row.severity == "critical" else "amber",
            "title": f"{row.label}: {row.title}",
            "text": row.get_state_display(),
            "focus": True,
            "url": reverse("incidents:show", args=[row.pk]),
        },
    }


def queue(actor: Actor) -> list[dict[str, Any]]:
    """Alerts that an operator works on, the most urgent first, each with its next step."""
    waiting = [
        row for row in alerts.alerts(actor)[:100] if may(actor, "watch.view", row.compartment_id)
    ]
    taken = {row.alert: row for row in handlings(actor, [row.pk for row in waiting])}
    rows = [_queued(row, taken.get(row.pk)) for row in waiting]
    rows.sort(key=lambda row: (row["alert"].urgency != "now", row["due"]))
    return rows


def _queued(alert: Any, handling: Handling | None) -> dict[str, Any]:
    procedure = procedures().of_source(alert.source)
    if handling is not None:
        procedure = procedures().get(handling.sop)
    done = {row.step: row for row in handling.steps.all()} if handling else {}
    steps = [_step(alert, step, done.get(step.id)) for step in procedure.steps]
    waiting = next((step for step in steps if step["mark"] is None), None)
    return {
        "alert": alert,
        "handling": handling,
        "procedure": procedure,
        "steps": steps,
        "next": waiting,
        "due": waiting["due"] if waiting else now() + SOON,
        "left": sum(step["mark"] is None for step in steps),
    }


def _step(alert: Any, step: Any, mark: HandlingStep | None) -> dict[str, Any]:
    due = alert.raised_at + timedelta(seconds=step.within_seconds)
    return {"step": step, "mark": mark, "due": due, "late": mark is None and due < now()}


def queued(actor: Actor, alert_id: UUID) -> dict[str, Any]:
    """One alert with all of its steps."""
    alert = alerts.alert(actor, alert_id)
    if not may(actor, "watch.view", alert.compartment_id):
        raise NotFound("There is no such alert, or it is not yours to see", where=str(alert_id))
    return _queued(alert, next(iter(handlings(actor, [alert.pk])), None))


def handlings(actor: Actor, ids: list[UUID]) -> QuerySet[Handling]:
    found = Handling.objects.visible_to(actor).filter(alert__in=ids)
    return found.select_related("taken_by", "operation").prefetch_related("steps__by")


def handovers(actor: Actor) -> QuerySet[WatchHandover]:
    """The newest change first."""
    found = WatchHandover.objects.visible_to(actor)
    return found.select_related("operation", "made_by", "taken_by").order_by(
        "-made_at", "operation__slug"
    )


def change_of_watch(actor: Actor, change: UUID) -> list[WatchHandover]:
    rows = list(handovers(actor).filter(change=change))
    if not rows:
        raise NotFound("There is no such handover, or it is not yours to see", where=str(change))
    return rows
