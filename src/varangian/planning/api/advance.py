"""The advance over the API."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from varangian.operations import queries as operations
from varangian.operations.people import member_by_email
from varangian.places import queries as places
from varangian.places.shapes import shape
from varangian.places.shapes.surveys import fact_shape
from varangian.platform.access.paging import idempotent

from .. import services
from ..queries import advance as reads
from ..shapes.advance import place_shape, task_shape

router = Router(tags=["advance"])


class Planning(Schema):
    assignee: str = ""
    """E-mail of a member; empty: whoever holds the post of the advance."""


class NewPlace(Schema):
    name: str
    kind: str
    address: str = ""
    begins_at: UUID | None = None
    """A route leads from here"""
    ends_at: UUID | None = None
    """to here."""


class TaskChange(Schema):
    assignee: str = ""
    due: datetime | None = None


@router.get("/operations/{slug}/advance")
def show_advance(request: HttpRequest, slug: str):
    """Every place of the programme: what is known, and what must be looked at by when."""
    operation = operations.operation(request.user, slug)
    return [place_shape(row) for row in reads.board(request.user, operation)]


@router.post("/operations/{slug}/advance")
@idempotent
def plan_advance(request: HttpRequest, slug: str, given: Planning):
    operation = operations.operation(request.user, slug)
    who = member_by_email(request.user, operation, given.assignee) if given.assignee else None
    made = services.plan_advance(actor=request.user, operation=operation, assignee=who)
    return [task_shape(row) for row in made]


@router.post("/operations/{slug}/places", response={201: dict})
@idempotent
def add_place(request: HttpRequest, slug: str, new: NewPlace):
    """A place or a route for the library of the engagement."""
    operation = operations.operation(request.user, slug)
    ends = {
        name: places.place(request.user, pk)
        for name in ("begins_at", "ends_at")
        if (pk := getattr(new, name))
    }
    made = services.add_stop(
        actor=request.user,
        operation=operation,
        name=new.name,
        kind=new.kind,
        address=new.address,
        **ends,
    )
    return 201, shape(made)


@router.patch("/advance-tasks/{pk}")
@idempotent
def change_task(request: HttpRequest, pk: UUID, change: TaskChange):
    task = reads.task(request.user, pk)
    who = (
        member_by_email(request.user, task.operation, change.assignee) if change.assignee else None
    )
    services.assign_tasks(
        actor=request.user, operation=task.operation, tasks=[task], assignee=who, due=change.due
    )
    return task_shape(reads.task(request.user, pk))


@router.post("/advance-tasks/{pk}/still-so")
@idempotent
def verify_task(request: HttpRequest, pk: UUID):
    task = reads.task(request.user, pk)
    fact = services.verify_task(actor=request.user, task=task)
    return {**task_shape(reads.task(request.user, pk)), "fact": fact_shape(fact)}
