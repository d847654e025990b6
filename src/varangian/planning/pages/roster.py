"""The roster on screen: the grid of who plans, the shift with everybody's rules, runs."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from varangian.engines.rostering import working_time
from varangian.kernel.results import NotFound, Refused
from varangian.operations import queries as operations
from varangian.operations import tabs
from varangian.platform.access.scope import may, require

from .. import services
from ..forms.roster import SICK_FIELDS, ShiftForm, SickForm
from ..models import Absence, RosterRun
from ..queries import roster as rows
from ..queries.roster_grid import DAYS, grid
from ..queries.roster_problem import book
from ..services.roster_duties import AgainstRules, is_never
from ..services.roster_shifts import made_words


@login_required
def show(request: HttpRequest, slug: str) -> HttpResponse:
    context = _whole(request, slug)
    operation = context["operation"]
    context["tabs"] = tabs.of_operation(request.user, operation, "roster")
    if context["may_change"]:
        context["people"] = rows.team(request.user, operation)
        context["shift_form"] = ShiftForm(
            posts=operations.posts(request.user, operation), zone=operation.time_zone
        )
        context["sick_form"] = SickForm(people=context["people"], zone=operation.time_zone)
        context["jurisdictions"] = working_time().jurisdictions
    return render(request, "planning/roster.html", context)


@login_required
def part(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "planning/_roster.html", _whole(request, slug))


def _whole(request: HttpRequest, slug: str) -> dict[str, Any]:
    operation = operations.operation(request.user, slug)
    require(request.user, "roster.view", operation.compartment_id)
    by = "post" if request.GET.get("by") == "post" else "person"
    start = _date(request.GET.get("from", ""))
    shown = grid(request.user, operation, by=by, start=start)
    may_change = may(request.user, "roster.change", operation.compartment_id)
    runs = list(rows.runs(request.user, operation)[:6]) if may_change else []
    found = rows.roster(request.user, operation)
    edition = rows.editions(request.user, operation).first()
    return {
        "operation": operation,
        "roster": found,
        "grid": shown,
        "by": by,
        "earlier": shown and shown.days[0] > shown.first and shown.days[0] - timedelta(days=DAYS),
        "later": shown and shown.days[-1] < shown.last and shown.days[0] + timedelta(days=DAYS),
        "may_change": may_change,
        "may_override": may(request.user, "roster.override", operation.compartment_id),
        "working": next((run for run in runs if run.state in RosterRun.UNDER_WAY), None),
        "proposal": next((run for run in runs if run.state == RosterRun.State.READY), None),
        "last": next((run for run in runs if run.state in ("taken", "failed")), None),
        "edition": edition,
        "unsaid": _unsaid(shown),
    }


def _unsaid(shown: Any) -> int:
    return sum(r.state == "proposed" for r in shown.book.assignments) if shown and shown.book else 0


def _date(words: str) -> date | None:
    try:
        return date.fromisoformat(words) if words else None
    except ValueError as error:
        raise Refused("This is no date", where=words[:20], mend="Such as 2026-12-01.") from error


@login_required
@require_POST
def make(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    services.open_roster(
        actor=request.user, operation=operation,
        jurisdiction=request.POST.get("jurisdiction", ""),
    )  # fmt: skip
    made, there = services.make_shifts(actor=request.user, operation=operation)
    messages.info(request, f"{made_words(len(made), there)}.")
    return redirect("planning:roster", slug=slug)


@login_required
@require_POST
def add(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    require(request.user, "roster.change", operation.compartment_id)
    form = ShiftForm(
        request.POST,
        posts=operations.posts(request.user, operation),
        zone=operation.time_zone,
    )
    if not form.is_valid():
        name = next(iter(form.errors))
        raise Refused("Say which post or vehicle, from when to when", where=name)
    services.add_shift(actor=request.user, operation=operation, **form.fields_of())
    return redirect("planning:roster", slug=slug)


@login_required
@require_POST
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    run = services.plan(actor=request.user, operation=operation)
    if run.state not in RosterRun.UNDER_WAY:
        messages.info(request, f"Planned: {run.words}.")
    return redirect("planning:roster", slug=slug)


@login_required
@require_POST
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    edition = services.publish(actor=request.user, operation=operation)
    messages.info(request, f"Published as edition {edition.number}.")
    return redirect("planning:roster", slug=slug)


@login_required
@require_POST
def sick(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    require(request.user, "roster.change", operation.compartment_id)
    people = rows.team(request.user, operation)
    form = SickForm(request.POST, people=people, zone=operation.time_zone)
    if not form.is_valid():
        raise Refused("Say who is sick, and from when", where=", ".join(SICK_FIELDS))
    services.call_sick(actor=request.user, operation=operation, **form.fields_of())
    return redirect("planning:roster", slug=slug)


@login_required
@require_POST
def put(request: HttpRequest, slug: str) -> HttpResponse:
    """What was dragged, or chosen on the page of a shift. Against a rule it asks first."""
    operation = operations.operation(request.user, slug)
    user, given = request.user, request.POST
    shift = rows.shift(user, _uuid(given.get("shift", "")))
    if shift.roster.operation_id != operation.pk:
        raise NotFound("There is no such shift in this roster", where=shift.code)
    person = rows.teammate(user, operation, given.get("person", ""))
    reason = given.get("reason", "")
    held = given.get("assignment", "")
    htmx = "HX-Request" in request.headers
    try:
        if held:
            row = rows.assignment(user, _uuid(held))
            services.move(actor=user, assignment=row, person=person, reason=reason)
        else:
            services.assign(actor=user, shift=shift, person=person, reason=reason)
    except AgainstRules as against:
        may_override = may(user, "roster.override", operation.compartment_id)
        asked = {
            "operation": operation, "against": against, "held": held, "may_override": may_override,
        }  # fmt: skip
        page = "planning/_roster_ask.html" if htmx else "planning/roster_ask.html"
        return render(request, page, asked)
    if htmx:
        return HttpResponse("")
    return redirect("planning:roster", slug=slug)


def _uuid(words: str) -> UUID:
    try:
        return UUID(words)
    except ValueError as error:
        raise NotFound("There is no such record", where=words[:40]) from error


@login_required
def shift(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who stands it, who could, and for everybody else the rules against it by name."""
    found = rows.shift(request.user, pk)
    operation = found.roster.operation
    may_change = may(request.user, "roster.change", found.compartment_id)
    context: dict[str, Any] = {
        "shift": found,
        "operation": operation,
        "may_change": may_change,
        "may_override": may(request.user, "roster.override", found.compartment_id),
        "on": rows.assignments(request.user, operation).filter(shift=found),
    }
    if may_change:
        held = book(request.user, operation)
        barred = held.why_nots(found)
        on = {o for o, s in held.pairs if s == found.code}
        context["could"] = [p for p in held.people if p.email not in barred and p.email not in on]
        context["barred"] = [
            {"person": p, "reasons": barred[p.email], "never": is_never(barred[p.email])}
            for p in held.people
            if p.email in barred
        ]
    return render(request, "planning/roster_shift.html", context)


