"""The only writers of presence: who travels along, what was heard of them, how often it must be."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from varangian.alerts.services import raise_alert, supersede
from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.operations.models import Operation
from varangian.platform.access.scope import SYSTEM, Actor, require, system_read
from varangian.platform.news.services import announce

from ..events import party_changed, presence_told
from ..models import PartyPerson, PresenceFact, SafeClock
from ..queries.presence import present

MOST = 500
AHEAD = timedelta(minutes=2)
LONGEST = 7 * 24 * 60
SOURCE = "presence"
ENDED = ("closed", "cancelled")


@transaction.atomic
def add_person(
    *, actor: Actor, operation: Operation, name: str, relation: str = "", phone: str = ""
) -> PartyPerson:
    require(actor, "presence.change", operation.compartment_id)
    if PartyPerson.objects.visible_to(actor).filter(operation=operation).count() >= MOST:
        raise Refused(f"A party has at most {MOST} people", where=operation.slug)
    made = PartyPerson.objects.create(
        compartment_id=operation.compartment_id,
        key_id=operation.key_id,
        operation=operation,
        name=_text("name", name, least=2, most=120),
        relation=_text("relation", relation, most=40),
        phone=_text("phone", phone, most=40),
    )
    party_changed.send(
        sender=PartyPerson, operation=operation, person=made, event="joined", actor=actor
    )
    _tell(operation, "joined", f"{made.name} travels along", actor)
    return made


@transaction.atomic
def take_off(*, actor: Actor, person: PartyPerson) -> PartyPerson:
    """Not in our care any more. What was known of them stays on record."""
    require(actor, "presence.change", person.compartment_id)
    if person.left_at is not None:
        return person
    person.left_at = now()
    person.save(update_fields=["left_at"])
    _stop_clock(actor, person.operation, person)
    party_changed.send(
        sender=PartyPerson, operation=person.operation, person=person, event="left", actor=actor
    )
    _tell(person.operation, "left", f"{person.name} does not travel along any more", actor)
    return person


@transaction.atomic
def confirm(
    *,
    actor: Actor,
    operation: Operation,
    how: str,
    person: PartyPerson | None = None,
    at: datetime | None = None,
    until: datetime | None = None,
    place: Any = None,
    words: str = "",
    note: str = "",
    safe: bool = False,
    over: bool = False,
    logged: bool = True,
) -> PresenceFact:
    """What somebody heard of a person: where, that they are safe, that the journey is over.

    ``person`` None is the principal. Refused when it says nothing, or is about the future.
    ``logged`` False when the caller has written it in the log already.
    """
    require(actor, "presence.confirm", operation.compartment_id)
    at = at or now()
    words, note = _text("place", words, most=200), _text("note", note, most=400)
    _check(operation, person, how, at, until)
    if not (place or words or safe or over):
        raise Refused("Say where they are, or that they are safe", where="place")
    fact = PresenceFact.objects.create(
        compartment_id=operation.compartment_id,
        key_id=operation.key_id,
        operation=operation,
        person=person,
        how=how,
        at=at,
        until=until,
        place=place,
        words="" if place else words,
        note=note,
        safe=safe,
        over=over,
        by=None if actor.is_system else actor,
    )
    if safe or over:
        for clock in _clocks(actor, operation, person):
            supersede(source=SOURCE, about=clock.pk, reason="Confirmed safe")
    presence_told.send(
        sender=PresenceFact, operation=operation, person=person, fact=fact, actor=actor
    )
    if logged:
        _tell(operation, "confirmed", _sentence(operation, fact), actor)
    return fact


def _check(
    operation: Operation,
    person: PartyPerson | None,
    how: str,
    at: datetime,
    until: datetime | None,
) -> None:
    if how not in PresenceFact.How.values:
        raise Refused("How was it heard?", where=how, mend=", ".join(PresenceFact.How.values))
    if person is not None and person.operation_id != operation.pk:  # pyright: ignore
        raise Refused("This person travels with another operation", where=operation.slug)
    if at > now() + AHEAD:
        raise Refused("Nobody has heard that yet: the time lies ahead", where="at")
    if until is not None and until <= at:
        raise Refused("The end lies before the beginning", where="until")


def _sentence(operation: Operation, fact: PresenceFact) -> str:
    who = fact.person.name if fact.person else operation.principal.code_name
    where = fact.place.name if fact.place else fact.words
    parts = [f"at {where}"] if where else []
    parts += ["safe"] if fact.safe else []
    parts += ["journey over"] if fact.over else []
    return f"{who}: {', '.join(parts)} ({fact.get_how_display().lower()})"  # pyright: ignore


@transaction.atomic
def set_clock(
    *,
    actor: Actor,
    operation: Operation,
    minutes: int | None,
    person: PartyPerson | None = None,
    everybody: bool = False,
) -> int:
    """Within how many minutes each must be confirmed safe again; None stops the clock.

    It runs from now: whoever was confirmed before is asked anew. Returns how many clocks were set.
    """
    require(actor, "presence.change", operation.compartment_id)
    if minutes is not None and not 1 <= minutes <= LONGEST:
        raise Refused(f"A clock has 1 to {LONGEST} minutes", where="minutes")
    if minutes is not None and operation.state in ENDED:
        raise Refused(f"This operation is {operation.state}", where=operation.slug)
    party = PartyPerson.objects.visible_to(actor).filter(operation=operation, left_at=None)
    chosen: list[PartyPerson | None] = [None, *party] if everybody else [person]
    for one in chosen:
        _stop_clock(actor, operation, one)
        if minutes is not None:
            SafeClock.objects.create(
                compartment_id=operation.compartment_id,
                operation=operation,
                person=one,
                minutes=minutes,
            )
    whom = "everybody" if everybody else person.name if person else operation.principal.code_name
    every = f"to be confirmed safe every {minutes} min" if minutes else "no clock any more"
    _tell(operation, "clock", f"{whom}: {every}", actor)
    return len(chosen)


def _clocks(actor: Actor, operation: Operation, person: PartyPerson | None) -> Any:
    return SafeClock.objects.visible_to(actor).filter(operation=operation, person=person)


def _stop_clock(actor: Actor, operation: Operation, person: PartyPerson | None) -> None:
    for clock in _clocks(actor, operation, person):
        supersede(source=SOURCE, about=clock.pk, reason="The clock was stopped")
        clock.delete()


@system_read("the house watches the clocks of all parties")
def watch_clocks() -> int:
    """Each half minute: who was not confirmed in time becomes an alert, once."""
    running = SafeClock.objects.exclude(operation__state__in=ENDED)
    ids = set(running.values_list("operation_id", flat=True))
    late = 0
    for operation in Operation.objects.filter(pk__in=ids).select_related("principal"):
        for line in present(SYSTEM, operation):
            if line.overdue and line.clock is not None:
                late += 1
                _raise(operation, line.name, line.clock, line.due_at)
    return late


def _raise(operation: Operation, name: str, clock: SafeClock, due: Any) -> None:
    raise_alert(
        operation=operation,
        title=f"{name} is not confirmed safe",
        action="Reach them, and enter what was heard.",
        source=SOURCE,
        dedupe=f"presence {clock.pk} {due:%Y%m%d%H%M%S}",
        about=clock.pk,
        urgency="now",
    )


def _text(where: str, words: str, *, least: int = 0, most: int) -> str:
    words = (words or "").replace("\x00", "").strip()
    if len(words) < least:
        raise Refused("Say it in words", where=where)
    if len(words) > most:
        raise Refused(f"At most {most} signs", where=where)
    return words


def _tell(operation: Operation, event: str, text: str, actor: Actor) -> None:
    announce(
        topic="presence",
        event=event,
        text=text,
        compartment_id=operation.compartment_id,
        operation_id=operation.pk,
        record=("operation", operation.pk),
        actor=actor,
    )
