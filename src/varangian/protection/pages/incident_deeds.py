"""What is done in the incident room: each is one POST that goes back to the room."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.log.services import write_entry

from ..forms.incidents import (
    CasualtyForm,
    EvidenceForm,
    MusterForm,
    OfferForm,
    ReviewForm,
    StateForm,
    TaskForm,
    TellForm,
    ToldForm,
)
from ..queries import incidents
from ..services import casualty, muster
from ..services import incidents as services


def back(pk: UUID, part: str = "") -> HttpResponse:
    return redirect(reverse("incidents:show", args=[pk]) + part)


def valid(form: Any) -> Any:
    if not form.is_valid():
        name, faults = next(iter(form.errors.items()))
        raise Refused(str(faults[0]), where=form.fields[name].label or name)
    return form


@login_required
@require_POST
def state(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = incidents.incident(request.user, pk)
    given = valid(StateForm(request.POST)).cleaned_data
    services.set_state(actor=request.user, incident=found, **given)
    return back(pk)


@login_required
@require_POST
def command(request: HttpRequest, pk: UUID, what: str) -> HttpResponse:
    """take, offer or accept."""
    found = incidents.incident(request.user, pk)
    if what == "take":
        reason = request.POST.get("reason", "")[:400]
        services.take_command(actor=request.user, incident=found, reason=reason)
    elif what == "accept":
        services.accept_command(actor=request.user, incident=found)
    elif what == "offer":
        people = services.people(request.user, found, "incident.command")
        form = valid(OfferForm(request.POST, people=people))
        brief = form.cleaned_data["brief"]
        services.offer_command(actor=request.user, incident=found, to=form.person, brief=brief)
    else:
        raise Refused("Command is taken, offered or accepted", where=what)
    return back(pk)


@login_required
@require_POST
def arrived(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = incidents.incident(request.user, pk)
    services.first_arrival(actor=request.user, incident=found, who=request.POST.get("who", ""))
    return back(pk)


@login_required
@require_POST
def add_task(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = incidents.incident(request.user, pk)
    team = services.people(request.user, found, "incident.view")
    form = valid(TaskForm(request.POST, people=team))
    minutes = form.cleaned_data["minutes"]
    services.add_task(
        actor=request.user,
        incident=found,
        title=form.cleaned_data["title"],
        owner=form.person,
        due_at=now() + timedelta(minutes=minutes) if minutes else None,
    )
    return back(pk, "#tasks")


@login_required
@require_POST
def task(request: HttpRequest, pk: UUID, what: str) -> HttpResponse:
    """done or drop."""
    found = incidents.task(request.user, pk)
    if what not in ("done", "drop"):
        raise Refused("A task is done or dropped", where=what)
    note = request.POST.get("note", "")[:400]
    services.end_task(actor=request.user, task=found, note=note, dropped=what == "drop")
    return back(found.incident_id, "#tasks")


@login_required
@require_POST
def add_call(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = incidents.incident(request.user, pk)
    given = valid(TellForm(request.POST)).cleaned_data
    services.add_notification(actor=request.user, incident=found, **given)
    return back(pk, "#tell")


@login_required
@require_POST
def call(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = incidents.notification(request.user, pk)
    given = valid(ToldForm(request.POST)).cleaned_data
    services.record_notification(actor=request.user, notification=found, **given)
    return back(found.incident_id, "#tell")


@login_required
@require_POST
def write_log(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One line into the operations log, which is the time line."""
    found = incidents.incident(request.user, pk)
    words = request.POST.get("event", "")
    write_entry(actor=request.user, operation=found.operation, event=words)
    return back(pk, "#timeline")


@login_required
@require_POST
def add_evidence(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = incidents.incident(request.user, pk)
    form = valid(EvidenceForm(request.POST, request.FILES))
    sent = form.cleaned_data["file"]
    services.add_evidence(
        actor=request.user,
        incident=found,
        data=sent.read(),
        name=sent.name,
        media_type=sent.content_type or "application/octet-stream",
        note=form.cleaned_data["note"],
    )
    return back(pk, "#evidence")


@login_required
@require_GET
def exhibit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Always a download: what came in from outside is not shown as a page of ours."""
    found = incidents.exhibit(request.user, pk)
    data = services.read_evidence(actor=request.user, exhibit=found)
    answer = HttpResponse(data, content_type="application/octet-stream")
    name = f"exhibit-{found.serial}-{found.sha256[:12]}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@login_required
@require_POST
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = incidents.incident(request.user, pk)
    given = valid(ReviewForm(request.POST)).cleaned_data
    services.review_incident(actor=request.user, incident=found, **given)
    return back(pk)


@login_required
@require_POST
def call_muster(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = incidents.incident(request.user, pk)
    given = valid(MusterForm(request.POST)).cleaned_data
    made = muster.call_muster(
        actor=request.user, operation=found.operation, incident=found, **given
    )
    return redirect("incidents:muster", made.pk)


@login_required
@require_POST
def add_casualty(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = incidents.incident(request.user, pk)
    given = valid(CasualtyForm(request.POST)).cleaned_data
    made = casualty.add_casualty(actor=request.user, incident=found, **given)
    return redirect("incidents:casualty", made.pk)


paths = [
    path("incidents/<uuid:pk>/state/", state, name="state"),
    path("incidents/<uuid:pk>/command/<slug:what>/", command, name="command"),
    path("incidents/<uuid:pk>/arrived/", arrived, name="arrived"),
    path("incidents/<uuid:pk>/tasks/", add_task, name="add_task"),
    path("incidents/<uuid:pk>/calls/", add_call, name="add_call"),
    path("incidents/<uuid:pk>/log/", write_log, name="write_log"),
    path("incidents/<uuid:pk>/evidence/", add_evidence, name="add_evidence"),
    path("incidents/<uuid:pk>/review/", review, name="review"),
    path("incidents/<uuid:pk>/muster/", call_muster, name="call_muster"),
    path("incidents/<uuid:pk>/casualties/", add_casualty, name="add_casualty"),
    path("incidents/tasks/<uuid:pk>/<slug:what>/", task, name="task"),
    path("incidents/calls/<uuid:pk>/", call, name="call"),
    path("incidents/exhibits/<uuid:pk>/", exhibit, name="exhibit"),
]
