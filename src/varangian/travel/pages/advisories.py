"""Screens of advisories: what is on file, a country and its history, files and switches."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.places.countries import COUNTRIES
from varangian.platform.access.scope import holds

from .. import services
from ..advisories.notice import AUTHORITIES
from ..dossier.score import level_words
from ..forms.destinations import AdvisoryFileForm
from ..queries import destinations as queries
from ..services.advisory_fetch import catalogue


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """Every source with its age and switch, and every country with its level."""
    known = queries.may_look(request.user)
    rows, counts = queries.sources(request.user), queries.source_counts(request.user)
    imports = list(queries.imports(request.user)[:20])
    last = {record.source: record.at for record in reversed(imports)}
    scores = queries.scores(request.user) if known else {}
    wanted = request.GET.get("q", "").strip().casefold()
    countries = sorted(
        (
            {"code": code, "name": COUNTRIES.get(code, code), "score": score}
            for code, score in scores.items()
            if wanted in COUNTRIES.get(code, code).casefold()
        ),
        key=lambda row: (-(row["score"].level or 0), row["name"]),
    )
    context = {
        "sources": [
            {
                "name": name,
                "words": words,
                "row": rows.get(name),
                "count": counts.get(name, 0),
                "last": last.get(name),
                "asks": catalogue()[name].url if name in catalogue() else "",
            }
            for name, words in AUTHORITIES.items()
            if known
        ],
        "countries": countries[:300],
        "imports": imports,
        "form": AdvisoryFileForm(auto_id="advisory_%s"),
        "may_import": holds(request.user, "feed.import"),
        "q": request.GET.get("q", ""),
    }
    return render(request, "travel/advisories.html", context)


@login_required
@require_POST
def import_file(request: HttpRequest) -> HttpResponse:
    file: Any = request.FILES.get("file")
    if file is None:
        raise Refused("Choose a file first", where="file")
    record = services.import_advisories(
        actor=request.user,
        data=file.read(),
        source=request.POST.get("source") or "auto",
        name=file.name or "",
    )
    return redirect("travel:advisory_import", pk=record.pk)


@login_required
def show_import(request: HttpRequest, pk: UUID) -> HttpResponse:
    record = queries.advisory_import(request.user, pk)
    context = {
        "record": record,
        "authority": AUTHORITIES.get(record.source, record.source),
        "tally": list(record.counts.items()),
    }
    return render(request, "travel/advisory_import.html", context)


@login_required
def country(request: HttpRequest, code: str) -> HttpResponse:
    known = queries.country_for(request.user, code)
    at = now()
    said = queries.said_of(request.user, known)
    versions = queries.advisory_versions(request.user, known)[:100]
    context = {
        "code": known,
        "name": COUNTRIES[known],
        "score": queries.scores(request.user, [known])[known],
        "said": [
            {"said": row, "tone": row.tone(at), "level": level_words(row.level)} for row in said
        ],
        "versions": [
            {
                "row": row,
                "level": level_words(row.level),
                "authority": AUTHORITIES[row.advisory.source],
            }
            for row in versions
        ],
    }
    return render(request, "travel/country.html", context)


@login_required
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    services.switch_advisories(
        actor=request.user,
        source=request.POST.get("source", ""),
        on=request.POST.get("on") == "1",
    )
    return redirect("travel:advisories")


paths = [
    path("advisories/", index, name="advisories"),
    path("advisories/import/", import_file, name="advisory_file"),
    path("advisories/imports/<uuid:pk>/", show_import, name="advisory_import"),
    path("advisories/countries/<slug:code>/", country, name="country"),
    path("advisories/switch/", switch, name="advisory_switch"),
]