@login_required
def barred(request: HttpRequest, pk: UUID) -> HttpResponse:
    """For the hand that drags: whom the rules keep from this shift, by rule name."""
    found = rows.shift(request.user, pk)
    require(request.user, "roster.change", found.compartment_id)
    held = book(request.user, found.roster.operation)
    people = {person.email: str(person.pk) for person in held.people}
    return JsonResponse(
        {people[o]: [r.rule for r in why] for o, why in held.why_nots(found).items()}
    )


@login_required
@require_POST
def shift_deed(request: HttpRequest, pk: UUID, what: str) -> HttpResponse:
    found = rows.shift(request.user, pk)
    slug = found.roster.operation.slug
    if what == "remove":
        services.remove_shift(actor=request.user, shift=found)
    elif what == "change":
        wanted = request.POST.get("wanted", "")
        if not wanted.isdecimal():
            raise Refused("How many people are wanted is a number", where="wanted")
        services.change_shift(
            actor=request.user, shift=found, wanted=int(wanted),
            vehicle=request.POST.get("vehicle", ""),
        )  # fmt: skip
    else:
        raise NotFound("There is no such deed", where=what)
    return redirect("planning:roster", slug=slug)


@login_required
@require_POST
def off(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = rows.assignment(request.user, pk)
    services.unassign(actor=request.user, assignment=row)
    return redirect("planning:roster_shift", pk=row.shift_id)


@login_required
@require_POST
def run_deed(request: HttpRequest, pk: UUID, what: str) -> HttpResponse:
    found = rows.run(request.user, pk)
    if what == "take":
        left = services.take_run(actor=request.user, run=found)
        words = f"; {left} could not be taken" if left else ""
        messages.info(request, f"Taken{words}. Publish it so that those concerned hear.")
    elif what == "drop":
        services.drop_run(actor=request.user, run=found)
    elif what == "stop":
        services.stop_run(actor=request.user, run=found)
    else:
        raise NotFound("There is no such deed", where=what)
    return redirect("planning:roster", slug=found.roster.operation.slug)


@login_required
def absent(request: HttpRequest, slug: str) -> HttpResponse:
    """Leave, training and other work of the people who stand posts here."""
    operation = operations.operation(request.user, slug)
    require(request.user, "roster.change", operation.compartment_id)
    people = rows.team(request.user, operation)
    if request.method == "POST":
        form = SickForm(request.POST, people=people, zone=operation.time_zone)
        if not form.is_valid() or form.cleaned_data["until"] is None:
            raise Refused("Say who is away, from when and until when", where="absence")
        given = form.fields_of()
        services.add_absence(
            actor=request.user, operation=operation, person=given["person"],
            starts=given["since"] or datetime.now().astimezone(), ends=given["until"],
            why=request.POST.get("why", Absence.Why.LEAVE),
        )  # fmt: skip
        return redirect("planning:roster_absent", slug=slug)
    return render(request, "planning/roster_absent.html", _absences(request, operation, people))


def _absences(request: HttpRequest, operation: Any, people: Any) -> dict[str, Any]:
    since = operation.starts or operation.created_at
    return {
        "operation": operation,
        "people": people,
        "absences": rows.absences(request.user, people, since - timedelta(days=30)),
        "form": SickForm(people=people, zone=operation.time_zone),
        "kinds": [(v, w) for v, w in Absence.Why.choices if v != Absence.Why.SICK],
    }


@login_required
@require_POST
def present(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    found = rows.absence(request.user, _uuid(request.POST.get("absence", "")))
    services.remove_absence(actor=request.user, operation=operation, absence=found)
    return redirect("planning:roster_absent", slug=slug)


paths = [
    path("<slug:slug>/roster/", show, name="roster"),
    path("<slug:slug>/roster/part/", part, name="roster_part"),
    path("<slug:slug>/roster/make/", make, name="roster_make"),
    path("<slug:slug>/roster/add/", add, name="roster_add"),
    path("<slug:slug>/roster/plan/", plan, name="roster_plan"),
    path("<slug:slug>/roster/publish/", publish, name="roster_publish"),
    path("<slug:slug>/roster/sick/", sick, name="roster_sick"),
    path("<slug:slug>/roster/put/", put, name="roster_put"),
    path("<slug:slug>/roster/away/", absent, name="roster_absent"),
    path("<slug:slug>/roster/back/", present, name="roster_present"),
    path("shifts/<uuid:pk>/", shift, name="roster_shift"),
    path("shifts/<uuid:pk>/barred/", barred, name="roster_barred"),
    path("shifts/<uuid:pk>/<slug:what>/", shift_deed, name="roster_shift_deed"),
    path("duties/<uuid:pk>/off/", off, name="roster_off"),
    path("runs/<uuid:pk>/<slug:what>/", run_deed, name="roster_run_deed"),
]
