"""The choice of a hotel or a restaurant over the API."""

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from varangian.operations import queries as operation_queries
from varangian.operations.models import Operation
from varangian.places import queries as place_queries
from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.access.scope import require

from .. import services
from ..models import StayChoice
from ..queries import stays as queries
from ..shapes.stays import choice_row, choice_shape

router = Router()


class NewChoice(Schema):
    kind: Literal["hotel", "restaurant"]
    title: str


class NewHouse(Schema):
    name: str = ""
    place: UUID | None = None


class HouseAnswer(Schema):
    house: str
    item: str
    value: str = ""
    note: str = ""


class HouseOut(Schema):
    house: str


class Weights(Schema):
    weights: dict[str, float]


class NewWish(Schema):
    words: str
    must: bool = False
    weight: float = 3


class WishOut(Schema):
    wish: str
    """Its key."""


class HouseChoice(Schema):
    house: str
    reason: str


class ChoiceDropped(Schema):
    reason: str


def _operation(request: HttpRequest, slug: str, action: str) -> Operation:
    found = operation_queries.operation(request.user, slug)
    require(request.user, action, found.compartment_id)
    return found


def _shown(request: HttpRequest, row: StayChoice) -> dict[str, Any]:
    return choice_shape(queries.matrix(request.user, row))


@router.get("/operations/{slug}/stay-choices")
def list_stay_choices(request: HttpRequest, slug: str, paging: PageOf):
    operation = _operation(request, slug, "choice.view")
    return page(queries.choices(request.user, operation), paging, choice_row)


@router.post("/operations/{slug}/stay-choices", response={201: dict})
@idempotent
def begin_stay_choice(request: HttpRequest, slug: str, given: NewChoice):
    operation = _operation(request, slug, "choice.change")
    made = services.begin_choice(actor=request.user, operation=operation, **given.dict())
    return 201, _shown(request, made)


@router.get("/stay-choices/{uuid:pk}")
def show_stay_choice(request: HttpRequest, pk: UUID):
    """The matrix, the order, and what it rests on."""
    return _shown(request, queries.choice(request.user, pk))


@router.post("/stay-choices/{uuid:pk}/houses")
@idempotent
def add_house(request: HttpRequest, pk: UUID, given: NewHouse):
    """A place on record with its survey, or a name."""
    row = queries.choice(request.user, pk)
    place = place_queries.place(request.user, given.place) if given.place else None
    made = services.add_house(actor=request.user, choice=row, name=given.name, place=place)
    return _shown(request, made)


@router.post("/stay-choices/{uuid:pk}/houses/drop")
@idempotent
def drop_house(request: HttpRequest, pk: UUID, given: HouseOut):
    row = queries.choice(request.user, pk)
    return _shown(request, services.drop_house(actor=request.user, choice=row, house=given.house))


@router.post("/stay-choices/{uuid:pk}/answers")
@idempotent
def answer_item(request: HttpRequest, pk: UUID, given: HouseAnswer):
    """An empty value: nobody knows, or the survey answers again."""
    row = queries.choice(request.user, pk)
    made = services.answer_item(actor=request.user, choice=row, **given.dict())
    return _shown(request, made)


@router.post("/stay-choices/{uuid:pk}/weights")
@idempotent
def weigh(request: HttpRequest, pk: UUID, given: Weights):
    row = queries.choice(request.user, pk)
    return _shown(request, services.weigh(actor=request.user, choice=row, weights=given.weights))


@router.post("/stay-choices/{uuid:pk}/wishes")
@idempotent
def add_wish(request: HttpRequest, pk: UUID, given: NewWish):
    """What the principal asks for: a must, or a weight."""
    row = queries.choice(request.user, pk)
    return _shown(request, services.add_wish(actor=request.user, choice=row, **given.dict()))


@router.post("/stay-choices/{uuid:pk}/wishes/drop")
@idempotent
def drop_wish(request: HttpRequest, pk: UUID, given: WishOut):
    row = queries.choice(request.user, pk)
    return _shown(request, services.drop_wish(actor=request.user, choice=row, wish=given.wish))


@router.post("/stay-choices/{uuid:pk}/choose")
@idempotent
def choose_house(request: HttpRequest, pk: UUID, given: HouseChoice):
    """The leader's decision with a reason."""
    row = queries.choice(request.user, pk)
    return _shown(request, services.choose_house(actor=request.user, choice=row, **given.dict()))


@router.post("/stay-choices/{uuid:pk}/drop")
@idempotent
def drop_stay_choice(request: HttpRequest, pk: UUID, given: ChoiceDropped):
    row = queries.choice(request.user, pk)
    return choice_row(services.drop_choice(actor=request.user, choice=row, reason=given.reason))
