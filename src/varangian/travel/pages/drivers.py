"""Drivers on screen: what they may drive, and the hours that are left."""

from datetime import timedelta
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
from varangian.platform.access.scope import holds

from .. import services
from ..fleet.hours import Hours, words_of
from ..fleet.library import HoursPolicy, driving_hours
from ..fleet_forms import DriverForm
from ..queries import drivers as queries
from ..queries.drivers import Driver
from .fleet import travel_tabs

SHOWN = timedelta(days=8)
OFF = "off"


@login_required
def index(request: HttpRequest) -> HttpResponse:
    people = queries.people(request.user)
    rows = [(one, _tone(one), bars(one.hours)) for one in queries.drivers(request.user, people)]
    context = {"rows": rows, "policy": driving_hours(), "tabs": travel_tabs("drivers")}
    return render(request, "travel/drivers/index.html", context)


def _tone(one: Driver) -> str:
    if one.hours.breaches or one.over:
        return "amber"
    return "grey" if one.file is None else "green"


def bars(hours: Hours) -> list[dict[str, Any]]:
    """What is left of each limit, in words and as a share."""
    policy = driving_hours()
    rows = [
        ("To the next break", hours.drive_left, policy.without_break),
        ("Today", hours.day_left, policy.day),
        ("This week", hours.week_left, policy.week),
        ("Two weeks", hours.fortnight_left, policy.fortnight),
    ]
    return [
        {
            "title": title,
            "words": words_of(left),
            "left": round(left.total_seconds() / 60),
            "most": round(most * 60),
            "recorded": hours.recorded,
        }
        for title, left, most in rows
    ]


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = queries.person(request.user, str(pk))
    one = queries.driver(request.user, person)
    may_change = holds(request.user, "driver.change")
    form = DriverForm(request.POST) if request.method == "POST" else DriverForm.of(one.facts)
    if request.method == "POST" and form.is_valid():
        services.write_driver(actor=request.user, person=person, **form.fields_of())
        messages.info(request, f"Kept what is known of {person} as a driver.")
        return redirect("travel:driver", pk=pk)
    policy: HoursPolicy = driving_hours()
    context = {
        "one": one,
        "person": person,
        "form": form,
        "bars": bars(one.hours),
        "differences": queries.disagreements(request.user, person, one.facts),
        "roster": queries.on_the_roster(request.user, person) is not None,
        "ahead": queries.rostered(person.pk, now(), now() + SHOWN),
        "policy": policy,
        "wheel": queries.wheel(request.user, person, now() - SHOWN)[:40],
        "running": queries.wheel_now(person.pk),
        "may_change": may_change,
        "may_write": may_change or person.pk == request.user.pk,
        "today": now().date(),
        "tabs": travel_tabs("drivers"),
    }
    return render(request, "travel/drivers/show.html", context)


@login_required
@require_POST
def wheel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One tap: what the driver does from now on."""
    person, kind = queries.person(request.user, str(pk)), request.POST.get("kind", "")
    if kind == OFF:
        services.leave_wheel(actor=request.user, person=person)
    else:
        services.take_wheel(actor=request.user, person=person, kind=kind)
    back = request.POST.get("card", "")
    if not back:
        return redirect("travel:driver", pk=pk)
    try:
        return redirect("travel:card", pk=UUID(back))
    except ValueError as error:
        raise Refused("This names no route card", where="card") from error


paths = [
    path("drivers/", index, name="drivers"),
    path("drivers/<uuid:pk>/", show, name="driver"),
    path("drivers/<uuid:pk>/wheel/", wheel, name="driver_wheel"),
]
