"""Screens of BOLO cards: what is out, one card, and what ends it."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from varangian.kernel.results import NotFound, Refused
from varangian.operations import tabs
from varangian.platform.access.reauth import reauthenticated
from varangian.platform.access.scope import may, require
from varangian.platform.storage.services import read
from varangian.platform.thread.queries import neighbours

from .. import bolo_printing
from ..forms.bolo import BoloForm, PictureForm
from ..library.bolo import KINDS, bolo
from ..queries import bolo as queries
from ..services import bolo as services
from ..shapes import bolo as shapes
from . import bolo_person as of_person

PER_PAGE = 24
MAY = ("change", "issue", "recall", "review", "decide")


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """What is out in every operation of this person."""
    context = _cards(request) | {"everywhere": True}
    name = "_bolos" if request.GET.get("part") else "bolos"
    return render(request, f"threats/{name}.html", context)


@login_required
def of_operation(request: HttpRequest, slug: str) -> HttpResponse:
    operation = queries.operation_with_cards(request.user, slug)
    context = _cards(request, operation)
    if request.GET.get("part"):
        return render(request, "threats/_bolos.html", context)
    context["tabs"] = tabs.of_operation(request.user, operation, "bolo")
    context["may_draw"] = may(request.user, "bolo.change", operation.compartment_id)
    context["kinds"] = bolo().kinds
    return render(request, "threats/bolos.html", context)


def _cards(request: HttpRequest, operation: Any = None) -> dict[str, Any]:
    view = request.GET.get("view", "out")
    view = view if view in queries.VIEWS else "out"
    rows = queries.cards(request.user, operation, view).prefetch_related("pictures")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    if not request.GET.get("part"):
        for card in page:
            services.looked(actor=request.user, card=card, how="listed")
    filed = operation is None or may(request.user, "bolo_file.view", operation.compartment_id)
    return {
        "operation": operation,
        "page": page,
        "view": view,
        "views": queries.VIEWS if filed else ("out",),
        "part_url": f"?view={view}&page={page.number}&part=1",
    }


@login_required
def new(request: HttpRequest, slug: str) -> HttpResponse:
    operation = queries.operation_with_cards(request.user, slug)
    require(request.user, "bolo.change", operation.compartment_id)
    kind = request.GET.get("kind", "person")
    if kind not in KINDS:
        raise Refused("There is no such kind of card", where=kind, mend=", ".join(KINDS))
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    person = of_person.asked_for(request)
    first = of_person.first_words(request, person, kind)
    form = BoloForm(*sent, initial=first, actor=request.user, operation=operation, kind=kind)
    if form.is_valid():
        given = {"actor": request.user, "operation": operation, "kind": kind}
        given |= form.fields_of()
        if person is None:
            card = services.draw_card(**given)
        else:
            card = of_person.draw(request, person, given)
        _take_picture(request, card)
        return redirect("threats:bolo", pk=card.pk)
    context = {"operation": operation, "form": form, "kind": bolo().kind(kind)}
    context["subject"] = person
    return render(request, "threats/bolo_form.html", context, status=422 if form.errors else 200)


@login_required
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    card = queries.card(request.user, pk)
    require(request.user, "bolo.change", card.compartment_id)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = BoloForm.of(card, request.user, *sent)
    if form.is_valid():
        services.change_card(actor=request.user, card=card, **form.fields_of())
        _take_picture(request, card)
        return redirect("threats:bolo", pk=pk)
    context = {"operation": card.operation, "card": card, "form": form}
    context["kind"] = bolo().kind(card.kind)
    return render(request, "threats/bolo_form.html", context, status=422 if form.errors else 200)


def _take_picture(request: HttpRequest, card: Any, caption: str = "") -> None:
    sent = request.FILES.get("picture")
    if sent is not None:
        services.add_picture(
            actor=request.user, card=card, data=sent.read(), name=sent.name or "", caption=caption
        )


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Each opening is on record; what refreshes by itself while it is open is not."""
    card = queries.card(request.user, pk)
    services.looked(actor=request.user, card=card, how="opened")
    context = _show(request, card)
    context["tabs"] = tabs.of_operation(request.user, card.operation, "bolo")
    context["picture_form"] = PictureForm(auto_id="picture_%s")
    return render(request, "threats/bolo.html", context)


