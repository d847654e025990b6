"""The picture: a view with its purpose, its playlist and its parts, and the wall of several."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_GET, require_POST

from varangian.kernel.results import Refused
from varangian.operations import queries as operations
from varangian.platform.access.scope import require

from ..playlist import playlist
from ..queries import cameras as queries
from ..services import watching

MOST = 9
PRIVATE = {"Cache-Control": "no-store"}
PLAYER = {**settings.SECURE_CSP, "media-src": [CSP.SELF, "blob:"]}
"""The player hands the picture to the browser as an object of its own page; on these two pages
alone."""


@login_required
@csp_override(PLAYER)
def watch(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Asks for the purpose first; with it the view is on record, and the picture comes."""
    camera = queries.camera(request.user, pk)
    require(request.user, "camera.watch", camera.compartment_id)
    context: dict[str, Any] = {"cameras": [camera], "camera": camera, "views": []}
    if request.method == "POST":
        context |= _begun(request, [camera])
    status = 422 if context.get("fault") else 200
    return render(request, "surveillance/watch.html", context, status=status)


@login_required
@csp_override(PLAYER)
def wall(request: HttpRequest, slug: str) -> HttpResponse:
    """Several cameras of an operation side by side, for the operations centre."""
    operation = operations.operation(request.user, slug)
    require(request.user, "camera.watch", operation.compartment_id)
    found = list(queries.cameras(request.user, operation).filter(running=True))
    context: dict[str, Any] = {"operation": operation, "cameras": found, "views": [], "most": MOST}
    if request.method == "POST":
        chosen = set(request.POST.getlist("camera"))
        wanted = [one for one in found if str(one.pk) in chosen] or found
        context |= _begun(request, wanted[:MOST])
    status = 422 if context.get("fault") else 200
    return render(request, "surveillance/watch.html", context, status=status)


def _begun(request: HttpRequest, cameras: list[Any]) -> dict[str, Any]:
    purpose = request.POST.get("purpose", "")
    try:
        views = [
            watching.begin_view(actor=request.user, camera=one, purpose=purpose) for one in cameras
        ]
    except Refused as why:
        return {"fault": f"{why.what}. {why.mend}", "purpose": purpose}
    return {"views": views, "purpose": purpose}


@login_required
@require_GET
def live(request: HttpRequest, pk: UUID) -> HttpResponse:
    view = watching.own_view(request.user, pk)
    parts = queries.parts(view)
    if not parts:
        return HttpResponse(status=204, headers=PRIVATE)
    text = playlist(
        [
            (p.number, p.seconds, reverse("surveillance:part", args=[pk, p.run, p.number]))
            for p in parts
        ]
    )
    return HttpResponse(text, content_type="application/vnd.apple.mpegurl", headers=PRIVATE)


@login_required
@require_GET
def part(request: HttpRequest, pk: UUID, run: str, number: int) -> HttpResponse:
    view = watching.own_view(request.user, pk)
    data = queries.part(view, run, number)
    return HttpResponse(data, content_type="video/mp2t", headers=PRIVATE)


@login_required
@require_POST
def end(request: HttpRequest, pk: UUID) -> JsonResponse:
    watching.end_view(actor=request.user, pk=pk)
    return JsonResponse({})


@login_required
@require_GET
def watched(request: HttpRequest, slug: str) -> HttpResponse:
    """Who watched, over all cameras of an operation: for the leader."""
    operation = operations.operation(request.user, slug)
    require(request.user, "camera.oversee", operation.compartment_id)
    rows = queries.views_of(request.user, operation)[:200]
    context = {"operation": operation, "views": rows, "with_camera": True}
    return render(request, "surveillance/watched.html", context)


paths = [
    path("surveillance/cameras/<uuid:pk>/watch/", watch, name="watch"),
    path("surveillance/of/<slug:slug>/wall/", wall, name="wall"),
    path("surveillance/of/<slug:slug>/watched/", watched, name="watched"),
    path("surveillance/views/<uuid:pk>/live.m3u8", live, name="live"),
    path("surveillance/views/<uuid:pk>/<slug:run>/<int:number>.ts", part, name="part"),
    path("surveillance/views/<uuid:pk>/end/", end, name="end"),
]
