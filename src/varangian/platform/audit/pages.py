"""The auditor's screen."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import include, path
from django.views.decorators.http import require_GET, require_POST

from varangian.platform.access.reauth import reauthenticated

from . import exports, live, queries

AT_ONCE = 20_000


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Pages go back by entry, so that the last page of a million is as quick as the first."""
    found, chosen = _filtered(request)
    before = request.GET.get("before", "")
    if before.isdigit() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    rows = list(found[:51])
    people = queries.names(rows)
    context = {
        "rows": [queries.shape(row, people) for row in rows[:50]],
        "older": rows[49].pk if len(rows) > 50 else None,
        "kinds": queries.KINDS,
        **chosen,
    }
    return render(request, "audit/index.html", context)


@require_GET
@reauthenticated
def table(request: HttpRequest) -> HttpResponse:
    found, _ = _filtered(request)
    body = exports.export_csv(actor=request.user, rows=found)
    answer = HttpResponse(body, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return answer


@login_required
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """The newest entries at once; the console walks the whole chain and the logs."""
    queries.require_auditor(request.user)
    found = live.verify_audit(AT_ONCE)
    waiting = live.unsealed()
    if found.whole:
        words = f"The newest entries are whole up to {found.entries}, head {found.head[:12]}…"
        messages.info(request, f"{words} {waiting} wait for the next seal.")
    else:
        messages.error(request, f"The chain breaks at entry {found.serial}: {found.reason}")
    return redirect("audit:list")


def _filtered(request: HttpRequest) -> tuple[Any, dict[str, str]]:
    names = ("kind", "record", "table", "who")
    chosen = {name: request.GET.get(name, "").strip()[:80] for name in names}
    return queries.entries(request.user, **chosen), chosen


urlpatterns = [
    path(
        "audit/",
        include(
            (
                [
                    path("", index, name="list"),
                    path("audit.csv", table, name="csv"),
                    path("check/", check, name="check"),
                ],
                "audit",
            )
        ),
    ),
]
