"""The principal in the crowd: seconds from everywhere, advice at a place, a rope line."""

from dataclasses import asdict
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path

from varangian.engines.crowdflow.cover import known_places
from varangian.engines.crowdflow.principal import advise, rope_line
from varangian.kernel.results import Refused

from ..filming import seconds_shape
from ..forms import RopeForm
from ..queries import venues as queries
from ..shapes.plain import json_plain
from .runs import place_of
from .venues import base


@login_required
def wayout(request: HttpRequest, pk: UUID) -> HttpResponse:
    plan = queries.plan(request.user, pk)
    context = base(request, plan, "wayout")
    run = queries.last_run(request.user, context["drawn"])
    rope = RopeForm(request.GET if "length" in request.GET else None)
    known = known_places(context["venue"]) if context["venue"] else ()
    context |= {"run": run, "rope_form": rope, "known": known}
    if rope.is_bound and rope.is_valid():
        try:
            given = rope.cleaned_data
            stand_off = 0.6 if given["stand_off"] is None else given["stand_off"]
            context["rope"] = rope_line(given["length"], given["people"], stand_off=stand_off)
        except Refused as refused:
            context["rope_why_not"] = str(refused)
    return render(request, "crowds/wayout.html", context)


@login_required
def seconds(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Seconds from every cell and moment, for the canvas."""
    return JsonResponse(seconds_shape(queries.way_maps_of(queries.run(request.user, pk))))


@login_required
def advice(request: HttpRequest, pk: UUID) -> HttpResponse:
    """``at`` x,y in metres; ``leave`` seconds into the forecast; ``level``."""
    run = queries.run(request.user, pk)
    at = place_of(request.GET.get("at", ""))
    if len(at) != 2:
        raise Refused("Say where the principal is", "at", "Give x, y in metres.")
    try:
        leave, level = float(request.GET.get("leave", 0)), int(request.GET.get("level", 0))
    except ValueError as error:
        raise Refused("This is no time", "leave", "Give seconds.") from error
    found = advise(queries.way_maps_of(run), level=level, at=(at[0], at[1]), leave=leave)
    if request.GET.get("as") == "html":
        return render(request, "crowds/_advice.html", {"advice": found, "run": run})
    return JsonResponse(json_plain(asdict(found)))


paths = [
    path("<uuid:pk>/way-out/", wayout, name="wayout"),
    path("runs/<uuid:pk>/seconds/", seconds, name="seconds"),
    path("runs/<uuid:pk>/advice/", advice, name="advice"),
]
