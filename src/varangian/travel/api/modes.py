"""Ways to make a journey, and news of flights, over the API."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from varangian.operations import queries as operation_queries
from varangian.operations.models import Operation
from varangian.places import queries as place_queries
from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.access.scope import require

from .. import services
from ..models import FlightSource, ModeComparison
from ..queries import modes as queries
from ..services.flight_fetch import catalogue
from ..shapes.modes import comparison_row, comparison_shape, flight_shape

router = Router()


class NewComparison(Schema):
    """A leg, or two places and an hour."""

    movement: UUID | None = None
    origin: UUID | None = None
    destination: UUID | None = None
    starts: datetime | None = None
    party: int | None = None


class ToldLine(Schema):
    mode: str
    line: str
    text: str = ""
    low: float | None = None
    high: float | None = None


class ModeChoice(Schema):
    mode: str
    reason: str


class Dropped(Schema):
    reason: str


class FlightFile(Schema):
    """As AeroAPI 4 answers: a list of flights."""

    flights: list[dict[str, Any]]


class FlightSwitch(Schema):
    on: bool
    purpose: str = ""


def _operation(request: HttpRequest, slug: str, action: str) -> Operation:
    found = operation_queries.operation(request.user, slug)
    require(request.user, action, found.compartment_id)
    return found


def _shown(request: HttpRequest, row: ModeComparison) -> dict[str, Any]:
    return comparison_shape(row, queries.table(request.user, row))


@router.get("/operations/{slug}/mode-comparisons")
def list_mode_comparisons(request: HttpRequest, slug: str, paging: PageOf):
    operation = _operation(request, slug, "choice.view")
    return page(queries.comparisons(request.user, operation), paging, comparison_row)


@router.post("/operations/{slug}/mode-comparisons", response={201: dict})
@idempotent
def begin_mode_comparison(request: HttpRequest, slug: str, given: NewComparison):
    operation = _operation(request, slug, "choice.change")
    leg, ends = None, {}
    if given.movement:
        leg = operation_queries.movement_of(request.user, operation, given.movement)
    for side in ("origin", "destination"):
        if pk := getattr(given, side):
            ends[side] = place_queries.place(request.user, pk)
    made = services.begin_comparison(
        actor=request.user, operation=operation, movement=leg, starts=given.starts,
        party=given.party, **ends,
    )  # fmt: skip
    return 201, _shown(request, queries.comparison(request.user, made.pk))


@router.get("/mode-comparisons/{uuid:pk}")
def show_mode_comparison(request: HttpRequest, pk: UUID):
    return _shown(request, queries.comparison(request.user, pk))


@router.post("/mode-comparisons/{uuid:pk}/tell")
@idempotent
def tell_mode_line(request: HttpRequest, pk: UUID, given: ToldLine):
    """What somebody knows better than the list, of one line of one way."""
    row = queries.comparison(request.user, pk)
    made = services.tell_line(actor=request.user, comparison=row, **given.dict())
    return _shown(request, made)


@router.post("/mode-comparisons/{uuid:pk}/choose")
@idempotent
def choose_mode(request: HttpRequest, pk: UUID, given: ModeChoice):
    """The leader's decision; the leg is not changed by it."""
    row = queries.comparison(request.user, pk)
    made = services.choose_mode(actor=request.user, comparison=row, **given.dict())
    return _shown(request, made)


@router.post("/mode-comparisons/{uuid:pk}/drop")
@idempotent
def drop_mode_comparison(request: HttpRequest, pk: UUID, given: Dropped):
    row = queries.comparison(request.user, pk)
    made = services.drop_comparison(actor=request.user, comparison=row, reason=given.reason)
    return comparison_row(made)


@router.get("/operations/{slug}/flight-news")
def list_flight_news(request: HttpRequest, slug: str, paging: PageOf):
    operation = _operation(request, slug, "movement.view")
    return page(queries.flight_news(request.user, operation), paging, flight_shape)


@router.post("/operations/{slug}/flight-news")
@idempotent
def read_flight_status(request: HttpRequest, slug: str, given: FlightFile):
    """A file of answers: nobody outside is asked. What differs from the plan is proposed."""
    operation = _operation(request, slug, "itinerary.import")
    data = given.json().encode()
    found = services.read_status(actor=request.user, operation=operation, data=data)
    return {**found, "proposed": [flight_shape(row) for row in found["proposed"]]}


@router.post("/flight-news/{uuid:pk}/take")
@idempotent
def take_flight_news(request: HttpRequest, pk: UUID):
    """The leg gets the times that the source expects."""
    news = queries.news(request.user, pk)
    return flight_shape(services.take_news(actor=request.user, news=news))


@router.post("/flight-news/{uuid:pk}/dismiss")
@idempotent
def dismiss_flight_news(request: HttpRequest, pk: UUID):
    news = queries.news(request.user, pk)
    return flight_shape(services.dismiss_news(actor=request.user, news=news))


@router.get("/flight-sources")
def list_flight_sources(request: HttpRequest):
    rows = queries.flight_sources(request.user)
    known = catalogue() if queries.may_look(request.user) else {}
    return [source_shape(name, rows.get(name)) for name in known]


@router.post("/flight-sources/{slug:source}")
@idempotent
def switch_flight_source(request: HttpRequest, source: str, given: FlightSwitch):
    """On for a purpose, or off."""
    row = services.switch_flights(actor=request.user, source=source, **given.dict())
    return source_shape(source, row)


def source_shape(name: str, row: FlightSource | None) -> dict[str, Any]:
    asked = catalogue()[name]
    return {
        "name": name,
        "words": asked.words,
        "url": asked.url,
        "learns": asked.tells,
        "on": bool(row and row.on),
        "purpose": row.purpose if row else "",
        "last_good_at": row.last_good_at if row else None,
        "last_error": row.last_error if row else "",
    }
