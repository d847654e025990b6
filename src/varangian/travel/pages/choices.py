"""Screen of an operation's choices: ways, houses, and what was heard of its flights."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.log.rules import typed_time
from varangian.operations import queries as operation_queries
from varangian.operations import tabs
from varangian.operations.models import Operation
from varangian.places import queries as place_queries
from varangian.platform.access.scope import holds, may, require

from .. import services
from ..queries import modes, stays
from ..services.flight_fetch import catalogue
from ..shapes.modes import comparison_row, flight_shape
from ..shapes.stays import choice_row
from ..stays.library import KINDS

MOST = 50


@login_required
def of_operation(request: HttpRequest, slug: str) -> HttpResponse:
    operation = _operation(request, slug, "choice.view")
    legs = operation_queries.movements(request.user, operation).exclude(state="cancelled")
    circle = operation.compartment_id
    context = {
        "operation": operation,
        "ways": [
            (row, comparison_row(row)) for row in modes.comparisons(request.user, operation)[:MOST]
        ],
        "houses": [(row, choice_row(row)) for row in stays.choices(request.user, operation)[:MOST]],
        "flights": [
            (row, flight_shape(row)) for row in modes.flight_news(request.user, operation)[:20]
        ],
        "flight_legs": legs.filter(kind="flight").exists(),
        "sources": [row for row in modes.flight_sources(request.user).values() if row.on],
        "legs": [leg for leg in legs if not leg.is_stay],
        "places": _places(request, operation),
        "kinds": KINDS.items(),
        "may_change": may(request.user, "choice.change", circle),
        "may_move": may(request.user, "movement.change", circle),
        "may_read": may(request.user, "itinerary.import", circle),
        "tabs": tabs.of_operation(request.user, operation, "choices"),
    }
    return render(request, "travel/choices/index.html", context)


def _operation(request: HttpRequest, slug: str, action: str) -> Operation:
    found = operation_queries.operation(request.user, slug)
    require(request.user, action, found.compartment_id)
    return found


def _places(request: HttpRequest, operation: Operation) -> list[Any]:
    circles = (operation.compartment_id, operation.engagement.compartment_id)
    rows = place_queries.places(request.user).filter(compartment_id__in=circles)
    return [place for place in rows[:300] if place.located]


@login_required
@require_POST
def begin_way(request: HttpRequest, slug: str) -> HttpResponse:
    operation = _operation(request, slug, "choice.change")
    given, leg = request.POST, None
    if given.get("movement"):
        pk = one_of(given.get("movement", ""), "leg")
        leg = operation_queries.movement_of(request.user, operation, pk)
    made = services.begin_comparison(
        actor=request.user, operation=operation, movement=leg,
        origin=_place(request, "origin"), destination=_place(request, "destination"),
        starts=_when(given.get("starts", ""), operation), party=_whole(given.get("party", "")),
    )  # fmt: skip
    return redirect("travel:way", pk=made.pk)


def _when(text: str, operation: Operation) -> datetime | None:
    return typed_time(text.strip(), operation.time_zone, now()) if text.strip() else None


def _whole(text: str) -> int | None:
    try:
        return int(text) if text.strip() else None
    except ValueError:
        raise Refused("This is no number of people", "party", "Such as 3.") from None


def _place(request: HttpRequest, field: str) -> Any:
    text = request.POST.get(field, "")
    return place_queries.place(request.user, one_of(text, field)) if text else None


def one_of(text: str, where: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refused("Choose one of the list", where=where) from None


@login_required
@require_POST
def begin_house(request: HttpRequest, slug: str) -> HttpResponse:
    operation = _operation(request, slug, "choice.change")
    given = request.POST
    made = services.begin_choice(
        actor=request.user, operation=operation, kind=given.get("kind", ""),
        title=given.get("title", ""),
    )  # fmt: skip
    return redirect("travel:house", pk=made.pk)


@login_required
@require_POST
def read_flights(request: HttpRequest, slug: str) -> HttpResponse:
    operation = _operation(request, slug, "itinerary.import")
    file: Any = request.FILES.get("file")
    if file is None:
        raise Refused("Choose a file first", where="file")
    found = services.read_status(actor=request.user, operation=operation, data=file.read())
    count = len(found["proposed"])
    words = f"{count} of {found['legs']} flights differ from the plan."
    messages.info(request, " ".join([words, *found["not_read"][:3]]))
    return redirect("travel:choices", slug=slug)


@login_required
@require_POST
def act_on_flight(request: HttpRequest, pk: UUID) -> HttpResponse:
    news = modes.news(request.user, pk)
    deed = request.POST.get("deed", "")
    if deed == "take":
        services.take_news(actor=request.user, news=news)
    elif deed == "dismiss":
        services.dismiss_news(actor=request.user, news=news)
    else:
        raise Refused("There is no such deed", where="deed")
    return redirect("travel:choices", slug=news.operation.slug)


@login_required
def flight_sources(request: HttpRequest) -> HttpResponse:
    rows = modes.flight_sources(request.user)
    known = catalogue() if modes.may_look(request.user) else {}
    context = {
        "sources": [{"asked": one, "row": rows.get(name)} for name, one in known.items()],
        "may_switch": holds(request.user, "feed.import"),
    }
    return render(request, "travel/choices/flight_sources.html", context)


@login_required
@require_POST
def switch_source(request: HttpRequest, source: str) -> HttpResponse:
    services.switch_flights(
        actor=request.user, source=source, on=request.POST.get("on") == "1",
        purpose=request.POST.get("purpose", ""),
    )  # fmt: skip
    return redirect("travel:flight_sources")


paths = [
    path("choices/of/<slug:slug>/", of_operation, name="choices"),
    path("choices/of/<slug:slug>/way/", begin_way, name="way_begin"),
    path("choices/of/<slug:slug>/house/", begin_house, name="house_begin"),
    path("choices/of/<slug:slug>/flights/", read_flights, name="flights_read"),
    path("choices/flights/<uuid:pk>/", act_on_flight, name="flight_act"),
    path("choices/sources/", flight_sources, name="flight_sources"),
    path("choices/sources/<slug:source>/", switch_source, name="flight_switch"),
]
