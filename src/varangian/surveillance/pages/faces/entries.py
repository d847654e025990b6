"""Who is looked for, on screen."""

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
from varangian.platform.access.scope import may, require

from ...face_forms import EntryForm, cases_of
from ...queries import faces as queries
from ...services.faces import watchlist as services

PRIVATE = {"Cache-Control": "no-store"}


@login_required
@require_GET
def index(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    require(request.user, "face_entry.view", operation.compartment_id)
    ended = request.GET.get("view") == "all"
    context = {
        "operation": operation,
        "rows": queries.entries(request.user, operation, ended=ended)[:200],
        "ended": ended,
        "may_change": may(request.user, "face_entry.change", operation.compartment_id),
        "tabs": tabs.of_operation(request.user, operation, "faces"),
    }
    return render(request, "surveillance/faces/entries.html", context)


@login_required
def new(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    require(request.user, "face_entry.change", operation.compartment_id)
    cases = cases_of(queries.cases(request.user, operation))
    form = EntryForm(
        request.POST if request.method == "POST" else None,
        operation=operation,
        actor=request.user,
        cases=cases,
    )
    if form.is_valid():
        try:
            made = services.propose_entry(
                actor=request.user, operation=operation, **form.fields_of()
            )
        except Refused as why:
            form.refused(why)
        else:
            return redirect("surveillance:face_entry", pk=made.pk)
    context = {"form": form, "operation": operation}
    status = 422 if form.errors else 200
    return render(request, "surveillance/faces/entry_form.html", context, status=status)


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A photo that cannot be used is refused in words, and nothing else is lost."""
    entry = queries.entry(request.user, pk)
    fault = None
    if request.method == "POST":
        sent = request.FILES.get("picture")
        try:
            data = sent.read() if sent is not None else b""
            name = (sent.name or "") if sent is not None else ""
            services.add_picture(actor=request.user, entry=entry, data=data, name=name)
        except Refused as refused:
            fault = refused
            if refused.status != 422:
                raise
        else:
            return redirect("surveillance:face_entry", pk=pk)
    live = entry.shown_state not in entry.GONE
    context = {
        "entry": entry,
        "operation": entry.operation,
        "pictures": queries.pictures(request.user, entry),
        "case": queries.case(request.user, entry),
        "fault": fault,
        "may_change": live and may(request.user, "face_entry.change", entry.compartment_id),
        "may_accept": entry.shown_state == "proposed" and entry.reviewer_id == request.user.pk,
    }
    status = 422 if fault else 200
    return render(request, "surveillance/faces/entry.html", context, status=status)


@login_required
@require_POST
def accept(request: HttpRequest, pk: UUID) -> HttpResponse:
    entry = queries.entry(request.user, pk)
    services.accept_entry(actor=request.user, entry=entry)
    messages.info(request, f"Cameras in force look for {entry.label} from now on.")
    return redirect("surveillance:face_entry", pk=pk)


@login_required
@require_POST
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    entry = queries.entry(request.user, pk)
    services.remove_entry(actor=request.user, entry=entry)
    messages.info(request, f"{entry.label} is removed; its pictures and templates are erased.")
    return redirect("surveillance:face_entries", slug=entry.operation.slug)


@login_required
@require_GET
def picture(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.picture(request.user, pk)
    data = services.open_picture(actor=request.user, picture=found)
    return HttpResponse(data, content_type="image/jpeg", headers=PRIVATE)


@login_required
@require_POST
def drop_picture(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.picture(request.user, pk)
    services.remove_picture(actor=request.user, picture=found)
    return redirect("surveillance:face_entry", pk=found.entry_id)


paths = [
    path("surveillance/of/<slug:slug>/faces/list/", index, name="face_entries"),
    path("surveillance/of/<slug:slug>/faces/list/new/", new, name="face_entry_new"),
    path("surveillance/faces/entries/<uuid:pk>/", show, name="face_entry"),
    path("surveillance/faces/entries/<uuid:pk>/accept/", accept, name="face_entry_accept"),
    path("surveillance/faces/entries/<uuid:pk>/remove/", remove, name="face_entry_remove"),
    path("surveillance/faces/pictures/<uuid:pk>.jpg", picture, name="face_picture"),
    path("surveillance/faces/pictures/<uuid:pk>/remove/", drop_picture, name="face_picture_remove"),
]
