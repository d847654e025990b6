"""Screens of threats and risks."""

import csv
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from varangian.operations import tabs
from varangian.platform.access.reauth import reauthenticated
from varangian.platform.access.scope import holds, may, require
from varangian.platform.audit.services import note
from varangian.platform.thread.queries import neighbours, stale_by_record

from .. import services
from ..forms.threats import AcceptanceForm, AssessmentForm, RiskForm, SourceForm
from ..library import grading
from ..picture import VIEWS, grid, grouped_library
from ..queries import threats as queries
from ..rules import acceptance_authority
from ..shapes.threats import csv_row

PER_PAGE = 50


@login_required
def index(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.overview(request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "may_read_letters": holds(request.user, "letter.view")}
    return render(request, "threats/index.html", context)


@login_required
def register(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole page; as a live region (``part``) only its inside."""
    operation = queries.operation_with_register(request.user, slug)
    asked = request.GET.copy()
    part = asked.pop("part", None)
    request.GET = asked  # pyright: ignore
    context = _register(request, operation)
    if part:
        return render(request, "threats/_register.html", context)
    changes = may(request.user, "threat.change", operation.compartment_id)
    if changes:
        taken = queries.taken(request.user, operation)
        context |= {
            "assessment_form": AssessmentForm(zone=operation.time_zone, auto_id="assess_%s"),
            "source_form": SourceForm(zone=operation.time_zone, auto_id="source_%s"),
            "risk_form": RiskForm(actor=request.user, operation=operation, auto_id="risk_%s"),
            "library": grouped_library(operation.kind, taken),
        }
    context |= {"changes": changes, "tabs": tabs.of_operation(request.user, operation, "threats")}
    return render(request, "threats/register.html", context)


def _register(request: HttpRequest, operation: Any) -> dict[str, Any]:
    rows = queries.register(request.user, operation)
    sources = list(queries.sources(request.user, operation))
    wanted, state = request.GET.get("responsibility", ""), request.GET.get("state", "")
    shown = [
        row
        for row in rows
        if (not wanted or row.risk.responsibility == wanted)
        and (not state or row.risk.state == state)
    ]
    view = request.GET.get("view", "current")
    view = view if view in VIEWS else "current"
    return {
        "operation": operation,
        "sources": sources,
        "assessment": queries.assessments(request.user, operation).first(),
        "page": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
        "total": len(rows),
        "grid": grid(queries.matrix_cells(rows, view)),
        "view": view,
        "view_words": VIEWS[view],
        "views": _views(request, view),
        "part_url": f"?{urlencode({**request.GET.dict(), 'part': 1})}",
        "responsibilities": RiskForm.base_fields["responsibility"].choices,  # pyright: ignore
        "states": queries.RiskLine.State.choices,
        "responsibility": wanted,
        "state": state,
    }


def _views(request: HttpRequest, here: str) -> list[dict[str, Any]]:
    return [
        {
            "words": words,
            "url": f"?{urlencode({**request.GET.dict(), 'view': name})}",
            "here": name == here,
        }
        for name, words in VIEWS.items()
    ]


@login_required
@require_POST
def assess(request: HttpRequest, slug: str) -> HttpResponse:
    operation = queries.operation_with_register(request.user, slug)
    form = AssessmentForm(request.POST, zone=operation.time_zone)
    if form.is_valid():
        services.assess(actor=request.user, operation=operation, **form.cleaned_data)
        return redirect("threats:register", slug=slug)
    return _form_page(request, operation, form, "Assess the threat level")


@login_required
@require_POST
def add_source(request: HttpRequest, slug: str) -> HttpResponse:
    operation = queries.operation_with_register(request.user, slug)
    form = SourceForm(request.POST, zone=operation.time_zone)
    if form.is_valid():
        source = services.add_source(actor=request.user, operation=operation, **form.fields_of())
        return redirect("threats:source", pk=source.pk)
    return _form_page(request, operation, form, "Add a threat source")


@login_required
@require_POST
def add_risk(request: HttpRequest, slug: str) -> HttpResponse:
    operation = queries.operation_with_register(request.user, slug)
    form = RiskForm(request.POST, actor=request.user, operation=operation)
    if form.is_valid():
        risk = services.add_risk(actor=request.user, operation=operation, **form.fields_of())
        return redirect("threats:risk", pk=risk.pk)
    return _form_page(request, operation, form, "Add a risk")


@login_required
@require_POST
def add_from_library(request: HttpRequest, slug: str) -> HttpResponse:
    operation = queries.operation_with_register(request.user, slug)
    chosen = request.POST.getlist("risk")
    batch = services.add_from_library(actor=request.user, operation=operation, library_ids=chosen)
    messages.info(request, f"{len(batch.added)} of {len(chosen)} added, measures proposed.")
    for library_id, why in batch.refused:
        messages.warning(request, f"{library_id}: {why}")
    return redirect("threats:register", slug=slug)


@reauthenticated
@require_GET
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """The register as CSV; the export itself is on record."""
    operation = queries.operation_with_register(request.user, slug)
    rows = [csv_row(row) for row in queries.register(request.user, operation)]
    note(kind="export", record=operation, purpose="risk register as CSV", actor=request.user)
    name = f"{operation.slug}-risk-register.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8", headers=headers)
    writer = csv.DictWriter(answer, fieldnames=list(rows[0]) if rows else ["serial"])
    writer.writeheader()
    writer.writerows(rows)
    return answer


@login_required
def source(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.source(request.user, pk)
    zone = found.operation.time_zone
    form = SourceForm.of(found, zone)
    if request.method == "POST":
        form = SourceForm(request.POST, zone=zone)
        if form.is_valid():
            services.change_source(actor=request.user, source=found, **form.fields_of())
            return redirect("threats:source", pk=pk)
    allowed = services.sources.STATES[found.shown_state]
    approves = may(request.user, "threat.approve", found.compartment_id)
    context = {
        "source": found,
        "operation": found.operation,
        "form": form,
        "handling": next(mark for mark in grading().tlp if mark.id == found.handling),
        "changes": may(request.user, "threat.change", found.compartment_id),
        "steps": sorted(state for state in allowed if state != "approved" or approves),
        "stale": stale_by_record(request.user, "threat", [pk]).get(pk),
        "thread": neighbours(request.user, "threat", pk),
    }
    return render(request, "threats/source.html", context)


@login_required
@require_POST
def source_state(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.source(request.user, pk)
    state = request.POST.get("state", "")
    services.set_source_state(actor=request.user, source=found, state=state)
    return redirect("threats:source", pk=pk)


@login_required
def risk(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.risk(request.user, pk)
    form = RiskForm.of(found, request.user)
    if request.method == "POST":
        require(request.user, "risk.change", found.compartment_id)
        form = RiskForm(request.POST, actor=request.user, operation=found.operation)
        if form.is_valid():
            services.change_risk(actor=request.user, risk=found, **form.fields_of())
            return redirect("threats:risk", pk=pk)
    stale = stale_by_record(request.user, "risk", [pk]).get(pk)
    row = queries.risk_row(found, stale)
    context = {
        "risk": found,
        "row": row,
        "operation": found.operation,
        "form": form,
        "authority": acceptance_authority(row.standing.current.band),
        "accept_form": AcceptanceForm(seats=row.missing, auto_id="accept_%s"),
        "changes": may(request.user, "risk.change", found.compartment_id),
        "accepts": may(request.user, "risk.accept", found.compartment_id),
        "steps": sorted(services.risks.STATES[found.state]),
        "thread": neighbours(request.user, "risk", pk),
    }
    return render(request, "threats/risk.html", context)


@login_required
@require_POST
def risk_state(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.risk(request.user, pk)
    services.set_risk_state(actor=request.user, risk=found, state=request.POST.get("state", ""))
    return redirect("threats:risk", pk=pk)


@login_required
@require_POST
def accept(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.risk(request.user, pk)
    services.accept_risk(
        actor=request.user,
        risk=found,
        seat=request.POST.get("seat", ""),
        given_by=request.POST.get("given_by", ""),
        note=request.POST.get("note", ""),
    )
    return redirect("threats:risk", pk=pk)


def _form_page(request: HttpRequest, operation: Any, form: Any, title: str) -> HttpResponse:
    context = {"operation": operation, "form": form, "title": title}
    return render(request, "threats/form.html", context, status=422)


paths = [
    path("", index, name="list"),
    path("sources/<uuid:pk>/", source, name="source"),
    path("sources/<uuid:pk>/state", source_state, name="source_state"),
    path("risks/<uuid:pk>/", risk, name="risk"),
    path("risks/<uuid:pk>/state", risk_state, name="risk_state"),
    path("risks/<uuid:pk>/accept", accept, name="accept"),
    path("<slug:slug>/", register, name="register"),
    path("<slug:slug>/assess", assess, name="assess"),
    path("<slug:slug>/sources", add_source, name="add_source"),
    path("<slug:slug>/risks", add_risk, name="add_risk"),
    path("<slug:slug>/library", add_from_library, name="add_from_library"),
    path("<slug:slug>/register.csv", export, name="export"),
]
