"""The roster over the API."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from varangian.operations import queries as operations
from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.access.scope import require

from .. import services
from ..queries import roster as rows
from ..queries.roster_problem import book
from ..queries.roster_ways import ways
from ..shapes.roster import (
    absence_shape,
    assignment_shape,
    edition_shape,
    my_duty_shape,
    roster_shape,
    run_shape,
    shift_shape,
)

router = Router(tags=["roster"])


class Make(Schema):
    starts: datetime | None = None
    ends: datetime | None = None
    jurisdiction: str = ""


class NewShift(Schema):
    starts: datetime
    ends: datetime
    title: str = ""
    post: UUID | None = None
    zone: str = ""
    """Of times without an offset; empty: the operation's."""
    end_zone: str = ""
    wanted: int = 1
    priority: int = 3
    needs: dict[str, Any] | None = None
    """everyone and among, as in the roster's file format."""
    vehicle: str = ""
    site: str = ""


class ChangedShift(Schema):
    wanted: int | None = None
    priority: int | None = None
    needs: dict[str, Any] | None = None
    vehicle: str | None = None


class Put(Schema):
    email: str
    vehicle: str | None = None
    reason: str = ""
    """Overrides rules, never a double booking."""


class Moved(Schema):
    email: str
    reason: str = ""


class Search(Schema):
    seconds: float | None = None


class Sick(Schema):
    email: str
    since: datetime | None = None
    until: datetime | None = None


class Away(Schema):
    email: str
    starts: datetime
    ends: datetime
    why: str = "leave"


class DutyAnswer(Schema):
    accept: bool
    said: str = ""


class Facts(Schema):
    facts: dict[str, Any]
    """Fields of an officer in the roster's file format; what is not given stays."""


class Ways(Schema):
    ways: list[dict[str, Any]]
    """home, site, and minutes one way; takes the place of what was known."""


class Deed(Schema):
    take: bool
    """False drops the proposal."""


@router.get("/operations/{slug}/roster")
def show_roster(request: HttpRequest, slug: str):
    operation = operations.operation(request.user, slug)
    require(request.user, "roster.view", operation.compartment_id)
    return roster_shape(request.user, operation)


@router.post("/operations/{slug}/roster/make")
@idempotent
def make_shifts(request: HttpRequest, slug: str, given: Make):
    """Shifts from the posts and legs; those that are there stay."""
    operation = operations.operation(request.user, slug)
    services.open_roster(actor=request.user, operation=operation, jurisdiction=given.jurisdiction)
    made, there = services.make_shifts(
        actor=request.user, operation=operation, starts=given.starts, ends=given.ends
    )
    return {"made": [shift_shape(row) for row in made], "were_there": there}


@router.post("/operations/{slug}/roster/shifts", response={201: dict})
@idempotent
def add_shift(request: HttpRequest, slug: str, given: NewShift):
    operation = operations.operation(request.user, slug)
    fields = given.dict()
    pk = fields.pop("post")
    post = operations.post(request.user, pk) if pk else None
    made = services.add_shift(actor=request.user, operation=operation, post=post, **fields)
    return 201, shift_shape(made)


@router.patch("/shifts/{pk}")
@idempotent
def change_shift(request: HttpRequest, pk: UUID, given: ChangedShift):
    found = rows.shift(request.user, pk)
    return shift_shape(services.change_shift(actor=request.user, shift=found, **given.dict()))


@router.delete("/shifts/{pk}", response={204: None})
def remove_shift(request: HttpRequest, pk: UUID):
    services.remove_shift(actor=request.user, shift=rows.shift(request.user, pk))
    return 204, None


@router.get("/shifts/{pk}/barred")
def barred(request: HttpRequest, pk: UUID):
    """Whom the rules keep from this shift: e-mail to rule names and the case in words."""
    found = rows.shift(request.user, pk)
    require(request.user, "roster.change", found.compartment_id)
    held = book(request.user, found.roster.operation)
    return {o: {r.rule: r.words for r in why} for o, why in held.why_nots(found).items()}


@router.post("/shifts/{pk}/assignments", response={201: dict})
@idempotent
def assign(request: HttpRequest, pk: UUID, given: Put):
    found = rows.shift(request.user, pk)
    require(request.user, "roster.change", found.compartment_id)
    person = rows.teammate(request.user, found.roster.operation, given.email)
    made = services.assign(
        actor=request.user, shift=found, person=person, vehicle=given.vehicle,
        reason=given.reason,
    )  # fmt: skip
    return 201, assignment_shape(made)


@router.post("/assignments/{pk}/move")
@idempotent
def move(request: HttpRequest, pk: UUID, given: Moved):
    """The same duty to another person, or nothing."""
    row = rows.assignment(request.user, pk)
    require(request.user, "roster.change", row.compartment_id)
    person = rows.teammate(request.user, row.shift.roster.operation, given.email)
    made = services.move(actor=request.user, assignment=row, person=person, reason=given.reason)
    return assignment_shape(made)


@router.delete("/assignments/{pk}", response={204: None})
def unassign(request: HttpRequest, pk: UUID):
    services.unassign(actor=request.user, assignment=rows.assignment(request.user, pk))
    return 204, None


@router.post("/assignments/{pk}/answer")
@idempotent
def answer(request: HttpRequest, pk: UUID, given: DutyAnswer):
    """The officer's own word."""
    row = rows.assignment(request.user, pk)
    made = services.answer(actor=request.user, assignment=row, accept=given.accept, said=given.said)
    return my_duty_shape(made)


