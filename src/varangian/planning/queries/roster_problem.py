"""The roster of an operation as the file that the solver reads: one way for all doors."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from varangian.engines.rostering import Answer, Problem, Reason, look, why_not
from varangian.kernel.results import Refused
from varangian.kernel.windows import TimeWindow
from varangian.platform.access.models import User
from varangian.platform.access.scope import Actor

from ..models import Assignment, Roster, Shift
from ..rosterfile.reading import Read, read_document
from . import roster as rows

BEFORE = timedelta(days=28)
"""Duties so long before the roster count towards rest and rows of days and nights."""
REFERENCE = timedelta(days=119)


@dataclass
class Book:
    """A roster with everything the engine must know; ids are e-mail addresses and S1, S2, ..."""

    roster: Roster
    shifts: list[Shift]
    assignments: list[Assignment]
    people: list[User]
    document: dict[str, Any]
    read: Read

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Who stands what, those who declined left out."""
        return [
            (row.person.email, row.shift.code)
            for row in self.assignments
            if row.state in rows.STANDING
        ]

    def look(self) -> Answer:
        return look(self.read.problem, self.pairs)

    def why_not(self, person: User, shift: Shift, less: str = "") -> tuple[Reason, ...]:
        """Rules against it beside the person's other duties, ``less`` (a shift) left out."""
        mine = [(o, s) for o, s in self.pairs if (o, s) != (person.email, less)]
        found = why_not(self.read.problem, mine, [person.email], [shift.code])
        return found.get((person.email, shift.code), ())

    def why_nots(self, shift: Shift) -> dict[str, tuple[Reason, ...]]:
        """For one shift: e-mail to the rules against that person."""
        return self.why_nots_of([shift])[shift.code]

    def why_nots_of(self, shifts: list[Shift]) -> dict[str, dict[str, tuple[Reason, ...]]]:
        """The same for many, at little more than the price of one."""
        made: dict[str, dict[str, tuple[Reason, ...]]] = {shift.code: {} for shift in shifts}
        found = why_not(self.read.problem, self.pairs, None, list(made))
        for (officer, code), why in found.items():
            made[code][officer] = why
        return made


def book(actor: Actor, operation: Any) -> Book:
    """Raises Refused while there is no shift or nobody to stand it."""
    roster = rows.roster(actor, operation)
    shifts = list(rows.shifts(actor, operation)) if roster else []
    people = rows.team(actor, operation)
    if roster is None or not shifts:
        raise Refused("There are no shifts yet", operation.slug, "Make them from the posts.")
    if not people:
        mend = "Add members as detail leader, officer, driver or operator."
        raise Refused("Nobody stands posts of this operation", operation.slug, mend)
    assigned = list(rows.assignments(actor, operation))
    present = {person.pk for person in people}
    assigned = [row for row in assigned if row.person_id in present]
    holds = _holds(shifts, people, assigned)
    document = _document(actor, roster, shifts, people, assigned, holds)
    read = read_document(document)
    read.problem = _to_the_minute(read.problem, people, holds)
    return Book(roster, shifts, assigned, people, document, read)


def _holds(
    shifts: list[Shift], people: list[User], assigned: list[Assignment]
) -> dict[Any, list[Any]]:
    """What takes each person besides this roster, from the reference period before it on."""
    first, last = min(s.starts for s in shifts), max(s.ends for s in shifts)
    here = {row.pk for row in assigned}
    found: dict[Any, list[Any]] = {}
    for hold in rows.taken(people, first - REFERENCE, last):
        if hold.source not in here:
            found.setdefault(hold.person_id, []).append(hold)
    return found


def _to_the_minute(problem: Problem, people: list[User], holds: dict[Any, list[Any]]) -> Problem:
    """The file knows whole days of absence; somebody may fall sick at noon."""
    away = {
        person.email: tuple(
            (hold.kind, TimeWindow(hold.starts, hold.ends))
            for hold in holds.get(person.pk, [])
            if hold.kind != "duty"
        )
        for person in people
    }
    officers = tuple(replace(o, unavailable=away[o.id]) for o in problem.officers)
    return replace(problem, officers=officers)


