"""A call ends in two ways only: the real PIN with a second person, or a leader's reason."""

from django.db import transaction

from varangian.alerts.services import settle
from varangian.kernel.clock import now
from varangian.kernel.ids import new_id
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.platform.access.context import acting
from varangian.platform.access.scope import Actor, require, system_read
from varangian.tracking.services.calls import close_for_person
from varangian.tracking.services.tak import end_beacons

from ..models import Duress, Via
from ..queries import duress as queries
from . import checks
from .answering import tell
from .duress import Heard, press
from .pins import Verdict, verdict

LONGEST = 300
ENDING: dict[str, str] = {Duress.State.CANCELLED: "cancelled", Duress.State.ENDED: "resolved"}
"""Of a call, and of the alert that it raised."""


def give_pin(*, person: Actor, pin: str) -> bool:
    """False: no such PIN. Real and forced are answered alike, whether or not a call runs."""
    found = verdict(person=person, pin=pin)
    if found == Verdict.FORCED:
        press(person=person, heard=Heard(key=f"pin:{new_id()}", via=Via.PIN, at=now()))
    elif found == Verdict.OWN:
        _noted(person)
    return found in (Verdict.OWN, Verdict.FORCED)


@transaction.atomic
@system_read("the caller may not see the call that they end")
def _noted(person: Actor) -> None:
    with acting(person, purpose="real PIN"):
        running = Duress.objects.select_for_update(of=("self",)).select_related("vouched_by")
        for call in running.filter(person=person, state__in=Duress.RUNNING):
            call.pin_at = now()
            call.save(update_fields=["pin_at"])
            tell(call, "pin", f"{call.caption} gave the real PIN", person)
            _settle(call, person)


@transaction.atomic
def vouch(*, actor: Actor, call: Duress, words: str) -> Duress:
    """A second person has made sure: by voice, by challenge, or with their own eyes."""
    call = _held(actor, call)
    words = _said(words, "Say how you made sure, such as: challenge answered by voice.")
    if call.state == Duress.State.CONFIRMED:
        raise Refused(
            "A confirmed duress is not cancelled", mend="A leader ends it when the person is safe."
        )
    call.vouched_at, call.vouched_by, call.vouched = now(), actor, words
    call.save(update_fields=["vouched_at", "vouched_by", "vouched"])
    tell(call, "vouched", f"{actor} vouches for {call.caption}: {words}", actor)
    _settle(call, actor)
    return call


def _settle(call: Duress, actor: Actor) -> None:
    if call.state != Duress.State.OPEN or not (call.pin_at and call.vouched_at):
        return
    why = f"Real PIN, and {call.vouched_by} vouched"
    _close(call, Duress.State.CANCELLED, why, actor)


@transaction.atomic
def end(*, actor: Actor, call: Duress, reason: str) -> Duress:
    """The person is safe, or the button was proved to have pressed itself: a leader says so."""
    call = _held(actor, call, action="duress.end")
    reason = _said(reason, "Say where the person is and who has seen them.")
    _close(call, Duress.State.ENDED, reason, actor)
    return call


def _held(actor: Actor, call: Duress, action: str = "duress.handle") -> Duress:
    """Locked, running, and not the actor's own."""
    require(actor, action, call.compartment_id)
    if actor.is_system:
        raise Denied("Only a named person does this", mend="Use --as with a person's e-mail.")
    rows = queries.calls(actor, view="all").select_for_update(of=("self",))
    found = rows.filter(pk=call.pk).first()
    if found is None or found.person_id == actor.pk:
        raise NotFound("There is no such call, or it is not yours to see")
    call = found
    if not call.running:
        raise Refused(f"This call is {call.get_state_display().lower()} already")
    return call


def _said(words: str, mend: str) -> str:
    words = words.strip()
    if not 5 <= len(words) <= LONGEST:
        raise Refused("This needs a few words", where="words", mend=mend)
    return words


def _close(call: Duress, state: str, reason: str, actor: Actor) -> None:
    call.state, call.ended_at, call.reason = state, now(), reason
    call.ended_by = None if actor.is_system else actor
    call.save(update_fields=["state", "ended_at", "ended_by", "reason"])
    for source in ("duress", "dead_man"):
        settle(source=source, about=call.pk, state=ENDING[state], reason=reason, actor=actor)
    if call.person is not None:
        checks.resume(person=call.person, operation=call.operation)
        close_for_person(person_id=call.person.pk)
        end_beacons(person_id=call.person.pk)
    tell(call, state, f"{call.caption}: {call.get_state_display().lower()}. {reason}", actor)
