"""Fences on screen: drawn on the map, or written into the form beside it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from varangian.kernel.results import Refused
from varangian.operations import queries as operation_queries
from varangian.operations import tabs
from varangian.platform.access.scope import may, require

from ..forms_fences import FenceForm, initial
from ..models import Fence
from ..queries import fences as queries
from ..services import fences as services


@login_required
def index(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operation_queries.operation(request.user, slug)
    require(request.user, "fence.view", operation.compartment_id)
    context = {
        "operation": operation,
        "rows": queries.fences_with_sides(request.user, operation),
        "may_fence": may(request.user, "fence.change", operation.compartment_id),
        "tabs": tabs.of_operation(request.user, operation, "devices"),
    }
    part = request.GET.get("part") == "rows"
    return render(request, "tracking/_fences.html" if part else "tracking/fences.html", context)


@login_required
def add(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operation_queries.operation(request.user, slug)
    require(request.user, "fence.change", operation.compartment_id)
    form = FenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.add_fence(actor=request.user, operation=operation, **form.fields_of())
        except Refused as why:
            form.refused(why)
        else:
            messages.info(request, f"{made.name} is watched from now on")
            return redirect("tracking:fences", slug=slug)
    return _drawn(request, operation, form, None)


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Those who may not change it see where it is and what it is for."""
    fence = queries.fence(request.user, pk)
    form = FenceForm(request.POST or None, initial=initial(fence))
    if request.method == "POST":
        require(request.user, "fence.change", fence.compartment_id)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_fence(actor=request.user, fence=fence, **form.fields_of())
        except Refused as why:
            form.refused(why)
        else:
            messages.info(request, f"{form.cleaned_data['name']} is changed")
            return redirect("tracking:fences", slug=fence.operation.slug)
    return _drawn(request, fence.operation, form, queries.fence(request.user, pk))


def _drawn(
    request: HttpRequest, operation: Any, form: FenceForm, fence: Fence | None
) -> HttpResponse:
    context = {
        "operation": operation,
        "form": form,
        "fence": fence,
        "may_fence": may(request.user, "fence.change", operation.compartment_id),
    }
    return render(request, "tracking/fence.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    fence = queries.fence(request.user, pk)
    services.remove_fence(actor=request.user, fence=fence)
    messages.info(request, f"{fence.name} is watched no longer")
    return redirect("tracking:fences", slug=fence.operation.slug)
