"""Candidates one by one: both pictures side by side, decided by the keyboard."""

import time
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from varangian.kernel.results import Refused
from varangian.operations import queries as operations
from varangian.operations import tabs
from varangian.platform.access.reauth import reauthenticated
from varangian.platform.access.scope import may, require

from ...queries import faces as queries
from ...services.faces import deciding as services
from ...services.faces import evidence as proof

PRIVATE = {"Cache-Control": "no-store"}
SITTING_S = 30 * 60
"""So long the same purpose stands for the next candidate; each look is noted all the same."""
A_PAGE = 50


def _purpose(request: HttpRequest, where: UUID) -> str:
    words, place, until = request.session.get("faces", ("", "", 0.0))
    return words if place == str(where) and until > time.time() else ""


def _sit(request: HttpRequest, where: UUID) -> Refused | None:
    try:
        words = services.purpose_of(request.POST.get("purpose", ""))
    except Refused as refused:
        return refused
    request.session["faces"] = (words, str(where), time.time() + SITTING_S)
    return None


@login_required
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks for the purpose first; then what waits, the newest first."""
    operation = operations.operation(request.user, slug)
    where = operation.compartment_id
    require(request.user, "face_match.view", where)
    fault = _sit(request, where) if request.method == "POST" else None
    if request.method == "POST" and not fault:
        first = queries.matches(request.user, operation).first()
        if first is not None:
            return redirect("surveillance:face_match", pk=first.pk)
        return redirect("surveillance:face_review", slug=slug)
    view = request.GET.get("view", "waiting")
    context = {
        "operation": operation,
        "rows": queries.matches(request.user, operation, view=view)[:A_PAGE],
        "views": queries.VIEWS,
        "view": view,
        "purpose": _purpose(request, where),
        "fault": fault,
        "may_oversee": may(request.user, "face_match.oversee", where),
        "tabs": tabs.of_operation(request.user, operation, "faces"),
    }
    part = request.GET.get("part") == "rows"
    name = "_matches" if part else "review"
    return render(request, f"surveillance/faces/{name}.html", context, status=422 if fault else 200)


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    match = queries.match(request.user, pk)
    where, sitting = match.compartment_id, match.operation.compartment_id
    fault = _sit(request, sitting) if request.method == "POST" else None
    purpose = _purpose(request, sitting)
    context: dict[str, Any] = {
        "match": match,
        "operation": match.operation,
        "fault": fault,
        "may_decide": match.state == "candidate" and may(request.user, "face_match.decide", where),
        "may_export": match.state == "confirmed" and may(request.user, "face_match.export", where),
        **_neighbours(request, match),
    }
    if purpose and not fault:
        view = services.look(actor=request.user, match=match, purpose=purpose)
        count = queries.counted(request.user, match)
        context |= {
            "view": view,
            "purpose": purpose,
            "shots": range(1, len(match.shots) + 1),
            "pictures": range(1, count + 1),
            "denials": queries.denials(request.user, match),
        }
    status = 422 if fault else 200
    return render(request, "surveillance/faces/match.html", context, status=status)


def _neighbours(request: HttpRequest, match: Any) -> dict[str, Any]:
    waiting = queries.matches(request.user, match.operation).values_list("pk", flat=True)
    ids = list(waiting[:500])
    if match.pk not in ids:
        return {"after": ids[0] if ids else None, "before": None, "place": 0, "waiting": len(ids)}
    at = ids.index(match.pk)
    return {
        "after": ids[at + 1] if at + 1 < len(ids) else None,
        "before": ids[at - 1] if at else None,
        "place": at + 1,
        "waiting": len(ids),
    }


@login_required
@require_POST
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    match = queries.match(request.user, pk)
    verdict = request.POST.get("verdict", "")
    if verdict not in ("confirmed", "denied"):
        raise Refused("Say whether it is this person", where="verdict", mend="confirmed or denied")
    following = _neighbours(request, match)
    services.decide(
        actor=request.user,
        match=match,
        confirmed=verdict == "confirmed",
        words=request.POST.get("words", ""),
    )
    then = following["after"] or following["before"]
    if then is None:
        return redirect("surveillance:face_review", slug=match.operation.slug)
    return redirect(reverse("surveillance:face_match", args=[then]))


@reauthenticated
def evidence(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What leaves the house is named first; then it is asked for with a purpose of its own."""
    match = queries.match(request.user, pk)
    require(request.user, "face_match.export", match.compartment_id)
    fault = None
    if request.method == "POST":
        purpose = request.POST.get("purpose", "")
        try:
            taken = proof.export_evidence(actor=request.user, match=match, purpose=purpose)
        except Refused as refused:
            fault = refused
            if refused.status != 422:
                raise
        else:
            told = {"Content-Disposition": f'attachment; filename="{taken.name}"', **PRIVATE}
            return HttpResponse(taken.data, content_type="application/zip", headers=told)
    context = {
        "match": match,
        "operation": match.operation,
        "fault": fault,
        "pictures": queries.counted(request.user, match),
        "purpose": request.POST.get("purpose", ""),
    }
    status = 422 if fault else 200
    return render(request, "surveillance/faces/evidence.html", context, status=status)


@login_required
@require_GET
def shot(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    data = services.shot(queries.own_view(request.user, pk), number)
    return HttpResponse(data, content_type="image/jpeg", headers=PRIVATE)


@login_required
@require_GET
def entry_picture(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    data = services.entry_picture(queries.own_view(request.user, pk), number)
    return HttpResponse(data, content_type="image/jpeg", headers=PRIVATE)


@login_required
@require_GET
def looked(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    require(request.user, "face_match.oversee", operation.compartment_id)
    rows = queries.views(request.user, operation)[:200]
    taken = queries.exports(request.user, operation)[:200]
    context = {"operation": operation, "rows": rows, "taken": taken}
    return render(request, "surveillance/faces/looked.html", context)


VIEW = "surveillance/faces/views/<uuid:pk>"
paths = [
    path("surveillance/of/<slug:slug>/faces/review/", index, name="face_review"),
    path("surveillance/of/<slug:slug>/faces/looked/", looked, name="face_looked"),
    path("surveillance/faces/matches/<uuid:pk>/", show, name="face_match"),
    path("surveillance/faces/matches/<uuid:pk>/decide/", decide, name="face_decide"),
    path("surveillance/faces/matches/<uuid:pk>/evidence/", evidence, name="face_evidence"),
    path(f"{VIEW}/shots/<int:number>.jpg", shot, name="face_shot"),
    path(f"{VIEW}/entry/<int:number>.jpg", entry_picture, name="face_entry_shot"),
]
