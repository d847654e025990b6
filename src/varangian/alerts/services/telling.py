"""What everyone hears of an alert, and what the alarm load is counted from."""

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require
from varangian.platform.live.services import publish
from varangian.platform.news.services import announce

from ..models import Alert, Annunciation
from .grouping import let_go


def tell(alert: Alert, event: str, text: str, actor: Actor) -> None:
    """An entry in the log, and news for open screens."""
    announce(
        topic="alerts",
        event=event,
        text=text,
        compartment_id=alert.compartment_id,
        operation_id=alert.operation_id,
        record=("alert", alert.pk),
        actor=actor,
    )


def refresh_screens(alert: Alert, event: str) -> None:
    publish(topic="alerts", kind=event, record=alert.pk, compartment_id=alert.compartment_id)


def annunciate(alert: Alert, kind: str) -> None:
    Annunciation.objects.create(
        compartment_id=alert.compartment_id,
        alert_id=alert.pk,
        kind=kind,
        urgency=alert.urgency,
        source=alert.source,
        cause=alert.dedupe,
        at=now(),
    )


def urgency_words(alert: Alert) -> str:
    return Alert.Urgency(alert.urgency).label.lower()


def handled(actor: Actor, alert: Alert) -> Alert:
    """The row, locked and open, if this person may handle it."""
    require(actor, "alert.handle", alert.compartment_id)
    mine = Alert.objects.visible_to(actor).select_related("operation")
    if not actor.is_system:
        mine = mine.exclude(silent_for_id=actor.pk)
    alert = mine.select_for_update(of=("self",)).get(pk=alert.pk)
    if alert.state not in Alert.OPEN:
        raise Refused(f"This alert is {alert.get_state_display().lower()} already")
    return alert


def named_person(actor: Actor) -> None:
    if actor.is_system:
        raise Refused(
            "Only a named person answers an alert", mend="Use --as with a person's e-mail."
        )


def start_anew(alert: Alert) -> None:
    """It waits for a person again, from the first step of its chain."""
    alert.state, alert.next_at = Alert.State.RAISED, now()
    alert.step = alert.repeats = alert.escalations = 0
    alert.acknowledged_at = alert.acknowledged_by = alert.escalated_at = None
    alert.responding_at = alert.shelved_until = alert.shelved_by = None
    alert.shelf_reason = ""


def end(alert: Alert, state: str, reason: str, actor: Actor) -> Alert:
    alert.state, alert.closed_at, alert.reason = state, now(), reason.strip()
    alert.next_at = None
    alert.save()
    why = f" ({alert.reason})" if alert.reason else ""
    tell(alert, state, f"Alert {state}: {alert.title}{why}", actor)
    let_go(alert)
    return alert
