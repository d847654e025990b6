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
from varangian.platform.access.reauth import reauthenticated
from varangian.platform.access.scope import may

from .. import services
from ..forms.readiness import ConfirmForm, WaiveForm
from ..queries import decisions
from ..queries.readiness import counted, readiness, standing_waivers
from ..readiness import BY_WORD

SHOWN = 12
"""Decisions on the page; the API and the console give all of them."""


@login_required
def show(request: HttpRequest, slug: str) -> HttpResponse:
    context = _lights(request, slug)
    operation = context["operation"]
    context["tabs"] = tabs.of_operation(request.user, operation, "readiness")
    context["waivers"] = standing_waivers(request.user, operation)
    context["may_override"] = may(request.user, "readiness.override", operation.compartment_id)
    context["confirm_form"] = ConfirmForm(auto_id="confirm-%s")
    context["waive_form"] = WaiveForm(auto_id="waive-%s", zone=operation.time_zone)
    return render(request, "planning/readiness.html", context)


@login_required
def part(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "planning/_readiness_page.html", _lights(request, slug))


def _lights(request: HttpRequest, slug: str) -> dict[str, Any]:
    operation = operations.operation(request.user, slug)
    lights = readiness(request.user, operation)
    may_confirm = may(request.user, "order.change", operation.compartment_id)
    may_waive = may(request.user, "order.sign", operation.compartment_id)
    waits = [row for row in lights if row.wanting]
    by_word = (
        {row.artefact.id for row in lights if row.artefact.id in BY_WORD} if may_confirm else set()
    )
    return {
        "operation": operation,
        "lights": lights,
        "counted": counted(lights),
        "confirmable": [row for row in lights if row.artefact.id in by_word],
        "waivable": [row for row in waits if may_waive and row.artefact.waivable],
        "may_waive": may_waive,
        "may_decide": may(request.user, "readiness.decide", operation.compartment_id),
        "standing": decisions.standing(request.user, operation, lights),
        "history": _history(request.user, operation),
        "waits": waits,
        "blocking": [row for row in lights if row.blocking],
    }


def _history(actor: Any, operation: Any) -> list[dict[str, Any]]:
    """Newest first, each with the verdict on its signature and what was wanting then."""
    return [
        {
            "decision": row,
            "verdict": decisions.verdict(row),
            "wanting": [r for r in row.lights if r["state"] not in ("fresh", "waived")],
            "waived": [r for r in row.lights if r["state"] == "waived"],
        }
        for row in decisions.decisions(actor, operation)[:SHOWN]
    ]


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


@login_required
@require_POST
def waive(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    form = WaiveForm(request.POST, zone=operation.time_zone)
    if not form.is_valid():
        raise Refused("Say why the operation goes on without it, and until when", where="note")
    services.confirm_artefact(
        actor=request.user,
        operation=operation,
        artefact=request.POST.get("artefact", ""),
        waive=True,
        **form.cleaned_data,
    )
    return redirect("planning:readiness", slug=slug)


@login_required
@require_POST
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    services.withdraw_waiver(
        actor=request.user,
        operation=operations.operation(request.user, slug),
        artefact=request.POST.get("artefact", ""),
        note=request.POST.get("note", "")[:400],
    )
    return redirect("planning:readiness", slug=slug)


@reauthenticated
@require_POST
def decide(request: HttpRequest, slug: str) -> HttpResponse:
    services.decide(
        actor=request.user,
        operation=operations.operation(request.user, slug),
        kind=request.POST.get("kind", ""),
        reason=request.POST.get("reason", "")[:400],
    )
    return redirect("planning:readiness", slug=slug)


paths = [
    path("<slug:slug>/readiness/", show, name="readiness"),
    path("<slug:slug>/readiness/part/", part, name="readiness_part"),
    path("<slug:slug>/readiness/confirm/", confirm, name="readiness_confirm"),
    path("<slug:slug>/readiness/waive/", waive, name="readiness_waive"),
    path("<slug:slug>/readiness/withdraw/", withdraw, name="readiness_withdraw"),
    path("<slug:slug>/readiness/decide/", decide, name="readiness_decide"),
]
