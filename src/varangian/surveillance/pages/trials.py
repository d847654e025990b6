"""Rules tried on a recording: asked for, on its way, and what they would have told of."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from varangian.kernel.results import Refused
from varangian.platform.access.scope import require

from ..queries import cameras as camera_queries
from ..queries import clips as clip_queries
from ..queries import trials as queries
from ..services import trials as services
from .behaviours import page_of


@login_required
@require_POST
def ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is written is tried as it stands; nothing of it watches before it is kept."""
    camera = camera_queries.camera(request.user, pk)
    require(request.user, "camera.change", camera.compartment_id)
    text = request.POST.get("behaviours", "").replace("\r\n", "\n")
    chosen = request.POST.get("clip", "")
    try:
        clip = clip_queries.clip(request.user, UUID(chosen)) if chosen else None
        made = services.ask_trial(actor=request.user, camera=camera, text=text, clip=clip)
    except ValueError:
        return page_of(request, camera, text, [Refused("There is no such clip", "clip")])
    except Refused as why:
        return page_of(request, camera, text, [why])
    services.run_later(made)
    return redirect("surveillance:trial", pk=made.pk)


@login_required
@require_GET
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    trial = queries.trial(request.user, pk)
    context = {"trial": trial, "camera": trial.camera, "rows": queries.told(trial)}
    part = request.GET.get("part") == "rows"
    return render(request, f"surveillance/{'_trial' if part else 'trial'}.html", context)


@login_required
@require_POST
def stop(request: HttpRequest, pk: UUID) -> HttpResponse:
    trial = queries.trial(request.user, pk)
    services.stop_trial(actor=request.user, trial=trial)
    return redirect("surveillance:trial", pk=pk)


paths = [
    path("surveillance/cameras/<uuid:pk>/behaviours/try/", ask, name="try_rules"),
    path("surveillance/trials/<uuid:pk>/", show, name="trial"),
    path("surveillance/trials/<uuid:pk>/stop/", stop, name="stop_trial"),
]
