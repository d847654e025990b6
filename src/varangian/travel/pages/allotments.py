"""Vehicles on legs: the advice, the assignment, and the turns of its card."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from varangian.kernel.results import Refused
from varangian.operations import queries as operation_queries
from varangian.operations.pages.operations import tabs
from varangian.platform.access.scope import may, require

from .. import services
from ..fleet.library import inspections, vehicles
from ..fleet_forms import AssignForm, NeedForm, titled, valid
from ..models import Allotment, Vehicle
from ..queries import allotments as queries
from ..queries import drivers, fleet
from ..queries import route_watchers as watching
from ..queries.inspections import stopping


@login_required
def of_operation(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operation_queries.operation(request.user, slug)
    require(request.user, "vehicle.view", operation.compartment_id)
    rows = [
        (leg, queries.vehicles_ready(request.user, leg), stopping(leg.pk))
        for leg in operation_queries.movements(request.user, operation)
        if not leg.is_stay
    ]
    context = {
        "operation": operation,
        "rows": rows,
        "tabs": tabs(request, operation, "vehicles"),
    }
    return render(request, "travel/fleet/of_operation.html", context)


@login_required
def leg(request: HttpRequest, pk: UUID) -> HttpResponse:
    movement = operation_queries.movement(request.user, pk)
    require(request.user, "vehicle.view", movement.compartment_id)
    form = NeedForm(request.GET)
    need = queries.need_of(movement, form.asked())
    may_assign = may(request.user, "vehicle.assign", movement.compartment_id)
    here = list(queries.allotments(request.user, movement).exclude(state="over"))
    context = {
        "movement": movement,
        "operation": movement.operation,
        "need": need,
        "asked": request.GET,
        "asked_terrain": request.GET.getlist("terrain"),
        "terrain": titled(vehicles().terrain),
        "profiles": Vehicle.Profile.choices,
        "parts": Allotment.Part.choices,
        "advice": queries.advise(request.user, movement, need) if may_assign else [],
        "people": _people(request, movement) if may_assign else [],
        "here": [_row(request, row) for row in here],
        "stopped": stopping(movement.pk),
        "may_assign": may_assign,
        "may_check": may(request.user, "vehicle.check", movement.compartment_id),
        "tabs": tabs(request, movement.operation, "vehicles"),
    }
    return render(request, "travel/fleet/leg.html", context)


def _people(request: HttpRequest, movement: Any) -> list[dict[str, Any]]:
    """Each who could drive, with what the leg would break in their hours."""
    found = drivers.of_operation(request.user, movement.operation)
    rows = drivers.drivers(request.user, found, movement.operation.time_zone)
    return [{"one": row, "broken": queries.hours_broken(row.person.pk, movement)} for row in rows]


def _row(request: HttpRequest, row: Allotment) -> dict[str, Any]:
    at = fleet.stand(fleet.vehicle(request.user, row.vehicle_id))  # pyright: ignore
    lists = inspections()
    return {
        "row": row,
        "at": at,
        "card": watching.reads_turns(request.user, row),
        "broken": queries.hours_broken(row.driver_id, row.movement) if row.driver_id else [],  # pyright: ignore
        "search": lists.search(at.due.grade),
        "roadworthy": lists.roadworthy_for(row.vehicle.drive),
    }


@login_required
@require_POST
def assign(request: HttpRequest, pk: UUID) -> HttpResponse:
    movement = operation_queries.movement(request.user, pk)
    require(request.user, "vehicle.assign", movement.compartment_id)
    given = valid(AssignForm(request.POST))
    services.assign_vehicle(
        actor=request.user,
        movement=movement,
        vehicle=fleet.vehicle(request.user, given["vehicle"]),
        driver=drivers.member_named(request.user, movement.operation, given["driver"]),
        part=given["part"],
        reason=given["reason"],
        asked=NeedForm(request.POST).asked(),
    )
    return redirect("travel:leg", pk=pk)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = queries.allotment(request.user, pk)
    services.withdraw_vehicle(actor=request.user, allotment=row)
    return redirect("travel:leg", pk=row.movement_id)  # pyright: ignore


@login_required
@require_POST
def cues(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Turns from a JSON file."""
    import json

    row = queries.allotment(request.user, pk)
    file: Any = request.FILES.get("file")
    try:
        given = json.loads(file.read()) if file else []
    except ValueError as error:
        raise Refused("The file holds no JSON", where="file") from error
    if not isinstance(given, list):
        raise Refused("The file holds a list of turns", where="file")
    services.write_cues(actor=request.user, allotment=row, cues=given)
    return redirect("travel:leg", pk=row.movement_id)  # pyright: ignore


paths = [
    path("vehicles/of/<slug:slug>/", of_operation, name="fleet_of"),
    path("legs/<uuid:pk>/vehicles/", leg, name="leg"),
    path("legs/<uuid:pk>/vehicles/assign/", assign, name="leg_assign"),
    path("assignments/<uuid:pk>/withdraw/", withdraw, name="leg_withdraw"),
    path("assignments/<uuid:pk>/cues/", cues, name="card_cues"),
]
