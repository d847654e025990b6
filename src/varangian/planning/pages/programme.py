"""The programme in numbers, and the client's report made from it."""

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import path
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST

from varangian.kernel.results import Refused
from varangian.operations import queries as operations
from varangian.platform.access.reauth import reauthenticated
from varangian.platform.access.scope import may
from varangian.principals import queries as principals

from .. import printing_report
from ..indicators import Indicator, shown, spark
from ..queries.programme import period, programme
from ..reporting import PARTS, chosen_parts, report

TONES = {"better": "green", "worse": "amber"}


@login_required
def show(request: HttpRequest, slug: str) -> HttpResponse:
    engagement = operations.engagement(request.user, slug)
    chosen = _chosen(request, request.GET)
    found = programme(request.user, engagement, **chosen)
    context = {
        **_context(request, engagement, chosen),
        "programme": found,
        "rows": [_row(one) for one in found.indicators],
        "may_report": may(request.user, "programme.report", engagement.compartment_id),
    }
    return render(request, "planning/programme.html", context)


def _row(one: Indicator) -> dict[str, Any]:
    unit = one.rule.unit
    return {
        "one": one,
        "value": shown(one.now.value, unit),
        "known": one.now.value is not None,
        "tone": TONES.get(one.trend, "grey"),
        "spark": spark(one),
    }


def _chosen(request: HttpRequest, given: QueryDict) -> dict[str, Any]:
    slug = given.get("principal", "")
    who = principals.principal(request.user, slug) if slug else None
    return {"start": _day(given, "start"), "end": _day(given, "end"), "principal": who}


def _day(given: QueryDict, name: str) -> date | None:
    words = given.get(name, "")
    try:
        found = parse_date(words) if words else None
    except ValueError:  # such as 31 February
        found = None
    if words and found is None:
        raise Refused("This is no day", where=words, mend="Such as 2026-11-24.")
    return found


def _context(request: HttpRequest, engagement: Any, chosen: dict[str, Any]) -> dict[str, Any]:
    start, end = period(chosen["start"], chosen["end"])
    own = principals.principals(request.user).filter(compartment_id=engagement.compartment_id)
    return {
        "engagement": engagement,
        "start": start,
        "end": end,
        "principal": chosen["principal"],
        "principals": list(own),
    }


@login_required
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """What the paper would say, with the choice of what goes in."""
    engagement = operations.engagement(request.user, slug)
    chosen = _chosen(request, request.GET)
    wanted = chosen_parts(request.GET.getlist("part"))
    made = report(request.user, engagement, parts=wanted, **chosen)
    context = {
        **_context(request, engagement, chosen),
        "report": made,
        "rows": [_row(one) for one in made.indicators],
        "parts": [(part, words, part in wanted) for part, words in PARTS.items()],
    }
    return render(request, "planning/report.html", context)


@reauthenticated
@require_POST
def pdf(request: HttpRequest, slug: str) -> HttpResponse:
    engagement = operations.engagement(request.user, slug)
    body = printing_report.report_pdf(
        request.user,
        engagement,
        parts=request.POST.getlist("part"),
        summary=request.POST.get("summary", "")[:2000],
        **_chosen(request, request.POST),
    )
    answer = HttpResponse(body, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{slug}-report.pdf"'
    return answer


paths = [
    path("programme/<slug:slug>/", show, name="programme"),
    path("programme/<slug:slug>/report/", preview, name="report"),
    path("programme/<slug:slug>/report.pdf", pdf, name="report_pdf"),
]
