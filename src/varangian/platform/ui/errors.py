"""Refusals and outages as a person sees them: a page, a fragment, or a problem document."""

import structlog
from django.db import DataError, IntegrityError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from psycopg.errors import NotNullViolation

from varangian.kernel.results import Refused

log = structlog.get_logger()
DATA = ("/api/", "/m/api/")
"""Addresses that programs ask: they are answered with a problem document."""


def problem(status: int, title: str, detail: str = "", mend: str = "") -> JsonResponse:
    """RFC 9457."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "mend": mend}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def _route(request: HttpRequest) -> str:
    """The pattern, not the path: paths carry names and one-time secrets."""
    return request.resolver_match.route if request.resolver_match else ""


def misfit(error: Exception) -> Refused | None:
    """What the columns do not take although the schema did: a NUL, a word too long, no value."""
    if isinstance(error, DataError | UnicodeEncodeError):
        return Refused(
            "A value does not fit",
            where=str(error).splitlines()[0],
            mend="Take out characters that cannot be seen; shorten the text.",
        )
    cause = error.__cause__
    if isinstance(error, IntegrityError) and isinstance(cause, NotNullViolation):
        return Refused("A value is missing", where=cause.diag.column_name or "")
    return None


def refusal(request: HttpRequest, error: Refused) -> HttpResponse:
    log.info("refused", status=error.status, route=_route(request))
    if request.path.startswith(DATA):
        return problem(error.status, error.what, error.where, error.mend)
    part = request.headers.get("HX-Request") == "true"
    template = "ui/refusal_part.html" if part else "ui/refusal.html"
    page = render_to_string(template, {"error": error}, request)
    beside = {"HX-Retarget": "#vg-notices", "HX-Reswap": "innerHTML"} if part else {}
    return HttpResponse(page, status=error.status, headers=beside)


def database_away(request: HttpRequest) -> HttpResponse:
    """PostgreSQL is restarting: say so without needing it."""
    log.error("database away", route=_route(request))
    if request.path.startswith(DATA):
        return problem(503, "The database is restarting", mend="Send the same request again.")
    page = render_to_string("ui/database_away.html", {})
    return HttpResponse(page, status=503, headers={"Retry-After": "2"})
