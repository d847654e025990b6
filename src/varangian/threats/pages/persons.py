"""Screens of persons of interest: the list, and one file in four parts."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from varangian.operations import queries as operations
from varangian.platform.access.scope import may, require
from varangian.platform.storage.services import read
from varangian.platform.thread.queries import neighbours

from ..forms.persons import (
    CourtOrderForm,
    FactForm,
    ImageForm,
    MoveForm,
    PersonForm,
    ReasonForm,
    RenewForm,
    TieForm,
)
from ..library.bolo import bolo
from ..models import Person
from ..queries import persons as queries
from ..services import persons as services
from .persons_gate import give_reason, must_be_open, opened

PER_PAGE = 50
MAY = ("change", "merge", "export", "erase", "oversee")


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """With filters; each name that is shown is on record."""
    asked = request.GET
    view = asked.get("view", "open")
    view = view if view in queries.VIEWS else "open"
    known = list(operations.engagements(request.user).visible_to(request.user, "person.view"))
    chosen = next((one for one in known if one.slug == asked.get("engagement")), None)
    state = asked.get("state", "")
    rows: Any = queries.persons(
        request.user, chosen, view=view, state=state if state in Person.State.values else ""
    )
    if text := asked.get("q", "").strip():
        rows = queries.search(request.user, rows, text)
    page = Paginator(rows, PER_PAGE).get_page(asked.get("page"))
    people = queries.listed(page)
    services.listed(actor=request.user, persons=people, how="listed")
    may_refer = [one for one in known if may(request.user, "person.change", one.compartment_id)]
    context = {
        "page": page,
        "people": people,
        "view": view,
        "views": queries.VIEWS,
        "state": state,
        "states": Person.State.choices,
        "engagements": known,
        "engagement": chosen,
        "may_refer": may_refer,
        "due": queries.due_count(request.user),
        "q": text,
    }
    return render(request, "threats/persons.html", context)


@login_required
def new(request: HttpRequest, slug: str) -> HttpResponse:
    engagement = queries.engagement_with_persons(request.user, slug)
    require(request.user, "person.change", engagement.compartment_id)
    form = PersonForm(_sent(request), actor=request.user, engagement=engagement)
    if form.is_valid():
        made = services.refer_person(actor=request.user, engagement=engagement, **form.fields_of())
        return redirect("threats:person", pk=made.pk)
    context = {"form": form, "engagement": engagement, "draft": f"person-{engagement.pk}"}
    return render(request, "threats/person_form.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def enter(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The purpose is given; the file opens."""
    queries.person(request.user, pk)
    give_reason(request, pk)
    return redirect("threats:person", pk=pk)


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    person, before = opened(request, pk)
    if before is not None:
        return before
    context = _page(request, person, "overview") | {
        "basis": bolo().basis(person.legal_basis),
        "images": queries.images(request.user, person),
        "orders": queries.court_orders(request.user, person),
        "shares": queries.sharing(request.user, person),
        "ties": _ties(request, person),
        "cards": queries.cards(request.user, person),
        "thread": neighbours(request.user, "person", person.pk),
        "is_reviewer": request.user.pk == person.reviewer_id,
        "review_form": RenewForm(auto_id="review_%s"),
    }
    if not person.merged_into_id and context["may"]["change"]:
        context["move_form"] = MoveForm(person=person, auto_id="move_%s")
    return render(request, "threats/person.html", context)


@login_required
def identifiers(request: HttpRequest, pk: UUID) -> HttpResponse:
    person, before = opened(request, pk)
    if before is not None:
        return before
    context = _page(request, person, "identifiers") | {
        "facts": queries.facts(request.user, person, withdrawn=True),
        "images": queries.images(request.user, person, withdrawn=True),
        "orders": queries.court_orders(request.user, person, withdrawn=True),
        "ties": _ties(request, person),
        "shares": queries.sharing(request.user, person),
        "withdraw_form": ReasonForm(auto_id="withdraw_%s"),
    }
    if context["changes"]:
        context["adding"] = [
            ("fact", "Add an alias or identifier", FactForm(auto_id="fact_%s")),
            ("image", "Add a picture", ImageForm(auto_id="image_%s")),
            ("order", "Add an order of court", CourtOrderForm(auto_id="order_%s")),
            ("tie", "Add a relation", _tie_form(request, person)),
        ]
    return render(request, "threats/person_identifiers.html", context)


