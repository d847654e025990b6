"""Screens of writers: who wrote how often, and the record of one with its signals."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from varangian.kernel.results import Refused

from .. import letter_picture
from ..forms.communications import TieForm
from ..queries import communications as queries
from ..services import communications as services
from ..shapes.communications import writer_row
from .communications import PER_PAGE, base


@login_required
def writers(request: HttpRequest, slug: str) -> HttpResponse:
    principal = queries.principal_with_letters(request.user, slug)
    rows = queries.writers(request.user, principal)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    joined = {row.group for row in page if row.group != row.pk}
    page.object_list = [
        {**writer_row(row), "pk": row.pk, "joined": row.group in joined} for row in page
    ]
    context = base(request, principal, "writers") | {"page": page}
    return render(request, "threats/letter_writers.html", context)


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All that one writer sent, by every address that a person said is theirs."""
    writer = queries.writer(request.user, pk)
    services.looked(actor=request.user, record=writer, how="record of a writer opened")
    return _show(request, writer, TieForm())


def _show(request: HttpRequest, writer: Any, form: TieForm) -> HttpResponse:
    group = queries.group_of(request.user, writer)
    rows = list(queries.contacts(request.user, group))
    found = letter_picture.record(rows)
    newest = sorted(rows, key=lambda row: (row.at is not None, row.at, row.serial), reverse=True)
    page = Paginator(newest, PER_PAGE).get_page(request.GET.get("page"))
    bars = letter_picture.bars(rows)
    context = base(request, writer.principal, "writers") | {
        "writer": writer,
        "group": group,
        "record": found,
        "signals": letter_picture.signal_rows(found, rows),
        "page": page,
        "bars": bars,
        "wide": bars[-1].x + letter_picture.SIDE if bars else 0,
        "ties": list(queries.ties(request.user, group)),
        "proposals": queries.proposals(request.user, group),
        "words": letter_picture.WORDS,
        "tie_form": form,
    }
    return render(request, "threats/letter_writer.html", context)


@login_required
@require_POST
def tie(request: HttpRequest, pk: UUID) -> HttpResponse:
    writer = queries.writer(request.user, pk)
    form = TieForm(request.POST)
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        raise Refused(str(errors[0]), str(form.fields[name].label))  # pyright: ignore
    given = form.cleaned_data
    services.tie_writers(
        actor=request.user,
        one=writer,
        other=other_named(request.user, writer, given["other"]),
        joined=given["joined"] == "yes",
        words=given["words"],
    )
    return redirect("threats:letter_writer", pk=pk)


def other_named(actor: Any, writer: Any, words: str) -> Any:
    """``W4`` or ``4``, among those who wrote to the same principal."""
    digits = words.strip().lstrip("Ww")
    if not digits.isdecimal() or len(digits) > 9:
        raise Refused("This is no number of a writer", where=words, mend="Such as W4.")
    rows = queries.writers(actor, writer.principal)
    found = rows.filter(serial=int(digits)).first()
    if found is None:
        raise Refused("Nobody of this number wrote to the principal", where=words)
    return found


@login_required
@require_POST
def untie(request: HttpRequest, pk: UUID) -> HttpResponse:
    said = queries.tie(request.user, pk)
    services.untie_writers(actor=request.user, tie=said)
    return redirect("threats:letter_writer", pk=said.one_id)  # pyright: ignore


paths = [
    path("letters/of/<slug:slug>/writers/", writers, name="letter_writers"),
    path("letters/writers/<uuid:pk>/", show, name="letter_writer"),
    path("letters/writers/<uuid:pk>/tie/", tie, name="letter_tie"),
    path("letters/ties/<uuid:pk>/undo/", untie, name="letter_untie"),
]
