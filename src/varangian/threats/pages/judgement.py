"""Screens of judgements: what holds, rating, two raters side by side, what is due."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from varangian.kernel.results import Refused
from varangian.operations import queries as operations
from varangian.platform.access.scope import may

from ..forms.judgement import SecondForm, SignForm, answers_of, scenarios_of, typed
from ..judgement_rules import RELATIONS, STATES, TRENDS, Answer, must_settle
from ..library.indicators import indicators
from ..models import Judgement
from ..queries import judgement as queries
from ..queries import persons as people
from ..services import judgements as services
from ..services import persons as person_services
from ..services.judgements_common import MOST_SCENARIOS, SCENARIO
from .persons import _page
from .persons_gate import opened

WORDS = {
    "differ": "They differ",
    "one_knows": "Only one of them knows",
    "agree": "They agree",
    "unknown": "Neither knows",
}
SPARE = 1


@login_required
def due(request: HttpRequest) -> HttpResponse:
    """Who waits for a review, a second rating or a task; each name shown is on record."""
    known = list(operations.engagements(request.user).visible_to(request.user, "person.view"))
    asked = request.GET.get("engagement")
    chosen = next((one for one in known if one.slug == asked), None)
    rows = queries.due(request.user, chosen)
    persons = list({row.person.pk: row.person for row in rows}.values())
    person_services.listed(actor=request.user, persons=persons, how="listed as due for review")
    context = {"rows": rows, "engagements": known, "engagement": chosen}
    return render(request, "threats/judgement/due.html", context)


@login_required
def of_person(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What holds now, what was before, how the case is worked."""
    person, before = opened(request, pk)
    if before is not None:
        return before
    user = request.user
    standing = queries.standing(user, person)
    first = standing.of if standing and standing.of else standing
    strategy = queries.strategy(user, person)
    ways = strategy.ways if strategy else []
    context = _page(request, person, "judgement") | {
        "blind": queries.rates_blind(user, person),
        "standing": standing,
        "level": _level(standing),
        "rows": _titled(queries.of_person(user, person)),
        "draft": queries.open_draft(user, person),
        "strategy": strategy,
        "strategy_ways": [one for one in indicators().strategies if one.id in ways],
        "tasks": queries.tasks(user, person),
        "instruments": queries.instruments(user, person),
        **_beside(request, first),
    }
    return render(request, "threats/judgement/person.html", context)


def _beside(request: HttpRequest, first: Judgement | None) -> dict[str, Any]:
    """The second rater: asked or not, signed or not, settled or not."""
    if first is None:
        return {}
    user = request.user
    second = queries.second_of(user, first)
    found: dict[str, Any] = {
        "first": first,
        "second": second,
        "asked": queries.asked_second(user, first),
        "settled": queries.settled_of(user, first),
    }
    if second is not None:
        rows = queries.compared(first, second)
        found["differ"] = must_settle(rows, queries.view(first), queries.view(second))
    elif found["asked"] is None and found["settled"] is None:
        found["second_form"] = SecondForm(actor=user, first=first, auto_id="second_%s")
    return found


def _titled(rows: Any) -> list[Judgement]:
    found = list(rows)
    for row in found:
        row.level_title = queries.level_words(row.level)
    return found


def _level(row: Judgement | None) -> Any:
    known = {one.id: one for one in indicators().levels}
    return known.get(row.level) if row else None


