"""Contingency cards over the API."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from varangian.operations import queries as operations
from varangian.places import queries as places
from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.access.reauth import prove
from varangian.platform.access.scope import require

from .. import printing_cards, services
from ..queries import cards
from ..shapes.cards import card_shape, rehearsal_shape, version_shape

router = Router(tags=["contingency cards"])


class Taking(Schema):
    cards: list[str] = []
    """Names of the library; empty takes all that may arise in this operation."""


class Change(Schema):
    why: str
    trigger: str | None = None
    drill: dict[str, str] | None = None
    """Role to what it does."""
    call: dict[str, str] | None = None
    """Whom to call, to how."""
    fall_back: str | None = None
    place: UUID | None = None
    do_not: str | None = None
    expected_version: int | None = None
    """Refused when somebody changed it since this version was read."""


class NewRehearsal(Schema):
    cards: list[UUID]
    held_at: datetime
    minutes: int
    posts: list[UUID]
    findings: str = ""


@router.get("/operations/{slug}/cards")
def list_cards(request: HttpRequest, slug: str, in_force: bool = False):
    """What is in force; those who plan get drafts too."""
    operation = operations.operation(request.user, slug)
    require(request.user, "card.view", operation.compartment_id)
    rows = cards.shown_of(request.user, operation, in_force=in_force)
    return [card_shape(row) for row in rows]


@router.post("/operations/{slug}/cards", response={201: dict})
@idempotent
def take_cards(request: HttpRequest, slug: str, given: Taking):
    operation = operations.operation(request.user, slug)
    taken, refused = services.take_cards(
        actor=request.user, operation=operation, library_ids=given.cards
    )
    rows = [card_shape(cards.shown(request.user, row)) for row in taken]
    return 201, {"taken": rows, "refused": [{"card": n, "why": why} for n, why in refused]}


@router.get("/operations/{slug}/cards/pdf")
def print_cards(request: HttpRequest, slug: str):
    prove(request)
    operation = operations.operation(request.user, slug)
    body = printing_cards.cards_pdf(request.user, operation)
    return HttpResponse(body, content_type="application/pdf")


@router.get("/operations/{slug}/rehearsals")
def list_rehearsals(request: HttpRequest, slug: str, paging: PageOf):
    operation = operations.operation(request.user, slug)
    require(request.user, "card.view", operation.compartment_id)
    return page(cards.rehearsals(request.user, operation), paging, rehearsal_shape)


@router.post("/operations/{slug}/rehearsals", response={201: list[dict]})
@idempotent
def record_rehearsal(request: HttpRequest, slug: str, given: NewRehearsal):
    made = services.record_rehearsal(
        actor=request.user,
        operation=operations.operation(request.user, slug),
        chosen=[cards.card(request.user, pk) for pk in given.cards],
        posts=[operations.post(request.user, pk) for pk in given.posts],
        held_at=given.held_at,
        minutes=given.minutes,
        findings=given.findings,
    )
    return 201, [rehearsal_shape(row) for row in made]


@router.get("/cards/{uuid:pk}")
def show_card(request: HttpRequest, pk: UUID):
    return card_shape(cards.shown(request.user, cards.card(request.user, pk)))


@router.get("/cards/{uuid:pk}/versions")
def list_versions(request: HttpRequest, pk: UUID):
    found = cards.card(request.user, pk)
    return [version_shape(row) for row in cards.versions(request.user, found)]


@router.patch("/cards/{uuid:pk}")
@idempotent
def change_card(request: HttpRequest, pk: UUID, change: Change):
    found = cards.card(request.user, pk)
    fields = change.dict(exclude_none=True)
    where = fields.pop("place", None)
    place = places.place(request.user, where) if where else None
    services.change_card(actor=request.user, card=found, place=place, **fields)
    found.refresh_from_db()
    return card_shape(cards.shown(request.user, found))


@router.post("/cards/{uuid:pk}/in-force")
@idempotent
def put_in_force(request: HttpRequest, pk: UUID):
    found = services.put_in_force(actor=request.user, card=cards.card(request.user, pk))
    return card_shape(cards.shown(request.user, found))


@router.post("/cards/{uuid:pk}/withdraw")
@idempotent
def withdraw_card(request: HttpRequest, pk: UUID):
    found = services.withdraw_card(actor=request.user, card=cards.card(request.user, pk))
    return card_shape(cards.shown(request.user, found))
