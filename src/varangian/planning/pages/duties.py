"""An officer's own duties in the hand, and the personal calendar."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from varangian.kernel.clock import now
from varangian.platform.access.context import act_as

from .. import services
from ..calendar_feed import calendar
from ..queries import roster as rows
from ..services.calendar_links import person_of

WORDS = {
    "times": "Only the times are in it, and the word Duty.",
    "posts": "Times and the name of the post are in it.",
    "operations": "Times, the name of the post and of the operation are in it.",
}


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """Operations whose roster this person plans; everybody else comes to their own duties."""
    planned = rows.operations_rostered(request.user)
    if not planned:
        return redirect("roster:mine")
    found = [
        {"operation": row, "roster": rows.roster(request.user, row), "open": _waiting(request, row)}
        for row in planned
    ]
    return render(request, "planning/rosters.html", {"rows": found})


def _waiting(request: HttpRequest, operation: object) -> dict[str, int]:
    found = rows.assignments(request.user, operation)
    states = list(found.values_list("state", flat=True))
    wanted = sum(rows.shifts(request.user, operation).values_list("wanted", flat=True))
    declined = states.count("declined")
    return {
        "places": wanted, "open": wanted - len(states) + declined,
        "unanswered": states.count("published"), "declined": declined,
    }  # fmt: skip


@login_required
def mine(request: HttpRequest) -> HttpResponse:
    return render(request, "planning/duties.html", _mine(request))


@login_required
def mine_part(request: HttpRequest) -> HttpResponse:
    return render(request, "planning/_duties.html", _mine(request))


def _mine(request: HttpRequest) -> dict[str, object]:
    return {
        "duties": rows.duties_of(request.user, now())[:60],
        "link": rows.calendar_link(request.user),
        "told": WORDS[settings.CALENDAR_WORDS],
    }


@login_required
@require_POST
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = rows.assignment(request.user, pk)
    services.answer(
        actor=request.user, assignment=row, accept=request.POST.get("answer") == "accept",
        said=request.POST.get("said", ""),
    )  # fmt: skip
    if "HX-Request" in request.headers:
        return mine_part(request)
    return redirect("roster:mine")


@login_required
@require_POST
def new_link(request: HttpRequest) -> HttpResponse:
    """The address is shown in this one answer; its secret is not kept."""
    _, secret = services.rotate_link(actor=request.user)
    address = request.build_absolute_uri(reverse("roster:calendar", args=[secret]))
    return render(request, "planning/duties.html", {**_mine(request), "address": address})


@login_required
@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    services.revoke_link(actor=request.user)
    messages.info(request, "The calendar link is revoked: the old address opens nothing.")
    return redirect("roster:mine")


@never_cache
@require_GET
def feed(_: HttpRequest, secret: str) -> HttpResponse:
    """Only this person's published duties, for whoever holds the secret; nothing else opens."""
    person = person_of(secret)
    if person is None:
        return HttpResponse("There is no such calendar.", status=404, content_type="text/plain")
    act_as(person, purpose="calendar feed")
    answer = HttpResponse(calendar(rows.duties_of(person)), content_type="text/calendar")
    answer["Content-Disposition"] = 'attachment; filename="duty.ics"'
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer


paths = [
    path("roster/", index, name="list"),
    path("m/duties/", mine, name="mine"),
    path("m/duties/part/", mine_part, name="mine_part"),
    path("m/duties/<uuid:pk>/answer/", answer, name="answer"),
    path("m/duties/link/", new_link, name="new_link"),
    path("m/duties/link/revoke/", revoke, name="revoke_link"),
    path("calendar/<str:secret>/duty.ics", feed, name="calendar"),
]
