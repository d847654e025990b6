"""Surveys over the API."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile

from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.access.reauth import prove
from varangian.platform.audit.services import note
from varangian.platform.storage.services import read

from .. import printing, queries, services
from ..comparing import difference
from ..queries import surveys
from ..shapes.surveys import (
    fact_shape,
    history_shape,
    photo_shape,
    survey_shape,
    version_shape,
)

router = Router(tags=["surveys"])


class Answer(Schema):
    item: str
    value: Any = None
    """Text, yes or no, a number, an option id, or a list of option ids: as the question asks."""
    note: str = ""
    has_changed: bool = False
    absent: bool = False
    still_so: bool = False
    seen_at: datetime | None = None


class Answers(Schema):
    answers: list[Answer]


class Settlement(Schema):
    item: str
    number: int
    note: str


class Signature(Schema):
    gaps: dict[str, str] = {}
    note: str = ""


@router.get("/places/{pk}/survey")
def show_survey(request: HttpRequest, pk: UUID):
    """Every question with its answer, state and age; what is missing for a complete version."""
    place = queries.place(request.user, pk)
    return survey_shape(surveys.survey(request.user, place))


@router.get("/places/{pk}/survey/facts/{item}")
def show_fact(request: HttpRequest, pk: UUID, item: str):
    """One question with every answer it ever had, the newest first."""
    fact = surveys.survey(request.user, queries.place(request.user, pk)).fact(item)
    return {**fact_shape(fact), "history": history_shape(fact)}


@router.post("/places/{pk}/survey/answers")
@idempotent
def answer_facts(request: HttpRequest, pk: UUID, given: Answers):
    """Each answer is taken or refused by itself; the report says which and why."""
    place = queries.place(request.user, pk)
    rows = [row.dict(exclude_unset=True) for row in given.answers]
    return services.answer_many(actor=request.user, place=place, answers=rows)


@router.post("/places/{pk}/survey/settle")
@idempotent
def settle_fact(request: HttpRequest, pk: UUID, given: Settlement):
    place = queries.place(request.user, pk)
    return fact_shape(services.settle_fact(actor=request.user, place=place, **given.dict()))


@router.get("/places/{pk}/survey/photos")
def list_photos(request: HttpRequest, pk: UUID, paging: PageOf):
    place = queries.place(request.user, pk)
    return page(surveys.photos(request.user, place), paging, photo_shape)


@router.post("/places/{pk}/survey/photos", response={201: dict})
@idempotent
def add_photo(
    request: HttpRequest,
    pk: UUID,
    file: File[UploadedFile],
    item: Form[str],
    caption: Form[str] = "",
):
    place = queries.place(request.user, pk)
    made = services.add_photo(
        actor=request.user,
        place=place,
        item=item,
        data=file.read(),
        name=file.name or "",
        caption=caption,
    )
    return 201, photo_shape(made)


@router.get("/places/{pk}/survey/photos/{photo}/original")
def download_photo(request: HttpRequest, pk: UUID, photo: UUID):
    prove(request)
    found = surveys.photo(request.user, queries.place(request.user, pk), photo)
    note(kind="export", record=found, purpose="original of a survey picture")
    return HttpResponse(read(found.original), content_type=found.original.media_type)


@router.get("/places/{pk}/survey/versions")
def list_versions(request: HttpRequest, pk: UUID, paging: PageOf):
    place = queries.place(request.user, pk)
    return page(surveys.versions(request.user, place), paging, version_shape)


@router.post("/places/{pk}/survey/versions", response={201: dict})
@idempotent
def sign_survey(request: HttpRequest, pk: UUID, given: Signature):
    prove(request)
    place = queries.place(request.user, pk)
    return 201, version_shape(services.sign_survey(actor=request.user, place=place, **given.dict()))


@router.get("/places/{pk}/survey/versions/{number}")
def show_version(request: HttpRequest, pk: UUID, number: int):
    place = queries.place(request.user, pk)
    return version_shape(surveys.version(request.user, place, number), whole=True)


@router.get("/places/{pk}/survey/compare")
def compare_versions(
    request: HttpRequest, pk: UUID, first: int | None = None, second: int | None = None
):
    """What differs between two versions; left out, the latest and what is known now."""
    return difference(request.user, queries.place(request.user, pk), first, second)


@router.get("/places/{pk}/survey/pdf")
def print_survey(request: HttpRequest, pk: UUID, version: int | None = None):
    prove(request)
    place = queries.place(request.user, pk)
    body = printing.survey_pdf(request.user, place, version)
    return HttpResponse(body, content_type="application/pdf")
