"""Who stands which shift: by hand, against the rules where the leader says why, never twice."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction

from varangian.alerts.services import raise_alert
from varangian.engines.rostering import Reason
from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Denied, NotFound, Refused
from varangian.platform.access.models import User
from varangian.platform.access.scope import Actor, require
from varangian.platform.news.services import announce

from ..models import Assignment, Shift
from ..queries import roster as rows
from ..queries.roster_problem import book
from .roster_people import taken_words
from .roster_shifts import clean, tell

NEVER = {"double_booking", "leave", "sick", "training", "other_work"}
"""Rules that nobody overrides: the database holds them too."""
SHORTEST_REASON = 5


class AgainstRules(Refused):
    """Rules forbid it; a detail leader may override them with a reason."""

    def __init__(self, person: User, shift: Shift, reasons: tuple[Reason, ...]) -> None:
        self.person, self.shift, self.reasons = person, shift, reasons
        words = "; ".join(f"{reason.rule}: {reason.words}" for reason in reasons)
        super().__init__(
            f"{person} cannot stand {shift.code} by the rules",
            where=words,
            mend="A detail leader may override this with a reason.",
        )


def is_never(why: Iterable[Reason]) -> bool:
    return any(one.rule in NEVER for one in why)


@transaction.atomic
def assign(
    *,
    actor: Actor,
    shift: Shift,
    person: User,
    vehicle: str | None = None,
    reason: str = "",
    leaving: Assignment | None = None,
) -> Assignment:
    """Put a person on a shift. ``reason`` overrides rules, not a double booking or an absence.

    ``leaving``: the duty this person comes from; it is taken off in the same step.
    """
    require(actor, "roster.change", shift.compartment_id)
    operation = shift.roster.operation
    person = rows.teammate(actor, operation, person.email)
    found = book(actor, operation)
    less = leaving.shift.code if leaving and leaving.person_id == person.pk else ""
    why = found.why_not(person, shift, less)
    if leaving is not None:
        Assignment.objects.visible_to(actor).filter(pk=leaving.pk).delete()
    _room(actor, shift, person)
    _refuse(actor, shift, person, why, reason)
    declined = Assignment.objects.visible_to(actor).filter(shift=shift, person=person)
    declined.filter(state=Assignment.State.DECLINED).delete()
    made = _create(
        actor, shift, person, _vehicle(actor, shift, vehicle),
        broken=[one.rule for one in why], override=clean(reason)[:300] if why else "",
    )  # fmt: skip
    if why:
        rules = ", ".join(dict.fromkeys(made.broken))
        text = f"{person} stands {shift.code} {shift.title} against {rules}: {made.override}"
        announce_roster(shift, "overridden", text, actor)
    tell(shift.roster)
    return made


def _room(actor: Actor, shift: Shift, person: User) -> None:
    on = list(Assignment.objects.visible_to(actor).filter(shift=shift, state__in=rows.STANDING))
    if any(row.person_id == person.pk for row in on):
        raise Refused(f"{person} stands this shift already", where=shift.code)
    if len(on) >= shift.wanted:
        raise Conflict(
            f"The shift is full: {shift.wanted} wanted", shift.code, "Take somebody off it first."
        )


def _refuse(actor: Actor, shift: Shift, person: User, why: tuple[Reason, ...], reason: str) -> None:
    if not why:
        return
    if is_never(why):
        zone = shift.roster.operation.time_zone
        if rows.taken([person], shift.starts, shift.ends):
            words = taken_words(actor, person, shift.starts, shift.ends, zone)
            raise Conflict(words, where=f"{shift.code} {shift.title}")
        raise Conflict(f"{person} is taken: {why[0].words}", where=shift.code)
    if len(clean(reason)) < SHORTEST_REASON:
        raise AgainstRules(person, shift, why)
    require(actor, "roster.override", shift.compartment_id)
    if actor.is_system:
        raise Denied("Only a named person overrides a rule", mend="Use --as with an e-mail.")


def _vehicle(actor: Actor, shift: Shift, given: str | None) -> str:
    """The shift's vehicle goes with the first who stands it; it has one keeper at a time."""
    if given is not None:
        return clean(given)[:40]
    kept = Assignment.objects.visible_to(actor).filter(
        shift=shift, state__in=rows.STANDING, vehicle=shift.vehicle
    )
    return "" if kept.exists() else shift.vehicle


