"""Legs and stays on screen."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from varangian.kernel.results import Conflict
from varangian.places import queries as place_queries
from varangian.platform.access.scope import may, require
from varangian.platform.thread.queries import neighbours, stale_by_record
from varangian.platform.ui.both import choose

from .. import queries, services
from ..forms import MovementForm
from ..models import Movement, Operation
from ..services.movements import STATES


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    movement = queries.movement(request.user, pk)
    places = _places(request, movement.operation)
    form = MovementForm.of(movement, places)
    if request.method == "POST":
        form = MovementForm(request.POST, places=places)
        if form.is_valid():
            try:
                services.change_movement(
                    actor=request.user,
                    movement=movement,
                    expected_version=form.expected,
                    **form.fields_of(),
                )
            except Conflict as error:
                return _choose(request, error, form, pk)
            return redirect("operations:movement", pk=pk)
    context = {
        "movement": movement,
        "operation": movement.operation,
        "form": form,
        "thread": neighbours(request.user, "movement", pk),
        "stale": stale_by_record(request.user, "movement", [pk]).get(pk, []),
        "next_states": [(s, Movement.State(s).label) for s in sorted(STATES[movement.state])],
        "may_change": may(request.user, "movement.change", movement.compartment_id),
        "may_see_vehicles": may(request.user, "vehicle.view", movement.compartment_id),
        "may_follow": may(request.user, "track.view", movement.compartment_id),
    }
    return render(request, "operations/movement.html", context)


def _choose(request: HttpRequest, error: Conflict, form: MovementForm, pk: UUID) -> HttpResponse:
    now = queries.movement(request.user, pk)
    fresh = MovementForm.of(now, form.places.values())
    return choose(request, error=error, typed=form, fresh=fresh, title=now.title)


@login_required
def new(request: HttpRequest, slug: str) -> HttpResponse:
    operation = queries.operation(request.user, slug)
    require(request.user, "movement.change", operation.compartment_id)
    form = MovementForm(
        request.POST or None,
        places=_places(request, operation),
        initial={"zone": operation.time_zone},
    )
    if request.method == "POST" and form.is_valid():
        services.add_movement(actor=request.user, operation=operation, **form.fields_of())
        return redirect("operations:show", slug=slug)
    return render(request, "operations/movement_new.html", {"form": form, "operation": operation})


@login_required
@require_POST
def state(request: HttpRequest, pk: UUID) -> HttpResponse:
    movement = queries.movement(request.user, pk)
    services.set_movement_state(
        actor=request.user, movement=movement, state=request.POST.get("state", "")
    )
    return redirect("operations:movement", pk=pk)


@login_required
@require_POST
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    movement = queries.movement(request.user, pk)
    services.remove_movement(actor=request.user, movement=movement)
    return redirect("operations:show", slug=movement.operation.slug)


def _places(request: HttpRequest, operation: Operation) -> Any:
    found = place_queries.places(request.user)
    return found.filter(compartment_id=operation.engagement.compartment_id)
