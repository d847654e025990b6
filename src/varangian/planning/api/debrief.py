"""The hot wash, its lessons and the programme over the API."""

from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from varangian.operations import queries as operations
from varangian.operations.people import member_by_email
from varangian.places import queries as places
from varangian.platform.access.paging import idempotent
from varangian.platform.access.reauth import prove
from varangian.platform.access.scope import require
from varangian.principals import queries as principals

from .. import printing_report, queries, services
from ..queries import cards
from ..queries import debrief as reads
from ..queries import lessons as lesson_reads
from ..queries.programme import programme
from ..shapes.debrief import (
    answer_shape,
    debrief_shape,
    lesson_shape,
    observation_shape,
    programme_shape,
)

router = Router(tags=["debrief"])


class NewObservation(Schema):
    kind: str
    """sustain or improve."""
    text: str
    about_kind: str = ""
    """log, alert, order_line, order, movement, post, card or measure."""
    about: UUID | None = None
    near_miss: bool = False


class Confirmation(Schema):
    near_miss: bool | None = None


class Words(Schema):
    words: str = ""


class PlannedAction(Schema):
    action: str = ""
    owner: str = ""
    """E-mail of a member."""
    due: datetime | None = None


class EndedAction(Schema):
    outcome: str
    dropped: bool = False


class Closing(Schema):
    summary: str


class NewLesson(Schema):
    text: str
    place: UUID | None = None
    item: str = ""
    measure: UUID | None = None
    card: UUID | None = None
    proposal: dict[str, str | dict[str, str]] = {}
    """For a card: trigger, fall_back, do_not, and drill by role."""


class LessonReply(Schema):
    outcome: str
    """taken or declined."""
    reason: str = ""
    operation: str = ""
    """Short name of the operation; empty for a place."""


@router.get("/operations/{slug}/debrief")
def show_debrief(request: HttpRequest, slug: str):
    """Planned against actual, and what was observed."""
    operation = operations.operation(request.user, slug)
    return debrief_shape(request.user, operation, reads.debrief(request.user, operation))


@router.post("/operations/{slug}/debrief", response={201: dict})
@idempotent
def open_debrief(request: HttpRequest, slug: str):
    operation = operations.operation(request.user, slug)
    made = services.open_debrief(actor=request.user, operation=operation)
    return 201, debrief_shape(request.user, operation, made)


@router.post("/operations/{slug}/debrief/observations", response={201: dict})
@idempotent
def add_observation(request: HttpRequest, slug: str, new: NewObservation):
    operation = operations.operation(request.user, slug)
    made = services.add_observation(
        actor=request.user,
        debrief=reads.debrief_of(request.user, operation),
        kind=new.kind,
        text=new.text,
        about=(new.about_kind, new.about) if new.about else None,
        near_miss=new.near_miss,
    )
    return 201, observation_shape(made)


@router.post("/operations/{slug}/debrief/close")
@idempotent
def close_debrief(request: HttpRequest, slug: str, given: Closing):
    """Signed: nothing is added or confirmed after it."""
    prove(request)
    operation = operations.operation(request.user, slug)
    found = reads.debrief_of(request.user, operation)
    made = services.close_debrief(actor=request.user, debrief=found, summary=given.summary)
    return debrief_shape(request.user, operation, made)


@router.post("/observations/{pk}/confirm")
@idempotent
def confirm_observation(request: HttpRequest, pk: UUID, given: Confirmation):
    row = reads.observation(request.user, pk)
    made = services.confirm_observation(
        actor=request.user, observation=row, near_miss=given.near_miss
    )
    return observation_shape(made)


@router.post("/observations/{pk}/client-words")
@idempotent
def release_words(request: HttpRequest, pk: UUID, given: Words):
    """How it stands in the client's report; empty takes it out."""
    row = reads.observation(request.user, pk)
    made = services.release_words(actor=request.user, observation=row, words=given.words)
    return observation_shape(made)


@router.post("/observations/{pk}/action")
@idempotent
def plan_action(request: HttpRequest, pk: UUID, given: PlannedAction):
    row = reads.observation(request.user, pk)
    operation = row.debrief.operation
    owner = member_by_email(request.user, operation, given.owner) if given.owner else None
    made = services.plan_action(
        actor=request.user, observation=row, action=given.action, owner=owner, due=given.due
    )
    return observation_shape(made)


@router.post("/observations/{pk}/action/end")
@idempotent
def end_action(request: HttpRequest, pk: UUID, given: EndedAction):
    row = reads.observation(request.user, pk)
    made = services.end_action(
        actor=request.user, observation=row, outcome=given.outcome, dropped=given.dropped
    )
    return observation_shape(made)


@router.post("/observations/{pk}/lessons", response={201: dict})
@idempotent
def send_lesson(request: HttpRequest, pk: UUID, new: NewLesson):
    user = request.user
    row = reads.observation(user, pk)
    made = services.send_lesson(
        actor=user,
        observation=row,
        text=new.text,
        place=places.place(user, new.place) if new.place else None,
        item=new.item,
        measure=queries.measure(user, new.measure) if new.measure else None,
        card=cards.card(user, new.card) if new.card else None,
        proposal=new.proposal,
    )
    return 201, lesson_shape(lesson_reads.lesson(user, made.pk))


@router.get("/operations/{slug}/lessons")
def list_lessons(request: HttpRequest, slug: str):
    """Lessons that wait in this operation: at its places, in its measures and its cards."""
    operation = operations.operation(request.user, slug)
    require(request.user, "lesson.view", operation.compartment_id)
    return [lesson_shape(row) for row in lesson_reads.waiting(request.user, operation)]


@router.post("/lessons/{pk}/answer")
@idempotent
def answer_lesson(request: HttpRequest, pk: UUID, given: LessonReply):
    user = request.user
    made = services.answer_lesson(
        actor=user,
        lesson=lesson_reads.lesson(user, pk),
        outcome=given.outcome,
        reason=given.reason,
        operation=operations.operation(user, given.operation) if given.operation else None,
    )
    return answer_shape(made)


@router.get("/engagements/{slug}/indicators")
def show_indicators(
    request: HttpRequest,
    slug: str,
    start: date | None = None,
    end: date | None = None,
    principal: str = "",
):
    """Of the last twelve weeks, unless told otherwise; both days included."""
    engagement = operations.engagement(request.user, slug)
    who = principals.principal(request.user, principal) if principal else None
    found = programme(request.user, engagement, start=start, end=end, principal=who)
    return programme_shape(found)


@router.get("/engagements/{slug}/report")
def print_report(
    request: HttpRequest,
    slug: str,
    start: date | None = None,
    end: date | None = None,
    principal: str = "",
    parts: str = "",
):
    """The client's report as a PDF; ``parts`` by comma, empty for all."""
    prove(request)
    engagement = operations.engagement(request.user, slug)
    body = printing_report.report_pdf(
        request.user,
        engagement,
        start=start,
        end=end,
        principal=principals.principal(request.user, principal) if principal else None,
        parts=[part for part in parts.split(",") if part],
    )
    return HttpResponse(body, content_type="application/pdf")
