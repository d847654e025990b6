"""Exercises over the API. What is inside of one needs the header ``X-Exercise: on``."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from varangian.operations import queries as operations
from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.access.scope import require

from .. import services
from ..library import exercise_scripts
from ..queries import exercises
from ..shapes.exercises import (
    delivery_shape,
    exercise_shape,
    inject_shape,
    report_shape,
    script_shape,
)

router = Router(tags=["exercises"])


class NewExercise(Schema):
    script: str
    moment: datetime | None = None
    """Of the plan, to fall on now; left out, the plan stays where it is."""


class InjectAnswer(Schema):
    answer: str = ""


class Findings(Schema):
    findings: str = ""


@router.get("/exercise-scripts")
def list_scripts(request: HttpRequest):  # noqa: ARG001
    return [script_shape(row) for row in exercise_scripts().scripts]


@router.get("/operations/{slug}/exercises")
def list_exercises(request: HttpRequest, slug: str, paging: PageOf):
    operation = operations.operation(request.user, slug)
    require(request.user, "exercise.view", operation.compartment_id)
    return page(exercises.reports(request.user, operation), paging, report_shape)


@router.post("/operations/{slug}/exercises", response={201: dict})
@idempotent
def start_exercise(request: HttpRequest, slug: str, given: NewExercise):
    operation = operations.operation(request.user, slug)
    made = services.start_exercise(actor=request.user, operation=operation, **given.dict())
    return 201, report_shape(made)


@router.get("/exercises/mine")
def list_mine(request: HttpRequest):
    """What has reached the caller's posts."""
    return [delivery_shape(row) for row in exercises.mine(request.user)]


@router.get("/exercises/{slug}")
def show_exercise(request: HttpRequest, slug: str):
    """For its director: injects with what a good answer does, and how they stand."""
    found = exercises.exercise(request.user, slug)
    require(request.user, "exercise.run", found.compartment_id)
    rows = exercises.injects(request.user, found)
    both = zip(rows, exercises.outcomes(request.user, rows), strict=True)
    return {**exercise_shape(found), "injects": [inject_shape(*pair) for pair in both]}


@router.post("/exercises/{slug}/begin")
@idempotent
def begin_exercise(request: HttpRequest, slug: str):
    found = exercises.exercise(request.user, slug)
    return exercise_shape(services.begin_exercise(actor=request.user, exercise=found))


@router.post("/exercises/{slug}/end")
@idempotent
def end_exercise(request: HttpRequest, slug: str, given: Findings):
    found = exercises.exercise(request.user, slug)
    done = services.end_exercise(actor=request.user, exercise=found, findings=given.findings)
    return report_shape(done)


@router.post("/injects/{pk}/deliver")
@idempotent
def deliver_inject(request: HttpRequest, pk: UUID):
    row = services.deliver_now(actor=request.user, inject=exercises.inject(request.user, pk))
    return {"id": row.pk, "delivered_at": row.delivered_at}


@router.post("/deliveries/{pk}/acknowledge")
@idempotent
def acknowledge_inject(request: HttpRequest, pk: UUID, given: InjectAnswer):
    row = exercises.delivery(request.user, pk)
    done = services.acknowledge_inject(actor=request.user, delivery=row, answer=given.answer)
    return delivery_shape(exercises.delivery(request.user, done.pk))
