"""Walks behind the principal on screen: the list, and one with its map and time line."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from varangian.kernel.results import Refused
from varangian.operations import queries as operations
from varangian.operations import tabs
from varangian.platform.access.scope import may, require

from ..queries import walks as queries
from ..services import behind as services

A_PAGE = 100


@login_required
@require_GET
def index(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    require(request.user, "walk.view", operation.compartment_id)
    compared, words = queries.compared(request.user, operation)
    context = {
        "operation": operation,
        "rows": queries.walks(request.user, operation)[:A_PAGE],
        "compared": compared,
        "words": words,
        "tabs": tabs.of_operation(request.user, operation, "cameras"),
    }
    part = request.GET.get("part") == "rows"
    return render(request, f"surveillance/{'_walks' if part else 'walks'}.html", context)


@login_required
@require_GET
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.walk(request.user, pk)
    line = queries.time_line(found)
    for row in line:
        row |= {name: datetime.fromtimestamp(row[name], UTC) for name in ("from", "until")}
    context: dict[str, Any] = {
        "walk": found,
        "operation": found.operation,
        "line": line,
        "height": 40 * len(line),
        "figures": (found.shown or {}).get("figures", {}),
        "may_decide": found.state == "candidate"
        and may(request.user, "walk.decide", found.compartment_id),
    }
    return render(request, "surveillance/walk.html", context)


@login_required
@require_GET
def on_map(request: HttpRequest, pk: UUID) -> JsonResponse:
    shown = queries.features(queries.walk(request.user, pk))
    return JsonResponse({"type": "FeatureCollection", "features": shown})


@login_required
@require_POST
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.walk(request.user, pk)
    verdict = request.POST.get("verdict", "")
    if verdict not in ("confirmed", "denied"):
        raise Refused("Say what it was", where="verdict", mend="confirmed or denied")
    words = request.POST.get("words", "")
    confirmed = verdict == "confirmed"
    services.decide_walk(actor=request.user, walk=found, confirmed=confirmed, words=words)
    return redirect("surveillance:walk", pk=pk)


paths = [
    path("surveillance/of/<slug:slug>/walks/", index, name="walks"),
    path("surveillance/walks/<uuid:pk>/", show, name="walk"),
    path("surveillance/walks/<uuid:pk>/map.json", on_map, name="walk_map"),
    path("surveillance/walks/<uuid:pk>/decide/", decide, name="walk_decide"),
]
