"""Lessons on screen: sent from an observation, answered where they are met."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from varangian.kernel.results import Refused
from varangian.operations import queries as operations
from varangian.places import queries as places
from varangian.places.library import form_for
from varangian.platform.access.scope import Actor, may

from .. import queries, services
from ..models import Lesson
from ..queries import cards, lessons
from ..queries import debrief as reads

TEXTS = ("trigger", "do_not", "fall_back")


def targets(actor: Actor, operation: Any) -> list[dict[str, Any]]:
    """What a lesson may go to: questions of the places of the programme, measures, cards."""
    legs = operations.movements(actor, operation)
    seen = {place.pk: place for leg in legs for place in (leg.origin, leg.destination) if place}
    groups = []
    for place in seen.values():
        form = form_for(place.kind)
        if form is not None:
            options = [(f"fact:{place.pk}:{rule.id}", rule.title) for rule in form.facts()]
            groups.append({"words": f"Survey: {place.name}", "options": options})
    measures = queries.measures(actor, operation).exclude(state="dropped")
    rows = [(f"measure:{row.pk}", f"{row.label} {row.title}") for row in measures]
    groups.append({"words": "Measures", "options": rows})
    shown = cards.cards(actor, operation).filter(withdrawn_at=None).order_by("title")
    rows = [(f"card:{row.pk}", row.title) for row in shown]
    groups.append({"words": "Contingency cards", "options": rows})
    return [group for group in groups if group["options"]]


@login_required
@require_POST
def send(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = reads.observation(request.user, pk)
    made = services.send_lesson(
        actor=request.user,
        observation=row,
        text=request.POST.get("text", ""),
        **_target(request.user, request.POST.get("target", "")),
        proposal={name: request.POST.get(name, "") for name in TEXTS},
    )
    messages.info(request, f"{made.dated} waits there until somebody takes or declines it.")
    return redirect("planning:observation", pk=pk)


def _target(actor: Actor, words: str) -> dict[str, Any]:
    kind, _, rest = words.partition(":")
    name, _, item = rest.partition(":")
    try:
        pk = UUID(name)
    except ValueError as error:
        raise Refused("Say where the lesson goes", where="target") from error
    if kind == "fact":
        return {"place": places.place(actor, pk), "item": item}
    if kind == "measure":
        return {"measure": queries.measure(actor, pk)}
    return {"card": cards.card(actor, pk)}


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """``?operation=`` says for which operation a measure's or card's lesson is answered."""
    row = lessons.lesson(request.user, pk)
    operation = _operation(request)
    where = row.compartment_id if row.target == Lesson.Target.FACT else None
    where = operation.compartment_id if operation else where
    form = form_for(row.place.kind) if row.place else None
    context = {
        "row": row,
        "operation": operation,
        "title": form.fact(row.item).title if form else "",
        "answer": lessons.answer_in(row, operation),
        "may_answer": where is not None and may(request.user, "lesson.answer", where),
    }
    return render(request, "planning/lesson.html", context)


def _operation(request: HttpRequest) -> Any:
    slug = request.POST.get("operation") or request.GET.get("operation", "")
    return operations.operation(request.user, slug) if slug else None


@login_required
@require_POST
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    row, operation = lessons.lesson(request.user, pk), _operation(request)
    made = services.answer_lesson(
        actor=request.user,
        lesson=row,
        outcome=request.POST.get("outcome", ""),
        reason=request.POST.get("reason", ""),
        operation=operation,
    )
    messages.info(request, f"{row.dated} is {made.outcome}. {made.reason}")
    if operation is None:
        return redirect("places:survey", pk=row.place_id)  # pyright: ignore
    return redirect("planning:debrief_lessons", slug=operation.slug)


@login_required
def waiting(request: HttpRequest, slug: str) -> HttpResponse:
    """All that this operation has to answer."""
    operation = operations.operation(request.user, slug)
    rows = lessons.waiting(request.user, operation)
    return render(request, "planning/lessons.html", {"operation": operation, "lessons": rows})


paths = [
    path("<slug:slug>/lessons/", waiting, name="debrief_lessons"),
    path("observations/<uuid:pk>/lessons/send/", send, name="lesson_send"),
    path("lessons/<uuid:pk>/", show, name="lesson"),
    path("lessons/<uuid:pk>/answer/", answer, name="lesson_answer"),
]
