"""Measures that pay, over the API."""

from decimal import Decimal
from typing import Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from varangian.platform.access.paging import idempotent

from ..queries import paying
from ..services.wishes import set_wishes, take_set
from ..shapes.measures import measure_shape
from ..shapes.paying import paying_shape, wishes_shape

router = Router(tags=["measures"])
MOST = Decimal(10) ** 9


class Asked(Schema):
    money: Decimal | None = Field(default=None, ge=0, le=MOST)
    hours: Decimal | None = Field(default=None, ge=0, le=MOST)
    people: int | None = Field(default=None, ge=0, le=10**6)
    day_fee: Decimal | None = Field(default=None, ge=0, le=MOST)
    axis: Literal["money", "hours"] = "money"
    must: list[str] = []
    point: int | None = None
    """A set of the frontier; without it, the one that leaves least."""


class Wishes(Schema):
    refused: dict[str, str] = {}
    """Measure to why the principal does not accept it."""
    most: int | None = None
    each: int | None = None
    agreed_with: str = ""


class Taken(Schema):
    measures: list[str]


@router.get("/operations/{slug}/measures/proposal")
def propose(request: HttpRequest, slug: str, asked: Query[Asked]):
    """The set that leaves least risk within the limits, the frontier, and why each is in or out."""
    operation = paying.operation_to_weigh(request.user, slug)
    given = asked.dict()
    point, must = given.pop("point"), frozenset(given.pop("must"))
    found = paying.pay(request.user, operation, paying.Ask(**given, must=must))
    return paying_shape(found, point)


@router.post("/operations/{slug}/measures/proposal", response={201: dict})
@idempotent
def take(request: HttpRequest, slug: str, taken: Taken):
    """Proposes the chosen measures of the library; those the operation has stay as they are."""
    operation = paying.operation_to_weigh(request.user, slug)
    added, refused = take_set(actor=request.user, operation=operation, keys=taken.measures)
    shapes = [measure_shape(row, request.user) for row in added]
    return 201, {"added": shapes, "refused": [{"id": i, "why": why} for i, why in refused]}


@router.get("/operations/{slug}/measures/wishes")
def show_wishes(request: HttpRequest, slug: str):
    operation = paying.operation_to_weigh(request.user, slug)
    return wishes_shape(paying.wishes_of(request.user, operation))


@router.put("/operations/{slug}/measures/wishes")
def write_wishes(request: HttpRequest, slug: str, wishes: Wishes):
    operation = paying.operation_to_weigh(request.user, slug)
    set_wishes(actor=request.user, operation=operation, **wishes.dict())
    return wishes_shape(paying.wishes_of(request.user, operation))
