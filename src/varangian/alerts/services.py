"""The only writers of alerts."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from varangian.kernel.chain import digest
from varangian.kernel.clock import age_words, now
from varangian.kernel.results import Refused
from varangian.platform.access.models import User
from varangian.platform.access.roles import roles_for
from varangian.platform.access.scope import SYSTEM, Actor, require, role_in, system_read
from varangian.platform.news.services import announce
from varangian.platform.thread import registry
from varangian.platform.thread.services import tie

from .models import Alert
from .rules import due, escalation, rises

ALERT_LOCK = 727_003
TEXTS = {"title", "body", "action", "position"}
FACTS = {"starts", "ends", "minutes", "distance_km", "movement_id", "about"}


@transaction.atomic
def raise_alert(
    *,
    operation: Any,
    title: str,
    source: str,
    dedupe: str,
    actor: Actor = SYSTEM,
    urgency: str = Alert.Urgency.ATTENTION,
    movement: Any = None,
    about: UUID | None = None,
    **given: Any,
) -> Alert:
    """Ask for a person. The same cause asks once: an open alert is brought up to date.

    ``given``: body, action, position, starts, ends, minutes, distance_km. A dismissed cause stays
    dismissed until it gets more urgent or its times change.
    """
    if urgency not in Alert.Urgency.values:
        raise Refused("Unknown urgency", where=urgency, mend=", ".join(Alert.Urgency.values))
    unknown = set(given) - TEXTS - FACTS
    if unknown:
        raise Refused("An alert has no such field", where=", ".join(sorted(unknown)))
    cause = dedupe if len(dedupe) <= 120 else digest(dedupe)
    given |= {"title": title, "about": about, "movement_id": movement.pk if movement else None}
    known = _latest(operation.pk, cause)
    if known and known.state in Alert.OPEN:
        return _refresh(known, urgency, given, actor)
    if known and known.state == Alert.State.DISMISSED and not _worse(known, urgency, given):
        return known
    alert = Alert.objects.create(
        compartment_id=operation.compartment_id,
        key_id=operation.key_id,
        operation_id=operation.pk,
        source=source,
        dedupe=cause,
        urgency=urgency,
        **given,
    )
    if about and source in registry.kinds():
        place = operation.compartment_id
        tie(left=(source, about), right=("alert", alert.pk), relation="asks", compartment_id=place)
    _tell(alert, "raised", f"Alert, {_urgency(alert)}: {title}", actor)
    return alert


@system_read("one cause asks once, whoever raises it")
def _latest(operation_id: UUID, cause: str) -> Alert | None:
    with connection.cursor() as cursor:
        lock = "select pg_advisory_xact_lock(%s, hashtext(%s))"
        cursor.execute(lock, [ALERT_LOCK, f"{operation_id} {cause}"])
    found = Alert.objects.filter(operation_id=operation_id, dedupe=cause)
    return found.order_by("-raised_at", "-pk").first()


def _worse(alert: Alert, urgency: str, given: dict[str, Any]) -> bool:
    moved = any(getattr(alert, name) != given.get(name) for name in ("starts", "ends", "minutes"))
    return moved or rises(alert.urgency, urgency)


def _refresh(alert: Alert, urgency: str, given: dict[str, Any], actor: Actor) -> Alert:
    """New words and numbers; one that becomes more urgent waits for a person again."""
    differing = [name for name, value in given.items() if getattr(alert, name) != value]
    if rises(alert.urgency, urgency):
        alert.urgency, alert.raised_at = urgency, now()
        alert.acknowledged_at = alert.acknowledged_by = alert.escalated_at = None
        alert.escalations = 0
        if alert.state == Alert.State.ACKNOWLEDGED:
            alert.state = Alert.State.NEW
    elif not differing:
        return alert
    for name in differing:
        setattr(alert, name, given[name])
    alert.save()
    _tell(alert, "changed", f"Alert changed, {_urgency(alert)}: {alert.title}", actor)
    return alert


@transaction.atomic
def acknowledge(*, actor: Actor, alert: Alert) -> Alert:
    """A person has seen it. Twice is as good as once."""
    alert = _handled(actor, alert)
    _person(actor)
    if alert.acknowledged_at is None:
        alert.acknowledged_at, alert.acknowledged_by = now(), actor
        if alert.state == Alert.State.NEW:
            alert.state = Alert.State.ACKNOWLEDGED
        alert.save()
        _tell(alert, "acknowledged", f"Alert acknowledged: {alert.title}", actor)
    return alert


@transaction.atomic
def handle_many(
    *, actor: Actor, alerts: Iterable[Alert], dismiss_reason: str | None = None
) -> tuple[list[Alert], list[tuple[Alert, str]]]:
    """Acknowledge several, or dismiss them for one reason. One refused does not stop the others."""
    done, refused = [], []
    for alert in alerts:
        try:
            if dismiss_reason is None:
                done.append(acknowledge(actor=actor, alert=alert))
            else:
                done.append(dismiss(actor=actor, alert=alert, reason=dismiss_reason))
        except Refused as why:
            refused.append((alert, str(why)))
    return done, refused


@transaction.atomic
def assign(*, actor: Actor, alert: Alert, to: User) -> Alert:
    alert = _handled(actor, alert)
    if role_in(to, alert.compartment_id) not in roles_for("alert.handle"):
        raise Refused(
            f"{to} does not handle alerts of this operation",
            where=alert.operation.slug,
            mend="Choose a member who is detail leader, officer, analyst or operator.",
        )
    alert.state, alert.assigned_to = Alert.State.ASSIGNED, to
    alert.save()
    _tell(alert, "assigned", f"Alert assigned to {to}: {alert.title}", actor)
    return alert


@transaction.atomic
def dismiss(*, actor: Actor, alert: Alert, reason: str) -> Alert:
    """It needs nobody. The reason is kept, and the same cause does not ask again."""
    alert = _handled(actor, alert)
    _person(actor)
    if not reason.strip():
        raise Refused("An alert is dismissed for a reason", where="reason")
    return _end(alert, Alert.State.DISMISSED, reason, actor)


@transaction.atomic
def close(*, actor: Actor, alert: Alert, reason: str = "") -> Alert:
    """What it asked for is done."""
    return _end(_handled(actor, alert), Alert.State.CLOSED, reason, actor)


@transaction.atomic
@system_read("what a record asked for falls with it, in every operation it touched")
def supersede(*, source: str, about: UUID, reason: str, actor: Actor = SYSTEM) -> int:
    """The record that asked was replaced or cancelled; returns how many alerts fall with it."""
    found = Alert.objects.select_for_update().filter(
        source=source, about=about, state__in=Alert.OPEN
    )
    return len([_end(alert, Alert.State.SUPERSEDED, reason, actor) for alert in found])


@transaction.atomic
@system_read("the matching of a leg is the work of the house")
def supersede_unmatched(
    *, source: str, movement_id: UUID, still: set[UUID | None], reason: str
) -> int:
    """A leg was matched anew: alerts whose cause no longer touches it fall."""
    found = Alert.objects.select_for_update().filter(
        source=source, movement_id=movement_id, state__in=Alert.OPEN
    )
    gone = [alert for alert in found if alert.about not in still]
    return len([_end(alert, Alert.State.SUPERSEDED, reason, SYSTEM) for alert in gone])


@transaction.atomic
@system_read("escalation looks at every alert that nobody has acknowledged")
def escalate() -> int:
    """Raise and announce again what has waited too long. Safe to run twice in a minute."""
    waiting = Alert.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        state__in=Alert.OPEN, acknowledged_at=None
    )
    return sum(_step(alert) for alert in waiting.order_by("raised_at")[:1000])


def _step(alert: Alert) -> bool:
    step, present = escalation().of(alert.urgency), now()
    since = alert.escalated_at or alert.raised_at
    count = alert.escalations
    if not due(step, urgency=alert.urgency, since=since, escalations=count, at=present):
        return False
    risen = rises(alert.urgency, step.raise_to)
    alert.urgency, alert.escalated_at = step.raise_to, present
    alert.escalations = 1 if risen else count + 1
    alert.save(update_fields=["urgency", "escalated_at", "escalations"])
    age = age_words(alert.raised_at, present)
    text = f"Alert not acknowledged for {age}, {_urgency(alert)}: {alert.title}"
    _tell(alert, "escalated", text, SYSTEM)
    return True


def _handled(actor: Actor, alert: Alert) -> Alert:
    """The row, locked and open, if this person may handle it."""
    require(actor, "alert.handle", alert.compartment_id)
    mine = Alert.objects.visible_to(actor).select_related("operation")
    alert = mine.select_for_update(of=("self",)).get(pk=alert.pk)
    if alert.state not in Alert.OPEN:
        raise Refused(f"This alert is {alert.get_state_display().lower()} already")
    return alert


def _person(actor: Actor) -> None:
    if actor.is_system:
        raise Refused(
            "Only a named person answers an alert", mend="Use --as with a person's e-mail."
        )


def _end(alert: Alert, state: str, reason: str, actor: Actor) -> Alert:
    alert.state, alert.closed_at, alert.reason = state, now(), reason.strip()
    alert.save()
    why = f" ({alert.reason})" if alert.reason else ""
    _tell(alert, state, f"Alert {state}: {alert.title}{why}", actor)
    return alert


def _urgency(alert: Alert) -> str:
    return Alert.Urgency(alert.urgency).label.lower()


def _tell(alert: Alert, event: str, text: str, actor: Actor) -> None:
    announce(
        topic="alerts",
        event=event,
        text=text,
        compartment_id=alert.compartment_id,
        operation_id=alert.operation_id,
        record=("alert", alert.pk),
        actor=actor,
    )
