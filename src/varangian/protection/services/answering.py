"""A press becomes a call, and a call becomes an alert that nobody can shelve."""

from typing import Any

import structlog
from django.db import Error, IntegrityError, transaction

from varangian.alerts import queries as alert_queries
from varangian.alerts.services import raise_alert
from varangian.operations import queries as operations
from varangian.platform.access.scope import SYSTEM, system_read
from varangian.platform.news.services import announce
from varangian.tracking.services.calls import open_for_person

from ..models import Duress, Press, Via

log = structlog.get_logger()
ACTION = (
    "Do not call or message the caller. Find their last position, send the nearest team, and call "
    "the police if the plan says so. Ask the second person to vouch before anything is cancelled."
)
LOST = (
    "Call on the radio, then by phone, then somebody near. If nobody has seen them, treat it as "
    "duress. The call ends with the real PIN and a second person."
)
SAID = {
    Via.SLIDE: "slide on the phone",
    Via.BUTTON: "button",
    Via.TRACKER: "tracker app",
    Via.BEACON: "TAK beacon",
    Via.PIN: "duress PIN",
    Via.API: "program",
    Via.DEAD_MAN: "missed check call",
}


@system_read("the house answers a press, whoever may see it")
def answer(press: Press) -> Duress:
    """Inside the transaction that holds the press."""
    call, opened = _call(press)
    Press.objects.filter(pk=press.pk).update(call=call)
    if not opened:
        _again(call, press)
    _alert(call, press)
    words = f"{call.title}, by {SAID[Via(press.via)]}, heard {press.heard_at:%H:%M:%S} UTC"
    tell(call, "opened" if opened else "pressed", words, press.person or SYSTEM)
    _share_places(press)
    return call


def _share_places(press: Press) -> None:
    """Where they are shows from now on, whatever they share at other times. Never at the cost of
    the alert."""
    if press.person is None:
        return
    try:
        with transaction.atomic():
            open_for_person(person_id=press.person.pk)
    except Error:
        log.exception("the places of a caller are not shared", press=str(press.pk))


@system_read("a call is joined by whoever it belongs to, seen or not")
def _call(press: Press) -> tuple[Duress, bool]:
    running = Duress.objects.select_for_update(of=("self",)).filter(
        operation_id=press.operation_id, subject=press.subject, state__in=Duress.RUNNING
    )
    if (found := running.first()) is not None:
        return found, False
    call = Duress(
        compartment_id=press.compartment_id,
        operation_id=press.operation_id,
        person=press.person,
        post=_post(press),
        subject=press.subject,
        caption=press.caption,
        opened_at=press.heard_at,
        kind=Duress.Kind.UNKNOWN if press.via == Via.DEAD_MAN else Duress.Kind.PRESSED,
    )
    if press.via == Via.PIN:
        call.state, call.confirmed_at = Duress.State.CONFIRMED, press.heard_at
    try:
        with transaction.atomic():
            call.save(force_insert=True)
    except IntegrityError:
        return running.get(), False
    return call, True


def _post(press: Press) -> Any:
    duty = operations.own_duty(press.person) if press.person else None
    return duty.post if duty and duty.operation_id == press.operation_id else None


def _again(call: Duress, press: Press) -> None:
    """Whoever presses again takes back what had been given towards a cancel."""
    call.pin_at = call.vouched_at = call.vouched_by = None
    call.vouched = ""
    if press.via != Via.DEAD_MAN:
        call.kind = Duress.Kind.PRESSED
    if press.via == Via.PIN and call.state == Duress.State.OPEN:
        call.state, call.confirmed_at = Duress.State.CONFIRMED, press.heard_at
    call.save()


@system_read("what the house has asked already, whoever may see it")
def _alert(call: Duress, press: Press) -> None:
    """One that nobody has acknowledged is shouting already; one that is answered shouts again."""
    source = "dead_man" if call.kind == Duress.Kind.UNKNOWN else "duress"
    asked = alert_queries.alerts(SYSTEM, view="standing").filter(
        about=call.pk, source=source, acknowledged_at=None
    )
    if press.via != Via.PIN and asked.exists():
        return
    raise_alert(
        operation=press.operation,
        title=call.title,
        source=source,
        dedupe=f"{source} {press.pk}",
        urgency="now",
        about=call.pk,
        silent_for=press.person,
        body=press.words or f"By {SAID[Via(press.via)]}.",
        action=LOST if source == "dead_man" else ACTION,
        position=[press.lat, press.lon] if press.located else None,
    )


@system_read("the device knows no call; whoever answers must know that it took its word back")
def take_back(*, subject: str, key: str) -> None:
    for call in Duress.objects.filter(subject=subject, state__in=Duress.RUNNING):
        words = f"The device of {call.caption} took its call back ({key[:40]}). The call goes on."
        tell(call, "taken_back", words, SYSTEM)


def tell(call: Duress, event: str, text: str, actor: Any) -> None:
    announce(
        topic="duress",
        event=event,
        text=text,
        compartment_id=call.compartment_id,
        operation_id=call.operation_id,
        record=("duress", call.pk),
        actor=actor,
    )
