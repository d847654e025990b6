"""The advance of one operation: its places, what to look at, who looks."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.kernel.words import plural
from varangian.operations import queries as operations
from varangian.operations import tabs
from varangian.operations.people import member_by_email
from varangian.places import queries as place_queries
from varangian.places.models import Place
from varangian.platform.access.queries import members
from varangian.platform.access.roles import roles_for
from varangian.platform.access.scope import may
from varangian.platform.ui import console

from .. import services
from ..queries import advance as reads
from ..queries.material import places_near


@login_required
def show(request: HttpRequest, slug: str) -> HttpResponse:
    context = _board(request, slug)
    operation = context["operation"]
    context["tabs"] = tabs.of_operation(request.user, operation, "advance")
    if context["may_change"]:
        able = {role.value for role in roles_for("survey.answer")}
        rows = members(request.user, operation.compartment_id)
        context["kinds"] = [row for row in Place.Kind.choices if row[0] != Place.Kind.CITY]
        context["known"] = places_near(request.user, operation)
        context["may_add"] = may(request.user, "place.change", operation.engagement.compartment_id)
        context["people"] = [row.user for row in rows if row.role in able]
    return render(request, "planning/advance.html", context)


@login_required
def part(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "planning/_advance.html", _board(request, slug))


def _board(request: HttpRequest, slug: str) -> dict[str, Any]:
    operation = operations.operation(request.user, slug)
    places = reads.board(request.user, operation)
    mine = request.user.pk
    return {
        "operation": operation,
        "places": places,
        "now": now(),
        "waiting": sum(place.waiting for place in places),
        "untasked": sum(place.untasked for place in places),
        "total": sum(place.survey.total for place in places if place.legs),
        "open": sum(len(place.open) for place in places),
        "done": sum(len(place.done) for place in places),
        "mine": sum(row.task.assignee_id == mine for place in places for row in place.open),  # pyright: ignore
        "may_change": may(request.user, "advance.change", operation.compartment_id),
    }


@login_required
@require_POST
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    who = request.POST.get("assignee", "")
    assignee = member_by_email(request.user, operation, who) if who else None
    made = services.plan_advance(actor=request.user, operation=operation, assignee=assignee)
    messages.info(request, f"The advance has {plural(len(made), 'open task')}.")
    return redirect("planning:advance", slug=slug)


@login_required
@require_POST
def assign(request: HttpRequest, slug: str) -> HttpResponse:
    """All open tasks at one place, to one person or to another time."""
    operation = operations.operation(request.user, slug)
    email, words = request.POST.get("assignee", ""), request.POST.get("due", "")
    due = parse_datetime(words) if words else None
    if words and due is None:
        raise Refused("This is no time", where=words)
    rows = reads.tasks(request.user, operation).filter(place_id=_place(request), state="open")
    changed = services.assign_tasks(
        actor=request.user,
        operation=operation,
        tasks=list(rows),
        assignee=member_by_email(request.user, operation, email) if email else None,
        due=console.in_zone(due, str(ZoneInfo(operation.time_zone))),
    )
    messages.info(request, f"{plural(len(changed), 'task')} assigned.")
    return redirect("planning:advance", slug=slug)


@login_required
@require_POST
def add_place(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    ends: dict[str, Any] = {
        name: place_queries.place(request.user, _place(request, name))
        for name in ("begins_at", "ends_at")
        if request.POST.get(name)
    }
    texts: dict[str, Any] = {
        name: request.POST.get(name, "") for name in ("name", "kind", "address")
    }
    made = services.add_stop(actor=request.user, operation=operation, **texts, **ends)
    return redirect("places:survey", pk=made.pk)


def _place(request: HttpRequest, name: str = "place") -> UUID:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError as error:
        raise Refused("This is not the identifier of a place", where=name) from error


@login_required
@require_POST
def still_so(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One tap. Answers a live region with its inside, a plain browser with the page."""
    task = reads.task(request.user, pk)
    services.verify_task(actor=request.user, task=task)
    if request.headers.get("HX-Request"):
        return part(request, task.operation.slug)
    return redirect("planning:advance", slug=task.operation.slug)


paths = [
    path("<slug:slug>/advance/", show, name="advance"),
    path("<slug:slug>/advance/part/", part, name="advance_part"),
    path("<slug:slug>/advance/plan/", plan, name="advance_plan"),
    path("<slug:slug>/advance/place/", add_place, name="advance_place"),
    path("<slug:slug>/advance/assign/", assign, name="advance_assign"),
    path("advance/<uuid:pk>/still-so/", still_so, name="advance_still_so"),
]
