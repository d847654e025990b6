"""Pages that belong to no feature."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET

from varangian.kernel.results import Denied, NotFound, Refused

from . import find, views
from .errors import problem, refusal

SHORTEST = 2


@require_GET
@login_required
def find_anything(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:100]
    groups = find.find(request.user, text) if len(text) >= SHORTEST else []
    return render(request, "ui/found.html", {"text": text, "groups": groups})


@require_GET
@login_required
def frame_part(request: HttpRequest, part: str) -> HttpResponse:
    """The numbers of the rail, or the duress banner, after news."""
    return render(request, f"ui/{part}.html")


def unreadable(request: HttpRequest, exception: Exception, *_: Any, **__: Any) -> HttpResponse:
    """A request that Django itself turns away: too large, or not as a browser would send it."""
    error = Refused("The request could not be read", mend="Load the page again and repeat.")
    error.status = 400
    if isinstance(exception, RequestDataTooBig):
        limit = settings.MAX_UPLOAD_BYTES // 1024 // 1024
        error = Refused(f"The upload is larger than {limit} MB", mend="Send a smaller file.")
        error.status = 413
    return refusal(request, error)


def forbidden(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    mend = "Sign in again, or ask the detail leader."
    return refusal(request, Denied("This is not yours to do", mend=mend))


def unproved(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that carries no token of this session."""
    return refusal(
        request, Denied("The form has expired", where=reason, mend="Load the page again and send.")
    )


@csrf_exempt
def no_such_path(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    """The API has no such address, for no method."""
    return problem(404, "The API has no such path", request.path, "See /api/v1/openapi.json")


def missing(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    return refusal(request, NotFound("There is no such page, or it is not yours to see"))


def broken(request: HttpRequest) -> HttpResponse:
    error = Refused(
        "Something broke on our side", mend="Try again; if it repeats, run varangian doctor."
    )
    error.status = 500
    if request.path.startswith("/api/"):
        return refusal(request, error)
    return render(request, "ui/refusal.html", {"error": error}, status=500)


urlpatterns = [
    path("find", find_anything, name="find"),
    path("views/save", views.save, name="view_save"),
    path("views/drop", views.drop, name="view_drop"),
    path("frame/rail", frame_part, {"part": "rail"}, name="frame_rail"),
    path("frame/banner", frame_part, {"part": "banner"}, name="frame_banner"),
]
