"""Crowd management plans over the API."""

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile

from varangian.operations import queries as operation_queries
from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.access.reauth import prove
from varangian.platform.access.scope import require

from .. import services
from ..models import CrowdPlan
from ..plan import printing
from ..queries import plans as queries
from ..queries import venues
from ..shapes.plans import agreement_row, crowd_plan_row, gap_row

router = Router()


class CrowdPlanIn(Schema):
    venue: UUID


class CrowdPartIn(Schema):
    value: Any
    saved: int | None = None
    """The save that the writer had before them."""


class CrowdAgreementIn(Schema):
    side: str = "organiser"
    name: str
    role: str = ""
    agreed_on: date | None = None


class CrowdForceIn(Schema):
    without: str = ""


@router.get("/operations/{slug}/crowd-plans")
def list_crowd_plans(request: HttpRequest, slug: str, paging: PageOf):
    operation = operation_queries.operation(request.user, slug)
    require(request.user, "crowd.view", operation.compartment_id)
    return page(queries.plans(request.user, operation), paging, crowd_plan_row)


@router.post("/operations/{slug}/crowd-plans", response={201: dict})
@idempotent
def draft_crowd_plan(request: HttpRequest, slug: str, given: CrowdPlanIn):
    """The next version: of the one before, else prefilled from venue, standards and runs."""
    operation = operation_queries.operation(request.user, slug)
    require(request.user, "crowd.change", operation.compartment_id)
    venue = venues.plan(request.user, given.venue)
    made = services.draft_plan(actor=request.user, operation=operation, venue=venue)
    return 201, _whole(request, made)


def _whole(request: HttpRequest, plan: CrowdPlan) -> dict[str, Any]:
    return {
        **crowd_plan_row(plan),
        "content": plan.content,
        "gaps": [gap_row(gap) for gap in queries.gaps_of(plan)],
        "newer": queries.newer(request.user, plan),
        "agreements": [agreement_row(a) for a in queries.agreements(request.user, plan)],
        "signature_fault": (queries.fault(plan) or None) if plan.signature else None,
    }


@router.get("/crowd-plans/{uuid:pk}")
def show_crowd_plan(request: HttpRequest, pk: UUID):
    return _whole(request, queries.plan(request.user, pk))


@router.put("/crowd-plans/{uuid:pk}/parts/{slug:part}")
@idempotent
def write_crowd_plan(request: HttpRequest, pk: UUID, part: str, given: CrowdPartIn):
    plan = queries.plan(request.user, pk)
    made = services.write_plan(
        actor=request.user, plan=plan, section=part.replace("-", "_"), value=given.value,
        expected=given.saved,
    )  # fmt: skip
    return _whole(request, made)


@router.post("/crowd-plans/{uuid:pk}/refresh")
@idempotent
def refresh_crowd_plan(request: HttpRequest, pk: UUID):
    plan = queries.plan(request.user, pk)
    return _whole(request, services.refresh_plan(actor=request.user, plan=plan))


@router.post("/crowd-plans/{uuid:pk}/sign")
@idempotent
def sign_crowd_plan(request: HttpRequest, pk: UUID):
    plan = queries.plan(request.user, pk)
    require(request.user, "crowd.approve", plan.compartment_id)
    prove(request)
    return crowd_plan_row(services.approve_plan(actor=request.user, plan=plan))


@router.post("/crowd-plans/{uuid:pk}/in-force")
@idempotent
def put_crowd_plan_in_force(request: HttpRequest, pk: UUID, given: CrowdForceIn):
    plan = queries.plan(request.user, pk)
    made = services.put_plan_in_force(actor=request.user, plan=plan, without=given.without)
    return crowd_plan_row(made)


@router.post("/crowd-plans/{uuid:pk}/stand-down")
@idempotent
def stand_down_crowd_plan(request: HttpRequest, pk: UUID):
    plan = queries.plan(request.user, pk)
    return crowd_plan_row(services.stand_down_plan(actor=request.user, plan=plan))


@router.post("/crowd-plans/{uuid:pk}/agreements", response={201: dict})
@idempotent
def record_crowd_agreement(
    request: HttpRequest,
    pk: UUID,
    given: Form[CrowdAgreementIn],
    file: File[UploadedFile | None] = None,
):
    plan = queries.plan(request.user, pk)
    require(request.user, "crowd.change", plan.compartment_id)
    made = services.record_agreement(
        actor=request.user, plan=plan, **given.model_dump(),
        signed_copy=file.read() if file else b"", file_name=(file.name or "") if file else "",
    )  # fmt: skip
    return 201, agreement_row(made)


@router.post("/crowd-plans/{uuid:pk}/posts")
@idempotent
def post_crowd_stewards(request: HttpRequest, pk: UUID):
    """The team's posts become posts of the operation and shifts of its roster."""
    plan = queries.plan(request.user, pk)
    return asdict(services.post_stewards(actor=request.user, plan=plan))


@router.get("/crowd-plans/{uuid:pk}/pdf")
def print_crowd_plan(request: HttpRequest, pk: UUID, copy_for: str = "organiser"):
    plan = queries.plan(request.user, pk)
    prove(request)
    body = printing.plan_pdf(request.user, plan, copy_for)
    return HttpResponse(body, content_type="application/pdf")


@router.get("/crowd-plans/{uuid:pk}/cards/pdf")
def print_steward_cards(request: HttpRequest, pk: UUID, copy_for: str = "organiser"):
    plan = queries.plan(request.user, pk)
    prove(request)
    body = printing.cards_pdf(request.user, plan, copy_for)
    return HttpResponse(body, content_type="application/pdf")


@router.get("/crowd-plans/{uuid:pk}/cards/{slug:name}")
def show_steward_card(request: HttpRequest, pk: UUID, name: str):
    plan = queries.plan(request.user, pk)
    return printing.card_of(plan, queries.post_of(plan, name))
