"""Briefs over the API."""

from datetime import date
from typing import Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.access.reauth import prove
from varangian.platform.access.scope import require

from .. import printing_briefs, services
from ..queries import briefs
from ..shapes.briefs import (
    brief_shape,
    item_shape,
    judged_shape,
    reading_shape,
    whole_shape,
)

router = Router(tags=["briefs"])


class NewBrief(Schema):
    kind: Literal["daily", "pre_trip"] = "daily"
    day: date | None = None
    legs: list[UUID] = []


class BriefHead(Schema):
    bottom_line: str | None = None
    readers: Literal["desk", "team"] | None = None
    tlp: str | None = None


class NewBriefJudgement(Schema):
    text: str
    probability: str
    confidence: str
    basis: str
    readers: Literal["desk", "team"] = "desk"


class BriefJudgementChange(Schema):
    text: str | None = None
    probability: str | None = None
    confidence: str | None = None
    basis: str | None = None
    readers: Literal["desk", "team"] | None = None


class BriefJudgementMend(Schema):
    word: str
    instead: str


class BriefItemDeed(Schema):
    what: Literal["up", "down", "out", "in"]
    reason: str = ""


@router.get("/operations/{slug}/briefs")
def list_briefs(request: HttpRequest, slug: str, paging: PageOf):
    operation = briefs.operation_with_briefs(request.user, slug)
    return page(briefs.briefs(request.user, operation), paging, brief_shape)


@router.post("/operations/{slug}/briefs", response={201: dict})
@idempotent
def draft_brief(request: HttpRequest, slug: str, new: NewBrief):
    operation = briefs.operation_with_briefs(request.user, slug)
    made = services.draft_brief(actor=request.user, operation=operation, **new.dict())
    return 201, whole_shape(briefs.shown(request.user, made))


@router.get("/briefs/{uuid:pk}")
def show_brief(request: HttpRequest, pk: UUID):
    """As far as the person behind the token may see where its items were taken from."""
    return whole_shape(briefs.shown(request.user, briefs.brief(request.user, pk)))


@router.patch("/briefs/{uuid:pk}")
@idempotent
def write_brief(request: HttpRequest, pk: UUID, given: BriefHead):
    brief = briefs.brief(request.user, pk)
    fields = given.dict(exclude_unset=True)
    return brief_shape(services.write_brief(actor=request.user, brief=brief, **fields))


@router.get("/briefs/{uuid:pk}/readings")
def list_brief_readings(request: HttpRequest, pk: UUID):
    """Who was asked to read it, and who has."""
    brief = briefs.brief(request.user, pk)
    require(request.user, "brief.change", brief.compartment_id)
    return [reading_shape(row) for row in briefs.readings(request.user, brief)]


@router.get("/briefs/{uuid:pk}/pdf")
def print_brief(request: HttpRequest, pk: UUID):
    prove(request)
    body = printing_briefs.brief_pdf(request.user, briefs.brief(request.user, pk))
    return HttpResponse(body, content_type="application/pdf")


@router.post("/briefs/{uuid:pk}/redraft")
@idempotent
def redraft_brief(request: HttpRequest, pk: UUID):
    brief = briefs.brief(request.user, pk)
    made = services.redraft_brief(actor=request.user, brief=brief)
    return whole_shape(briefs.shown(request.user, made))


@router.post("/briefs/{uuid:pk}/issue")
@idempotent
def issue_brief(request: HttpRequest, pk: UUID):
    prove(request)
    brief = briefs.brief(request.user, pk)
    return brief_shape(services.issue_brief(actor=request.user, brief=brief))


@router.post("/briefs/{uuid:pk}/withdraw")
@idempotent
def withdraw_brief(request: HttpRequest, pk: UUID):
    brief = briefs.brief(request.user, pk)
    return brief_shape(services.withdraw_brief(actor=request.user, brief=brief))


@router.post("/briefs/{uuid:pk}/read")
@idempotent
def read_brief(request: HttpRequest, pk: UUID):
    """The person behind the token says that they have read it."""
    brief = briefs.brief(request.user, pk)
    return reading_shape(services.read_brief(actor=request.user, brief=brief))


@router.post("/briefs/{uuid:pk}/judgements", response={201: dict})
@idempotent
def add_brief_judgement(request: HttpRequest, pk: UUID, new: NewBriefJudgement):
    """``vague`` names words that say too little; the brief is not issued with them."""
    brief = briefs.brief(request.user, pk)
    made = services.add_judgement(actor=request.user, brief=brief, **new.dict())
    return 201, judged_shape(briefs.judged(made))


@router.patch("/brief-judgements/{uuid:pk}")
@idempotent
def change_brief_judgement(request: HttpRequest, pk: UUID, given: BriefJudgementChange):
    found = briefs.judgement(request.user, pk)
    fields = {k: v for k, v in given.dict(exclude_unset=True).items() if v is not None}
    made = services.change_judgement(actor=request.user, judgement=found, **fields)
    return judged_shape(briefs.judged(made))


@router.post("/brief-judgements/{uuid:pk}/mend")
@idempotent
def mend_brief_judgement(request: HttpRequest, pk: UUID, given: BriefJudgementMend):
    found = briefs.judgement(request.user, pk)
    made = services.mend_judgement(actor=request.user, judgement=found, **given.dict())
    return judged_shape(briefs.judged(made))


@router.delete("/brief-judgements/{uuid:pk}", response={204: None})
def remove_brief_judgement(request: HttpRequest, pk: UUID):
    found = briefs.judgement(request.user, pk)
    services.remove_judgement(actor=request.user, judgement=found)
    return 204, None


@router.post("/brief-items/{uuid:pk}")
@idempotent
def set_brief_item(request: HttpRequest, pk: UUID, given: BriefItemDeed):
    """Up or down in its section, out with a reason, or in again."""
    found = briefs.item(request.user, pk)
    if given.what == "out":
        row = services.leave_out(actor=request.user, item=found, reason=given.reason)
    elif given.what == "in":
        row = services.take_in(actor=request.user, item=found)
    else:
        row = services.move_item(actor=request.user, item=found, up=given.what == "up")
    return item_shape(row, found.brief)
