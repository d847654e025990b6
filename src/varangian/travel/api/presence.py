"""Presence over the API: where everybody is, and what was heard of them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from varangian.operations import queries as operation_queries
from varangian.operations.models import Operation
from varangian.places import queries as place_queries
from varangian.platform.access.paging import idempotent
from varangian.platform.access.scope import require

from ..queries import presence as queries
from ..services import presence as services
from ..shapes.presence import fact_shape, line_shape, traveller_shape

router = Router()


class NewTraveller(Schema):
    name: str
    relation: str = ""
    phone: str = ""


class HeardOf(Schema):
    """Without ``traveller`` it is of the principal."""

    how: Literal["call", "message", "check_in", "position", "seen", "roll_call"]
    traveller: UUID | None = None
    at: datetime | None = None
    until: datetime | None = None
    place: UUID | None = None
    words: str = ""
    note: str = ""
    safe: bool = False
    over: bool = False


class ClockSet(Schema):
    """``minutes`` null stops the clock."""

    minutes: int | None
    traveller: UUID | None = None
    everybody: bool = False


def _operation(request: HttpRequest, slug: str, action: str = "presence.view") -> Operation:
    found = operation_queries.operation(request.user, slug)
    require(request.user, action, found.compartment_id)
    return found


@router.get("/operations/{slug}/presence")
def show_presence(request: HttpRequest, slug: str, at: datetime | None = None):
    """Everybody of the party, now or at a moment, with every interval of their journey."""
    found = queries.present(request.user, _operation(request, slug), at)
    return {"items": [line_shape(line, whole=True) for line in found], "count": len(found)}


@router.get("/presence")
def who_is_in(request: HttpRequest, place: str = "", at: datetime | None = None):
    """Who is in a country or place, over all operations that you may see."""
    found = queries.who_is_in(request.user, place, at)
    return {"items": [line_shape(line) for line in found], "count": len(found)}


@router.post("/operations/{slug}/presence", response={201: dict})
@idempotent
def confirm_presence(request: HttpRequest, slug: str, heard: HeardOf):
    operation = _operation(request, slug, "presence.confirm")
    given = heard.dict()
    person, place = given.pop("traveller"), given.pop("place")
    fact = services.confirm(
        actor=request.user,
        operation=operation,
        person=queries.party_person(request.user, person) if person else None,
        place=place_queries.place(request.user, place) if place else None,
        **given,
    )
    return 201, fact_shape(fact)


@router.post("/operations/{slug}/presence/clock")
@idempotent
def set_safe_clock(request: HttpRequest, slug: str, given: ClockSet):
    operation = _operation(request, slug, "presence.change")
    person = queries.party_person(request.user, given.traveller) if given.traveller else None
    count = services.set_clock(
        actor=request.user,
        operation=operation,
        minutes=given.minutes,
        person=person,
        everybody=given.everybody,
    )
    return {"clocks": count}


@router.post("/operations/{slug}/travellers", response={201: dict})
@idempotent
def add_traveller(request: HttpRequest, slug: str, new: NewTraveller):
    operation = _operation(request, slug, "presence.change")
    return 201, traveller_shape(
        services.add_person(actor=request.user, operation=operation, **new.dict())
    )


@router.post("/travellers/{uuid:pk}/leave")
@idempotent
def take_traveller_off(request: HttpRequest, pk: UUID):
    person = queries.party_person(request.user, pk)
    return traveller_shape(services.take_off(actor=request.user, person=person))