@login_required
def part(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who has it open while it ends is told so, and sees nothing else of it any more."""
    try:
        card = queries.card(request.user, pk)
    except NotFound:
        gone = queries.known_to(request.user, pk)
        return render(request, "threats/_bolo_gone.html", {"card": gone})
    return render(request, "threats/_bolo.html", _show(request, card))


def _show(request: HttpRequest, card: Any) -> dict[str, Any]:
    library, circle = bolo(), card.compartment_id
    filed = may(request.user, "bolo_file.view", circle)
    return {
        "card": card,
        "operation": card.operation,
        "features": shapes.features(card),
        "drill": shapes.drill(card),
        "basis": library.basis(card.legal_basis),
        "pictures": queries.pictures(request.user, card),
        "sightings": queries.sightings(request.user, card),
        "denied": queries.denials(request.user, [card]).get(card.pk, []),
        "reviews": queries.reviews(request.user, card) if filed else [],
        "filed": filed,
        "is_reviewer": card.reviewer_id == request.user.pk,
        "thread": neighbours(request.user, "bolo", card.pk) if filed else None,
        **{f"may_{name}": may(request.user, f"bolo.{name}", circle) for name in MAY},
    }


@reauthenticated
def issue(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Once more what Law 6 asks for, then the signature."""
    card = queries.card(request.user, pk)
    require(request.user, "bolo.issue", card.compartment_id)
    if request.method == "POST":
        services.issue_card(actor=request.user, card=card)
        return redirect("threats:bolo", pk=pk)
    context = {"card": card, "operation": card.operation, "basis": bolo().basis(card.legal_basis)}
    return render(request, "threats/bolo_issue.html", context)


@reauthenticated
def recall(request: HttpRequest, pk: UUID) -> HttpResponse:
    card = queries.card(request.user, pk)
    require(request.user, "bolo.recall", card.compartment_id)
    if request.method == "POST":
        reason = request.POST.get("reason", "")
        services.recall_card(actor=request.user, card=card, reason=reason)
        return redirect("threats:bolo", pk=pk)
    context = {"card": card, "operation": card.operation}
    return render(request, "threats/bolo_recall.html", context)


@login_required
@require_POST
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    card = queries.card(request.user, pk)
    stands = request.POST.get("stands", "yes") == "yes"
    services.review_card(
        actor=request.user, card=card, words=request.POST.get("words", ""), stands=stands
    )
    return redirect("threats:bolo", pk=pk)


@login_required
@require_POST
def copy(request: HttpRequest, pk: UUID) -> HttpResponse:
    made = services.draw_anew(actor=request.user, card=queries.card(request.user, pk))
    return redirect("threats:bolo_edit", pk=made.pk)


@login_required
@require_POST
def add_picture(request: HttpRequest, pk: UUID) -> HttpResponse:
    card = queries.card(request.user, pk)
    if "picture" not in request.FILES:
        raise Refused("Choose a picture", where="picture")
    _take_picture(request, card, request.POST.get("caption", ""))
    return redirect("threats:bolo", pk=pk)


@login_required
@require_POST
def remove_picture(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.picture(request.user, pk)
    services.remove_picture(actor=request.user, picture=found)
    return redirect("threats:bolo", pk=found.card_id)


@login_required
def picture(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Browsers keep it in memory only."""
    found = queries.picture(request.user, pk)
    stored = found.small if "small" in request.GET else found.picture
    answer = HttpResponse(read(stored), content_type="image/jpeg")
    answer["Cache-Control"] = "private, no-store"
    return answer


@reauthenticated
def pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    card = queries.card(request.user, pk)
    data = bolo_printing.card_pdf(request.user, card, request.GET.get("size", "a6"))
    answer = HttpResponse(data, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="bolo-{card.label.lower()}.pdf"'
    return answer


@login_required
@require_POST
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.sighting(request.user, pk)
    services.decide_sighting(
        actor=request.user,
        sighting=found,
        confirmed=request.POST.get("was") == "yes",
        reason=request.POST.get("reason", ""),
    )
    return redirect("threats:bolo", pk=found.card_id)


paths = [
    path("bolo/", index, name="bolos"),
    path("bolo/of/<slug:slug>/", of_operation, name="bolo_of"),
    path("bolo/of/<slug:slug>/new/", new, name="bolo_new"),
    path("bolo/pictures/<uuid:pk>/", picture, name="bolo_picture"),
    path("bolo/pictures/<uuid:pk>/remove/", remove_picture, name="bolo_picture_remove"),
    path("bolo/sightings/<uuid:pk>/", decide, name="bolo_decide"),
    path("bolo/<uuid:pk>/", show, name="bolo"),
    path("bolo/<uuid:pk>/part/", part, name="bolo_part"),
    path("bolo/<uuid:pk>/edit/", edit, name="bolo_edit"),
    path("bolo/<uuid:pk>/issue/", issue, name="bolo_issue"),
    path("bolo/<uuid:pk>/recall/", recall, name="bolo_recall"),
    path("bolo/<uuid:pk>/review/", review, name="bolo_review"),
    path("bolo/<uuid:pk>/copy/", copy, name="bolo_copy"),
    path("bolo/<uuid:pk>/pictures/", add_picture, name="bolo_picture_add"),
    path("bolo/<uuid:pk>/card.pdf", pdf, name="bolo_pdf"),
]
