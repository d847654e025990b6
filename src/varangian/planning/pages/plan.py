"""The plan's texts on screen."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from varangian.kernel.results import Conflict
from varangian.operations import queries as operations
from varangian.operations import tabs
from varangian.platform.ui.both import choose

from .. import services
from ..forms.plan import PlanForm, RoutesForm
from ..queries import plans


@login_required
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    parts = plans.plan(request.user, operation)
    form = PlanForm(request.POST or None, parts=parts, initial={"version": operation.version})
    if request.method == "POST" and form.is_valid():
        try:
            services.write_plan(
                actor=request.user,
                operation=operation,
                texts=form.texts(),
                expected_version=form.expected,
            )
        except Conflict as error:
            return _choose_texts(request, slug, form, error)
        return redirect("planning:order", slug=slug)
    context = {
        "operation": operation,
        "form": form,
        "roads": [
            (m, RoutesForm(initial={**r, "version": m.version}, auto_id=f"{m.pk}-%s"))
            for m, r in plans.roads(request.user, operation)
        ],
        "tabs": tabs.of_operation(request.user, operation, "order"),
    }
    return render(request, "planning/plan.html", context)


def _choose_texts(request: HttpRequest, slug: str, form: PlanForm, error: Conflict) -> HttpResponse:
    now = operations.operation(request.user, slug)
    parts, initial = plans.plan(request.user, now), {"version": now.version}
    fresh = PlanForm(parts=parts, initial=initial)
    return choose(request, error=error, typed=form, fresh=fresh, title="the plan texts")


@login_required
@require_POST
def routes(request: HttpRequest, pk: UUID) -> HttpResponse:
    movement = operations.movement(request.user, pk)
    form = RoutesForm(request.POST)
    if form.is_valid():
        given = {"routes": form.fields_of(), "expected_version": form.expected}
        try:
            services.write_routes(actor=request.user, movement=movement, **given)
        except Conflict as error:
            return _choose_routes(request, pk, form, error)
    return redirect("planning:plan", slug=movement.operation.slug)


def _choose_routes(
    request: HttpRequest, pk: UUID, form: RoutesForm, error: Conflict
) -> HttpResponse:
    now = operations.movement(request.user, pk)
    named = now.details.get("routes")
    held = named if isinstance(named, dict) else {}
    return choose(
        request,
        error=error,
        typed=form,
        fresh=RoutesForm(initial={**held, "version": now.version}),
        title=f"the routes of {now.title}",
        back=reverse("planning:plan", args=[now.operation.slug]),
    )


paths = [
    path("<slug:slug>/plan/", edit, name="plan"),
    path("legs/<uuid:pk>/routes/", routes, name="routes"),
]
