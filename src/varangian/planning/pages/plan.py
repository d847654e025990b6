"""The plan's texts on screen."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from varangian.operations import queries as operations
from varangian.operations import tabs

from .. import services
from ..forms.plan import PlanForm, RoutesForm
from ..queries import plans


@login_required
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    parts = plans.plan(request.user, operation)
    form = PlanForm(request.POST or None, parts=parts)
    if request.method == "POST" and form.is_valid():
        services.write_plan(actor=request.user, operation=operation, texts=form.cleaned_data)
        return redirect("planning:order", slug=slug)
    context = {
        "operation": operation,
        "form": form,
        "roads": [
            (m, RoutesForm(initial=r, auto_id=f"{m.pk}-%s"))
            for m, r in plans.roads(request.user, operation)
        ],
        "tabs": tabs.of_operation(request.user, operation, "order"),
    }
    return render(request, "planning/plan.html", context)


@login_required
@require_POST
def routes(request: HttpRequest, pk: UUID) -> HttpResponse:
    movement = operations.movement(request.user, pk)
    form = RoutesForm(request.POST)
    if form.is_valid():
        services.write_routes(actor=request.user, movement=movement, routes=form.fields_of())
    return redirect("planning:plan", slug=movement.operation.slug)


paths = [
    path("<slug:slug>/plan/", edit, name="plan"),
    path("legs/<uuid:pk>/routes/", routes, name="routes"),
]
