"""Screens of communications of concern: lists, one letter, triage by keyboard, writers."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from varangian.kernel.results import NotFound
from varangian.platform.access.reauth import reauthenticated
from varangian.platform.access.scope import may, require
from varangian.platform.storage.images import FORMATS, read_picture
from varangian.platform.storage.services import read
from varangian.platform.ui import sheets
from varangian.principals import queries as principals
from varangian.principals import tabs

from .. import letter_picture
from ..forms.communications import LetterFilter, LetterForm, TakeOutForm
from ..models import Communication
from ..queries import communications as queries
from ..services import communications as services
from ..shapes.communications import row_shape
from ..taking_out import as_file
from ..triage_questions import KEEP, LATER, QUESTIONS, in_words

PER_PAGE = 50


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """Principals whose communications this person may see."""
    rows = queries.principals_with_letters(request.user)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "threats/letters_index.html", {"page": page})


def base(request: HttpRequest, principal: Any, here: str) -> dict[str, Any]:
    circle = principal.compartment_id
    return {
        "principal": principal,
        "here": here,
        "tabs": tabs.of_principal(request.user, principal, "letters"),
        "may_change": may(request.user, "letter.change", circle),
        "may_add": may(request.user, "letter.add", circle),
    }


@login_required
def of_principal(request: HttpRequest, slug: str) -> HttpResponse:
    principal = queries.principal_with_letters(request.user, slug)
    wanted = LetterFilter.wanted(request.GET)
    rows = queries.communications(request.user, principal, wanted)
    if sheets.wanted(request):
        return sheets.sheet(request, "communications", rows, row_shape)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = base(request, principal, "list") | {
        "page": page,
        "filter": LetterFilter(request.GET),
        "narrowed": queries.writer(request.user, UUID(wanted.writer)) if wanted.writer else None,
        "waiting": queries.waiting(request.user, principal).count(),
        "words": letter_picture.WORDS,
        "part_url": _part_url(request),
    }
    name = "_letters" if request.GET.get("part") else "letters"
    return render(request, f"threats/{name}.html", context)


def _part_url(request: HttpRequest) -> str:
    asked = request.GET.copy()
    asked["part"] = "1"
    return f"?{asked.urlencode()}"


@login_required
def new(request: HttpRequest, slug: str) -> HttpResponse:
    principal = queries.principal_with_letters(request.user, slug)
    require(request.user, "letter.add", principal.compartment_id)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = LetterForm(*sent, initial={"channel": request.GET.get("channel", "call")})
    if form.is_valid():
        made = services.record_communication(
            actor=request.user, principal=principal, **form.fields_of()
        )
        return redirect("threats:letter", pk=made.pk)
    context = base(request, principal, "list") | {"form": form}
    return render(request, "threats/letter_form.html", context, status=422 if form.errors else 200)


def _targets(request: HttpRequest, principal: Any) -> list[str]:
    """The principal's name for those who may know it, so that it is marked where it stands."""
    return [principals.name_for(request.user, principal), principal.code_name]


def _reading(request: HttpRequest, row: Communication) -> dict[str, Any]:
    names = _targets(request, row.principal)
    return base(request, row.principal, "list") | {
        "letter": row,
        "pieces": letter_picture.pieces(row.text, names),
        "subject_pieces": letter_picture.pieces(row.subject, names),
        "found": letter_picture.summary(row.text, row.subject, names),
        "warnings": letter_picture.warnings(row.parsed),
        "cut": len(row.text) > letter_picture.LONGEST_SHOWN,
        "scan": bool(row.original and row.original.media_type in FORMATS.values()),
    }


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = queries.communication(request.user, pk)
    services.looked(actor=request.user, record=row, how="opened")
    looks = list(queries.triages(request.user, row))
    context = _reading(request, row) | {
        "looks": [{"look": one, "rows": in_words(one.answers)} for one in looks],
        "take_out": TakeOutForm(),
        "has_original": bool(row.original_id or row.brought_by_id),  # pyright: ignore
    }
    return render(request, "threats/letter.html", context)


@login_required
def scan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The picture drawn anew, without what a camera or a stranger put into the file."""
    row = queries.communication(request.user, pk)
    if row.original is None or row.original.media_type not in FORMATS.values():
        raise NotFound("There is no picture of it", where=row.label)
    services.looked(actor=request.user, record=row, how="scan opened")
    answer = HttpResponse(read_picture(read(row.original)).preview, content_type="image/jpeg")
    answer["Cache-Control"] = "private, no-store"
    return answer


@reauthenticated
def original(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The bytes as they came, for a purpose that stays on record."""
    row = queries.communication(request.user, pk)
    form = TakeOutForm(request.POST or None)
    if form.is_valid():
        purpose = form.cleaned_data["purpose"]
        data, name = services.give_original(actor=request.user, communication=row, purpose=purpose)
        return as_file(data, row.label, name)
    context = base(request, row.principal, "list") | {"letter": row, "form": form}
    return render(request, "threats/letter_original.html", context)


@login_required
def begin_triage(request: HttpRequest, slug: str) -> HttpResponse:
    """The oldest that nobody has looked at."""
    principal = queries.principal_with_letters(request.user, slug)
    require(request.user, "letter.change", principal.compartment_id)
    return _next(request, principal, None)


def _next(request: HttpRequest, principal: Any, after: Communication | None) -> HttpResponse:
    row = queries.next_waiting(request.user, principal, after)
    if row is None:
        messages.info(request, "Nothing waits for triage.")
        return redirect("threats:letters_of", slug=principal.slug)
    return redirect("threats:letter_triage", pk=row.pk)


@login_required
def triage(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One letter at a time; a key for each answer, one to keep and go on, one for later."""
    row = queries.communication(request.user, pk)
    require(request.user, "letter.change", row.compartment_id)
    if request.method == "POST":
        if "later" not in request.POST:
            services.triage(
                actor=request.user,
                communication=row,
                answers=_answers(request),
                words=request.POST.get("words", ""),
            )
        return _next(request, row.principal, row)
    services.looked(actor=request.user, record=row, how="opened for triage")
    last = queries.triages(request.user, row).first()
    context = _reading(request, row) | {
        "questions": _questions(last.answers if last else {}),
        "words": last.words if last else "",
        "last": last,
        "waiting": queries.waiting(request.user, row.principal).count(),
        "keep_key": KEEP,
        "later_key": LATER,
    }
    return render(request, "threats/letter_triage.html", context)


def _answers(request: HttpRequest) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for question in QUESTIONS:
        given = request.POST.getlist(question.id)
        if question.many and f"{question.id}-asked" in request.POST:
            found[question.id] = given
        elif given:
            found[question.id] = given[0] if len(given) == 1 else given
    return found


def _questions(answers: dict[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for question in QUESTIONS:
        value = answers.get(question.id, ())
        chosen = [value] if isinstance(value, str) else value
        options = [{"answer": one, "on": one.id in chosen} for one in question.answers]
        rows.append({"question": question, "options": options})
    return rows


paths = [
    path("letters/", index, name="letters"),
    path("letters/of/<slug:slug>/", of_principal, name="letters_of"),
    path("letters/of/<slug:slug>/new/", new, name="letter_new"),
    path("letters/of/<slug:slug>/triage/", begin_triage, name="letters_triage"),
    path("letters/<uuid:pk>/", show, name="letter"),
    path("letters/<uuid:pk>/triage/", triage, name="letter_triage"),
    path("letters/<uuid:pk>/scan/", scan, name="letter_scan"),
    path("letters/<uuid:pk>/original/", original, name="letter_original"),
]
