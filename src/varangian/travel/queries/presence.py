"""Reads of presence: where everybody of a party is, and who is in a country now."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from varangian.kernel.clock import now
from varangian.kernel.geometry import haversine_km
from varangian.kernel.results import NotFound
from varangian.operations import queries as operation_queries
from varangian.operations.models import Movement, Operation
from varangian.platform.access.scope import Actor, may
from varangian.tracking import queries as tracking

from ..models import PartyPerson, PresenceFact, SafeClock
from ..presence_places import country_of, lies_in, spot_of
from ..presence_rules import (
    Booked,
    Evidence,
    Heard,
    Interval,
    Spot,
    Where,
    at_moment,
    goes_along,
    presence,
    same_person,
)

OPEN = ("draft", "planned", "active")
FRESH = timedelta(minutes=15)
MOST_OPERATIONS = 500


@dataclass(frozen=True, slots=True)
class Line:
    """One person at one moment. ``person`` None is the principal."""

    operation: Operation
    person: PartyPerson | None
    interval: Interval | None
    intervals: list[Interval]
    confirmed_at: datetime | None
    """When somebody last confirmed them safe."""
    clock: SafeClock | None
    due_at: datetime | None
    overdue: bool
    position: Evidence | None = None
    metres_off: int | None = None
    """How far the device of the principal is from the place of the plan."""

    @property
    def name(self) -> str:
        return self.person.name if self.person else self.operation.principal.code_name

    @property
    def over(self) -> bool:
        """Somebody said that the journey is over for them."""
        return self.interval is not None and self.interval.where == Where.OVER

    @property
    def end_unknown(self) -> bool:
        return self.interval is not None and not self.interval.until_known


@dataclass(slots=True)
class Known:
    """What is on record of some operations, read once."""

    legs: dict[UUID, list[Movement]] = field(default_factory=lambda: defaultdict(list))
    party: dict[UUID, list[PartyPerson]] = field(default_factory=lambda: defaultdict(list))
    facts: dict[UUID, list[PresenceFact]] = field(default_factory=lambda: defaultdict(list))
    clocks: dict[tuple[UUID, UUID | None], SafeClock] = field(default_factory=dict)


def party(actor: Actor, operation: Operation) -> QuerySet[PartyPerson]:
    """Who travels along, besides the principal; whoever was taken off is not in it."""
    return people(actor).filter(operation=operation, left_at=None)


def people(actor: Actor) -> QuerySet[PartyPerson]:
    return PartyPerson.objects.visible_to(actor).select_related("operation")


def party_person(actor: Actor, pk: UUID) -> PartyPerson:
    found = people(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such person, or they are not yours to see", where=str(pk))
    return found


def person_named(actor: Actor, operation: Operation, name: str) -> PartyPerson | None:
    """None is the principal, by code name or by the word principal."""
    wanted = name.strip().casefold()
    if wanted in ("principal", operation.principal.code_name.casefold()):
        return None
    for one in party(actor, operation):
        if one.name.casefold() == wanted or same_person(one.name, name):
            return one
    raise NotFound("Nobody of this name is in the party", where=name, mend="See the list first.")


def present(actor: Actor, operation: Operation, at: datetime | None = None) -> list[Line]:
    """Everybody of the party at a moment: who is overdue first, then who is not known."""
    return _ordered(_lines(actor, [operation], at or now(), positions=at is None))


def who_is_in(actor: Actor, asked: str = "", at: datetime | None = None) -> list[Line]:
    """Over all operations: who is in a country or place, on the way there, or was there last.

    A journey that is closed keeps those whose end nobody knows: nobody drops out.
    """
    moment = at or now()
    found = _lines(actor, _operations(actor), moment, positions=False)
    here = [line for line in found if line.interval and _counts(line, moment)]
    kept = [line for line in here if line.interval and (not asked or lies_in(line.interval, asked))]
    return _ordered(_newest_of_principals(kept))


def expected_back(actor: Actor, operation: Operation) -> list[Line]:
    """Those whose journey has no known end."""
    return [line for line in present(actor, operation) if _last_is_open(line)]


def named_on_bookings(actor: Actor, operation: Operation) -> list[str]:
    """Names that stand on bookings and are of nobody in the party."""
    known = [one.name for one in party(actor, operation)]
    rows = operation_queries.movements(actor, operation)
    names = dict.fromkeys(name for row in rows for name in row.details.get("travellers", []))
    return [name for name in names if not any(same_person(name, one) for one in known)]


def facts_of(actor: Actor, operation: Operation) -> QuerySet[PresenceFact]:
    found = PresenceFact.objects.visible_to(actor).filter(operation=operation)
    return found.select_related("person", "place", "by").order_by("-at")


def _operations(actor: Actor) -> list[Operation]:
    rows = operation_queries.operations(actor).exclude(state=Operation.State.CANCELLED)
    return [
        row for row in rows[:MOST_OPERATIONS] if may(actor, "presence.view", row.compartment_id)
    ]


def _counts(line: Line, at: datetime) -> bool:
    if line.interval is None or line.interval.where == Where.OVER:
        return False
    if line.operation.state in OPEN:
        return line.person is None or line.person.left_at is None
    left = line.person is not None and line.person.left_at is not None
    return not left and _last_is_open(line) and line.interval.since <= at


def _last_is_open(line: Line) -> bool:
    """A journey ends known when its last leg arrived by plan, or somebody said that it is over."""
    if not line.intervals:
        return False
    last = line.intervals[-1]
    arrived = last.where == Where.AT and len(line.intervals) > 1
    before = line.intervals[-2] if arrived else None
    came_home = before is not None and before.where == Where.MOVING and before.until_known
    back = came_home and last.spot.words == line.intervals[0].spot.words
    return last.where != Where.OVER and not back


def _newest_of_principals(lines: list[Line]) -> list[Line]:
    """One principal is at one place: what began last holds over the journeys before."""
    best: dict[Any, Line] = {}
    for line in lines:
        if line.person is None and line.interval:
            known = best.get(line.operation.principal_id)
            if not (known and known.interval and known.interval.since > line.interval.since):
                best[line.operation.principal_id] = line
    chosen = {id(line) for line in best.values()}
    return [line for line in lines if line.person is not None or id(line) in chosen]


def _lines(
    actor: Actor, operations: list[Operation], at: datetime, *, positions: bool
) -> list[Line]:
    known = _known(actor, operations)
    return [
        _line(actor, operation, person, known, at, positions)
        for operation in operations
        for person in (None, *known.party[operation.pk])
    ]


def _known(actor: Actor, operations: list[Operation]) -> Known:
    found, ids = Known(), [row.pk for row in operations]
    for leg in operation_queries.movements(actor).filter(operation_id__in=ids):
        found.legs[leg.operation_id].append(leg)  # pyright: ignore[reportAttributeAccessIssue]
    for person in people(actor).filter(operation_id__in=ids, left_at=None):
        found.party[person.operation_id].append(person)  # pyright: ignore
    facts = PresenceFact.objects.visible_to(actor).filter(operation_id__in=ids)
    for fact in facts.select_related("place", "by").order_by("at", "made_at"):
        found.facts[fact.operation_id].append(fact)
    for clock in SafeClock.objects.visible_to(actor).filter(operation_id__in=ids):
        found.clocks[clock.operation_id, clock.person_id] = clock
    return found


def _line(
    actor: Actor,
    operation: Operation,
    person: PartyPerson | None,
    known: Known,
    at: datetime,
    positions: bool,
) -> Line:
    pk = person.pk if person else None
    facts = [f for f in known.facts[operation.pk] if f.person_id == pk and f.at <= at]
    names = [one.name for one in known.party[operation.pk]]
    own = person.name if person else None
    legs = known.legs[operation.pk]
    booked = [leg for row in legs if goes_along(leg := booked_of(row), own, names)]
    intervals = presence(booked, map(heard_of, facts), at)
    interval = at_moment(intervals, at)
    confirmed = max((fact.at for fact in facts if fact.safe), default=None)
    clock = known.clocks.get((operation.pk, pk))
    due = _due(clock, confirmed)
    over = interval is not None and interval.where == Where.OVER
    position, metres = (None, None)
    if positions and person is None:
        position, metres = _position(actor, operation, legs, interval)
    return Line(
        operation=operation,
        person=person,
        interval=interval,
        intervals=intervals,
        confirmed_at=confirmed,
        clock=clock,
        due_at=None if over else due,
        overdue=bool(due and due <= at and not over),
        position=position,
        metres_off=metres,
    )


def booked_of(row: Movement) -> Booked:
    details = row.details or {}
    return Booked(
        title=row.title,
        stay=row.is_stay,
        state=row.state,
        starts=row.starts,
        ends=row.ends,
        zone=row.zone,
        origin=spot_of(row.origin),
        destination=spot_of(row.destination or row.origin),
        kind=row.kind,
        travellers=tuple(details.get("travellers", ())),
        reservation=details.get("reservation", ""),
        day_only=bool(details.get("day_only")),
        updated_at=row.updated_at,
    )


def heard_of(fact: PresenceFact) -> Heard:
    spot = spot_of(fact.place) if fact.place else words_spot(fact.words)
    return Heard(
        at=fact.at,
        until=fact.until,
        spot=spot,
        how=fact.how,
        words=fact.note or fact.get_how_display(),  # pyright: ignore
        by=str(fact.by) if fact.by else "console",
        safe=fact.safe,
        over=fact.over,
    )


def words_spot(words: str) -> Spot | None:
    return Spot(words, country_of(words)) if words else None


def _due(clock: SafeClock | None, confirmed: datetime | None) -> datetime | None:
    if clock is None:
        return None
    last = max(confirmed, clock.since) if confirmed else clock.since
    return last + timedelta(minutes=clock.minutes)


def _position(
    actor: Actor, operation: Operation, legs: Iterable[Movement], interval: Interval | None
) -> tuple[Evidence | None, int | None]:
    """The device of the principal, or of whoever is with them; old positions tell nothing."""
    found = tracking.place_of(actor, operation)
    if found is None or now() - found.at > FRESH:
        return None, None
    words = f"{found.lat:.4f}, {found.lon:.4f}"
    evidence = Evidence("position", words, found.at, "device")
    if interval is None or interval.where != Where.AT:
        return evidence, None
    points = [p for row in legs for p in (row.origin, row.destination) if p and p.located]
    there = next((p.position for p in points if p.name == interval.spot.words), None)
    if there is None:
        return evidence, None
    return evidence, round(haversine_km((found.lat, found.lon), tuple(there)) * 1000)


def _ordered(lines: list[Line]) -> list[Line]:
    def rank(line: Line) -> tuple[bool, datetime, bool, bool, str]:
        unknown = line.interval is None or line.interval.where == Where.UNKNOWN
        return (
            not line.overdue,
            line.due_at if line.overdue and line.due_at else now(),
            not unknown,
            line.person is not None,
            line.name,
        )

    return sorted(lines, key=rank)