@login_required
@require_POST
def begin(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = people.person(request.user, pk)
    made = services.begin_judgement(actor=request.user, person=person)
    return redirect("threats:judgement_rate", pk=made.pk)


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One version as it was signed."""
    row = queries.judgement(request.user, pk)
    person, before = opened(request, row.person_id)
    if before is not None:
        return before
    if not row.signed:
        return redirect("threats:judgement_rate", pk=pk)
    context = _page(request, person, "judgement") | {
        "row": row,
        "level": _level(row),
        "groups": _groups(queries.answers(row)),
        "seal_holds": queries.seal_holds(row),
    }
    return render(request, "threats/judgement/show.html", context)


@login_required
def rate(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Rating. Keep writes the draft; sign keeps first, so that nothing typed is lost."""
    row = queries.judgement(request.user, pk)
    person, before = opened(request, row.person_id)
    if before is not None:
        return before
    if row.signed:
        return redirect("threats:judgement_show", pk=pk)
    fault, status = "", 200
    form = SignForm.of(row, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            row = _write(request, row, form)
            if row.signed:
                return redirect("threats:judgement_of", pk=person.pk)
            return redirect("threats:judgement_rate", pk=pk)
        except Refused as error:
            fault, status = str(error), error.status
    found, scenarios = queries.answers(row), list(row.scenarios)
    if request.method == "POST":
        found = {name: typed(given) for name, given in answers_of(request.POST).items()}
        scenarios = [one for one in scenarios_of(request.POST) if any(one.values())]
    context = _page(request, person, "judgement") | {
        "row": row,
        "form": form,
        "fault": fault,
        "groups": _groups(found),
        "scenarios": _slots(scenarios),
        "fields": [(name, name.replace("_", " ").capitalize()) for name in SCENARIO],
        "states": STATES,
        "trends": TRENDS,
        "linkable": queries.linkable(request.user, person),
        "levels": indicators().levels,
    }
    return render(request, "threats/judgement/rate.html", context, status=status)


def _write(request: HttpRequest, row: Judgement, form: SignForm) -> Judgement:
    given = dict(form.cleaned_data)
    next_review = given.pop("next_review")
    row = services.rate(
        actor=request.user,
        judgement=row,
        answers=answers_of(request.POST),
        scenarios=scenarios_of(request.POST),
        **given,
    )
    if request.POST.get("deed") != "sign":
        return row
    return services.sign_judgement(actor=request.user, judgement=row, next_review=next_review)


def _groups(found: dict[str, Answer]) -> list[dict[str, Any]]:
    library = indicators()
    return [
        {
            "group": group,
            "rows": [
                {
                    "indicator": one,
                    "answer": found.get(one.id, Answer()),
                    "links": ", ".join(link["label"] for link in found.get(one.id, Answer()).links),
                    "sources": [library.source(name) for name in one.sources],
                }
                for one in library.of(group.id)
            ],
        }
        for group in library.groups
    ]


def _slots(scenarios: list[dict[str, str]]) -> list[dict[str, Any]]:
    many = min(len(scenarios) + SPARE, MOST_SCENARIOS)
    empty = dict.fromkeys(SCENARIO, "")
    rows = [*scenarios, *[empty] * (many - len(scenarios))]
    return [
        {
            "number": number,
            "empty": not any(row.values()),
            "values": [(n, row[n]) for n in SCENARIO],
        }
        for number, row in enumerate(rows)
    ]


@login_required
@require_POST
def drop(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = queries.judgement(request.user, pk)
    services.drop_draft(actor=request.user, judgement=row)
    return redirect("threats:judgement_of", pk=row.person_id)


@login_required
@require_POST
def second(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = queries.judgement(request.user, pk)
    form = SecondForm(request.POST, actor=request.user, first=row)
    rater = form.people.get(request.POST.get("rater", ""))
    services.ask_second(actor=request.user, judgement=row, rater=rater)
    return redirect("threats:judgement_of", pk=row.person_id)


@login_required
def compare(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Side by side: where they differ, where only one knows, where they agree; and settling it."""
    first = queries.judgement(request.user, pk)
    person, before = opened(request, first.person_id)
    if before is not None:
        return before
    second = queries.second_of(request.user, first)
    if second is None:
        raise Refused("There are no two signed ratings to compare", where=first.label)
    settled = queries.settled_of(request.user, first)
    form = _settle_form(first, second, request.POST if request.method == "POST" else None)
    fault, status = "", 200
    if form.is_valid():
        try:
            _settle(request, first, form)
            return redirect("threats:judgement_of", pk=person.pk)
        except Refused as error:
            fault, status = str(error), error.status
    rows = queries.compared(first, second)
    context = _page(request, person, "judgement") | {
        "first": first,
        "second": second,
        "settled": settled,
        "levels": [queries.level_words(one.level) for one in (first, second)],
        "open_now": settled is None
        and queries.standing(request.user, person) == first
        and may(request.user, "person.change", person.compartment_id),
        "parts": _parts(rows, request.POST),
        "form": form,
        "fault": fault,
    }
    return render(request, "threats/judgement/compare.html", context, status=status)


def _settle(request: HttpRequest, first: Judgement, form: SignForm) -> None:
    choices = {one.id: request.POST.get(f"c-{one.id}", "") for one in indicators().indicators}
    services.settle(
        actor=request.user,
        judgement=first,
        choices={name: side for name, side in choices.items() if side},
        **form.cleaned_data,
    )


def _settle_form(first: Judgement, second: Judgement, data: Any) -> SignForm:
    """The level is open where they differ: nobody is nudged to either."""
    initial = {"formulation": first.formulation}
    if first.level == second.level:
        initial["level"] = first.level
    return SignForm(data, initial=initial)


def _parts(rows: list[Any], sent: Any) -> list[dict[str, Any]]:
    titles = queries.titles()
    return [
        {
            "relation": name,
            "words": WORDS[name],
            "rows": [
                {
                    "row": row,
                    "title": titles[row.indicator],
                    "chosen": sent.get(f"c-{row.indicator}"),
                }
                for row in rows
                if row.relation == name
            ],
        }
        for name in RELATIONS
    ]


paths = [
    path("judgements/", due, name="judgements_due"),
    path("persons/<uuid:pk>/assessment/", of_person, name="judgement_of"),
    path("persons/<uuid:pk>/assessment/begin/", begin, name="judgement_begin"),
    path("judgements/<uuid:pk>/", show, name="judgement_show"),
    path("judgements/<uuid:pk>/rate/", rate, name="judgement_rate"),
    path("judgements/<uuid:pk>/drop/", drop, name="judgement_drop"),
    path("judgements/<uuid:pk>/second/", second, name="judgement_second"),
    path("judgements/<uuid:pk>/compare/", compare, name="judgement_compare"),
]
