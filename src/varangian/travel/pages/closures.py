"""A road is closed: on a leg, or on the whole day; drawn on the map of its routes."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from varangian.kernel.results import Refused
from varangian.operations.pages.operations import tabs
from varangian.platform.access.scope import require

from .. import services
from ..forms.closures import ClosureForm
from ..models import RoutePlan
from ..queries import route_days as days
from ..queries import routes as queries
from ..shapes.routes import features
from .routes import after_work


@login_required
def close_day(request: HttpRequest, pk: UUID) -> HttpResponse:
    day = days.day(request.user, pk)
    require(request.user, "route.change", day.compartment_id)
    words = {
        "title": f"A road is closed on {day.on:%A %-d %B}",
        "why": "What is still to be driven is mixed anew as one game. What was driven stays; a draw"
        " whose roads are all open stands; every other leg gets a new draft to approve.",
        "submit": "Plan the day anew",
        "back": reverse("travel:route_day", args=[pk]),
        "lines": reverse("travel:route_day_lines", args=[pk]),
    }

    def asked(given: dict[str, Any]) -> Any:
        return services.ask_closure(actor=request.user, day=day, **given)

    return _closing(request, day, words, asked)


@login_required
def close_leg(request: HttpRequest, pk: UUID) -> HttpResponse:
    plan = queries.plan(request.user, pk)
    require(request.user, "route.change", plan.compartment_id)
    words = {
        "title": f"A road is closed: {plan.payload['leg']}",
        "why": "This leg alone is planned anew; what was drawn for it is void.",
        "submit": "Plan anew",
        "back": reverse("travel:route_plan", args=[pk]),
        "lines": reverse("travel:route_lines", args=[pk]),
        "day": reverse("travel:route_day_close", args=[plan.day_id]) if plan.day_id else "",  # pyright: ignore
    }

    def asked(given: dict[str, Any]) -> Any:
        return services.ask_replan(actor=request.user, plan=plan, **given)

    return _closing(request, plan, words, asked)


def _closing(request: HttpRequest, about: Any, words: dict[str, str], asked: Any) -> HttpResponse:
    form = ClosureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("area", "reason")}
        try:
            return after_work(services.plan_later(asked(given)))
        except Refused as why:
            if why.status != Refused.status:
                raise
            form.add_error(None, str(why))
    context = {
        "form": form,
        "operation": about.operation,
        "tabs": tabs(request, about.operation, "routes"),
        **words,
    }
    status = 422 if form.is_bound else 200
    return render(request, "travel/route_close.html", context, status=status)


@login_required
@require_safe
def day_lines(request: HttpRequest, pk: UUID) -> JsonResponse:
    """The routes of every leg that this person sees."""
    day = days.day(request.user, pk)
    found = [one for plan in days.plans_of(request.user, day) for one in _of(plan)]
    return JsonResponse({"type": "FeatureCollection", "features": found})


def _of(plan: RoutePlan) -> list[dict[str, Any]]:
    """Titles name the leg: of one leg alone R1 is enough, of a day it is not."""
    rows = features(plan)
    for row in rows:
        if row["properties"]["kind"] == "route":
            row["properties"]["title"] = f"{plan.payload['leg']}: {row['properties']['title']}"
    return rows


paths = [
    path("routes/days/<uuid:pk>/close/", close_day, name="route_day_close"),
    path("routes/days/<uuid:pk>/lines.json", day_lines, name="route_day_lines"),
    path("routes/<uuid:pk>/close/", close_leg, name="route_close"),
]
