"""The checks of a TVRA: fast by keyboard at the desk, with one thumb on the spot."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.dateparse import parse_datetime

from varangian.kernel.results import Refused
from varangian.operations import tabs
from varangian.platform.access.scope import may
from varangian.platform.storage.services import read

from ..library.tvra import checks as library
from ..queries import tvra as queries
from ..services import tvra as services
from ..tvra_rules import ANSWERS, ICONS, TONES, WORDS, counted

ONLY = {"open": "Nobody has looked", "weak": "Weak", "unknown": "Unknown"}
KEYS = dict(zip(ANSWERS, "12345", strict=True))


@login_required
def checks(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.tvra(request.user, pk, action="tvra.check")
    if request.method == "POST":
        return _answer(request, found)
    only = request.GET.get("only", "")
    only = only if only in ONLY else ""
    rows = _rows(request, found)
    sections: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if not only or _wanted(row, only):
            sections.setdefault(row["section"], []).append(row)
    context = _frame(found, rows) | {
        "tabs": tabs.of_operation(request.user, found.operation, "tvra"),
        "reads": may(request.user, "tvra.view", found.compartment_id),
        "sections": list(sections.items()),
        "only": only,
        "filters": _filters(found, rows, only),
    }
    return render(request, "threats/tvra_checks.html", context)


@login_required
def progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far it is, after somebody else has answered."""
    found = queries.tvra(request.user, pk, action="tvra.check")
    context = _frame(found, _rows(request, found))
    return render(request, "threats/_tvra_progress.html", context)


def _answer(request: HttpRequest, found: Any) -> HttpResponse:
    """One item; the browser swaps that one, and without a script the page comes again."""
    item = request.POST.get("item", "")
    sent = request.FILES.get("photo")
    services.answer_check(
        actor=request.user,
        tvra=found,
        item=item,
        answer=request.POST.get("answer", ""),
        note=request.POST.get("note", ""),
        seen_at=_seen(request, found),
        data=sent.read() if sent else None,
        name=sent.name or "" if sent else "",
    )
    if request.headers.get("HX-Request"):
        rows = _rows(request, found)
        context = _frame(found, rows)
        context["row"] = next(row for row in rows if row["item"].id == item)
        return render(request, "threats/_tvra_check.html", context)
    return redirect(f"{reverse('threats:tvra_checks', args=[found.pk])}#c-{item}")


def _seen(request: HttpRequest, found: Any) -> Any:
    """A wall-clock time of the operation's zone; without one it is now."""
    words = request.POST.get("seen_at", "")
    if not words:
        return None
    try:
        at = parse_datetime(words)
    except ValueError:
        at = None
    if at is None:
        raise Refused("This is no time", where="seen at", mend="Such as 2026-12-01T14:30.")
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(found.operation.time_zone))


def _rows(request: HttpRequest, found: Any) -> list[dict[str, Any]]:
    history: dict[str, list[Any]] = {}
    for one in queries.answers(request.user, found):
        history.setdefault(one.item, []).append(one)
    book = library(found.kind)
    return [
        _row(section.title, item, book.source_of(item), history.get(item.id, []))
        for section in book.sections
        for item in section.items
    ]


def _row(section: str, item: Any, source: str, history: list[Any]) -> dict[str, Any]:
    last = history[-1] if history else None
    answer = last.answer if last else "unknown"
    pictured = next((one for one in reversed(history) if one.preview_id), None)
    return {
        "section": section,
        "item": item,
        "source": source,
        "last": last,
        "answer": answer,
        "words": WORDS[answer] if last else "nobody has looked",
        "tone": TONES.get(answer, "grey"),
        "icon": ICONS.get(answer, "help-circle"),
        "picture": pictured,
        "earlier": list(reversed(history[:-1])),
    }


def _frame(found: Any, rows: list[dict[str, Any]]) -> dict[str, Any]:
    told = counted(row["answer"] for row in rows)
    return {
        "tvra": found,
        "operation": found.operation,
        "writes": found.state == "draft",
        "choices": [
            {"answer": answer, "words": WORDS[answer].capitalize(), "key": KEYS[answer]}
            for answer in ANSWERS
        ],
        "counts": [
            {"words": WORDS[name], "tone": TONES.get(name, "grey"), "count": n}
            for name, n in told.items()
        ],
        "looked": sum(row["last"] is not None for row in rows),
        "asked": len(rows),
    }


def _wanted(row: dict[str, Any], only: str) -> bool:
    if only == "open":
        return row["last"] is None
    if only == "weak":
        return row["answer"] in ("partly", "not_met")
    return row["answer"] == "unknown"


def _filters(found: Any, rows: list[dict[str, Any]], only: str) -> list[dict[str, Any]]:
    url = reverse("threats:tvra_checks", args=[found.pk])
    shown = [{"words": "All", "count": len(rows), "url": url, "here": not only}]
    return shown + [
        {
            "words": words,
            "count": sum(_wanted(row, name) for row in rows),
            "url": f"{url}?only={name}",
            "here": only == name,
        }
        for name, words in ONLY.items()
    ]


@login_required
def photo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Browsers keep it in memory only."""
    found = queries.answered_with_photo(request.user, pk)
    answer = HttpResponse(read(found.preview), content_type="image/jpeg")
    answer["Cache-Control"] = "private, no-store"
    return answer


paths = [
    path("tvra/<uuid:pk>/checks/", checks, name="tvra_checks"),
    path("tvra/<uuid:pk>/checks/progress/", progress, name="tvra_progress"),
    path("tvra/photos/<uuid:pk>/", photo, name="tvra_photo"),
]
