"""One leg in motion: its map, what it passed, its alarms, and one tap for each deed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from varangian.kernel.results import Refused
from varangian.operations.models import Movement
from varangian.operations.pages.operations import tabs
from varangian.platform.access.scope import may, require

from .. import services
from ..queries import movement_board as queries
from ..queries import movement_holds as hold_queries
from ..queries import movement_ways as way_queries
from ..queries import routes as route_queries
from ..shapes.movement_board import features, leg_row


def _leg(request: HttpRequest, pk: UUID) -> Movement:
    movement = queries.leg(request.user, pk)
    require(request.user, "track.view", movement.compartment_id)
    return movement


@login_required
@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    movement = _leg(request, pk)
    plan = queries.tracking_plan(request.user, movement)
    context = _context(request, movement) | {
        "versions": queries.tracking_plans(request.user, movement)[:10] if plan else [],
        "planned": route_queries.versions(request.user, movement).exists(),
        "tabs": tabs(request, movement.operation, "movements"),
    }
    return render(request, "travel/board/leg.html", context)


@login_required
@require_safe
def part(request: HttpRequest, pk: UUID) -> HttpResponse:
    return render(request, "travel/board/_leg.html", _context(request, _leg(request, pk)))


def _context(request: HttpRequest, movement: Movement) -> dict[str, Any]:
    actor, circle = request.user, movement.compartment_id
    row = leg_row(actor, movement)
    plan, run = queries.tracking_plan(actor, movement), queries.run_of(actor, movement)
    moving = row["state"] in ("under way", "diverted") and row["begun_at"] is not None
    here = way_queries.where(actor, plan, run) if plan and moving else None
    near = way_queries.havens(actor, plan, here) if plan and here else []
    return {
        "movement": movement,
        "operation": movement.operation,
        "row": row,
        "plan": plan,
        "moving": moving,
        "may_begin": plan is not None and row["state"] == "not begun",
        "may_change": may(actor, "track.change", circle),
        "may_drive": may(actor, "track.drive", circle),
        "nearest": near[0].shape() if near else None,
        "havens": sorted(near, key=lambda one: (not one.verified, one.name)),
        "proposals": way_queries.proposals(actor, plan, run) if plan else [],
        "routes": _routes(plan),
        "holds": hold_queries.proposals(actor, plan) if plan and run is None else [],
    }


def _routes(plan: Any) -> list[dict[str, Any]]:
    """The other routes of the plan, for one tap."""
    if plan is None or plan.route_plan is None:
        return []
    rows = plan.route_plan.payload["routes"]
    return [row for row in rows if row["role"] and row["key"] != plan.payload["route"]]


@login_required
@require_safe
def lines(request: HttpRequest, pk: UUID) -> JsonResponse:
    movement = _leg(request, pk)
    plan = queries.tracking_plan(request.user, movement)
    found = features(plan, queries.run_of(request.user, movement)) if plan else []
    return JsonResponse({"type": "FeatureCollection", "features": found})


@login_required
@require_POST
def act(request: HttpRequest, pk: UUID) -> HttpResponse:
    movement, given = _leg(request, pk), request.POST
    deed = given.get("deed", "")
    who: dict[str, Any] = {"actor": request.user, "movement": movement}
    why = given.get("reason", "")
    if deed == "begin":
        services.begin_leg(**who)
    elif deed == "report":
        services.report_line(**who, mark=given.get("mark", ""), words=given.get("words", ""))
    elif deed == "arrive":
        services.arrive(**who)
    elif deed == "divert":
        plan = services.divert(**who, to=given.get("to", ""), reason=why)
        messages.info(request, f"Diverted to {plan.payload['goal']}. The team is told.")
    elif deed == "take":
        services.take_route(**who, route=given.get("route", ""), alert=_alert(given), reason=why)
    elif deed == "hold":
        plan = services.take_hold(**who, key=given.get("key", ""))
        messages.info(request, f"Hold point added: {plan.reason}")
    else:
        raise Refused("There is no such deed", where="deed")
    return redirect("travel:movement_leg", pk=pk)


def _alert(given: Any) -> UUID | None:
    text = given.get("alert", "")
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Refused("There is no such alert", where=text) from None


paths = [
    path("board/leg/<uuid:pk>/", show, name="movement_leg"),
    path("board/leg/<uuid:pk>/part/", part, name="movement_part"),
    path("board/leg/<uuid:pk>/lines.json", lines, name="movement_lines"),
    path("board/leg/<uuid:pk>/act/", act, name="movement_act"),
]
