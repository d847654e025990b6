"""How guessable a principal's routine is, on screen."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from varangian.engines.routine import Unknown
from varangian.kernel.results import Refused
from varangian.operations import queries as operations
from varangian.principals import tabs

from ..queries import routine
from ..services.ways import looked_at_routine, record_way

SPANS = (4, 8, 13, 26)
WORDS = {
    "time": "Time of day",
    "route": "Route",
    "entrance": "Entrance",
    "destination": "Destination",
    "weekday": "Weekday",
}
RIGID, LOOSE = 0.5, 0.15
MOSTLY, OFTEN = 2 / 3, 1 / 3
"""Where an index, or the share of the most used cell, is shown as easy to guess, and below which
both are shown as varied. Nothing else hangs on them."""
LISTED = 60


@login_required
def show(request: HttpRequest, slug: str) -> HttpResponse:
    principal = routine.principal_to_judge(request.user, slug)
    looked_at_routine(actor=request.user, principal=principal)
    found = routine.routine(request.user, principal, weeks=_weeks(request))
    context = {
        "principal": principal,
        "tabs": tabs.of_principal(request.user, principal, "routine"),
        "routine": found,
        "spans": SPANS,
        "aspects": [_row(name, one) for name, one in found.report.aspects.items()],
        "unknown": all(isinstance(one, Unknown) for one in found.report.aspects.values()),
        "journeys": found.journeys[:LISTED],
        "routes": sorted({one.route for one in found.journeys} - {""}),
        "entrances": sorted({one.entrance for one in found.journeys} - {""}),
    }
    return render(request, "planning/routine.html", context)


def _weeks(request: HttpRequest) -> int:
    typed = request.GET.get("weeks", "8")
    if not typed.isdecimal() or len(typed) > 3:
        raise Refused("This is no number of weeks", where=typed[:20])
    return int(typed)


def _row(name: str, found: Any) -> dict[str, Any]:
    row = {
        "name": name,
        "words": WORDS[name],
        "found": found,
        "unknown": isinstance(found, Unknown),
    }
    if row["unknown"]:
        return {**row, "tone": "grey", "says": "not enough to say"}
    known = {"weekday": found.given_weekday, "destination": found.given_destination}
    given = [
        (key, one) for key, one in known.items() if one is not None and not isinstance(one, Unknown)
    ]
    worst = max([found.index, *(one.index for _, one in given)])
    tone, says = "blue", "some pattern"
    if worst >= RIGID or found.share >= MOSTLY:
        tone, says = "amber", "easy to guess"
    elif worst < LOOSE and found.share < OFTEN:
        tone, says = "green", "varied"
    return {**row, "tone": tone, "says": says, "share": found.share * 100, "given": given}


@login_required
@require_POST
def way(request: HttpRequest, pk: UUID) -> HttpResponse:
    movement = operations.movement(request.user, pk)
    record_way(
        actor=request.user,
        movement=movement,
        route=request.POST.get("route"),
        entrance=request.POST.get("entrance"),
    )
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return redirect(back)
    return redirect("operations:movement", pk=pk)


paths = [
    path("routine/<slug:slug>/", show, name="routine"),
    path("ways/<uuid:pk>/", way, name="way"),
]
