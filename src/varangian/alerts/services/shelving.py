"""Out of the way for a while, with a reason and an end. Duress and dead man never are."""

from datetime import timedelta

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import SYSTEM, Actor, system_read

from .. import rules
from ..models import Alert, Annunciation
from .telling import annunciate, handled, named_person, start_anew, tell


@transaction.atomic
def shelve(*, actor: Actor, alert: Alert, minutes: int, reason: str) -> Alert:
    """Nobody is asked until then. It comes back by itself, and at once when it gets worse."""
    alert = handled(actor, alert)
    named_person(actor)
    if alert.unsuppressed:
        raise Refused("Duress and a missed dead man are never shelved", where=alert.code)
    most = rules.load().shelf_most_minutes[alert.urgency]  # pyright: ignore
    if not 1 <= minutes <= most:
        mend = f"{most} minutes is the longest for an alert of this urgency."
        raise Refused("Say for how many minutes", where="minutes", mend=mend)
    if not reason.strip():
        raise Refused("An alert is shelved for a reason", where="reason")
    _put(alert, timedelta(minutes=minutes), reason.strip(), actor)
    words = f"Alert shelved for {minutes} min: {alert.title} ({alert.shelf_reason})"
    tell(alert, "shelved", words, actor)
    return alert


@transaction.atomic
def unshelve(*, actor: Actor, alert: Alert) -> Alert:
    alert = handled(actor, alert)
    if alert.shelved_until is not None:
        take_down(alert, actor)
    return alert


def take_down(alert: Alert, actor: Actor) -> None:
    start_anew(alert)
    alert.save()
    annunciate(alert, Annunciation.Kind.AGAIN)
    tell(alert, "unshelved", f"Alert back from the shelf: {alert.title}", actor)


def shelve_chatter(alert: Alert) -> None:
    """The same cause came and went too often: it rests, unless somebody must act on it now."""
    limits = rules.load()
    if alert.unsuppressed or alert.urgency == Alert.Urgency.NOW:
        return
    raises = _raises(alert, limits.chatter_s)
    if raises <= limits.chatter_raises:
        return
    words = f"Chattering: raised {raises} times in {limits.chatter_s} s"
    _put(alert, timedelta(seconds=limits.chatter_shelf_s), words, SYSTEM)
    annunciate(alert, Annunciation.Kind.SHELVED)
    tell(alert, "shelved", f"Alert shelved: {alert.title} ({words})", SYSTEM)


@system_read("how often a cause came is counted whoever raised it")
def _raises(alert: Alert, seconds: int) -> int:
    return (
        Annunciation.objects.filter(
            cause=alert.dedupe,
            compartment_id=alert.compartment_id,
            at__gt=now() - timedelta(seconds=seconds),
        )
        .exclude(kind=Annunciation.Kind.SHELVED)
        .count()
    )


def _put(alert: Alert, span: timedelta, reason: str, actor: Actor) -> None:
    alert.shelved_until = alert.next_at = now() + span
    alert.shelved_by = None if actor.is_system else actor
    alert.shelf_reason, alert.group = reason, None
    alert.save()