def _document(
    actor: Actor,
    roster: Roster,
    shifts: list[Shift],
    people: list[User],
    assigned: list[Assignment],
    holds: dict[Any, list[Any]],
) -> dict[str, Any]:
    first, zone = min(s.starts for s in shifts), roster.operation.time_zone
    records = rows.records(actor, people)
    return {
        "format": "varangian-roster/1",
        "zone": zone,
        "jurisdiction": roster.jurisdiction,
        "officers": [
            _officer(
                person,
                records[person.pk].facts if person.pk in records else {},
                holds.get(person.pk, []),
                first,
                zone,
            )
            for person in people
        ],
        "shifts": [_shift(shift) for shift in shifts],
        "travel": roster.ways,
        "assignments": [
            {
                "officer": row.person.email,
                "shift": row.shift.code,
                "locked": row.state in Assignment.TOLD or row.by_hand,
            }
            for row in assigned
            if row.state in rows.STANDING
        ],
    }


def _officer(
    person: User, facts: dict[str, Any], holds: list[Any], first: datetime, zone: str
) -> dict[str, Any]:
    """Other work is told as times alone: what it is for is not this operation's to know."""
    there = ZoneInfo(facts.get("zone") or zone)
    duties = [hold for hold in holds if hold.kind == "duty"]
    made = {
        **facts,
        "id": person.email,
        "name": person.name,
        "prior": [
            {"start": h.starts.isoformat(), "end": h.ends.isoformat()}
            for h in duties
            if h.ends > first - BEFORE
        ],
        "away": [_away(hold, there) for hold in holds if hold.kind != "duty"],
    }
    before = [hold for hold in duties if hold.ends <= first]
    if before:
        hours = sum((h.ends - h.starts).total_seconds() for h in before) / 3600
        days = max(1, (first - min(h.starts for h in before)).days)
        made["history"] = {"hours": round(hours, 2), "days": min(days, REFERENCE.days)}
    return made


def _away(hold: Any, there: ZoneInfo) -> dict[str, Any]:
    """Whole days in the file; the database keeps the minute."""
    last = hold.ends - timedelta(minutes=1)
    return {
        "from": hold.starts.astimezone(there).date().isoformat(),
        "to": last.astimezone(there).date().isoformat(),
        "why": hold.kind,
    }


def site_of(shift: Shift) -> str:
    """Where one reports for it; the operation stands for a site that nobody named."""
    return shift.site or shift.roster.operation.title[:80]


def _shift(shift: Shift) -> dict[str, Any]:
    return {
        "id": shift.code,
        "post": shift.title,
        "site": site_of(shift),
        "start": shift.starts.isoformat(),
        "end": shift.ends.isoformat(),
        "zone": shift.zone,
        "end_zone": shift.end_zone,
        "wanted": shift.wanted,
        "priority": shift.priority,
        **shift.needs,
    }


def left_to_solve(found: Book) -> Problem:
    """Without the duties that stand against a rule: the solver would take them out. Their places
    are filled, and their people were at work."""
    document = {**found.document}
    fixed = [row for row in found.assignments if row.broken and row.state in rows.STANDING]
    filled = Counter(row.shift.code for row in fixed)
    document["shifts"] = [
        {
            **shift,
            "wanted": left,
            "among": [n for n in shift.get("among", ()) if n["count"] <= left],
        }
        for shift in document["shifts"]
        if (left := shift["wanted"] - filled[shift["id"]]) > 0
    ]
    pairs = {(row.person.email, row.shift.code) for row in fixed}
    document["assignments"] = [
        row for row in document["assignments"] if (row["officer"], row["shift"]) not in pairs
    ]
    worked: dict[str, list[dict[str, str]]] = {}
    for row in fixed:
        span = {"start": row.starts.isoformat(), "end": row.ends.isoformat()}
        worked.setdefault(row.person.email, []).append(span)
    document["officers"] = [
        {**officer, "prior": [*officer["prior"], *worked.get(officer["id"], [])]}
        for officer in document["officers"]
    ]
    if not document["shifts"]:
        raise Refused("Every place is filled already", found.roster.operation.slug)
    made = read_document(document).problem
    officers = {officer.id: officer for officer in found.read.problem.officers}
    people = tuple(replace(o, unavailable=officers[o.id].unavailable) for o in made.officers)
    return replace(made, officers=people)
