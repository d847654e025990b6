"""The beat of the alerts: who is asked next, what was acknowledged and left, what is over."""

from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

import structlog
from django.db import OperationalError, transaction
from django.db.models import Case, Q, QuerySet, Value, When

from varangian.kernel.clock import age_words, now
from varangian.operations.queries import OVER
from varangian.platform.access.scope import SYSTEM, system_read

from .. import rules
from ..models import Alert, Annunciation
from ..models.alert import UNSUPPRESSED
from . import notifying, sending
from .shelving import take_down
from .telling import annunciate, end, refresh_screens, start_anew, tell, urgency_words

log = structlog.get_logger()
BUDGET_S = 0.5
"""Ordinary alerts leave the beat to the next tick after so long; the others are all taken."""
SPOILT_S = 30
OVER_S = 3600


def tick() -> None:
    escalate()
    sending.sweep()


@system_read("the engine looks at every alert that is due")
def escalate() -> int:
    """Take the next step of all that is due; returns how many were asked for again. Safe to run
    twice and in several processes: a row that another one holds is left to it."""
    again, until = 0, monotonic() + BUDGET_S
    first = Case(When(source__in=UNSUPPRESSED, then=Value(0)), default=Value(1))
    for pk, source in due().order_by(first, "next_at").values_list("pk", "source")[:1000]:
        if source not in UNSUPPRESSED and monotonic() > until:
            break
        again += _safely(pk)
    return again


@system_read("the engine looks at every alert that is due")
def due() -> QuerySet[Alert]:
    left = ~Q(source__in=UNSUPPRESSED) & Q(operation__state__in=OVER)
    return Alert.objects.filter(state__in=Alert.OPEN, next_at__lte=now()).exclude(left)


@system_read("the engine looks at every alert that is due")
def _safely(pk: UUID) -> bool:
    """One that cannot be handled must not hold up the others, and is tried again."""
    try:
        with transaction.atomic():
            return take(pk)
    except OperationalError:
        raise
    except Exception:
        log.exception("alert cannot be taken on", alert=str(pk))
        Alert.objects.filter(pk=pk).update(next_at=now() + timedelta(seconds=SPOILT_S))
        return False


@system_read("the engine looks at every alert that is due")
def take(pk: UUID) -> bool:
    """The next step of one alert, if it is still due. True when people are asked once more."""
    rows = Alert.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk)
    alert = rows.filter(state__in=Alert.OPEN, next_at__lte=now()).select_related(
        "operation", "assigned_to", "acknowledged_by"
    )
    if (found := alert.first()) is None:
        return False
    if found.shelved_until is not None:
        take_down(found, SYSTEM)
        return False
    if found.state == Alert.State.ACKNOWLEDGED:
        _left_alone(found)
        return False
    return _step(found)


def _left_alone(alert: Alert) -> None:
    who, age = alert.acknowledged_by, age_words(alert.acknowledged_at or now(), now())
    start_anew(alert)
    alert.save()
    annunciate(alert, Annunciation.Kind.AGAIN)
    words = f"Acknowledged by {who} {age} ago and nobody responds, raised again: {alert.title}"
    tell(alert, "raised", words, SYSTEM)


def _step(alert: Alert) -> bool:
    chain, present = rules.escalation().of(alert.source, alert.urgency), now()
    first, risen = alert.state == Alert.State.RAISED, False
    taken, step, repeats = rules.advance(
        chain, alert.step, alert.repeats, for_ever=alert.unsuppressed
    )
    if taken is None and chain.raise_to:
        risen, alert.urgency = True, chain.raise_to
        chain = rules.escalation().of(alert.source, alert.urgency)
        taken, step, repeats = rules.advance(chain, 0, 0, for_ever=False)
        annunciate(alert, Annunciation.Kind.AGAIN)
    if taken is None:
        alert.next_at = None
        alert.save(update_fields=["next_at"])
        return False
    alert.step, alert.repeats = step, repeats
    alert.next_at = present + timedelta(seconds=taken.wait_s)
    if first:
        alert.state, alert.notified_at = Alert.State.NOTIFIED, present
    else:
        alert.escalated_at = present
        alert.escalations = 1 if risen else alert.escalations + 1
    told, outside = notifying.notify(alert, taken)
    alert.rounds += 1
    alert.save()
    _say(alert, told, again=not first, outside=outside, at=present)
    return not first


def _say(alert: Alert, told: str, *, again: bool, outside: bool, at: datetime) -> None:
    """In the log, unless nothing happened but that it stands on the screens."""
    if not again and not outside and alert.urgency != Alert.Urgency.NOW:
        refresh_screens(alert, "notified")
        return
    if again:
        age = age_words(alert.raised_at, at)
        words = f"Alert not acknowledged for {age}, {urgency_words(alert)}: {alert.title}"
        tell(alert, "escalated", f"{words} ({told})", SYSTEM)
    else:
        tell(alert, "notified", f"Alert {alert.code} notified: {told}", SYSTEM)


@transaction.atomic
@system_read("what was seen and has passed leaves the queue, whoever saw it")
def expire() -> int:
    """Acknowledged, and its time is over. What nobody has seen stays until somebody has."""
    passed = now() - timedelta(seconds=OVER_S)
    rows = Alert.objects.select_for_update(skip_locked=True).filter(
        state=Alert.State.ACKNOWLEDGED, ends__lt=passed
    )
    found = list(rows.exclude(source__in=UNSUPPRESSED)[:200])
    for alert in found:
        end(alert, Alert.State.EXPIRED, "Its time is over", SYSTEM)
    return len(found)
