"""A check on the phone, done with one thumb; its second signature; the find that stops it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from varangian.kernel.results import Refused
from varangian.operations import queries as operation_queries
from varangian.platform.access.reauth import reauthenticated
from varangian.platform.access.scope import may
from varangian.platform.audit.services import note
from varangian.platform.storage.services import read

from .. import services
from ..events import drill_asked
from ..fleet.checks import least
from ..fleet.library import inspections
from ..models import Find, Inspection
from ..queries import fleet
from ..queries import inspections as queries
from .fleet import travel_tabs

SEALS = 4


@login_required
@require_POST
def begin(request: HttpRequest, pk: UUID) -> HttpResponse:
    car = fleet.vehicle(request.user, pk)
    leg = request.POST.get("movement", "")
    movement = operation_queries.movement(request.user, _uuid(leg)) if leg else None
    begun = services.begin_check(
        actor=request.user,
        vehicle=car,
        checklist=request.POST.get("checklist", ""),
        movement=movement,
    )
    return redirect("travel:check", pk=begun.pk)


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.check(request.user, pk)
    if found.state == Inspection.State.OPEN and found.by_id == request.user.pk:
        return _sheet(request, found)
    return _result(request, found)


def _sheet(request: HttpRequest, found: Inspection, refusal: Refused | None = None) -> HttpResponse:
    checklist = queries.checklist_of(found)
    pictures = _pictures(found)
    typed = request.POST if refusal else {}
    steps = [
        {
            "step": step,
            "number": number,
            "pictures": pictures.get(step.id, []),
            "state": typed.get(f"s-{step.id}", ""),
            "note": typed.get(f"n-{step.id}", ""),
            "at": typed.get(f"at-{step.id}", ""),
            "wanted": bool(refusal and step.id in refusal.where.split(", ")),
            "zone": step.zone
            if number == 1 or step.zone != checklist.items[number - 2].zone
            else "",
        }
        for number, step in enumerate(checklist.items, start=1)
    ]
    context = _context(request, found) | {
        "steps": steps,
        "refusal": refusal,
        "least": int(least(checklist, inspections().least_share).total_seconds()),
        "seals_before": queries.last_seals(request.user, found.vehicle),
        "seal_rows": range(1, SEALS + 1),
        "drill": drill(request, found),
    }
    status = refusal.status if refusal else 200
    return render(request, "travel/fleet/check.html", context, status=status)


def _result(request: HttpRequest, found: Inspection) -> HttpResponse:
    pictures = _pictures(found)
    steps = [
        (step, found.answers.get(step.id, {}), pictures.get(step.id, []))
        for step in queries.checklist_of(found).items
    ]
    context = _context(request, found) | {
        "steps": steps,
        "finds": queries.finds(request.user, found.vehicle).filter(inspection=found),
        "waits_for_me": found.state == Inspection.State.SECOND
        and found.expired_at is None
        and found.by_id != request.user.pk
        and may(request.user, "vehicle.check", found.compartment_id),
        "may_check": may(request.user, "vehicle.check", found.compartment_id),
    }
    return render(request, "travel/fleet/check_done.html", context)


def _context(request: HttpRequest, found: Inspection) -> dict[str, Any]:
    return {
        "check": found,
        "car": found.vehicle,
        "checklist": queries.checklist_of(found),
        "leg": queries.leg_of(request.user, found.movement_id),
        "tabs": travel_tabs("vehicles"),
    }


def _pictures(found: Inspection) -> dict[str, list[Any]]:
    by_item: dict[str, list[Any]] = {}
    for row in found.photos.all():  # pyright: ignore
        by_item.setdefault(row.item, []).append(row)
    return by_item


def drill(request: HttpRequest, found: Any) -> list[str]:
    """The card of the operation when a feature above has one, else the words of the house."""
    leg = queries.leg_of(request.user, found.movement_id)
    if leg is not None:
        asked = drill_asked.send(sender=Find, operation=leg.operation, actor=request.user)
        for _, lines in asked:
            if lines:
                return list(lines)
    return list(inspections().drill)


@login_required
@require_POST
def finish(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.check(request.user, pk)
    _take_pictures(request, found)
    steps = queries.checklist_of(found).items
    answers = {
        step.id: {name: request.POST.get(f"{key}-{step.id}", "") for name, key in FIELDS}
        for step in steps
    }
    seals = [
        {"where": request.POST.get(f"w-{n}", ""), "number": request.POST.get(f"seal-{n}", "")}
        for n in range(1, SEALS + 1)
    ]
    try:
        services.finish_check(actor=request.user, inspection=found, answers=answers, seals=seals)
    except Refused as refusal:
        found = queries.check(request.user, pk)
        if found.state != Inspection.State.OPEN or found.expired_at or refusal.status != 422:
            raise
        return _sheet(request, found, refusal)
    return redirect("travel:check", pk=pk)


FIELDS = (("state", "s"), ("note", "n"), ("at", "at"))


def _take_pictures(request: HttpRequest, found: Inspection) -> None:
    """Those that the phone could not send by themselves."""
    for name, files in request.FILES.lists():
        if name.startswith("p-"):
            for file in files:
                services.add_check_photo(
                    actor=request.user,
                    inspection=found,
                    item=name.removeprefix("p-"),
                    data=file.read(),
                    name=file.name or "",
                )


@login_required
@require_POST
def picture(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One picture as soon as it is taken."""
    found = queries.check(request.user, pk)
    file: Any = request.FILES.get("file")
    if file is None:
        raise Refused("No picture came", where="file")
    made = services.add_check_photo(
        actor=request.user,
        inspection=found,
        item=request.POST.get("item", ""),
        data=file.read(),
        name=file.name or "",
    )
    return JsonResponse({"id": str(made.pk), "item": made.item}, status=201)


