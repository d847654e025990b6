"""Judgements of persons over the API. Each reading is on record; ``purpose`` says why."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile

from varangian.kernel.results import Refused
from varangian.operations.people import member_by_email
from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.access.scope import require

from ..models import Judgement, Person
from ..queries import judgement as queries
from ..queries import persons as people
from ..services import judgements as services
from ..services import persons as person_services
from ..shapes import judgement as shapes

router = Router(tags=["judgements"])


class JudgedIndicator(Schema):
    state: Literal["present", "partly", "absent", "unknown"] = "unknown"
    evidence: str = ""
    links: list[str] = []
    """Labels of records, such as "T1 two-days"; others are kept as plain references."""
    since: str = ""
    trend: Literal["rising", "steady", "falling", "unknown"] = "unknown"


class JudgedScenario(Schema):
    what: str
    to_whom: str = ""
    trigger: str = ""
    warning_signs: str = ""
    prevents: str = ""


class JudgementWritten(Schema):
    answers: dict[str, JudgedIndicator] | None = None
    formulation: str | None = None
    scenarios: list[JudgedScenario] | None = None
    level: str | None = None
    confidence: str | None = None
    reasons: str | None = None


class JudgementSigned(Schema):
    next_review: datetime | None = None


class SecondRaterAsked(Schema):
    rater: str
    """E-mail address."""


class JudgementSettled(Schema):
    level: str
    confidence: str
    reasons: str = ""
    choices: dict[str, Literal["first", "second"]] = {}
    formulation: str = ""
    scenarios: list[JudgedScenario] | None = None
    next_review: datetime | None = None


class StrategyChosen(Schema):
    ways: list[str]
    reasons: str
    watch_for: str = ""


class NewStrategyTask(Schema):
    words: str
    owner: str
    """E-mail address."""
    due: datetime


class StrategyTaskEnded(Schema):
    effect: str
    dropped: bool = False


@router.get("/judgement-catalogue")
def judgement_catalogue(request: HttpRequest):  # noqa: ARG001
    """What is looked at, with its published sources; levels and strategies in words."""
    return shapes.catalogue_shape()


@router.get("/judgements-due")
def judgements_due(request: HttpRequest):
    rows = queries.due(request.user)
    persons = list({row.person.pk: row.person for row in rows}.values())
    how = "listed as due over the API"
    person_services.listed(actor=request.user, persons=persons, how=how)
    return {"items": [shapes.due_shape(row) for row in rows]}


@router.get("/persons/{pk}/judgements")
def list_judgements(request: HttpRequest, pk: UUID, paging: PageOf, purpose: str = ""):
    person = _read(request, people.person(request.user, pk), purpose)
    return page(queries.of_person(request.user, person), paging, shapes.judgement_row)


@router.post("/persons/{pk}/judgements", response={201: dict})
@idempotent
def begin_judgement(request: HttpRequest, pk: UUID):
    person = people.person(request.user, pk)
    made = services.begin_judgement(actor=request.user, person=person)
    return 201, shapes.judgement_shape(made)


@router.get("/judgements/{pk}")
def show_judgement(request: HttpRequest, pk: UUID, purpose: str = ""):
    row = queries.judgement(request.user, pk)
    _read(request, row.person, purpose)
    return shapes.judgement_shape(row)


@router.patch("/judgements/{pk}")
@idempotent
def write_judgement(request: HttpRequest, pk: UUID, given: JudgementWritten):
    row = _own(request, pk)
    fields = given.dict(exclude_unset=True)
    return shapes.judgement_shape(services.rate(actor=request.user, judgement=row, **fields))


@router.delete("/judgements/{pk}", response={204: None})
def drop_judgement(request: HttpRequest, pk: UUID):
    services.drop_draft(actor=request.user, judgement=_own(request, pk))
    return 204, None


@router.post("/judgements/{pk}/sign")
@idempotent
def sign_judgement(request: HttpRequest, pk: UUID, given: JudgementSigned):
    row = _own(request, pk)
    done = services.sign_judgement(actor=request.user, judgement=row, **given.dict())
    return shapes.judgement_shape(done)


@router.post("/judgements/{pk}/second", response={201: dict})
@idempotent
def ask_second_rater(request: HttpRequest, pk: UUID, given: SecondRaterAsked):
    row = _own(request, pk)
    rater = member_by_email(request.user, row.person.engagement, given.rater)
    made = services.ask_second(actor=request.user, judgement=row, rater=rater)
    return 201, {"id": str(made.pk), "of": row.label, "rater": str(made.rater)}


@router.get("/judgements/{pk}/comparison")
def compare_judgements(request: HttpRequest, pk: UUID, purpose: str = ""):
    """Of the first rater's judgement: side by side with the second's, both signed."""
    first = queries.judgement(request.user, pk)
    _read(request, first.person, purpose)
    second = queries.second_of(request.user, first)
    if second is None:
        raise Refused("There are no two signed ratings to compare", where=first.label)
    return shapes.comparison_shape(first, second, queries.settled_of(request.user, first))


@router.post("/judgements/{pk}/settle", response={201: dict})
@idempotent
def settle_judgement(request: HttpRequest, pk: UUID, given: JudgementSettled):
    row = _own(request, pk)
    made = services.settle(actor=request.user, judgement=row, **given.dict())
    return 201, shapes.judgement_shape(made)


@router.get("/persons/{pk}/strategies")
def list_strategies(request: HttpRequest, pk: UUID, paging: PageOf, purpose: str = ""):
    person = _read(request, people.person(request.user, pk), purpose)
    return page(queries.strategies(request.user, person), paging, shapes.strategy_shape)


@router.post("/persons/{pk}/strategies", response={201: dict})
@idempotent
def choose_strategy(request: HttpRequest, pk: UUID, given: StrategyChosen):
    person = _worked(request, pk)
    made = services.choose_strategy(actor=request.user, person=person, **given.dict())
    return 201, shapes.strategy_shape(made)


@router.get("/persons/{pk}/strategy-tasks")
def list_strategy_tasks(request: HttpRequest, pk: UUID, paging: PageOf, purpose: str = ""):
    person = _read(request, people.person(request.user, pk), purpose)
    return page(queries.tasks(request.user, person), paging, shapes.task_shape)


@router.post("/persons/{pk}/strategy-tasks", response={201: dict})
@idempotent
def add_strategy_task(request: HttpRequest, pk: UUID, given: NewStrategyTask):
    person = _worked(request, pk)
    owner = member_by_email(request.user, person.engagement, given.owner)
    fields: dict[str, Any] = given.dict() | {"owner": owner}
    made = services.add_task(actor=request.user, person=person, **fields)
    return 201, shapes.task_shape(made)


@router.post("/strategy-tasks/{pk}/end")
@idempotent
def end_strategy_task(request: HttpRequest, pk: UUID, given: StrategyTaskEnded):
    task = queries.task(request.user, pk)
    return shapes.task_shape(services.end_task(actor=request.user, task=task, **given.dict()))


@router.get("/persons/{pk}/instruments")
def list_instruments(request: HttpRequest, pk: UUID, paging: PageOf, purpose: str = ""):
    person = _read(request, people.person(request.user, pk), purpose)
    return page(queries.instruments(request.user, person), paging, shapes.instrument_shape)


@router.post("/persons/{pk}/instruments", response={201: dict})
def record_instrument(
    request: HttpRequest,
    pk: UUID,
    instrument: Form[str],
    rater: Form[str],
    licence_holder: Form[str],
    done_on: Form[date],
    outcome: Form[str],
    file: File[UploadedFile | None] = None,
):
    """The conclusion of a licensed instrument in words; its items are not kept."""
    person = _worked(request, pk)
    sent = {"document": file.read(), "name": file.name or ""} if file else {}
    made = services.record_instrument(
        actor=request.user,
        person=person,
        instrument=instrument,
        rater=rater,
        licence_holder=licence_holder,
        done_on=done_on,
        outcome=outcome,
        **sent,
    )
    return 201, shapes.instrument_shape(made)


def _read(request: HttpRequest, person: Person, purpose: str) -> Person:
    why = purpose.strip() or "no purpose given"
    words = f"assessment over the API: {why}"
    person_services.looked(actor=request.user, person=person, purpose=words)
    return person


def _worked(request: HttpRequest, pk: UUID) -> Person:
    person = people.person(request.user, pk)
    require(request.user, "person.change", person.compartment_id)
    return person


def _own(request: HttpRequest, pk: UUID) -> Judgement:
    row = queries.judgement(request.user, pk)
    require(request.user, "person.change", row.compartment_id)
    return row
