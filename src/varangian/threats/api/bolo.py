"""BOLO cards over the API."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile

from varangian.operations import queries as operations
from varangian.operations.people import member_by_email
from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.access.reauth import prove
from varangian.platform.access.scope import may, require

from ..library.bolo import KindId
from ..queries import bolo as queries
from ..services import bolo as services
from ..shapes.bolo import card_shape, file_shape, review_shape, sighting_shape

router = Router(tags=["bolo"])
View = Literal["out", "drafts", "ended", "all"]


class BoloFields(Schema):
    why: str | None = None
    features: dict[str, str] | None = None
    last_place: str | None = None
    last_seen_at: datetime | None = None
    drill: str | None = None
    on_sight: str | None = None
    tell: str | None = None
    legal_basis: str | None = None
    purpose: str | None = None
    proportionality: str | None = None
    reviewer: str | None = None
    """E-mail address."""
    expires_at: datetime | None = None


class BoloChange(BoloFields):
    title: str | None = None


class NewBolo(BoloFields):
    kind: KindId
    title: str
    wide: bool = False
    """For every operation of the engagement."""


class BoloRecall(Schema):
    reason: str


class BoloReviewed(Schema):
    words: str
    stands: bool = True


class BoloSeen(Schema):
    words: str
    at: datetime | None = None
    position: list[float] | None = None


class BoloDecision(Schema):
    confirmed: bool
    reason: str = ""


@router.get("/operations/{slug}/bolos")
def list_bolos(request: HttpRequest, slug: str, paging: PageOf, view: View = "out"):
    operation = queries.operation_with_cards(request.user, slug)
    found = page(queries.cards(request.user, operation, view), paging, lambda row: row)
    for row in found["items"]:
        services.looked(actor=request.user, card=row, how="listed over the API")
    return found | {"items": [_shape(request, row) for row in found["items"]]}


@router.post("/operations/{slug}/bolos", response={201: dict})
@idempotent
def draw_bolo(request: HttpRequest, slug: str, new: NewBolo):
    operation = queries.operation_with_cards(request.user, slug)
    require(request.user, "bolo.change", operation.compartment_id)
    fields = _given(request, operation, new)
    return 201, file_shape(services.draw_card(actor=request.user, operation=operation, **fields))


@router.get("/bolos/{pk}")
def show_bolo(request: HttpRequest, pk: UUID):
    card = queries.card(request.user, pk)
    services.looked(actor=request.user, card=card, how="read over the API")
    return _shape(request, card)


@router.patch("/bolos/{pk}")
@idempotent
def change_bolo(request: HttpRequest, pk: UUID, change: BoloChange):
    card = queries.card(request.user, pk)
    require(request.user, "bolo.change", card.compartment_id)
    fields = _given(request, card.operation, change)
    return file_shape(services.change_card(actor=request.user, card=card, **fields))


@router.post("/bolos/{pk}/pictures", response={201: dict})
def add_bolo_picture(
    request: HttpRequest, pk: UUID, file: File[UploadedFile], caption: Form[str] = ""
):
    card = queries.card(request.user, pk)
    made = services.add_picture(
        actor=request.user, card=card, data=file.read(), name=file.name or "", caption=caption
    )
    return 201, {"id": str(made.pk), "number": made.number, "caption": made.caption}


@router.post("/bolos/{pk}/issue")
@idempotent
def issue_bolo(request: HttpRequest, pk: UUID):
    prove(request)
    card = queries.card(request.user, pk)
    return file_shape(services.issue_card(actor=request.user, card=card))


@router.post("/bolos/{pk}/recall")
@idempotent
def recall_bolo(request: HttpRequest, pk: UUID, given: BoloRecall):
    prove(request)
    card = queries.card(request.user, pk)
    return file_shape(services.recall_card(actor=request.user, card=card, reason=given.reason))


@router.post("/bolos/{pk}/reviews", response={201: dict})
@idempotent
def review_bolo(request: HttpRequest, pk: UUID, given: BoloReviewed):
    card = queries.card(request.user, pk)
    done = services.review_card(actor=request.user, card=card, **given.dict())
    return 201, review_shape(done)


@router.get("/bolos/{pk}/sightings")
def list_bolo_sightings(request: HttpRequest, pk: UUID, paging: PageOf):
    card = queries.card(request.user, pk)
    require(request.user, "bolo_file.view", card.compartment_id)
    return page(queries.sightings(request.user, card), paging, sighting_shape)


@router.post("/bolos/{pk}/sightings", response={201: dict})
@idempotent
def report_bolo_sighting(request: HttpRequest, pk: UUID, given: BoloSeen):
    card = queries.card(request.user, pk)
    made = services.report_sighting(
        actor=request.user, card=card, operation=card.operation, **given.dict()
    )
    return 201, sighting_shape(made)


@router.post("/bolo-sightings/{pk}/decide")
@idempotent
def decide_bolo_sighting(request: HttpRequest, pk: UUID, given: BoloDecision):
    found = queries.sighting(request.user, pk)
    done = services.decide_sighting(actor=request.user, sighting=found, **given.dict())
    return sighting_shape(done)


def _shape(request: HttpRequest, card: Any) -> dict[str, Any]:
    filed = may(request.user, "bolo_file.view", card.compartment_id)
    return file_shape(card) if filed else card_shape(card)


def _given(request: HttpRequest, operation: Any, schema: Schema) -> dict[str, Any]:
    """The fields that were sent, the reviewer as a person."""
    sent = schema.dict(exclude_unset=True).items()
    found = {name: value for name, value in sent if value is not None}
    if "reviewer" in found:
        whole = operations.operation(request.user, operation.slug)
        found["reviewer"] = member_by_email(request.user, whole, found["reviewer"])
    return found
