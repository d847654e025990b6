"""Screens of how a case is worked: the strategy, its tasks; results of licensed instruments."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from varangian.kernel.results import NotFound, Refused
from varangian.platform.access.scope import require
from varangian.platform.storage.services import read

from ..forms.judgement import InstrumentForm, StrategyForm, StrategyTaskForm
from ..library.indicators import indicators
from ..models import CaseStrategy
from ..queries import judgement as queries
from ..queries import persons as people
from ..services import judgements as services
from .persons import _page
from .persons_gate import must_be_open, opened


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The one in force, its tasks, those before; and what may backfire of each way."""
    person, before = opened(request, pk)
    if before is not None:
        return before
    user, form = request.user, StrategyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.choose_strategy(actor=user, person=person, **form.cleaned_data)
        return redirect("threats:strategy", pk=pk)
    rows = list(queries.strategies(user, person))
    context = _page(request, person, "judgement") | {
        "blind": queries.rates_blind(user, person),
        "form": form,
        "ways": [
            {"way": one, "chosen": one.id in _chosen(form, rows)} for one in indicators().strategies
        ],
        "strategy": next((row for row in rows if row.ended_at is None), None),
        "named": next((_named(row) for row in rows if row.ended_at is None), []),
        "earlier": [(row, _named(row)) for row in rows if row.ended_at is not None],
        "tasks": queries.tasks(user, person),
        "task_form": StrategyTaskForm(actor=user, person=person, auto_id="task_%s"),
        "instruments": queries.instruments(user, person),
        "instrument_form": InstrumentForm(auto_id="instrument_%s"),
    }
    status = 422 if form.errors else 200
    return render(request, "threats/judgement/strategy.html", context, status=status)


def _named(row: CaseStrategy) -> list[str]:
    """A way that was taken out of the library since keeps its own word."""
    known: dict[str, str] = {one.id: str(one.title) for one in indicators().strategies}
    return [known.get(way) or way for way in row.ways]


def _chosen(form: StrategyForm, rows: list[Any]) -> list[str]:
    if form.is_bound:
        return form.data.getlist("ways")  # pyright: ignore
    return next((row.ways for row in rows if row.ended_at is None), [])


@login_required
@require_POST
def add_task(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = people.person(request.user, pk)
    require(request.user, "person.change", person.compartment_id)
    form = StrategyTaskForm(request.POST, actor=request.user, person=person)
    given = _given(form)
    given["owner"] = form.people.get(given["owner"])
    services.add_task(actor=request.user, person=person, **given)
    return redirect("threats:strategy", pk=pk)


@login_required
@require_POST
def end_task(request: HttpRequest, pk: UUID) -> HttpResponse:
    task = queries.task(request.user, pk)
    services.end_task(
        actor=request.user,
        task=task,
        effect=request.POST.get("effect", ""),
        dropped=request.POST.get("deed") == "drop",
    )
    return redirect("threats:strategy", pk=task.person_id)


@login_required
@require_POST
def add_instrument(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = people.person(request.user, pk)
    require(request.user, "person.change", person.compartment_id)
    given = _given(InstrumentForm(request.POST, request.FILES))
    sent: Any = given.pop("document")
    if sent is not None:
        given |= {"document": sent.read(), "name": sent.name, "media_type": sent.content_type or ""}
    services.record_instrument(actor=request.user, person=person, **given)
    return redirect("threats:strategy", pk=pk)


@login_required
def document(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Taken away as a file: a browser does not open what a stranger wrote."""
    row = queries.instrument(request.user, pk)
    must_be_open(request, row.person_id)
    if row.document is None:
        raise NotFound("There is no document with this result", where=row.instrument)
    answer = HttpResponse(read(row.document), content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="result-{row.done_on:%Y-%m-%d}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _given(form: Any) -> dict[str, Any]:
    if not form.is_valid():
        name, faults = next(iter(form.errors.items()))
        raise Refused(str(faults[0]).rstrip("."), where=name)
    return dict(form.cleaned_data)


paths = [
    path("persons/<uuid:pk>/strategy/", show, name="strategy"),
    path("persons/<uuid:pk>/strategy/tasks/", add_task, name="strategy_task"),
    path("persons/<uuid:pk>/instruments/", add_instrument, name="instrument_add"),
    path("strategy-tasks/<uuid:pk>/end/", end_task, name="strategy_task_end"),
    path("instruments/<uuid:pk>/document/", document, name="instrument_document"),
]
