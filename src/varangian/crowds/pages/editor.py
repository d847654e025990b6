"""The editor: a plain plan in the browser; what is saved is a new version."""

import json
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from varangian.kernel.results import Refused
from varangian.platform.access.scope import require

from .. import services
from ..queries import venues as queries
from .venues import tabs_of


@login_required
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    plan = queries.plan(request.user, pk)
    require(request.user, "crowd.change", plan.compartment_id)
    version = queries.newest(request.user, plan)
    venue, _ = queries.looked_over(version.document)
    units = venue.frame.units if venue else str(version.document.get("units", "metres"))
    frame = {
        "units": units,
        "origin": venue.frame.origin if venue else None,
        "version": version.number,
        "save": reverse("crowds:save", args=[plan.pk]),
        "show": reverse("crowds:show", args=[plan.pk]),
        "document": reverse("crowds:document", args=[plan.pk, version.number]),
        "underlay": reverse("crowds:underlay", args=[plan.pk, version.number])
        if version.picture_id  # pyright: ignore[reportAttributeAccessIssue]
        else "",
    }
    context = {"plan": plan, "drawn": version, "frame": frame, "tabs": tabs_of(plan, "")}
    return render(request, "crowds/edit.html", context)


@login_required
@require_POST
def save(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answers with what the checks find in the new version; a refusal keeps the drawing."""
    plan = queries.plan(request.user, pk)
    require(request.user, "crowd.change", plan.compartment_id)
    try:
        given = json.loads(request.body)
        document, base = dict(given["document"]), int(given["base"])
    except (ValueError, KeyError, TypeError) as error:
        raise Refused("This is no plan", "document", "Reload the editor.") from error
    try:
        made = services.save_version(
            actor=request.user, plan=plan, document=document, base=base,
            note=str(given.get("note", "")),
        )  # fmt: skip
    except Refused as refused:
        return JsonResponse({"refused": str(refused)}, status=refused.status)
    return JsonResponse({"version": made.number, "faults": made.faults, "findings": made.findings})


paths = [
    path("<uuid:pk>/edit/", edit, name="edit"),
    path("<uuid:pk>/save/", save, name="save"),
]
