"""Patterns of sightings: the words, the map, the sightings one by one, and a person's verdict."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import include, path
from django.views.decorators.http import require_GET, require_POST

from varangian.operations import queries as operations
from varangian.operations import tabs
from varangian.platform.access.scope import may

from ..queries import patterns as queries
from ..services.patterns import judge
from ..shapes.patterns import features


@login_required
@require_GET
def index(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    found = queries.patterns(request.user, operation)
    rows = [
        {
            "pattern": one,
            "state": found.state(one),
            "verdict": found.verdicts.get(one.name),
            "reports": [found.reports[pk] for pk in one.sightings],
            "perhaps": [found.reports[pk] for pk in one.perhaps],
        }
        for one in found.report.patterns
    ]
    rows.sort(key=lambda row: row["state"] != "open")
    context = {
        "operation": operation, "found": found, "rows": rows,
        "tabs": tabs.of_operation(request.user, operation, "on-duty"),
        "may_judge": may(request.user, "pattern.judge", operation.compartment_id),
    }  # fmt: skip
    return render(request, "protection/on_duty/patterns.html", context)


@login_required
@require_GET
def on_map(request: HttpRequest, slug: str) -> JsonResponse:
    found = queries.patterns(request.user, operations.operation(request.user, slug))
    return JsonResponse({"type": "FeatureCollection", "features": features(found)})


@login_required
@require_POST
def verdict(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    row = judge(
        actor=request.user,
        operation=operation,
        name=request.POST.get("name", ""),
        verdict=request.POST.get("verdict", ""),
        words=request.POST.get("words", ""),
    )
    messages.info(request, f"{row.name}: {row.get_verdict_display().lower()}.")
    return redirect("patterns:index", slug=slug)


paths = [
    path("operations/<slug:slug>/patterns/", index, name="index"),
    path("operations/<slug:slug>/patterns/map.json", on_map, name="map"),
    path("operations/<slug:slug>/patterns/verdict/", verdict, name="verdict"),
]
urlpatterns = [path("", include((paths, "patterns")))]
