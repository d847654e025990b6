"""Reads of drivers: their file, and their hours as they really were."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from varangian.kernel.clock import now
from varangian.kernel.results import NotFound
from varangian.operations import queries as operation_queries
from varangian.platform.access.models import User
from varangian.platform.access.queries import members
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM, Actor, circles, system_read

from ..events import duties_asked, roster_asked
from ..fleet.agreement import Difference, differences
from ..fleet.hours import Hours, Span, reckon
from ..fleet.library import driving_hours
from ..models import Allotment, DriverFile, Wheel

HORIZON = timedelta(days=35)
AT_THE_WHEEL = (Role.DETAIL_LEADER, Role.OFFICER, Role.DRIVER, Role.OPERATOR)


@dataclass(frozen=True)
class Driver:
    """A person as who plans sees them; without a file nothing of it is known."""

    person: User
    file: DriverFile | None
    hours: Hours
    dated: list[tuple[str, date | None]] = field(default_factory=list)
    """What runs out: words and day."""

    @property
    def facts(self) -> dict[str, Any]:
        return self.file.facts if self.file else {}

    @property
    def over(self) -> list[str]:
        today = now().date()
        return [words for words, ends in self.dated if ends and ends < today]


def files(actor: Actor) -> QuerySet[DriverFile]:
    return DriverFile.objects.visible_to(actor).select_related("person")


@system_read("names of those who sit where this person plans, and the person's own")
def people(actor: Actor) -> list[User]:
    found = User.objects.filter(is_active=True)
    roles = [role.value for role in AT_THE_WHEEL]
    if not actor.is_system:
        allowed = circles(actor, "driver.change")
        if allowed is None:
            return []
        mine = Q(memberships__compartment__in=allowed, memberships__role__in=roles)
        return list(found.filter(mine | Q(pk=actor.pk)).distinct().order_by("name"))
    return list(found.filter(memberships__role__in=roles).distinct().order_by("name"))


def person(actor: Actor, name: str) -> User:
    """By e-mail or id: somebody whose hours this person may see."""
    for row in people(actor):
        if name.lower() in (row.email, str(row.pk)):
            return row
    raise NotFound("There is no such driver, or they are not yours to see", where=name)


def of_operation(actor: Actor, operation: Any) -> list[User]:
    """Who can be given the wheel in an operation."""
    found = {
        row.user_id: row.user
        for row in members(actor, operation.compartment_id)
        if Role(row.role) in AT_THE_WHEEL and row.user.is_active
    }
    return sorted(found.values(), key=lambda one: one.name)


def member_named(actor: Actor, operation: Any, name: str) -> User | None:
    """By e-mail or id; no name is nobody."""
    if not name:
        return None
    for row in of_operation(actor, operation):
        if name.lower() in (row.email, str(row.pk)):
            return row
    mend = "Add the person to the operation as driver or officer."
    raise NotFound("This person does not drive in this operation", where=name, mend=mend)


def driver(actor: Actor, person: User, zone: str = "UTC") -> Driver:
    return drivers(actor, [person], zone)[0]


def drivers(actor: Actor, people: Iterable[User], zone: str = "UTC") -> list[Driver]:
    rows = list(people)
    known = {row.person_id: row for row in files(actor).filter(person__in=rows)}
    at = now()
    return [
        Driver(
            one,
            known.get(one.pk),
            reckon(spans(one.pk, at), at, driving_hours(), zone),
            dated(known[one.pk].facts) if one.pk in known else [],
        )
        for one in rows
    ]


def dated(facts: dict[str, Any]) -> list[tuple[str, date | None]]:
    rows = [(f"Licence {row['name']}", row.get("until")) for row in facts.get("licences", [])]
    rows += [(f"{row['name']} course", row.get("until")) for row in facts.get("courses", [])]
    if medical := facts.get("medical"):
        rows.append(("Medical", medical.get("until")))
    return [(words, date.fromisoformat(day) if day else None) for words, day in rows]


def wheel(actor: Actor, person: User, since: datetime | None = None) -> QuerySet[Wheel]:
    found = Wheel.objects.visible_to(actor).filter(person=person).select_related("by")
    return found.filter(Q(ends=None) | Q(ends__gt=since)) if since else found


@system_read("hours count in whatever operation they were worked; only sums are told")
def spans(person_id: UUID, at: datetime) -> list[Span]:
    """What was, from the duties that were taken up and from what was written at the wheel."""
    since = at - HORIZON
    own = Wheel.objects.filter(Q(ends=None) | Q(ends__gt=since), person_id=person_id)
    rows = [Span(row.kind, row.starts, row.ends) for row in own]  # pyright: ignore
    duties = operation_queries.duties_between(SYSTEM, since, at).filter(person_id=person_id)
    duties = duties.filter(compartment__exercise=False)
    return rows + [Span("duty", row.started_at, row.ended_at) for row in duties]


def on_the_roster(actor: Actor, person: User) -> dict[str, Any] | None:
    """What the roster knows of them; None: nothing, or it is not this person's to see."""
    answers: list[Any] = roster_asked.send(sender=DriverFile, actor=actor, person=person)
    return next((facts for _, facts in answers if facts), None)


def disagreements(actor: Actor, person: User, facts: dict[str, Any]) -> list[Difference]:
    """Where the driver's file and the officer's record of the roster differ."""
    roster = on_the_roster(actor, person)
    return differences(facts, roster) if facts and roster else []


def _spans(rows: Any) -> list[tuple[datetime, datetime]]:
    return list(rows or ())


def rostered(person_id: UUID, since: datetime, until: datetime) -> list[Span]:
    """Duties ahead by the roster: they are work, also for who drives."""
    answers: list[Any] = duties_asked.send(
        sender=Wheel, person_id=person_id, since=since, until=until
    )
    return [Span("duty", *times) for _, rows in answers for times in _spans(rows)]


@system_read("a leg elsewhere takes hours too; where it leads is not told")
def planned(person_id: UUID, until: datetime, but: UUID | None = None) -> list[Span]:
    """Legs assigned and not yet driven, as if all of their time were at the wheel, and duties."""
    rows = Allotment.objects.filter(driver_id=person_id, state="set", ends__gt=now())
    rows = rows.filter(starts__lt=until, movement__state__in=("planned", "confirmed"))
    legs = [Span("driving", row.starts, row.ends) for row in rows.exclude(movement_id=but)]
    return legs + rostered(person_id, now(), until)


@system_read("the stretch that runs is ended by whoever begins the next")
def wheel_now(person_id: UUID) -> Wheel | None:
    return Wheel.objects.filter(person_id=person_id, ends=None).first()
