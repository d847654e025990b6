"""Exercises on screen: the tab of the operation in life, and the inside of one."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from varangian.kernel.results import Refused
from varangian.operations import queries as operations
from varangian.operations import tabs
from varangian.platform.access.scope import may, require
from varangian.platform.access.stage import SESSION, exercising, on_stage

from .. import services
from ..exercise_rules import as_read
from ..forms.exercises import AnswerForm, EndForm, StartForm
from ..library import exercise_scripts
from ..queries import exercises


@login_required
def reports(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    require(request.user, "exercise.view", operation.compartment_id)
    rows = list(exercises.reports(request.user, operation))
    legs = operations.movements(request.user, operation)
    form = StartForm(request.POST or None, legs=legs, zone=operation.time_zone)
    if request.method == "POST" and form.is_valid():
        services.start_exercise(actor=request.user, operation=operation, **form.fields_of())
        return redirect("planning:exercises", slug=slug)
    context = {
        "operation": operation,
        "tabs": tabs.of_operation(request.user, operation, "exercises"),
        "running": [row for row in rows if row.ended_at is None],
        "reports": [(row, as_read(row.results)) for row in rows if row.ended_at],
        "form": form,
        "scripts": exercise_scripts().scripts,
        "may_run": may(request.user, "exercise.run", operation.compartment_id),
    }
    return render(request, "planning/exercises.html", context)


@login_required
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Into the exercises of this person; refused when there is none."""
    with on_stage(request.user, exercise=True):
        there = exercises.running(request.user).exists()
    if not there:
        raise Refused("No exercise of yours is running", mend="The detail leader starts one.")
    request.session[SESSION] = True
    return redirect("planning:exercise")


@login_required
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    request.session.pop(SESSION, None)
    return redirect("/")


@login_required
def inside(request: HttpRequest) -> HttpResponse:
    if not exercising():
        return redirect("/")
    return render(request, "planning/exercise.html", _inside(request))


@login_required
def part(request: HttpRequest) -> HttpResponse:
    return render(request, "planning/_exercise.html", _inside(request))


def _inside(request: HttpRequest) -> dict[str, Any]:
    """The director's injects, and what has reached the reader's own posts."""
    running = list(exercises.running(request.user)) if exercising() else []
    directed = []
    for found in running:
        if may(request.user, "exercise.run", found.compartment_id):
            rows = exercises.injects(request.user, found)
            pairs = list(zip(rows, exercises.outcomes(request.user, rows), strict=True))
            zone = ZoneInfo(found.operation.time_zone)
            directed.append({"exercise": found, "pairs": pairs, "zone": zone.key})
    mine = exercises.mine(request.user) if running else []
    return {
        "running": running,
        "directed": directed,
        "mine": [(row, AnswerForm(prefix=str(row.pk))) for row in mine],
        "end_form": EndForm(),
    }


@login_required
@require_POST
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    found = exercises.exercise(request.user, slug)
    services.begin_exercise(actor=request.user, exercise=found)
    return redirect("planning:exercise")


@login_required
@require_POST
def deliver(request: HttpRequest, pk: UUID) -> HttpResponse:
    services.deliver_now(actor=request.user, inject=exercises.inject(request.user, pk))
    return redirect("planning:exercise")


@login_required
@require_POST
def acknowledge(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = exercises.delivery(request.user, pk)
    form = AnswerForm(request.POST, prefix=str(pk))
    answer = form.cleaned_data["answer"] if form.is_valid() else ""
    services.acknowledge_inject(actor=request.user, delivery=row, answer=answer)
    return redirect("planning:exercise")


@login_required
@require_POST
def end(request: HttpRequest, slug: str) -> HttpResponse:
    found = exercises.exercise(request.user, slug)
    form = EndForm(request.POST)
    findings = form.cleaned_data["findings"] if form.is_valid() else ""
    done = services.end_exercise(actor=request.user, exercise=found, findings=findings)
    request.session.pop(SESSION, None)
    return redirect("planning:exercises", slug=done.operation.slug)


paths = [
    path("<slug:slug>/exercises/", reports, name="exercises"),
    path("exercise/enter/", enter, name="exercise_enter"),
    path("exercise/leave/", leave, name="exercise_leave"),
    path("exercise/", inside, name="exercise"),
    path("exercise/part/", part, name="exercise_part"),
    path("exercise/<slug:slug>/begin/", begin, name="exercise_begin"),
    path("exercise/<slug:slug>/end/", end, name="exercise_end"),
    path("exercise/inject/<uuid:pk>/", deliver, name="exercise_deliver"),
    path("exercise/answer/<uuid:pk>/", acknowledge, name="exercise_answer"),
]
