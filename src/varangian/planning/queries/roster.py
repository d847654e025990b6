"""The roster as a person may read it: plans for who plans, published duties for the team."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from varangian.kernel.results import NotFound
from varangian.operations import queries as operations
from varangian.platform.access.models import User
from varangian.platform.access.queries import members
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import Actor, may, system_read

from ..models import (
    Absence,
    Assignment,
    CalendarLink,
    Hold,
    OfficerRecord,
    Roster,
    RosterEdition,
    RosterRun,
    Shift,
)

ON_DUTY = frozenset({Role.DETAIL_LEADER, Role.OFFICER, Role.DRIVER, Role.OPERATOR})
"""Members of these roles stand posts."""
STANDING = (Assignment.State.PROPOSED, Assignment.State.PUBLISHED, Assignment.State.ACCEPTED)


def roster(actor: Actor, operation: Any) -> Roster | None:
    return Roster.objects.visible_to(actor).filter(operation=operation).first()


def may_plan(actor: Actor, operation: Any) -> bool:
    return may(actor, "roster.change", operation.compartment_id)


def shifts(actor: Actor, operation: Any) -> QuerySet[Shift]:
    found = Shift.objects.visible_to(actor).filter(roster__operation=operation)
    return found.select_related("post", "roster__operation").order_by("starts", "serial")


def shift(actor: Actor, pk: UUID) -> Shift:
    rows = Shift.objects.visible_to(actor).select_related("roster__operation", "post")
    return _one(rows.filter(pk=pk), "shift", str(pk))


def shift_coded(actor: Actor, operation: Any, serial: int) -> Shift:
    return _one(shifts(actor, operation).filter(serial=serial), "shift", f"S{serial}")


def assignments(actor: Actor, operation: Any) -> QuerySet[Assignment]:
    """All of them for who plans; what was published, for the team."""
    found = Assignment.objects.visible_to(actor).filter(shift__roster__operation=operation)
    if not may_plan(actor, operation):
        found = found.filter(state__in=Assignment.TOLD)
    return found.select_related("shift", "person").order_by("starts", "made_at")


def assignment(actor: Actor, pk: UUID) -> Assignment:
    rows = Assignment.objects.visible_to(actor)
    found = _one(
        rows.select_related("shift__roster__operation", "shift__post", "person").filter(pk=pk),
        "duty", str(pk),
    )  # fmt: skip
    mine = found.person_id == actor.pk and found.state in Assignment.TOLD
    if not (mine or may_plan(actor, found)):
        raise NotFound("There is no such duty, or it is not yours to see", where=str(pk))
    return found


def duties_of(person: Actor, since: datetime | None = None) -> QuerySet[Assignment]:
    """A person's own published duties, in every operation they are still a member of."""
    found = Assignment.objects.visible_to(person).filter(
        person_id=person.pk, state__in=Assignment.TOLD
    )
    if since is not None:
        found = found.filter(ends__gt=since)
    return found.select_related("shift__roster__operation", "shift__post").order_by("starts")


def unanswered(person: Actor, since: datetime) -> int:
    return duties_of(person, since).filter(state=Assignment.State.PUBLISHED).count()


def editions(actor: Actor, operation: Any) -> QuerySet[RosterEdition]:
    found = RosterEdition.objects.visible_to(actor).filter(roster__operation=operation)
    return found.select_related("by").order_by("-number")


def runs(actor: Actor, operation: Any) -> QuerySet[RosterRun]:
    found = RosterRun.objects.visible_to(actor).filter(roster__operation=operation)
    return found.select_related("by", "person").order_by("-at")


def run(actor: Actor, pk: UUID) -> RosterRun:
    rows = RosterRun.objects.visible_to(actor).select_related("roster__operation", "person")
    return _one(rows.filter(pk=pk), "run of the solver", str(pk))


def team(actor: Actor, operation: Any) -> list[User]:
    """Members who stand posts, those of the engagement with them."""
    found: dict[UUID, User] = {}
    for row in members(actor, operation.compartment_id):
        if Role(row.role) in ON_DUTY and row.user.is_active:
            found[row.user_id] = row.user
    return sorted(found.values(), key=lambda person: person.name)


def teammate(actor: Actor, operation: Any, email: str) -> User:
    for person in team(actor, operation):
        if email.lower() in (person.email, str(person.pk)):
            return person
    raise NotFound(
        "This person does not stand posts of this operation",
        where=email,
        mend="Add the person to the operation as officer or driver.",
    )


def records(actor: Actor, people: Iterable[User]) -> dict[UUID, OfficerRecord]:
    found = OfficerRecord.objects.visible_to(actor).filter(person__in=list(people))
    return {row.person_id: row for row in found}


def absences(actor: Actor, people: Iterable[User], since: datetime) -> QuerySet[Absence]:
    found = Absence.objects.visible_to(actor).filter(person__in=list(people), ends__gt=since)
    return found.select_related("person")


def absence(actor: Actor, pk: UUID) -> Absence:
    return _one(Absence.objects.visible_to(actor).filter(pk=pk), "absence", str(pk))


@system_read("when a person is taken elsewhere is told to who plans, and nothing more of it")
def taken(people: Iterable[User], start: datetime, end: datetime) -> list[Hold]:
    """Who of these people is taken in this time, wherever: spans, without what for."""
    found = Hold.objects.filter(person__in=list(people), starts__lt=end, ends__gt=start)
    return list(found.order_by("starts"))


@system_read("a vehicle has one place at a time, whoever drives it")
def vehicle_taken(digest: str, start: datetime, end: datetime) -> list[Hold]:
    found = Hold.objects.filter(vehicle=digest, starts__lt=end, ends__gt=start)
    return list(found.order_by("starts"))


@system_read("sickness ends duties in operations that the caller may not see; their leaders hear")
def duties_elsewhere(person: User, operation: Any, start: datetime, end: datetime) -> list[Any]:
    found = Assignment.objects.filter(
        person=person, starts__lt=end, ends__gt=start, state__in=STANDING
    ).exclude(shift__roster__operation=operation)
    return list(found.select_related("shift__roster__operation"))


@system_read("the house relieves posts by the clock, in every operation")
def standing_now(at: datetime, operation: Any = None) -> list[Assignment]:
    """Published duties that run now, the oldest answer first, of operations not yet closed."""
    found = Assignment.objects.filter(
        starts__lte=at, ends__gt=at, shift__post__isnull=False,
        state__in=(Assignment.State.PUBLISHED, Assignment.State.ACCEPTED),
        shift__roster__operation__state__in=("planned", "active"),
    )  # fmt: skip
    if operation is not None:
        found = found.filter(shift__roster__operation=operation)
    return list(found.select_related("shift__post__holder", "person").order_by("state", "made_at"))


def calendar_link(person: Actor) -> CalendarLink | None:
    found = CalendarLink.objects.visible_to(person, "roster.override")
    return found.filter(person_id=person.pk, revoked_at=None).first()


def operations_rostered(actor: Actor) -> list[Any]:
    """Operations in hand whose roster this person plans."""
    rows = operations.operations(actor).filter(state__in=("draft", "planned", "active"))
    return [row for row in rows[:50] if may_plan(actor, row)]


def _one(found: Any, words: str, name: str) -> Any:
    row = found.first()
    if row is None:
        raise NotFound(f"There is no such {words}, or it is not yours to see", where=name)
    return row


def duty_seen(actor: Actor, pk: UUID) -> Assignment | None:
    """A duty, if this person plans it."""
    rows = Assignment.objects.visible_to(actor, "roster.change").select_related("shift")
    return rows.filter(pk=pk).first()
