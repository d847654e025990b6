"""Raise an alert, bring it up to date, and let it fall with what it asked for."""

from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from varangian.kernel.chain import digest
from varangian.kernel.results import Refused
from varangian.platform.access.scope import SYSTEM, Actor, system_read
from varangian.platform.thread import registry
from varangian.platform.thread.services import tie

from .. import rules
from ..models import Alert, Annunciation
from . import grouping, sending, shelving
from .telling import annunciate, end, start_anew, tell, urgency_words

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
    place: str = "",
    silent_for: Any = None,
    circle: UUID | None = None,
    **given: Any,
) -> Alert:
    """Ask for a person. The same cause asks once: an open alert is brought up to date.

    ``given``: body, action, position, starts, ends, minutes, distance_km. A dismissed cause stays
    dismissed until it gets more urgent or its times change. What comes from one ``place`` and
    ``source`` within a minute is one group. Nothing of it shows to ``silent_for``. ``circle``: that
    of the engagement, where only that may know of the cause; its title stands in the log.

    The sources duress and dead_man go out over every channel at the commit, and nothing holds
    them back.
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
    if known and _stays_dismissed(known, urgency, given):
        return known
    alert = Alert(
        compartment_id=circle or operation.compartment_id,
        key_id=operation.key_id,
        operation=operation,
        source=source,
        dedupe=cause,
        urgency=urgency,
        place=place[:60],
        silent_for=silent_for,
        **given,
    )
    return _ask(alert, actor, heard_before=known is not None)


def _ask(alert: Alert, actor: Actor, *, heard_before: bool) -> Alert:
    alert.group = grouping.leader_of(alert)
    if alert.group:
        alert.next_at = None
    alert.save(force_insert=True)
    if alert.about and alert.source in registry.kinds():
        place = alert.compartment_id
        left, right = (alert.source, alert.about), ("alert", alert.pk)
        tie(left=left, right=right, relation="asks", compartment_id=place)
    annunciate(alert, Annunciation.Kind.GROUPED if alert.group else Annunciation.Kind.RAISED)
    tell(alert, "raised", f"Alert, {urgency_words(alert)}: {alert.title}", actor)
    if heard_before:
        shelving.shelve_chatter(alert)
    if alert.unsuppressed:
        transaction.on_commit(partial(sending.rush, alert.pk))
    return alert


@system_read("one cause asks once, whoever raises it")
def _latest(operation_id: UUID, cause: str) -> Alert | None:
    with connection.cursor() as cursor:
        lock = "select pg_advisory_xact_lock(%s, hashtext(%s))"
        cursor.execute(lock, [ALERT_LOCK, f"{operation_id} {cause}"])
    found = Alert.objects.filter(operation_id=operation_id, dedupe=cause)
    return found.order_by("-raised_at", "-pk").first()


def _stays_dismissed(alert: Alert, urgency: str, given: dict[str, Any]) -> bool:
    if alert.state != Alert.State.CANCELLED or alert.unsuppressed:
        return False
    moved = any(getattr(alert, name) != given.get(name) for name in ("starts", "ends", "minutes"))
    return not (moved or rules.rises(alert.urgency, urgency))


def _refresh(alert: Alert, urgency: str, given: dict[str, Any], actor: Actor) -> Alert:
    """New words and numbers; one that becomes more urgent waits for a person again."""
    differing = [name for name, value in given.items() if getattr(alert, name) != value]
    risen = rules.rises(alert.urgency, urgency)
    if not risen and not differing:
        return alert
    if risen:
        alert.urgency, alert.group = urgency, None
        start_anew(alert)
        alert.raised_at = alert.next_at
        annunciate(alert, Annunciation.Kind.AGAIN)
    for name in differing:
        setattr(alert, name, given[name])
    alert.save()
    tell(alert, "changed", f"Alert changed, {urgency_words(alert)}: {alert.title}", actor)
    return alert


@transaction.atomic
@system_read("what a record asked for falls with it, in every operation it touched")
def settle(*, source: str, about: UUID, state: str, reason: str, actor: Actor = SYSTEM) -> int:
    """The record that asked has come to an end of its own: resolved, cancelled or expired."""
    found = Alert.objects.select_for_update().filter(
        source=source, about=about, state__in=Alert.OPEN
    )
    return len([end(alert, state, reason, actor) for alert in found])


def supersede(*, source: str, about: UUID, reason: str, actor: Actor = SYSTEM) -> int:
    """The record that asked was replaced or cancelled; returns how many alerts fall with it."""
    state = Alert.State.EXPIRED
    return settle(source=source, about=about, state=state, reason=reason, actor=actor)


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
    return len([end(alert, Alert.State.EXPIRED, reason, SYSTEM) for alert in gone])
