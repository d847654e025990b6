"""What is done to one person's file from its screens."""

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
from varangian.platform.access.reauth import reauthenticated
from varangian.platform.access.scope import may, require

from .. import person_printing
from ..forms.persons import (
    CourtOrderForm,
    FactForm,
    ImageForm,
    MergeForm,
    MoveForm,
    ReasonForm,
    RenewForm,
    TieForm,
)
from ..models import Person
from ..queries import bolo as cards
from ..queries import persons as queries
from ..queries import threats
from ..services import persons as services
from .persons_gate import opened


@login_required
@require_POST
def move(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = queries.person(request.user, pk)
    require(request.user, "person.change", person.compartment_id)
    form = MoveForm(request.POST, person=person)
    if not form.is_valid():
        return _again(request, person, form, "Move the file")
    services.move_person(actor=request.user, person=person, **form.cleaned_data)
    return redirect("threats:person", pk=pk)


@login_required
@require_POST
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Also of what has run out: the one way to open it again."""
    person = queries.person(request.user, pk)
    form = RenewForm(request.POST)
    if not form.is_valid():
        return _again(request, person, form, "Review")
    stands = request.POST.get("stands") != "no"
    services.review_person(actor=request.user, person=person, stands=stands, **form.cleaned_data)
    return redirect("threats:person", pk=pk)


@login_required
@require_POST
def add(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """A fact, a picture, an order of court or a relation."""
    person = queries.person(request.user, pk)
    require(request.user, "person.change", person.compartment_id)
    form = _adding(request, person, kind)
    if not form.is_valid():
        return _again(request, person, form, "Add to the file")
    given = dict(form.cleaned_data)
    if kind == "fact":
        services.add_fact(actor=request.user, person=person, **given)
    elif kind == "order":
        services.add_court_order(actor=request.user, person=person, **given)
    elif kind == "tie":
        given["other"] = form.others[given["other"]]
        services.add_tie(actor=request.user, person=person, **given)
    else:
        sent = given.pop("picture")
        services.add_image(
            actor=request.user, person=person, data=sent.read(), name=sent.name or "", **given
        )
    return redirect("threats:person_identifiers", pk=pk)


def _adding(request: HttpRequest, person: Person, kind: str) -> Any:
    if kind == "tie":
        return TieForm(request.POST, actor=request.user, person=person)
    known = {"fact": FactForm, "order": CourtOrderForm, "image": ImageForm}
    if kind not in known:
        raise Refused("There is nothing of this kind to add", where=kind, mend=", ".join(known))
    return known[kind](request.POST, request.FILES)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = queries.person(request.user, pk)
    asked = request.POST
    try:
        record = UUID(asked.get("record", ""))
    except ValueError as error:
        raise Refused("This names no record", where="record") from error
    given = {"kind": asked.get("kind", ""), "reason": asked.get("reason", "")}
    services.withdraw(actor=request.user, person=person, record=record, **given)
    return redirect("threats:person_identifiers", pk=pk)


@login_required
def merge(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Both files side by side, then the reasons."""
    person, before = opened(request, pk)
    if before is not None:
        return before
    require(request.user, "person.merge", person.compartment_id)
    sent = request.POST if request.method == "POST" else None
    chosen = {"other": request.GET.get("other", "")}
    form = MergeForm(sent, initial=chosen, actor=request.user, person=person)
    if form.is_valid():
        other = form.others[form.cleaned_data["other"]]
        reason = form.cleaned_data["reason"]
        services.merge_persons(actor=request.user, kept=person, other=other, reason=reason)
        return redirect("threats:person", pk=pk)
    other = form.others.get(chosen["other"])
    if other is not None:
        services.looked(actor=request.user, person=other, purpose=f"beside {person.label}")
    context = {"person": person, "other": other, "form": form}
    context["sides"] = _sides(request, person, other) if other else []
    status = 422 if form.errors else 200
    return render(request, "threats/person_merge.html", context, status=status)


def _sides(request: HttpRequest, *people: Person) -> list[dict[str, Any]]:
    return [{"person": row, "facts": queries.facts(request.user, row)} for row in people]


@login_required
@require_POST
def unmerge(request: HttpRequest, pk: UUID) -> HttpResponse:
    other = queries.person(request.user, pk)
    reason = request.POST.get("reason", "")
    services.unmerge_persons(actor=request.user, other=other, reason=reason)
    return redirect("threats:person", pk=pk)


@login_required
def card(request: HttpRequest, pk: UUID) -> HttpResponse:
    """For which operation the card is drawn; or which card there is about this person."""
    person, before = opened(request, pk)
    if before is not None:
        return before
    require(request.user, "person.change", person.compartment_id)
    rows = operations.operations(request.user).filter(engagement=person.engagement)
    mine = [row for row in rows if may(request.user, "bolo.change", row.compartment_id)]
    if request.method == "POST":
        found = cards.card(request.user, _uuid(request.POST.get("card", "")))
        services.tie_card(actor=request.user, person=person, card=found)
        return redirect("threats:person", pk=pk)
    free = cards.cards(request.user).filter(operation__in=mine, person=None)
    context = {"person": person, "operations": mine, "free": free[:100]}
    return render(request, "threats/person_card.html", context)


@login_required
def threat(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Which threat sources of the register name this person."""
    person, before = opened(request, pk)
    if before is not None:
        return before
    require(request.user, "person.change", person.compartment_id)
    if request.method == "POST":
        source = threats.source(request.user, _uuid(request.POST.get("threat", "")))
        undo = request.POST.get("named") == "no"
        service = services.unname_in_threat if undo else services.name_in_threat
        service(actor=request.user, person=person, source=source)
        return redirect("threats:person_threat", pk=pk)
    rows = threats.sources(request.user).filter(operation__engagement=person.engagement)
    named = queries.threats_naming(request.user, person)
    context = {"person": person, "sources": rows[:200], "named": named}
    return render(request, "threats/person_threat.html", context)


@reauthenticated
def held(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything that is held, as one archive to hand out."""
    person = queries.person(request.user, pk)
    data = person_printing.archive(request.user, person)
    answer = HttpResponse(data, content_type="application/zip")
    name = f"person-{person.label.lower()}-held.zip"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@reauthenticated
def erase(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = queries.person(request.user, pk)
    require(request.user, "person.erase", person.compartment_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        services.erase_person(actor=request.user, person=person, **form.cleaned_data)
        messages.success(request, f"{person.label} is erased.")
        return redirect("threats:person", pk=pk)
    context = {"person": person, "form": form, "folded": queries.folded(request.user, person)}
    status = 422 if form.errors else 200
    return render(request, "threats/person_erase.html", context, status=status)


def _again(request: HttpRequest, person: Person, form: Any, title: str) -> HttpResponse:
    context = {"person": person, "form": form, "title": title}
    return render(request, "threats/person_again.html", context, status=422)


def _uuid(words: str) -> UUID:
    try:
        return UUID(words)
    except ValueError as error:
        raise Refused("Choose one from the list", where=words[:40]) from error


paths = [
    path("persons/<uuid:pk>/move/", move, name="person_move"),
    path("persons/<uuid:pk>/review/", review, name="person_review"),
    path("persons/<uuid:pk>/add/<slug:kind>/", add, name="person_add"),
    path("persons/<uuid:pk>/withdraw/", withdraw, name="person_withdraw"),
    path("persons/<uuid:pk>/merge/", merge, name="person_merge"),
    path("persons/<uuid:pk>/unmerge/", unmerge, name="person_unmerge"),
    path("persons/<uuid:pk>/card/", card, name="person_card"),
    path("persons/<uuid:pk>/threat/", threat, name="person_threat"),
    path("persons/<uuid:pk>/held.zip", held, name="person_held"),
    path("persons/<uuid:pk>/erase/", erase, name="person_erase"),
]
