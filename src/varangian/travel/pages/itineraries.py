"""Screens of itineraries: upload, look at the differences, accept."""

import re
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from varangian.kernel.results import Refused
from varangian.kernel.words import plural
from varangian.operations import queries as operation_queries
from varangian.operations.pages.operations import tabs
from varangian.platform.access.reauth import reauthenticated
from varangian.platform.access.scope import holds, may
from varangian.platform.audit.services import note
from varangian.platform.storage.models import StoredFile
from varangian.platform.storage.services import read
from varangian.principals import queries as principal_queries

from .. import services
from ..queries import itineraries as queries
from ..shapes.itineraries import affected_posts, still_unlocated

ENDING = re.compile(r"\.([A-Za-z0-9]{1,8})$")
DECISIONS = {"accept": services.accept_draft, "reject": services.reject_draft}


@login_required
def index(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.drafts(request.user), 50).get_page(request.GET.get("page"))
    refused = queries.refused_files(request.user)[:20]
    may_maps = holds(request.user, "map.view")
    context = {"page": page, "refused": refused, "may_maps": may_maps}
    return render(request, "travel/index.html", context)


@login_required
def upload(request: HttpRequest, slug: str = "") -> HttpResponse:
    operation = operation_queries.operation(request.user, slug) if slug else None
    principals = principal_queries.principals(request.user, action="itinerary.import")
    if request.method == "POST":
        return _take(request, operation)
    context = {"operation": operation, "principals": principals}
    return render(request, "travel/upload.html", context)


def _take(request: HttpRequest, operation: Any) -> HttpResponse:
    """One file that gave one draft leads there; more of them, or none, to what became of each."""
    files: list[Any] = request.FILES.getlist("file")
    if not files:
        raise Refused("Choose a file first: a calendar, mails, a pass", where="file")
    slug = request.POST.get("principal", "")
    principal = (
        operation.principal if operation else principal_queries.principal(request.user, slug)
    )
    taken = [
        services.take_in(
            actor=request.user,
            principal=principal,
            data=file.read(),
            name=file.name or "",
            operation=operation,
        )
        for file in files
    ]
    drafts = [draft for one in taken for draft in one.drafts]
    refused = [one.refused for one in taken if one.refused]
    if len(drafts) == 1 and not refused:
        return redirect("travel:draft", pk=drafts[0].pk)
    if len(refused) == 1 and not drafts:
        return redirect("travel:refused", pk=refused[0].pk)
    read = f"{plural(len(drafts), 'draft')} from {plural(len(files), 'file')}"
    messages.info(request, f"{read}; {plural(len(refused), 'file')} could not be read.")
    return redirect("travel:list")


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    draft = queries.draft(request.user, pk)
    posts = affected_posts(request.user, draft)
    found = draft.diff
    for row in (*found["changed"], *found["removed"]):
        row["posts"] = posts.get(row["movement"], [])
    context = {
        "draft": draft,
        "operation": draft.operation,
        "diff": found,
        "legs": list(enumerate(draft.legs, start=1)),
        "unlocated": still_unlocated(request.user, draft),
        "may_accept": may(request.user, "itinerary.accept", draft.compartment_id),
        "tabs": tabs(request, draft.operation, "itinerary"),
    }
    return render(request, "travel/draft.html", context)


@login_required
def of_operation(request: HttpRequest, slug: str) -> HttpResponse:
    """The tab of an operation: its newest draft, or the way to the first."""
    operation = operation_queries.operation(request.user, slug)
    latest = queries.latest_draft(request.user, operation)
    if latest is None:
        return redirect("travel:import_for", slug=slug)
    return redirect("travel:draft", pk=latest.pk)


@login_required
@require_POST
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    draft = queries.draft(request.user, pk)
    act = DECISIONS.get(request.POST.get("decision", ""))
    if act is None:
        raise Refused("A draft is accepted or rejected", where="decision")
    act(actor=request.user, draft=draft)
    return redirect("operations:show", slug=draft.operation.slug)


@reauthenticated
def original(request: HttpRequest, pk: UUID) -> HttpResponse:
    draft = queries.draft(request.user, pk)
    note(kind="export", record=draft, purpose="original of an itinerary")
    return _download(draft.original)


@login_required
def refused(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.refused_file(request.user, pk)
    return render(request, "travel/refused.html", {"refused": found, "operation": found.operation})


@reauthenticated
def refused_original(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.refused_file(request.user, pk)
    note(kind="export", record=found, purpose="original of a file that could not be read")
    return _download(found.original)


@login_required
@require_POST
def put_away(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.refused_file(request.user, pk)
    services.put_away_refused(actor=request.user, refused=found)
    return redirect("travel:list")


def _download(kept: StoredFile) -> HttpResponse:
    answer = HttpResponse(read(kept), content_type=kept.media_type)
    ending = ENDING.search(kept.name)
    plain = "ics" if kept.media_type == "text/calendar" else "bin"
    answer["Content-Disposition"] = (
        f'attachment; filename="itinerary.{ending[1] if ending else plain}"'
    )
    return answer


paths = [
    path("", index, name="list"),
    path("import/", upload, name="import"),
    path("import/<slug:slug>/", upload, name="import_for"),
    path("operations/<slug:slug>/", of_operation, name="operation"),
    path("drafts/<uuid:pk>/", show, name="draft"),
    path("drafts/<uuid:pk>/decide/", decide, name="decide"),
    path("drafts/<uuid:pk>/original/", original, name="original"),
    path("refused/<uuid:pk>/", refused, name="refused"),
    path("refused/<uuid:pk>/original/", refused_original, name="refused_original"),
    path("refused/<uuid:pk>/away/", put_away, name="refused_away"),
]
