"""What is late in the parts of this floor, for the wall, the queue and the handover."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.urls import reverse

from varangian.alerts import queries as alerts
from varangian.kernel.clock import now
from varangian.operations import queries as operations
from varangian.platform.access.scope import Actor, may

from ..library import procedures
from ..models import IncidentTask, MusterPerson, Notification
from ..overdue import Overdue, source
from . import checks
from .incidents import commanders, incidents
from .muster import running

NO_COMMANDER = timedelta(seconds=90)
NOT_HEARD = timedelta(minutes=3)
START_LATE = timedelta(minutes=15)


def late_alerts(actor: Actor, shown: list[Any]) -> Iterator[Overdue]:
    """Nobody has acknowledged within the first step of the procedure for such an alert."""
    ids, present = {row.pk for row in shown}, now()
    for alert in alerts.alerts(actor).filter(operation_id__in=ids, acknowledged_at=None)[:100]:
        first = procedures().of_source(alert.source).steps[0]
        due = alert.raised_at + timedelta(seconds=first.within_seconds)
        if due < present:
            url = reverse("alerts:show", args=[alert.pk])
            yield Overdue(alert.operation_id, "Alert", alert.title, due, url)


def late_command(actor: Actor, shown: list[Any]) -> Iterator[Overdue]:
    ids, present = {row.pk for row in shown}, now()
    rows = list(incidents(actor, view="open").filter(operation_id__in=ids))
    held = commanders(actor, rows)
    for row in rows:
        due = row.created_at + NO_COMMANDER
        if row.pk not in held and due < present:
            url = reverse("incidents:show", args=[row.pk])
            yield Overdue(row.operation_id, "No commander", row.title, due, url)


def late_work(actor: Actor, shown: list[Any]) -> Iterator[Overdue]:
    """Tasks, and calls to make; a call that waits for another one is not late yet."""
    ids, present = {row.pk for row in shown}, now()
    open_ = incidents(actor, view="open").filter(operation_id__in=ids)
    tasks = IncidentTask.objects.visible_to(actor).filter(
        incident__in=open_, state="open", due_at__lt=present
    )
    for task in tasks.select_related("incident"):
        url = reverse("incidents:show", args=[task.incident_id])
        yield Overdue(task.incident.operation_id, "Task", task.title, task.due_at, url, "amber")
    calls = Notification.objects.visible_to(actor).filter(incident__in=open_)
    told = {(row.incident_id, row.node) for row in calls if row.result in ("reached", "not_needed")}
    for row in calls.filter(result__in=("waiting", "no_answer"), due_at__lt=present):
        if not row.after or (row.incident_id, row.after) in told:
            url = reverse("incidents:show", args=[row.incident_id]) + "#tell"
            operation = next(i.operation_id for i in open_ if i.pk == row.incident_id)
            yield Overdue(operation, "Call", f"Tell {row.whom}", row.due_at, url, "amber")


def late_muster(actor: Actor, shown: list[Any]) -> Iterator[Overdue]:
    ids, present = {row.pk for row in shown}, now()
    for muster in running(actor).filter(operation_id__in=ids):
        due = muster.called_at + NOT_HEARD
        lines = MusterPerson.objects.visible_to(actor).filter(
            muster=muster, state__in=("unknown", "missing", "help")
        )
        count = lines.count()
        if count and due < present:
            url = reverse("incidents:muster", args=[muster.pk])
            title = f"{muster.label}: {count} not accounted for"
            yield Overdue(muster.operation_id, "Roll call", title, due, url)


def late_legs(actor: Actor, shown: list[Any]) -> Iterator[Overdue]:
    """Legs of running operations that should have begun, or ended, and nobody has said so."""
    ids, present = {row.pk for row in shown if row.state == "active"}, now()
    if not ids:
        return
    rows = operations.movements(actor).filter(operation_id__in=ids).exclude(kind="stay")
    for leg in rows.filter(state__in=("planned", "confirmed", "under_way"), starts__lt=present):
        begun = leg.state == "under_way"
        due = leg.ends if begun else leg.starts
        if due is not None and due + START_LATE < present and present - due < timedelta(days=1):
            kind = "Not arrived" if begun else "Not begun"
            url = reverse("operations:movement", args=[leg.pk])
            yield Overdue(leg.operation_id, kind, leg.title, due, url, "amber")


def late_checks(actor: Actor, shown: list[Any]) -> Iterator[Overdue]:
    slugs = {row.pk: row.slug for row in shown}
    for check in checks.overdue(actor):
        if check.operation_id in slugs:
            who = f"{check.duty.call_sign} {check.duty.person.name}".strip()
            url = reverse("duress:checks", args=[slugs[check.operation_id]])
            yield Overdue(check.operation_id, "Check call", who, check.due_at, url)


def allowed(actor: Actor, rows: list[Any]) -> list[Any]:
    return [row for row in rows if may(actor, "watch.view", row.compartment_id)]


def register() -> None:
    source("alerts", late_alerts)
    source("command", late_command)
    source("incident work", late_work)
    source("muster", late_muster)
    source("legs", late_legs)
    source("checks", late_checks)