@router.post("/operations/{slug}/roster/plan")
@idempotent
def plan(request: HttpRequest, slug: str, given: Search):
    """A long search comes back as queued: read the run."""
    operation = operations.operation(request.user, slug)
    run = services.plan(actor=request.user, operation=operation, seconds=given.seconds)
    return run_shape(run)


@router.post("/operations/{slug}/roster/sick")
@idempotent
def call_sick(request: HttpRequest, slug: str, given: Sick):
    operation = operations.operation(request.user, slug)
    require(request.user, "roster.change", operation.compartment_id)
    person = rows.teammate(request.user, operation, given.email)
    run = services.call_sick(
        actor=request.user, operation=operation, person=person, since=given.since,
        until=given.until,
    )  # fmt: skip
    return run_shape(run)


@router.get("/roster-runs/{pk}")
def show_run(request: HttpRequest, pk: UUID):
    return run_shape(rows.run(request.user, pk))


@router.post("/roster-runs/{pk}/decide")
@idempotent
def decide_run(request: HttpRequest, pk: UUID, given: Deed):
    """Take or drop the proposal after a sick call."""
    run = rows.run(request.user, pk)
    deed = services.take_run if given.take else services.drop_run
    deed(actor=request.user, run=run)
    return run_shape(rows.run(request.user, pk))


@router.post("/roster-runs/{pk}/stop")
def stop_run(request: HttpRequest, pk: UUID):
    run = rows.run(request.user, pk)
    services.stop_run(actor=request.user, run=run)
    return run_shape(rows.run(request.user, pk))


@router.post("/operations/{slug}/roster/publish")
@idempotent
def publish(request: HttpRequest, slug: str):
    operation = operations.operation(request.user, slug)
    return edition_shape(services.publish(actor=request.user, operation=operation))


@router.get("/operations/{slug}/roster/editions")
def list_editions(request: HttpRequest, slug: str, paging: PageOf):
    operation = operations.operation(request.user, slug)
    require(request.user, "roster.view", operation.compartment_id)
    return page(rows.editions(request.user, operation), paging, edition_shape)


@router.get("/operations/{slug}/roster/export")
def export_roster(request: HttpRequest, slug: str):
    """The file that ``varangian roster solve`` reads."""
    operation = operations.operation(request.user, slug)
    require(request.user, "roster.change", operation.compartment_id)
    return book(request.user, operation).document


@router.get("/operations/{slug}/officers")
def list_officers(request: HttpRequest, slug: str):
    operation = operations.operation(request.user, slug)
    require(request.user, "roster.change", operation.compartment_id)
    people = rows.team(request.user, operation)
    records = rows.records(request.user, people)
    return [
        {
            "email": person.email,
            "name": person.name,
            "facts": records[person.pk].facts if person.pk in records else None,
        }
        for person in people
    ]


@router.get("/operations/{slug}/officers/ways")
def list_ways(request: HttpRequest, slug: str):
    """Every home and site that occur; minutes are null while nobody has said."""
    operation = operations.operation(request.user, slug)
    require(request.user, "roster.change", operation.compartment_id)
    return [asdict(way) for way in ways(request.user, operation)]


@router.put("/operations/{slug}/officers/ways")
@idempotent
def write_ways(request: HttpRequest, slug: str, given: Ways):
    operation = operations.operation(request.user, slug)
    services.set_ways(actor=request.user, operation=operation, ways=given.ways)
    return [asdict(way) for way in ways(request.user, operation)]


@router.put("/operations/{slug}/officers/{email}")
@idempotent
def write_officer(request: HttpRequest, slug: str, email: str, given: Facts):
    operation = operations.operation(request.user, slug)
    require(request.user, "roster.change", operation.compartment_id)
    person = rows.teammate(request.user, operation, email)
    record = services.write_officer(
        actor=request.user, operation=operation, person=person, **given.facts
    )
    return {"email": person.email, "facts": record.facts}


@router.get("/operations/{slug}/absences")
def list_absences(request: HttpRequest, slug: str, paging: PageOf):
    operation = operations.operation(request.user, slug)
    require(request.user, "roster.change", operation.compartment_id)
    people = rows.team(request.user, operation)
    found = rows.absences(request.user, people, operation.created_at)
    return page(found, paging, absence_shape)


@router.post("/operations/{slug}/absences", response={201: dict})
@idempotent
def add_absence(request: HttpRequest, slug: str, given: Away):
    operation = operations.operation(request.user, slug)
    require(request.user, "roster.change", operation.compartment_id)
    person = rows.teammate(request.user, operation, given.email)
    made = services.add_absence(
        actor=request.user, operation=operation, person=person, starts=given.starts,
        ends=given.ends, why=given.why,
    )  # fmt: skip
    return 201, absence_shape(made)


@router.get("/my-duties")
def my_duties(request: HttpRequest, paging: PageOf):
    return page(rows.duties_of(request.user), paging, my_duty_shape)


@router.post("/my-calendar")
def new_calendar(request: HttpRequest):
    """A new secret address; the one before it opens nothing any more. Shown this once."""
    _, secret = services.rotate_link(actor=request.user)
    return {"path": f"/calendar/{secret}/duty.ics"}


@router.delete("/my-calendar", response={204: None})
def revoke_calendar(request: HttpRequest):
    services.revoke_link(actor=request.user)
    return 204, None
