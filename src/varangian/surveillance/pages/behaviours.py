"""The rules of behaviour of a camera, written on a page that names every fault."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from varangian.platform.access.scope import require

from ..models import Camera
from ..queries import cameras as queries
from ..queries import trials
from ..services import behaviours as services


@login_required
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    camera = queries.camera(request.user, pk)
    require(request.user, "camera.change", camera.compartment_id)
    said = request.POST.get("behaviours", "") if request.method == "POST" else camera.behaviours
    text = said.replace("\r\n", "\n")
    faults = services.faults(camera, text)
    if request.method == "POST" and not faults:
        services.rule_camera(actor=request.user, camera=camera, text=text)
        messages.info(request, f"The reader of {camera.name} takes the rules up at once.")
        return redirect("surveillance:camera", pk=pk)
    return page_of(request, camera, text, faults)


def page_of(request: HttpRequest, camera: Camera, text: str, faults: Sequence[Any]) -> HttpResponse:
    """Also for rules that could not be tried: what was written stands there again."""
    context = {
        "camera": camera, "text": text, "faults": faults,
        "clips": trials.videos(request.user, camera),
        "tried": trials.trials(request.user, camera)[:5],
    }  # fmt: skip
    return render(request, "surveillance/behaviours.html", context, status=422 if faults else 200)


paths = [path("surveillance/cameras/<uuid:pk>/behaviours/", edit, name="behaviours")]
