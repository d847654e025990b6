"""Readiness lights on screen."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from varangian.kernel.results import Refused
from varangian.operations import queries as operations
from varangian.operations import tabs
from varangian.platform.access.scope import may

from .. import services
from ..forms.plan import ConfirmForm
from ..queries.readiness import counted, readiness
from ..readiness import BY_WORD


@login_required
def show(request: HttpRequest, slug: str) -> HttpResponse:
    context = _lights(request, slug)
    operation = context["operation"]
    context["tabs"] = tabs.of_operation(request.user, operation, "readiness")
    return render(request, "planning/readiness.html", context)


@login_required
def part(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "planning/_readiness.html", _lights(request, slug))


def _lights(request: HttpRequest, slug: str) -> dict[str, Any]:
    operation = operations.operation(request.user, slug)
    lights = readiness(request.user, operation)
    may_confirm = may(request.user, "order.change", operation.compartment_id)
    may_waive = may(request.user, "order.sign", operation.compartment_id)
    waits = [row for row in lights if row.state not in ("fresh", "waived")]
    by_word = (
        {row.artefact.id for row in lights if row.artefact.id in BY_WORD} if may_confirm else set()
    )
    return {
        "operation": operation,
        "lights": lights,
        "counted": counted(lights),
        "confirmable": [row for row in lights if row.artefact.id in by_word],
        "waivable": [row for row in waits if may_waive and row.artefact.waivable],
    }


@login_required
@require_POST
def confirm(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        raise Refused("Say what was checked, and with whom", where="note")
    services.confirm_artefact(
        actor=request.user,
        operation=operation,
        artefact=request.POST.get("artefact", ""),
        **form.cleaned_data,
    )
    return redirect("planning:readiness", slug=slug)


paths = [
    path("<slug:slug>/readiness/", show, name="readiness"),
    path("<slug:slug>/readiness/part/", part, name="readiness_part"),
    path("<slug:slug>/readiness/confirm/", confirm, name="readiness_confirm"),
]
