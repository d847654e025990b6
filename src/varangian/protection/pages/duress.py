"""Calls for help at the operator, and the door of phones and buttons."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from varangian.kernel.results import Refused
from varangian.platform.access.scope import may

from .. import door
from ..forms.duress import EndForm, VouchForm
from ..queries import duress as queries
from ..services import cancelling

PATIENCE = 20.0
"""Seconds for which a press waits in a thread of web while the database is away."""
PAST = 30


@csrf_exempt
@require_http_methods(["GET", "POST"])
def press(request: HttpRequest, secret: str) -> JsonResponse:
    """The address is the whole authority. Unknown keys are told nothing more than 404."""
    body = request.read(door.MOST_BYTES)
    query = request.META.get("QUERY_STRING", "")
    given = door.fields_of(query, body, request.content_type or "")
    status, words = door.hear(secret, given, patience=PATIENCE)
    answer = JsonResponse(words, status=status)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@login_required
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "protection/duress/calls.html", _list(request))


@login_required
def part(request: HttpRequest) -> HttpResponse:
    return render(request, "protection/duress/_calls.html", _list(request))


def _list(request: HttpRequest) -> dict[str, Any]:
    return {
        "waiting": list(queries.waiting(request.user)),
        "running": list(queries.calls(request.user)),
        "past": list(queries.calls(request.user, view="past")[:PAST]),
    }


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    return render(request, "protection/duress/call.html", _one(request, pk))


@login_required
def show_part(request: HttpRequest, pk: UUID) -> HttpResponse:
    return render(request, "protection/duress/_call.html", _one(request, pk))


def _one(request: HttpRequest, pk: UUID) -> dict[str, Any]:
    call = queries.call(request.user, pk)
    presses = list(queries.presses(request.user, call))
    return {
        "call": call,
        "zone": call.operation.time_zone,
        "presses": presses,
        **queries.whereabouts(request.user, call),
        "alerts": queries.alerts_of(request.user, call),
        "may_handle": call.running and may(request.user, "duress.handle", call.compartment_id),
        "may_end": call.running and may(request.user, "duress.end", call.compartment_id),
        "may_acknowledge": may(request.user, "alert.handle", call.compartment_id),
        "vouch_form": VouchForm(),
        "end_form": EndForm(),
    }


@login_required
def map_data(request: HttpRequest, pk: UUID) -> JsonResponse:
    call = queries.call(request.user, pk)
    return JsonResponse(queries.map_features(request.user, call))


@login_required
@require_POST
def vouch(request: HttpRequest, pk: UUID) -> HttpResponse:
    call, form = queries.call(request.user, pk), VouchForm(request.POST)
    _valid(form)
    cancelling.vouch(actor=request.user, call=call, words=form.cleaned_data["words"])
    return redirect("duress:call", pk)


@login_required
@require_POST
def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    call, form = queries.call(request.user, pk), EndForm(request.POST)
    _valid(form)
    cancelling.end(actor=request.user, call=call, reason=form.cleaned_data["reason"])
    return redirect("duress:call", pk)


def _valid(form: Any) -> None:
    if not form.is_valid():
        name, faults = next(iter(form.errors.items()))
        raise Refused(str(faults[0]), where=form.fields[name].label or name)


paths = [
    path("protection/duress/", index, name="list"),
    path("protection/duress/part/", part, name="part"),
    path("protection/duress/<uuid:pk>/", show, name="call"),
    path("protection/duress/<uuid:pk>/part/", show_part, name="call_part"),
    path("protection/duress/<uuid:pk>/map.json", map_data, name="call_map"),
    path("protection/duress/<uuid:pk>/vouch/", vouch, name="vouch"),
    path("protection/duress/<uuid:pk>/end/", end, name="end"),
    path("duress/<str:secret>", press, name="press"),
]
