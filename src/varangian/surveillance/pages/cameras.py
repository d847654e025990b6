"""Cameras on screen: the list and the map, one camera, its form, its masks, who watched."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from varangian.kernel.clock import now
from varangian.kernel.results import Denied, Refused
from varangian.operations import queries as operations
from varangian.operations import tabs
from varangian.platform.access.scope import holds, may, require

from ..forms import CameraForm, initial
from ..models import Camera
from ..queries import cameras as queries
from ..queries import events as event_queries
from ..rules import event_words, shown_source
from ..services import cameras as services
from ..services import watching
from ..services.counts import counts_since

SHOWN = 12


def row_of(camera: Camera) -> dict[str, Any]:
    tone, word, reason = queries.state_of(camera)
    return {"camera": camera, "tone": tone, "word": word, "reason": reason}


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    rows = [row_of(one) for one in queries.cameras(request.user)]
    context = {"rows": rows, "may_add": holds(request.user, "camera.change"), "slug": ""}
    context["may_search"] = holds(request.user, "camera.search")
    part = request.GET.get("part") == "rows"
    return render(request, f"surveillance/{'_cameras' if part else 'cameras'}.html", context)


@login_required
@require_GET
def of_operation(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    require(request.user, "camera.view", operation.compartment_id)
    rows = [row_of(one) for one in queries.cameras(request.user, operation)]
    context = {
        "operation": operation,
        "slug": slug,
        "rows": rows,
        "may_add": may(request.user, "camera.change", operation.compartment_id),
        "may_search": may(request.user, "camera.search", operation.compartment_id),
        "may_walks": may(request.user, "walk.view", operation.compartment_id),
        "may_kept": may(request.user, "kept_event.view", operation.compartment_id),
        "tabs": tabs.of_operation(request.user, operation, "cameras"),
    }
    part = request.GET.get("part") == "rows"
    return render(request, f"surveillance/{'_cameras' if part else 'cameras'}.html", context)


@login_required
@require_GET
def on_map(request: HttpRequest) -> JsonResponse:
    """``operation`` narrows it; ``without`` leaves out the camera that is being turned."""
    slug = request.GET.get("operation", "")
    found = operations.operation(request.user, slug) if slug else None
    rows = queries.cameras(request.user, found)
    shown = queries.features(rows, without=request.GET.get("without", ""))
    return JsonResponse({"type": "FeatureCollection", "features": shown})


@login_required
def add(request: HttpRequest) -> HttpResponse:
    owners = queries.owners(request.user)
    if not owners:
        raise Denied("Your role registers no cameras", mend="Ask the detail leader.")
    wanted = request.GET.get("operation", "")
    first = next((str(o.compartment_id) for o in owners if o.slug == wanted), "")
    form = CameraForm(
        request.POST or None,
        owners=owners,
        places=queries.places_for(request.user),
        initial={"owner": first} if first else {},
    )
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["owner"]
        owner = next(one for one in owners if str(one.compartment_id) == chosen)
        try:
            made = services.add_camera(actor=request.user, owner=owner, **form.fields_of())
        except Refused as why:
            form.refused(why)
        else:
            messages.info(request, f"{made.name} is registered; a worker opens its stream.")
            return redirect("surveillance:camera", pk=made.pk)
    context = {"form": form, "camera": None, "slug": wanted}
    return _shown(request, context)


def _shown(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """What was typed, passwords too, comes back for another try; pages lie in no cache."""
    status = 422 if context["form"].errors else 200
    return render(request, "surveillance/camera_form.html", context, status=status)


@login_required
@require_GET
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    camera = queries.camera(request.user, pk)
    where = camera.compartment_id
    leads = may(request.user, "camera.oversee", where)
    told = event_queries.events(request.user, source=str(pk))[:SHOWN]
    context = {
        **row_of(camera),
        "run": camera.run,  # pyright: ignore
        "source": shown_source(camera.source) if camera.source else "forgotten",
        "may_change": may(request.user, "camera.change", where) and camera.retired_at is None,
        "may_watch": may(request.user, "camera.watch", where) and camera.retired_at is None,
        "leads": leads,
        "counted": counts_since(camera, now() - timedelta(hours=1)),
        "views": queries.views(request.user, camera)[:SHOWN] if leads else [],
        "told": [{"event": e, "words": event_words(e.name, e.detail)} for e in told],
    }
    parts = {"health": "_health", "views": "_views", "counts": "_counts"}
    name = parts.get(request.GET.get("part", ""), "camera")
    return render(request, f"surveillance/{name}.html", context)


@login_required
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    camera = queries.camera(request.user, pk)
    require(request.user, "camera.change", camera.compartment_id)
    form = CameraForm(
        request.POST or None,
        camera=camera,
        places=queries.places_for(request.user, camera),
        initial=initial(camera),
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.change_camera(actor=request.user, camera=camera, **form.fields_of())
        except Refused as why:
            form.refused(why)
        else:
            messages.info(request, f"{camera.name} is changed.")
            return redirect("surveillance:camera", pk=pk)
    return _shown(request, {"form": form, "camera": queries.camera(request.user, pk), "slug": ""})


@login_required
def masks(request: HttpRequest, pk: UUID) -> HttpResponse:
    camera = queries.camera(request.user, pk)
    require(request.user, "camera.change", camera.compartment_id)
    if request.method == "POST":
        try:
            given = json.loads(request.POST.get("masks", ""))
        except ValueError as error:
            raise Refused("The masks cannot be read", where="masks") from error
        services.mask_camera(actor=request.user, camera=camera, masks=given)
        messages.info(request, f"Private areas of {camera.name} are kept.")
        return redirect("surveillance:camera", pk=pk)
    context = {"camera": camera, "masks": json.dumps(camera.masks)}
    return render(request, "surveillance/masks.html", context)


@login_required
@require_GET
def still(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Asked for with the first look; comes when the worker has it."""
    camera = queries.camera(request.user, pk)
    data = queries.still(request.user, camera)
    if data is None:
        watching.ask_still(actor=request.user, camera=camera)
        return HttpResponse(status=204)
    return HttpResponse(data, content_type="image/jpeg", headers={"Cache-Control": "no-store"})


@login_required
@require_POST
def switch(request: HttpRequest, pk: UUID) -> HttpResponse:
    camera = queries.camera(request.user, pk)
    running = request.POST.get("running") == "on"
    services.switch_camera(actor=request.user, camera=camera, running=running)
    return redirect("surveillance:camera", pk=pk)


@login_required
@require_POST
def retire(request: HttpRequest, pk: UUID) -> HttpResponse:
    camera = queries.camera(request.user, pk)
    services.retire_camera(actor=request.user, camera=camera)
    messages.info(request, f"{camera.name} is retired; its address is forgotten.")
    return redirect("surveillance:list")


paths = [
    path("surveillance/", index, name="list"),
    path("surveillance/map.json", on_map, name="map"),
    path("surveillance/of/<slug:slug>/", of_operation, name="operation"),
    path("surveillance/cameras/new/", add, name="add"),
    path("surveillance/cameras/<uuid:pk>/", show, name="camera"),
    path("surveillance/cameras/<uuid:pk>/change/", change, name="change"),
    path("surveillance/cameras/<uuid:pk>/masks/", masks, name="masks"),
    path("surveillance/cameras/<uuid:pk>/still.jpg", still, name="still"),
    path("surveillance/cameras/<uuid:pk>/switch/", switch, name="switch"),
    path("surveillance/cameras/<uuid:pk>/retire/", retire, name="retire"),
]
