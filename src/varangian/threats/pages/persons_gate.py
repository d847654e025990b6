"""Nobody opens a person's file without saying why: the words hold for half an hour."""

import time
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from varangian.kernel.results import Refused

from ..library.persons import persons as library
from ..models import Person
from ..queries import persons as queries
from ..services import persons as services

SESSION, HOLDS_S = "person_reasons", 1800


def reason_given(request: HttpRequest, pk: UUID) -> str:
    """Empty when none was given, or it was too long ago."""
    words, until = request.session.get(SESSION, {}).get(str(pk), ("", 0))
    return words if until > time.time() else ""


def give_reason(request: HttpRequest, pk: UUID) -> None:
    chosen = library().why(request.POST.get("purpose", ""))
    extra = request.POST.get("words", "").strip()[:200]
    kept = {
        name: row for name, row in request.session.get(SESSION, {}).items() if row[1] > time.time()
    }
    words = f"{chosen.title}: {extra}" if extra else chosen.title
    request.session[SESSION] = kept | {str(pk): (words, time.time() + HOLDS_S)}


def opened(request: HttpRequest, pk: UUID) -> tuple[Person, HttpResponse | None]:
    """The person, and the page that stands before the file, if one does."""
    person = queries.person(request.user, pk)
    if not person.readable:
        return person, _closed(request, person)
    why = reason_given(request, pk)
    if not why:
        context = {"person": person, "purposes": library().purposes}
        return person, render(request, "threats/person_gate.html", context)
    services.looked(actor=request.user, person=person, purpose=why)
    return person, None


def _closed(request: HttpRequest, person: Person) -> HttpResponse:
    from ..forms.persons import RenewForm

    is_reviewer = request.user.pk == person.reviewer_id
    context: dict[str, Any] = {
        "person": person,
        "steps": queries.steps(request.user, person)[:50],
        "is_reviewer": is_reviewer and person.over,
        "form": RenewForm(),
    }
    return render(request, "threats/person_closed.html", context)


def must_be_open(request: HttpRequest, pk: UUID) -> Person:
    """For parts of a page that is open already, such as a picture."""
    person = queries.check_readable(queries.person(request.user, pk))
    if not reason_given(request, pk):
        raise Refused("Open the file first, and say why", where=person.label)
    return person
