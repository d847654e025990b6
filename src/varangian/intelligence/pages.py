"""Screens of feeds and signals."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import include, path, reverse
from django.views.decorators.http import require_POST

from varangian.kernel.results import Refused
from varangian.platform.access.scope import holds
from varangian.platform.ui import sheets

from . import queries, rules, services
from .feeds.records import KINDS
from .services.connectors import catalogue
from .shapes import signal_shape

TONES = {"red": "red", "amber": "amber"}


@login_required
def index(request: HttpRequest) -> HttpResponse:
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "active")
    found = queries.signals(request.user, kind=kind, state=state)
    if sheets.wanted(request):
        return sheets.sheet(request, "signals", found, signal_shape)
    context = {
        "page": Paginator(found, 50).get_page(request.GET.get("page")),
        "kinds": KINDS,
        "kind": kind,
        "state": state,
        "may_import": holds(request.user, "feed.import"),
    }
    return render(request, "intelligence/index.html", context)


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    signal = queries.signal(request.user, pk)
    return render(request, "intelligence/show.html", {"signal": signal})


@login_required
def map_data(request: HttpRequest) -> JsonResponse:
    features = [
        rules.feature_of(
            signal,
            tone=TONES.get(signal.band, "amber"),
            url=reverse("intelligence:show", args=[signal.pk]),
        )
        for signal in queries.running(request.user)[:500]
    ]
    return JsonResponse({"type": "FeatureCollection", "features": [f for f in features if f]})


@login_required
@require_POST
def import_file(request: HttpRequest) -> HttpResponse:
    file: Any = request.FILES.get("file")
    if file is None:
        raise Refused("Choose a file first", where="file")
    record = services.import_feed(
        actor=request.user,
        data=file.read(),
        kind=request.POST.get("kind", "auto"),
        name=file.name or "",
    )
    return redirect("intelligence:import", pk=record.pk)


@login_required
def show_import(request: HttpRequest, pk: UUID) -> HttpResponse:
    record = queries.feed_import(request.user, pk)
    return render(request, "intelligence/import.html", {"record": record})


@login_required
def health(request: HttpRequest) -> HttpResponse:
    rows = list(queries.connectors(request.user))
    names = {row.name for row in rows}
    context = {
        "connectors": rows,
        "known": [entry for name, entry in catalogue().items() if name not in names],
        "imports": queries.imports(request.user)[:20],
        "may_switch": holds(request.user, "feed.import"),
    }
    return render(request, "intelligence/health.html", context)


@login_required
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    services.switch(
        actor=request.user,
        name=request.POST.get("name", ""),
        on=request.POST.get("on") == "1",
        url=request.POST.get("url", ""),
    )
    return redirect("intelligence:health")


urlpatterns = [
    path(
        "intelligence/",
        include(
            (
                [
                    path("", index, name="list"),
                    path("map.json", map_data, name="map"),
                    path("import/", import_file, name="import_file"),
                    path("imports/<uuid:pk>/", show_import, name="import"),
                    path("feeds/", health, name="health"),
                    path("feeds/switch/", switch, name="switch"),
                    path("signals/<uuid:pk>/", show, name="show"),
                ],
                "intelligence",
            )
        ),
    ),
]
