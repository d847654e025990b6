"""Screens of measures."""

from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST

from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Refused
from varangian.operations import tabs
from varangian.platform.access.scope import may, require
from varangian.platform.thread.queries import neighbours, stale_by_record
from varangian.platform.ui import console
from varangian.platform.ui.both import choose

from .. import measure_rules, queries, services
from ..forms.measures import EffectsForm, MeasureForm
from ..library import measures as library
from ..models import Measure
from ..queries import lessons

PER_PAGE = 50


@login_required
def index(request: HttpRequest, slug: str) -> HttpResponse:
    operation = queries.operation_with_measures(request.user, slug)
    changes = may(request.user, "measure.change", operation.compartment_id)
    form = MeasureForm(actor=request.user, operation=operation, initial={"heading": "tasks"})
    if request.method == "POST":
        require(request.user, "measure.change", operation.compartment_id)
        form = MeasureForm(request.POST, actor=request.user, operation=operation)
        if form.is_valid():
            added = services.add_measure(
                actor=request.user, operation=operation, **form.fields_of()
            )
            return redirect("planning:measure", pk=added.pk)
    return render(
        request,
        "planning/measures.html",
        {
            **_list(request, operation),
            "changes": changes,
            "form": form,
            "library": _grouped(request, operation) if changes else [],
            "tabs": tabs.of_operation(request.user, operation, "measures"),
        },
    )


@login_required
def part(request: HttpRequest, slug: str) -> HttpResponse:
    """The inside of the live region."""
    operation = queries.operation_with_measures(request.user, slug)
    return render(request, "planning/_measures.html", _list(request, operation))


def _list(request: HttpRequest, operation: Any) -> dict[str, Any]:
    state = request.GET.get("state", "")
    found = queries.measures(request.user, operation)
    found = found.filter(state=state) if state else found
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    stale = stale_by_record(request.user, "measure", [row.pk for row in page.object_list])
    rows = [
        {
            "measure": row,
            "stale": stale.get(row.pk),
            "risks": [effect.risk for effect in queries.effects_seen(request.user, row)],
        }
        for row in page.object_list
    ]
    return {
        "operation": operation,
        "page": page,
        "rows": rows,
        "state": state,
        "states": Measure.State.choices,
        "now": now(),
    }


def _grouped(request: HttpRequest, operation: Any) -> list[tuple[str, list[Any]]]:
    taken = queries.standard_taken(request.user, operation)
    return [
        (
            responsibility.replace("_", " ").capitalize(),
            [{"standard": entry, "taken": taken.get(entry.id)} for entry in entries],
        )
        for responsibility, entries in groupby(
            sorted(library().measures, key=lambda entry: entry.responsibility),
            key=lambda entry: entry.responsibility,
        )
    ]


@login_required
@require_POST
def from_library(request: HttpRequest, slug: str) -> HttpResponse:
    operation = queries.operation_with_measures(request.user, slug)
    chosen = request.POST.getlist("measure")
    added, refused = services.propose_standard(
        actor=request.user, operation=operation, library_ids=chosen
    )
    messages.info(request, f"{len(added)} of {len(chosen)} proposed.")
    for library_id, why in refused:
        messages.warning(request, f"{library_id}: {why}")
    return redirect("planning:measures", slug=slug)


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.measure(request.user, pk)
    changes = may(request.user, "measure.change", found.compartment_id)
    form = MeasureForm.of(found, request.user)
    if request.method == "POST":
        require(request.user, "measure.change", found.compartment_id)
        form = MeasureForm(request.POST, actor=request.user, operation=found.operation)
        if form.is_valid():
            try:
                services.change_measure(
                    actor=request.user,
                    measure=found,
                    expected_version=form.expected,
                    **form.fields_of(),
                )
            except Conflict as error:
                now_ = queries.measure(request.user, pk)
                fresh = MeasureForm.of(now_, request.user)
                title = f"measure {now_.label}"
                return choose(request, error=error, typed=form, fresh=fresh, title=title)
            return redirect("planning:measure", pk=pk)
    context = {
        "measure": found,
        "operation": found.operation,
        "form": form,
        "changes": changes,
        "effects": queries.effects_seen(request.user, found),
        "effects_form": EffectsForm(actor=request.user, measure=found) if changes else None,
        "standard": _standard(found),
        "steps": sorted(measure_rules.STATES[found.state]),
        "stale": stale_by_record(request.user, "measure", [pk]).get(pk),
        "local_now": f"{now().astimezone(ZoneInfo(found.operation.time_zone)):%Y-%m-%dT%H:%M}",
        "thread": neighbours(request.user, "measure", pk),
        "lessons": lessons.of_measures(request.user, found.operation, [found]).get(pk, []),
    }
    return render(request, "planning/measure.html", context)


def _standard(measure: Measure) -> Any:
    """The library's entry, whose "verify" says how to check it; gone from the library: none."""
    known = {entry.id: entry for entry in library().measures}
    return known.get(measure.library_id)


@login_required
@require_POST
def set_state(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.measure(request.user, pk)
    state = request.POST.get("state", "")
    verified_at = None
    if typed := request.POST.get("verified_at", "").strip():
        verified_at = _typed_time(typed, found.operation.time_zone)
    services.set_measure_state(
        actor=request.user, measure=found, state=state, verified_at=verified_at
    )
    return redirect("planning:measure", pk=pk)


@login_required
@require_POST
def effects(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.measure(request.user, pk)
    form = EffectsForm(request.POST, actor=request.user, measure=found)
    if not form.is_valid():
        raise Refused("A measure lowers a risk by 0, 1 or 2 steps", where=found.label)
    services.set_effects(actor=request.user, measure=found, effects=form.effects())
    return redirect("planning:measure", pk=pk)


def _typed_time(typed: str, zone: str) -> Any:
    try:
        at = parse_datetime(typed)
    except ValueError:
        at = None
    if at is None:
        raise Refused("This is no time", where=typed, mend="Such as 2026-11-24T10:00.")
    return console.in_zone(at, zone)


paths = [
    path("<slug:slug>/measures/", index, name="measures"),
    path("<slug:slug>/measures/part", part, name="measures_part"),
    path("<slug:slug>/measures/library", from_library, name="measures_from_library"),
    path("measures/<uuid:pk>/", show, name="measure"),
    path("measures/<uuid:pk>/state", set_state, name="measure_state"),
    path("measures/<uuid:pk>/effects", effects, name="measure_effects"),
]