def _create(actor: Actor, shift: Shift, person: User, vehicle: str, **more: Any) -> Assignment:
    """The database has the last word: two who plan at once cannot both take the same person."""
    try:
        with transaction.atomic():
            return Assignment.objects.create(
                compartment_id=shift.compartment_id, shift=shift, person=person, vehicle=vehicle,
                starts=shift.starts, ends=shift.ends, made_by_id=actor.pk, **more,
            )  # fmt: skip
    except IntegrityError as error:
        zone, place = shift.roster.operation.time_zone, f"{shift.code} {shift.title}"
        if "no_vehicle_twice" in str(error):
            words = f"The vehicle {vehicle} is out at the same time"
            raise Conflict(words, place, "Choose another vehicle.") from error
        if "nobody_twice" in str(error):
            words = taken_words(actor, person, shift.starts, shift.ends, zone)
            raise Conflict(words, place) from error
        raise Conflict("Somebody else changed this shift", place, "Look again.") from error


@transaction.atomic
def unassign(*, actor: Actor, assignment: Assignment) -> None:
    """Take somebody off; who was told of the duty is told at the next publication."""
    require(actor, "roster.change", assignment.compartment_id)
    roster = assignment.shift.roster
    assignment.delete()
    tell(roster)


@transaction.atomic
def move(
    *,
    actor: Actor,
    assignment: Assignment,
    person: User | None = None,
    shift: Shift | None = None,
    reason: str = "",
) -> Assignment:
    """The same duty to another person, or the same person to another shift; all or nothing."""
    require(actor, "roster.change", assignment.compartment_id)
    shift, person = shift or assignment.shift, person or assignment.person
    if shift.roster_id != assignment.shift.roster_id:
        raise NotFound("There is no such shift in this roster", where=shift.code)
    if shift == assignment.shift and person == assignment.person:
        return assignment
    return assign(actor=actor, shift=shift, person=person, reason=reason, leaving=assignment)


@transaction.atomic
def answer(*, actor: Actor, assignment: Assignment, accept: bool, said: str = "") -> Assignment:
    """The officer's own word on a published duty. Who declines says why; the leader is alerted."""
    if actor.is_system or assignment.person_id != actor.pk:
        require(actor, "roster.change", assignment.compartment_id)
        raise Denied("Only the officer answers for a duty", where=str(assignment.person))
    require(actor, "roster.view", assignment.compartment_id)
    if assignment.state not in Assignment.TOLD:
        raise Refused("This duty is not published", where=assignment.shift.code)
    if not accept and len(clean(said)) < SHORTEST_REASON:
        raise Refused("Say in a few words why you cannot stand it", where="reason")
    if assignment.ends <= now():
        raise Refused("This duty is over", where=assignment.shift.code)
    state = Assignment.State.ACCEPTED if accept else Assignment.State.DECLINED
    if assignment.state == state:
        return assignment
    if accept and assignment.state == Assignment.State.DECLINED:
        _room(actor, assignment.shift, assignment.person)
    _set_state(actor, assignment, state, "" if accept else clean(said)[:300])
    shift = assignment.shift
    word = "accepts" if accept else "declines"
    text = f"{assignment.person} {word} {shift.code} {shift.title}"
    announce_roster(shift, word, text, actor)
    if not accept:
        raise_alert(
            operation=shift.roster.operation, title=text, source="roster", actor=actor,
            dedupe=f"declined {assignment.pk}", body=assignment.said, starts=shift.starts,
            ends=shift.ends, action="Find somebody else for this shift.",
        )  # fmt: skip
    return assignment


def _set_state(actor: Actor, assignment: Assignment, state: str, said: str) -> None:
    assignment.state, assignment.said, assignment.answered_at = state, said, now()
    try:
        with transaction.atomic():
            assignment.save(update_fields=["state", "said", "answered_at"])
    except IntegrityError as error:
        shift = assignment.shift
        zone = shift.roster.operation.time_zone
        words = taken_words(actor, assignment.person, shift.starts, shift.ends, zone)
        raise Conflict(words, where=shift.code) from error


def announce_roster(shift: Shift, event: str, text: str, actor: Actor) -> None:
    announce(
        topic="roster",
        event=event,
        text=text,
        compartment_id=shift.compartment_id,
        operation_id=shift.roster.operation_id,
        actor=actor,
    )