@login_required
def history(request: HttpRequest, pk: UUID) -> HttpResponse:
    person, before = opened(request, pk)
    if before is not None:
        return before
    rows = queries.steps(request.user, person)
    context = _page(request, person, "history")
    context["page"] = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context["merges"] = queries.merges(request.user, person)
    context["unmerge_form"] = ReasonForm(auto_id="unmerge_%s")
    return render(request, "threats/person_history.html", context)


@login_required
def looks(request: HttpRequest, pk: UUID) -> HttpResponse:
    person, before = opened(request, pk)
    if before is not None:
        return before
    context = _page(request, person, "looks") | {"looks": queries.looks(request.user, person)}
    return render(request, "threats/person_looks.html", context)


@login_required
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    person, before = opened(request, pk)
    if before is not None:
        return before
    require(request.user, "person.change", person.compartment_id)
    form = PersonForm.of(person, request.user, _sent(request))
    if form.is_valid():
        services.change_person(actor=request.user, person=person, **form.fields_of())
        return redirect("threats:person", pk=pk)
    context = {"form": form, "engagement": person.engagement, "person": person}
    context["draft"] = f"person-{person.pk}"
    return render(request, "threats/person_form.html", context, status=422 if form.errors else 200)


@login_required
def image(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """Of the file, or (``of``) of one folded into it. Browsers keep it in memory only."""
    person = must_be_open(request, pk)
    asked = request.GET.get("of", "")
    whole = [person, *queries.folded(request.user, person)]
    of = next((row for row in whole if str(row.pk) == asked), person)
    found = queries.image(request.user, of, number)
    stored = found.small if "small" in request.GET else found.picture
    answer = HttpResponse(read(stored), content_type="image/jpeg")
    answer["Cache-Control"] = "private, no-store"
    return answer


def _page(request: HttpRequest, person: Person, here: str) -> dict[str, Any]:
    """What every part of a file shows."""
    circle, user = person.compartment_id, request.user
    allowed = {name: may(user, f"person.{name}", circle) for name in MAY}
    oversees = allowed["oversee"] or user.pk == person.reviewer_id
    return {
        "person": person,
        "may": allowed,
        "changes": allowed["change"] and not person.merged_into_id,
        "folded": queries.folded(user, person),
        "tabs": _tabs(person, here, oversees),
    }


def _tabs(person: Person, here: str, oversees: bool) -> list[dict[str, Any]]:
    known = [
        ("overview", "Overview", "user-question", "threats:person"),
        ("identifiers", "Identifiers", "fingerprint", "threats:person_identifiers"),
        ("judgement", "Assessment", "gavel", "threats:judgement_of"),
        ("history", "History", "history", "threats:person_history"),
    ]
    if oversees:
        known.append(("looks", "Who looked", "eye", "threats:person_looks"))
    return [
        {"words": words, "icon": icon, "url": reverse(name, args=[person.pk]), "here": key == here}
        for key, words, icon, name in known
    ]


def _ties(request: HttpRequest, person: Person) -> list[dict[str, Any]]:
    return [
        {"row": row, "other": row.other if row.person_id == person.pk else row.person}
        for row in queries.ties(request.user, person)
    ]


def _tie_form(request: HttpRequest, person: Person) -> TieForm:
    return TieForm(actor=request.user, person=person, auto_id="tie_%s")


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


paths = [
    path("persons/", index, name="persons"),
    path("persons/of/<slug:slug>/new/", new, name="person_new"),
    path("persons/<uuid:pk>/", show, name="person"),
    path("persons/<uuid:pk>/open/", enter, name="person_open"),
    path("persons/<uuid:pk>/identifiers/", identifiers, name="person_identifiers"),
    path("persons/<uuid:pk>/history/", history, name="person_history"),
    path("persons/<uuid:pk>/looks/", looks, name="person_looks"),
    path("persons/<uuid:pk>/edit/", edit, name="person_edit"),
    path("persons/<uuid:pk>/images/<int:number>/", image, name="person_image"),
]
