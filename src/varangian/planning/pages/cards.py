"""Contingency cards on the desk and in the hand."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from varangian.kernel.results import Conflict, Refused
from varangian.kernel.words import plural
from varangian.operations import queries as operations
from varangian.operations import tabs
from varangian.places import queries as places
from varangian.platform.access.reauth import reauthenticated
from varangian.platform.access.scope import may, require
from varangian.platform.thread.queries import neighbours
from varangian.platform.ui.both import choose

from .. import printing_cards, services
from ..forms.cards import CardForm, RehearsalForm
from ..queries import cards, lessons


@login_required
def index(request: HttpRequest, slug: str) -> HttpResponse:
    context = _index(request, slug)
    operation = context["operation"]
    context["tabs"] = tabs.of_operation(request.user, operation, "cards")
    context["sessions"] = cards.sessions(request.user, operation)
    if context["may_change"]:
        context["form"] = _rehearsal_form(request, operation)
    return render(request, "planning/cards.html", context)


@login_required
def part(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "planning/_cards.html", _index(request, slug))


def _index(request: HttpRequest, slug: str) -> dict[str, Any]:
    operation = operations.operation(request.user, slug)
    require(request.user, "card.view", operation.compartment_id)
    rows = cards.shown_of(request.user, operation)
    return {
        "operation": operation,
        "cards": rows,
        "drafts": [row for row in rows if row.state in ("draft", "rehearsed", "changed")],
        "may_change": may(request.user, "card.change", operation.compartment_id),
    }


def _rehearsal_form(request: HttpRequest, operation: Any, data: Any = None) -> RehearsalForm:
    rows = [row.card for row in cards.shown_of(request.user, operation)]
    return RehearsalForm(
        data,
        cards=[row for row in rows if row.withdrawn_at is None],
        posts=list(operations.posts(request.user, operation)),
        zone=operation.time_zone,
    )


@login_required
@require_POST
def take(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    taken, _ = services.take_cards(actor=request.user, operation=operation)
    words = plural(len(taken), "card")
    messages.info(request, f"{words} taken as drafts, fitted to your posts and places.")
    return redirect("planning:cards", slug=slug)


@login_required
@require_POST
def force_all(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    require(request.user, "card.change", operation.compartment_id)
    for row in cards.shown_of(request.user, operation):
        if row.state in ("draft", "rehearsed", "changed"):
            services.put_in_force(actor=request.user, card=row.card)
    return redirect("planning:cards", slug=slug)


@login_required
@require_POST
def rehearse(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    require(request.user, "card.change", operation.compartment_id)
    form = _rehearsal_form(request, operation, request.POST)
    if not form.is_valid():
        name = next(iter(form.errors))
        raise Refused("Say which cards, who was there, when and how long", where=name)
    services.record_rehearsal(actor=request.user, operation=operation, **form.fields_of())
    return redirect("planning:cards", slug=slug)


@reauthenticated
def pdf(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    answer = HttpResponse(
        printing_cards.cards_pdf(request.user, operation), content_type="application/pdf"
    )
    answer["Content-Disposition"] = f'attachment; filename="{slug}-cards.pdf"'
    return answer


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = cards.card(request.user, pk)
    row, operation = cards.shown(request.user, found), found.operation
    may_change = may(request.user, "card.change", found.compartment_id)
    context = {
        "operation": operation,
        "row": row,
        "may_change": may_change,
        "versions": cards.versions(request.user, found),
        "rehearsals": cards.rehearsals(request.user, operation).filter(card=found),
        "thread": neighbours(request.user, "card", found.pk),
        "lessons": lessons.of_card(request.user, found),
        "tabs": tabs.of_operation(request.user, operation, "cards"),
    }
    if may_change:
        context["form"] = _form(request, row)
        if request.method == "POST" and context["form"].is_valid():
            form: CardForm = context["form"]
            given: dict[str, Any] = form.fields_of() | {"expected_version": form.expected}
            try:
                services.change_card(actor=request.user, card=found, **given)
            except Conflict as error:
                return _choose(request, pk, form, error)
            return redirect("planning:card", pk=pk)
    return render(request, "planning/card.html", context)


def _choose(request: HttpRequest, pk: UUID, form: CardForm, error: Conflict) -> HttpResponse:
    now = cards.card(request.user, pk)
    fresh = _form(request, cards.shown(request.user, now), filled=False)
    return choose(request, error=error, typed=form, fresh=fresh, title=f"card {now.title}")


def _form(request: HttpRequest, row: cards.Shown, *, filled: bool = True) -> CardForm:
    operation = row.card.operation
    near = (operation.compartment_id, operation.engagement.compartment_id)
    return CardForm(
        (request.POST or None) if filled else None,
        version=row.version,
        places=places.places(request.user).filter(compartment_id__in=near),
    )


@login_required
@require_POST
def deed(request: HttpRequest, pk: UUID, what: str) -> HttpResponse:
    deeds = {"in-force": services.put_in_force, "withdraw": services.withdraw_card}
    if what not in deeds:
        raise Refused("A card is put in force or withdrawn", where=what)
    deeds[what](actor=request.user, card=cards.card(request.user, pk))
    return redirect("planning:card", pk=pk)


@login_required
def in_hand(request: HttpRequest, slug: str) -> HttpResponse:
    """On a phone: every card in force, one tap each."""
    operation = operations.operation(request.user, slug)
    require(request.user, "card.view", operation.compartment_id)
    rows = cards.shown_of(request.user, operation, in_force=True)
    return render(request, "planning/cards_phone.html", {"operation": operation, "cards": rows})


@login_required
def card_in_hand(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = cards.card(request.user, pk)
    row = cards.shown(request.user, found, in_force=True)
    return render(request, "planning/card_phone.html", {"operation": found.operation, "row": row})


paths = [
    path("<slug:slug>/cards/", index, name="cards"),
    path("<slug:slug>/cards/part/", part, name="cards_part"),
    path("<slug:slug>/cards/take/", take, name="cards_take"),
    path("<slug:slug>/cards/in-force/", force_all, name="cards_in_force"),
    path("<slug:slug>/cards/rehearse/", rehearse, name="cards_rehearse"),
    path("<slug:slug>/cards/cards.pdf", pdf, name="cards_pdf"),
    path("cards/<uuid:pk>/", show, name="card"),
    path("cards/<uuid:pk>/<slug:what>/", deed, name="card_deed"),
]
phone = [
    path("cards/<slug:slug>/", in_hand, name="cards_phone"),
    path("card/<uuid:pk>/", card_in_hand, name="card_phone"),
]
