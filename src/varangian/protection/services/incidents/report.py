"""An incident is reported, with the first tasks and the notification tree of its kind."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from varangian.alerts import services as alerts
from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require, system_read
from varangian.platform.thread.services import tie

from ...incident_rules import due_of, marked
from ...library import Kind, incident_kinds
from ...models import Incident, IncidentTask, Notification
from ...spots import place_of
from .ground import in_exercise, mark, mark_started, position_of, tell, text_of

INCIDENT_LOCK = 727_020


@transaction.atomic
def report_incident(
    *,
    actor: Actor,
    operation: Any,
    kind: str,
    title: str,
    severity: str = "",
    summary: str = "",
    where: str = "",
    position: list[float] | None = None,
    place: Any = None,
    alert: Any = None,
    started_at: datetime | None = None,
    drill: bool = False,
) -> Incident:
    """Open it with the first tasks and the notification tree of its kind.

    The same alert opens one incident: the second call answers with the first. ``started_at`` is
    when it began, if that is known; it was detected when the alert was raised, else now.
    """
    require(actor, "incident.report", operation.compartment_id)
    chosen, present = incident_kinds().get(kind), now()
    if operation.state in ("closed", "cancelled"):
        raise Refused("This operation is over", where=operation.slug)
    serial = _next_serial(operation.pk)
    if alert is not None and (known := _of_alert(operation.pk, alert.pk)) is not None:
        return known
    incident = Incident(
        compartment_id=operation.compartment_id,
        key_id=operation.key_id,
        operation=operation,
        serial=serial,
        kind=chosen.id,
        severity=severity or chosen.severity,
        drill=drill or in_exercise(operation.compartment_id),
        title=text_of("title", title, least=3, most=200),
        summary=text_of("summary", summary),
        where=text_of("where", where, most=200),
        position=position_of(position, place, alert),
        place=place,
        alert=alert.pk if alert else None,
        silent_for_id=getattr(alert, "silent_for_id", None),
        reported_by=None if actor.is_system else actor,
    )
    if incident.severity not in Incident.Severity.values:
        raise Refused("Unknown severity", where=severity, mend=", ".join(Incident.Severity.values))
    incident.save(force_insert=True)
    if alert is not None:
        ends = {"left": ("alert", alert.pk), "right": ("incident", incident.pk)}
        tie(**ends, relation="became", compartment_id=operation.compartment_id)
    detected = min(alert.raised_at if alert else present, present)
    told = getattr(alert, "notified_at", None)
    _begin(incident, chosen, detected, told, started_at, actor)
    if alert is None:
        _ask_for_command(incident, actor)
    return incident


def _ask_for_command(incident: Incident, actor: Actor) -> None:
    """Whoever sees it first may be a driver: somebody who can command must hear of it."""
    minor = incident.severity == Incident.Severity.MINOR
    alerts.raise_alert(
        operation=incident.operation,
        title=marked(f"{incident.label}: {incident.title}", drill=incident.drill),
        body=incident.where,
        action="Take command.",
        source="incident",
        dedupe=f"incident {incident.pk}",
        about=incident.pk,
        position=incident.position,
        place=place_of(incident)[:60],
        urgency="attention" if minor else "now",
        actor=actor,
    )


def _begin(
    incident: Incident,
    kind: Kind,
    detected: datetime,
    told: datetime | None,
    started: datetime | None,
    actor: Actor,
) -> None:
    words = f"{incident.label} reported, {incident.severity}: {incident.title}"
    tell(incident, "reported", words, actor)
    mark(incident, "detected", detected)
    if told is not None:
        mark(incident, "notified", told)
    if started is not None:
        mark_started(incident, started, detected)
    for serial, task in enumerate(kind.tasks, start=1):
        IncidentTask.objects.create(
            compartment_id=incident.compartment_id,
            key_id=incident.key_id,
            incident=incident,
            serial=serial,
            title=task.title,
            due_at=due_of(incident.created_at, task.within_minutes),
        )
    for serial, node in enumerate(kind.tell, start=1):
        Notification.objects.create(
            compartment_id=incident.compartment_id,
            key_id=incident.key_id,
            incident=incident,
            serial=serial,
            node=node.id,
            after=node.after or "",
            whom=node.title,
            due_at=due_of(incident.created_at, node.within_minutes),
        )


@system_read("numbers of incidents follow each other also for those who see none of the others")
def _next_serial(operation_id: Any) -> int:
    with connection.cursor() as cursor:
        lock = "select pg_advisory_xact_lock(%s, hashtext(%s))"
        cursor.execute(lock, [INCIDENT_LOCK, str(operation_id)])
    found = Incident.objects.filter(operation_id=operation_id).aggregate(last=Max("serial"))
    return (found["last"] or 0) + 1


@system_read("one alert opens one incident, whoever asks")
def _of_alert(operation_id: Any, alert_id: Any) -> Incident | None:
    return Incident.objects.filter(operation_id=operation_id, alert=alert_id).first()
