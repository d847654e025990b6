"""Screens of itineraries: upload, look at the differences, accept."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import include, path
from django.views.decorators.http import require_POST

from varangian.kernel.results import Refused
from varangian.operations import queries as operation_queries
from varangian.operations.pages.operations import tabs
from varangian.platform.access.reauth import reauthenticated
from varangian.platform.access.scope import may
from varangian.platform.audit.services import note
from varangian.platform.storage.services import read
from varangian.principals import queries as principal_queries

from . import queries, services
from .shapes import affected_posts, still_unlocated

DECISIONS = {"accept": services.accept_draft, "reject": services.reject_draft}


@login_required
def index(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.drafts(request.user), 50).get_page(request.GET.get("page"))
    return render(request, "travel/index.html", {"page": page})


@login_required
def upload(request: HttpRequest, slug: str = "") -> HttpResponse:
    operation = operation_queries.operation(request.user, slug) if slug else None
    principals = principal_queries.principals(request.user, action="itinerary.import")
    if request.method == "POST":
        return _take(request, operation)
    context = {"operation": operation, "principals": principals}
    return render(request, "travel/upload.html", context)


def _take(request: HttpRequest, operation: Any) -> HttpResponse:
    file: Any = request.FILES.get("file")
    if file is None:
        raise Refused("Choose a calendar file first", where="file")
    slug = request.POST.get("principal", "")
    principal = (
        operation.principal if operation else principal_queries.principal(request.user, slug)
    )
    draft = services.import_itinerary(
        actor=request.user,
        principal=principal,
        data=file.read(),
        name=file.name or "",
        operation=operation,
    )
    return redirect("travel:draft", pk=draft.pk)


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
    answer = HttpResponse(read(draft.original), content_type="text/calendar")
    answer["Content-Disposition"] = 'attachment; filename="itinerary.ics"'
    return answer


urlpatterns = [
    path(
        "travel/",
        include(
            (
                [
                    path("", index, name="list"),
                    path("import/", upload, name="import"),
                    path("import/<slug:slug>/", upload, name="import_for"),
                    path("operations/<slug:slug>/", of_operation, name="operation"),
                    path("drafts/<uuid:pk>/", show, name="draft"),
                    path("drafts/<uuid:pk>/decide/", decide, name="decide"),
                    path("drafts/<uuid:pk>/original/", original, name="original"),
                ],
                "travel",
            )
        ),
    ),
]
