"""The tracking plan of a leg, made and changed on one page."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from varangian.kernel.results import Refused
from varangian.operations.pages.operations import tabs
from varangian.platform.access.queries import members
from varangian.platform.access.scope import require
from varangian.tracking.queries.devices import devices

from .. import services
from ..forms.tracking_plan import TrackingPlanForm, initial, mark_rows, typed
from ..queries import movement_board as queries
from ..queries import routes as route_queries
from ..services.tracking_plans import usual_route


@login_required
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    movement = queries.leg(request.user, pk)
    require(request.user, "track.change", movement.compartment_id)
    routes = route_queries.plan_of(request.user, movement)
    plan = queries.tracking_plan(request.user, movement)
    usual = usual_route(request.user, routes, plan)
    zone = ZoneInfo(movement.zone)
    people = [one.user for one in members(request.user, movement.compartment_id)]
    form = TrackingPlanForm(
        request.POST or None, routes=routes.payload["routes"],
        devices=list(devices(request.user, movement.operation)), people=people,
        initial=initial(plan, usual["key"], zone),
    )  # fmt: skip
    wrong = ""
    if request.method == "POST" and form.is_valid():
        try:
            services.make_tracking_plan(
                actor=request.user, movement=movement, reason=request.POST.get("reason", ""),
                marks=_marks(request), **form.given(zone),
            )  # fmt: skip
            return redirect("travel:movement_leg", pk=pk)
        except Refused as error:
            wrong = str(error)
    posted = request.POST if request.method == "POST" else None
    context = {
        "movement": movement,
        "operation": movement.operation,
        "routes": routes,
        "plan": plan,
        "form": form,
        "wrong": wrong,
        "marks": mark_rows(plan, posted),
        "tabs": tabs(request, movement.operation, "movements"),
    }
    status = 422 if posted else 200
    return render(request, "travel/board/plan.html", context, status=status)


def _marks(request: HttpRequest) -> list[dict] | None:
    """A first plan without any typed mark gets those that the routes propose."""
    rows = typed(request.POST)
    return None if not rows and request.POST.get("propose") else rows


paths = [path("board/leg/<uuid:pk>/plan/", edit, name="tracking_plan")]
