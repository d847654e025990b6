"""Screens of presence: everybody of a party, and who is in a country now."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.log.rules import typed_time
from varangian.operations import queries as operation_queries
from varangian.operations import tabs
from varangian.operations.models import Operation
from varangian.places import queries as place_queries
from varangian.platform.access.scope import may, require

from ..forms.presence import EVERYBODY, ClockForm, HeardForm, TravellerForm
from ..presence_places import country_words
from ..queries import presence as queries
from ..services import presence as services


def _operation(request: HttpRequest, slug: str, action: str = "presence.view") -> Operation:
    found = operation_queries.operation(request.user, slug)
    require(request.user, action, found.compartment_id)
    return found


def _at(request: HttpRequest, zone: str) -> datetime | None:
    return typed_time(request.GET.get("at", ""), zone, now())


@login_required
def show(request: HttpRequest, slug: str) -> HttpResponse:
    operation = _operation(request, slug)
    circle = operation.compartment_id
    shown = _lines(request, operation)
    people = sorted(
        (line.person for line in shown["lines"] if line.person), key=lambda one: one.joined_at
    )
    context = {
        **shown,
        "tabs": tabs.of_operation(request.user, operation, "presence"),
        "people": people,
        "named": queries.named_on_bookings(request.user, operation),
        "facts": queries.facts_of(request.user, operation)[:20],
        "may_change": may(request.user, "presence.change", circle),
        "heard_form": HeardForm(
            operation=operation, people=people, places=_places(request, operation)
        ),
        "clock_form": ClockForm(operation=operation, people=people),
        "traveller_form": TravellerForm(),
    }
    return render(request, "travel/presence.html", context)


@login_required
@require_GET
def part(request: HttpRequest, slug: str) -> HttpResponse:
    context = _lines(request, _operation(request, slug))
    return render(request, "travel/_presence.html", context)


def _lines(request: HttpRequest, operation: Operation) -> dict[str, Any]:
    at = _at(request, operation.time_zone)
    return {
        "operation": operation,
        "at": at,
        "lines": queries.present(request.user, operation, at),
        "may_confirm": may(request.user, "presence.confirm", operation.compartment_id),
    }


def _places(request: HttpRequest, operation: Operation) -> list[Any]:
    """The places of the journey, and those of the engagement that may be one."""
    rows = operation_queries.movements(request.user, operation)
    ends = [place for row in rows for place in (row.origin, row.destination) if place]
    above = operation.engagement.compartment_id
    ends += place_queries.places(request.user).filter(compartment_id=above)[:200]
    return list({place.pk: place for place in ends}.values())


@login_required
@require_POST
def confirm(request: HttpRequest, slug: str) -> HttpResponse:
    operation = _operation(request, slug, "presence.confirm")
    people = list(queries.party(request.user, operation))
    form = HeardForm(
        request.POST, operation=operation, people=people, places=_places(request, operation)
    )
    _valid(form)
    services.confirm(actor=request.user, operation=operation, **form.given())
    return redirect("travel:presence", slug)


@login_required
@require_POST
def clock(request: HttpRequest, slug: str) -> HttpResponse:
    operation = _operation(request, slug, "presence.change")
    form = ClockForm(
        request.POST, operation=operation, people=list(queries.party(request.user, operation))
    )
    _valid(form)
    services.set_clock(
        actor=request.user,
        operation=operation,
        minutes=form.cleaned_data["minutes"] or None,
        person=form.person,
        everybody=form.cleaned_data["who"] == EVERYBODY,
    )
    return redirect("travel:presence", slug)


@login_required
@require_POST
def add(request: HttpRequest, slug: str) -> HttpResponse:
    operation = _operation(request, slug, "presence.change")
    form = TravellerForm(request.POST)
    _valid(form)
    services.add_person(actor=request.user, operation=operation, **form.cleaned_data)
    return redirect("travel:presence", slug)


@login_required
@require_POST
def leave(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = services.take_off(actor=request.user, person=queries.party_person(request.user, pk))
    return redirect("travel:presence", person.operation.slug)


@login_required
@require_GET
def who(request: HttpRequest) -> HttpResponse:
    """Over all operations: who is in a country or place now."""
    asked = request.GET.get("in", "").strip()[:100]
    everyone = queries.who_is_in(request.user, "", _at(request, "UTC"))
    lines = queries.who_is_in(request.user, asked, _at(request, "UTC")) if asked else everyone
    codes = {code for line in everyone if line.interval for code in line.interval.countries}
    context = {
        "lines": lines,
        "asked": asked,
        "countries": sorted((country_words(code), code) for code in codes),
    }
    return render(request, "travel/who.html", context)


def _valid(form: Any) -> None:
    if not form.is_valid():
        name, faults = next(iter(form.errors.items()))
        label = form.fields[name].label or name if name in form.fields else name
        raise Refused(str(faults[0]), where=str(label))


paths = [
    path("who/", who, name="who"),
    path("presence/<slug:slug>/", show, name="presence"),
    path("presence/<slug:slug>/part/", part, name="presence_part"),
    path("presence/<slug:slug>/confirm/", confirm, name="presence_confirm"),
    path("presence/<slug:slug>/clock/", clock, name="presence_clock"),
    path("presence/<slug:slug>/travellers/", add, name="add_traveller"),
    path("travellers/<uuid:pk>/leave/", leave, name="traveller_leave"),
]