@login_required
def photo(request: HttpRequest, pk: UUID, photo: UUID) -> HttpResponse:
    found = queries.photo(request.user, queries.check(request.user, pk), photo)
    answer = HttpResponse(read(found.preview), content_type="image/jpeg")
    answer["Cache-Control"] = "private, no-store"
    return answer


@login_required
@require_POST
def leave(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.check(request.user, pk)
    services.leave_check(actor=request.user, inspection=found)
    return redirect("travel:vehicle", pk=found.vehicle_id)  # pyright: ignore


@reauthenticated
def sign(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.check(request.user, pk)
    if request.method == "POST":
        services.sign_second(actor=request.user, inspection=found)
        note(kind="sign", record=found, purpose="second signature of a vehicle search")
        messages.info(request, "Signed. The search holds as long as the vehicle stays in sight.")
        return redirect("travel:check", pk=pk)
    return render(request, "travel/fleet/sign.html", _context(request, found))


@login_required
@require_POST
def report(request: HttpRequest, pk: UUID) -> HttpResponse:
    made = services.report_find(
        actor=request.user,
        inspection=queries.check(request.user, pk),
        item=request.POST.get("item", ""),
        words=request.POST.get("words", ""),
    )
    return redirect("travel:find", pk=made.pk)


@login_required
def find(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.find(request.user, pk)
    if request.method == "POST":
        reason = request.POST.get("reason", "")
        services.release_find(actor=request.user, find=found, reason=reason)
        return redirect("travel:vehicle", pk=found.vehicle_id)  # pyright: ignore
    leg = queries.leg_of(request.user, found.movement_id)
    where = leg.compartment_id if leg else found.compartment_id
    context = {
        "find": found,
        "car": found.vehicle,
        "leg": leg,
        "drill": drill(request, found),
        "may_release": may(request.user, "vehicle.release", where),
        "tabs": travel_tabs("vehicles"),
    }
    return render(request, "travel/fleet/find.html", context)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Refused("This names no leg", where=text[:40]) from error


paths = [
    path("vehicles/<uuid:pk>/check/begin/", begin, name="check_begin"),
    path("checks/<uuid:pk>/", show, name="check"),
    path("checks/<uuid:pk>/finish/", finish, name="check_finish"),
    path("checks/<uuid:pk>/picture/", picture, name="check_picture"),
    path("checks/<uuid:pk>/photos/<uuid:photo>/", photo, name="check_photo"),
    path("checks/<uuid:pk>/leave/", leave, name="check_leave"),
    path("checks/<uuid:pk>/sign/", sign, name="check_sign"),
    path("checks/<uuid:pk>/find/", report, name="check_find"),
    path("finds/<uuid:pk>/", find, name="find"),
]
