"""Screens of routes: the plans of an operation, one plan, its map, and the route card."""

import json
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from varangian.kernel.results import Refused
from varangian.operations import queries as operation_queries
from varangian.operations.models import Movement
from varangian.operations.pages.operations import tabs
from varangian.platform.access.queries import members
from varangian.platform.access.reauth import ask
from varangian.platform.access.scope import holds, may, require

from .. import services
from ..models import RoutePlan, RouteWork
from ..queries import drivers, fleet, route_days
from ..queries import route_watchers as watching
from ..queries import routes as queries
from ..route_working import ROLES
from ..services.routes import BY_CAR
from ..shapes.routes import (
    bound_words,
    features,
    forced_rows,
    haven_rows,
    name_of,
    plan_row,
    promise,
    sealed_shape,
    table,
)

PROVED = ("approve", "draw", "release", "watch")
ACTIONS = ("change", "approve", "draw", "report")


@login_required
def of_operation(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operation_queries.operation(request.user, slug)
    require(request.user, "route.view", operation.compartment_id)
    page = Paginator(queries.plans(request.user, operation), 50).get_page(request.GET.get("page"))
    legs = operation_queries.movements(request.user, operation).filter(kind__in=BY_CAR)
    dated = [leg for leg in legs if leg.starts]
    context = {
        "operation": operation,
        "page": page,
        "rows": [(plan, plan_row(plan)) for plan in page],
        "legs": legs,
        "days": route_days.days(request.user, operation)[:6],
        "dates": sorted(
            {
                _day(leg, operation.time_zone)
                for leg in route_days.on_a_map(request.user, dated) or dated
            }
        ),
        "under_way": route_days.work_under_way(request.user, operation),
        "may_change": may(request.user, "route.change", operation.compartment_id),
        "tabs": tabs(request, operation, "routes"),
    }
    return render(request, "travel/routes.html", context)


def _day(leg: Movement, zone: str) -> date:
    assert leg.starts is not None
    return leg.starts.astimezone(ZoneInfo(zone)).date()


@login_required
@require_POST
def make(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operation_queries.operation(request.user, slug)
    require(request.user, "route.change", operation.compartment_id)
    leg = _uuid(request.POST.get("movement", ""))
    work = services.ask_routes(
        actor=request.user,
        movement=operation_queries.movement_of(request.user, operation, leg),
        budget=1 + number(request, "extra", 20) / 100,
        window_s=60 * number(request, "window", 0),
    )
    return after_work(services.plan_later(work))


def after_work(work: RouteWork) -> HttpResponse:
    """To the plan when it is there already, else to where it is seen being made."""
    if work.day_id:  # pyright: ignore[reportAttributeAccessIssue]
        return redirect("travel:route_day", pk=work.day_id)  # pyright: ignore
    if work.plan_id:  # pyright: ignore[reportAttributeAccessIssue]
        return redirect("travel:route_plan", pk=work.plan_id)  # pyright: ignore
    return redirect("travel:route_work", pk=work.pk)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refused("Choose a leg first", where="movement") from None


def number(request: HttpRequest, name: str, usual: float) -> float:
    text = request.POST.get(name, "").strip()
    try:
        return float(text) if text else usual
    except ValueError:
        raise Refused("This is no number", where=name, mend="Such as 20.") from None


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    plan = queries.plan(request.user, pk)
    draw = queries.draw_of(request.user, plan)
    picture = plan.payload["picture"]
    allowed = {f"may_{a}": may(request.user, f"route.{a}", plan.compartment_id) for a in ACTIONS}
    context = {
        "plan": plan,
        "row": plan_row(plan),
        "operation": plan.operation,
        "words": bound_words(plan),
        "table": table(plan),
        "roles": ROLES,
        "promise": promise(plan),
        "pictures": [mark_safe(svg) for svg in picture["panels"]],  # noqa: S308 made by our own engine, text escaped
        "told": picture["told"],
        "forced": forced_rows(plan),
        "havens": haven_rows(plan),
        "draw": sealed_shape(draw) if draw else None,
        "seal": None if draw else watching.seal_of(plan),
        "may_maps": holds(request.user, "map.view"),
        "driven": _driven(plan, draw),
        "habit": queries.habit(request.user, plan),
        "people": drivers.of_operation(request.user, plan.operation) if allowed["may_draw"] else [],
        "versions": queries.versions(request.user, plan.movement).exclude(pk=plan.pk),
        "tabs": tabs(request, plan.operation, "routes"),
        **allowed,
    }
    if allowed["may_draw"]:
        there = watching.readers(request.user, plan)
        context["readers"] = there
        context["could_watch"] = watching.could_watch(request.user, plan, there)
    return render(request, "travel/route_plan.html", context)


def _driven(plan: RoutePlan, draw: Any) -> dict[str, Any] | None:
    if draw is None or not draw.driven_at:
        return None
    return {**draw.driven, "name": name_of(plan, draw.driven["route"]), "at": draw.driven_at}


@login_required
@require_safe
def lines(request: HttpRequest, pk: UUID) -> JsonResponse:
    plan = queries.plan(request.user, pk)
    return JsonResponse({"type": "FeatureCollection", "features": features(plan)})


@login_required
@require_POST
def act(request: HttpRequest, pk: UUID) -> HttpResponse:
    plan = queries.plan(request.user, pk)
    deed, given = request.POST.get("deed", ""), request.POST
    if deed in PROVED:
        ask(request)
    who: dict[str, Any] = {"actor": request.user, "plan": plan}
    if deed == "role":
        services.set_route_role(**who, route=given.get("route", ""), role=given.get("role", ""))
    elif deed == "approve":
        services.approve_routes(**who)
    elif deed == "draw":
        services.draw_route(**who)
        messages.info(request, "Drawn and sealed. Nobody needs to look before it is released.")
    elif deed == "release":
        services.release_route(**who, reason=given.get("reason", ""), **_named(request))
    elif deed in ("watch", "unwatch"):
        _watcher(request, plan, named=deed == "watch")
    elif deed == "driven":
        route, words = given.get("route", ""), given.get("words", "")
        took = number(request, "minutes", 0) or None
        services.report_driven(**who, route=route, words=words, minutes=took)
    elif deed == "withdraw":
        services.withdraw_routes(**who, reason=given.get("reason", ""))
    elif deed == "replan":
        area, reason = _area(given.get("area", "")), given.get("reason", "")
        work = services.ask_replan(**who, area=area, reason=reason)
        return after_work(services.plan_later(work))
    else:
        raise Refused("There is no such deed", where="deed")
    return redirect("travel:route_plan", pk=plan.pk)


def _watcher(request: HttpRequest, plan: RoutePlan, *, named: bool) -> None:
    seats = members(request.user, plan.compartment_id)
    person = next(
        (seat.user for seat in seats if str(seat.user_id) == request.POST.get("person")), None
    )
    if person is None:
        raise Refused("Choose a member of the operation", where="person")
    change = services.name_watcher if named else services.drop_watcher
    change(actor=request.user, plan=plan, person=person)


def _named(request: HttpRequest) -> dict[str, Any]:
    """Driver and vehicle that are named at the release; left empty, none and the drawn one."""
    driver, vehicle = request.POST.get("driver", ""), request.POST.get("vehicle", "")
    return {
        "driver": drivers.person(request.user, driver) if driver else None,
        "vehicle": fleet.vehicle_named(request.user, vehicle) if vehicle else None,
    }


def _area(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise Refused("This is no GeoJSON", "area", "Give a polygon, longitude first.") from None


paths = [
    path("routes/of/<slug:slug>/", of_operation, name="routes"),
    path("routes/of/<slug:slug>/make/", make, name="route_make"),
    path("routes/<uuid:pk>/", show, name="route_plan"),
    path("routes/<uuid:pk>/lines.json", lines, name="route_lines"),
    path("routes/<uuid:pk>/act/", act, name="route_act"),
]
