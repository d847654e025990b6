"""Screens of the whole day, and of a plan that is being made."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from varangian.kernel.results import Refused
from varangian.operations import queries as operation_queries
from varangian.operations.pages.operations import tabs
from varangian.platform.access.reauth import ask
from varangian.platform.access.scope import may, require

from .. import services
from ..models import RoutePlan, RouteWork
from ..queries import route_days as queries
from ..shapes.route_days import day_shape, promise, work_shape
from .routes import after_work, number


@login_required
@require_POST
def make_day(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operation_queries.operation(request.user, slug)
    require(request.user, "route.change", operation.compartment_id)
    try:
        on = date.fromisoformat(request.POST.get("on", ""))
    except ValueError:
        raise Refused("This is no date", where="on", mend="Choose the day.") from None
    work = services.ask_day(
        actor=request.user,
        operation=operation,
        on=on,
        budget=1 + number(request, "extra", 20) / 100,
        window_s=60 * number(request, "window", 30),
    )
    return after_work(services.plan_later(work))


@login_required
def day(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.day(request.user, pk)
    plans = list(queries.plans_of(request.user, found))
    can = {
        f"may_{a}": may(request.user, f"route.{a}", found.compartment_id)
        for a in ("change", *DEEDS)
    }
    context = {
        "day": found,
        "shape": day_shape(found, plans),
        "promise": promise(found),
        "later": queries.later(request.user, found),
        "hold_on": any(plan.state in RoutePlan.OPEN for plan in plans),
        "operation": found.operation,
        "drafts": any(plan.state == "draft" for plan in plans),
        "undrawn": any(plan.state == "approved" and not queries.drawn(plan) for plan in plans),
        "tabs": tabs(request, found.operation, "routes"),
        **can,
    }
    return render(request, "travel/route_day.html", context)


DEEDS = {"approve": services.approve_day, "draw": services.draw_day}


@login_required
@require_POST
def day_act(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.day(request.user, pk)
    deed = request.POST.get("deed", "")
    if deed not in DEEDS:
        raise Refused("A day is approved or drawn", where="deed")
    ask(request)
    DEEDS[deed](actor=request.user, day=found)
    if deed == "draw":
        messages.info(request, "Drawn and sealed, leg by leg. Release each just before it leaves.")
    return redirect("travel:route_day", pk=pk)


@login_required
def work(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.work(request.user, pk)
    if not found.under_way and found.state == RouteWork.State.DONE:
        return after_work(found)
    return render(request, "travel/route_work.html", _context(request, found))


def _context(request: HttpRequest, found: RouteWork) -> dict[str, object]:
    return {
        "work": found,
        "row": work_shape(found),
        "operation": found.operation,
        "may_change": may(request.user, "route.change", found.compartment_id),
    }


@login_required
def work_state(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The bar while it is planned; when that ends the whole page is another one."""
    found = queries.work(request.user, pk)
    if not found.under_way:
        answer = HttpResponse()
        answer["HX-Refresh"] = "true"
        return answer
    return render(request, "travel/_route_work.html", _context(request, found))


@login_required
@require_POST
def stop(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.work(request.user, pk)
    services.stop_work(actor=request.user, row=found)
    return redirect("travel:route_work", pk=pk)


paths = [
    path("routes/of/<slug:slug>/day/", make_day, name="route_day_make"),
    path("routes/days/<uuid:pk>/", day, name="route_day"),
    path("routes/days/<uuid:pk>/act/", day_act, name="route_day_act"),
    path("routes/works/<uuid:pk>/", work, name="route_work"),
    path("routes/works/<uuid:pk>/state/", work_state, name="route_work_state"),
    path("routes/works/<uuid:pk>/stop/", stop, name="route_work_stop"),
]
