"""Evidence of events on screen: kept from the event, looked at with a purpose, taken out."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from varangian.kernel.results import Refused
from varangian.operations import queries as operations
from varangian.operations import tabs
from varangian.platform.access.reauth import reauthenticated
from varangian.platform.access.scope import may, require

from ..kept_forms import KeepForm
from ..models import KeptEvent
from ..queries import events as event_queries
from ..queries import kept as queries
from ..rules import event_words
from ..services import kept as services
from ..services import kept_export, recorders

PRIVATE = {"Cache-Control": "no-store"}
A_PAGE = 100


@login_required
@require_GET
def index(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    where = operation.compartment_id
    require(request.user, "kept_event.view", where)
    leads = may(request.user, "kept_event.oversee", where)
    context = {
        "operation": operation,
        "rows": queries.kept_events(request.user, operation)[:A_PAGE],
        "uses": queries.uses(request.user, operation)[:A_PAGE] if leads else [],
        "leads": leads,
        "tabs": tabs.of_operation(request.user, operation, "cameras"),
    }
    return render(request, "surveillance/kept_events.html", context)


@login_required
def keep(request: HttpRequest, pk: UUID) -> HttpResponse:
    event = event_queries.event(request.user, pk)
    require(request.user, "kept_event.keep", event.compartment_id)
    near = queries.clips_near(request.user, event)
    form = KeepForm(request.POST or None, clips=near)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        chosen = [UUID(one) for one in given.pop("clips", [])]
        try:
            clips = queries.chosen_clips(request.user, event, chosen)
            made = services.keep_event(actor=request.user, event=event, clips=clips, **given)
        except Refused as why:
            form.refused(why)
        else:
            messages.info(request, f"{made.label} is kept.")
            return redirect("surveillance:kept_event", pk=made.pk)
    source: Any = event.sensor or event.camera
    context = {
        "event": event,
        "operation": source.operation,
        "words": event_words(event.name, event.detail),
        "has_picture": recorders.has_picture(event),
        "form": form,
    }
    return render(request, "surveillance/keep.html", context, status=422 if form.errors else 200)


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The files are asked for with a look that is on record."""
    found = queries.kept_event(request.user, pk)
    look, fault = None, None
    if request.method == "POST":
        try:
            purpose = request.POST.get("purpose", "")
            look = services.look_kept(actor=request.user, kept=found, purpose=purpose)
        except Refused as refused:
            fault = refused
    return _shown(request, found, look=look, fault=fault)


def _shown(request: HttpRequest, found: KeptEvent, **more: Any) -> HttpResponse:
    where = found.compartment_id
    leads = may(request.user, "kept_event.oversee", where)
    context = {
        "kept": found,
        "operation": found.operation,
        "may_export": may(request.user, "kept_event.export", where),
        "may_keep": may(request.user, "kept_event.keep", where),
        "uses": queries.uses(request.user, found.operation, found)[:A_PAGE] if leads else [],
        "leads": leads,
        **more,
    }
    status = 422 if more.get("fault") else 200
    return render(request, "surveillance/kept_event.html", context, status=status)


@login_required
@require_POST
def move_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.kept_event(request.user, pk)
    days = request.POST.get("days", "")
    try:
        services.move_end(
            actor=request.user, kept=found, days=int(days) if days.isdecimal() else 0,
            purpose=request.POST.get("purpose", ""),
        )  # fmt: skip
    except Refused as refused:
        if refused.status != 422:
            raise
        return _shown(request, found, fault=refused)
    return redirect("surveillance:kept_event", pk=pk)


@reauthenticated
def take(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.kept_event(request.user, pk)
    require(request.user, "kept_event.export", found.compartment_id)
    fault = None
    if request.method == "POST":
        try:
            purpose = request.POST.get("purpose", "")
            taken = kept_export.export_kept(actor=request.user, kept=found, purpose=purpose)
        except Refused as refused:
            fault = refused
            if refused.status != 422:
                raise
        else:
            told = {"Content-Disposition": f'attachment; filename="{taken.name}"', **PRIVATE}
            return HttpResponse(taken.data, content_type="application/zip", headers=told)
    context = {"kept": found, "operation": found.operation, "fault": fault}
    return render(request, "surveillance/kept_take.html", context, status=422 if fault else 200)


@login_required
@require_GET
def file(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    told, data = services.file_of(queries.own_look(request.user, pk), number)
    return HttpResponse(data, content_type=told["media_type"], headers=PRIVATE)


paths = [
    path("surveillance/of/<slug:slug>/kept/", index, name="kept_events"),
    path("surveillance/seen/<uuid:pk>/keep/", keep, name="keep_event"),
    path("surveillance/kept/<uuid:pk>/", show, name="kept_event"),
    path("surveillance/kept/<uuid:pk>/end/", move_end, name="kept_end"),
    path("surveillance/kept/<uuid:pk>/take/", take, name="kept_take"),
    path("surveillance/kept-looks/<uuid:pk>/<int:number>/", file, name="kept_file"),
]
