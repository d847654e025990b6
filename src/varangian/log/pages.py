"""Screens of the log."""

from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import include, path, reverse
from django.views.decorators.http import require_GET

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.operations import queries as spine
from varangian.platform.access.reauth import reauthenticated
from varangian.platform.access.scope import circles, may, require
from varangian.platform.ui import sheets

from . import exports, queries, services
from .forms import EntryForm
from .rules import typed_time
from .shapes import shape

if TYPE_CHECKING:
    from varangian.operations.models import Operation

KINDS = (("entry", "By hand"), ("correction", "Corrections"), ("auto", "Automatic"))
TOPICS = (
    "operations",
    "movements",
    "posts",
    "itinerary",
    "threats",
    "risks",
    "measures",
    "orders",
    "alerts",
    "readiness",
)


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The newest entries of everything this person can see."""
    context = _rows(request, None) | {"operations": _writable(request)[:50]}
    return render(request, "log/index.html", context)


@login_required
@require_GET
def new(request: HttpRequest) -> HttpResponse:
    """The key ``n``: to the line of the operation under way, or the choice of one."""
    found = _writable(request)
    active = [row for row in found if row.state == "active"] or found
    if len(active) != 1:
        return redirect("log:list")
    return redirect(reverse("log:show", args=[active[0].slug]) + "#log_event")


def _writable(request: HttpRequest) -> list["Operation"]:
    mine = circles(request.user, "log.write") or []
    running = spine.operations(request.user).exclude(state__in=["closed", "cancelled"])
    return list(running.filter(compartment_id__in=mine)[:200])


@login_required
def show(request: HttpRequest, slug: str) -> HttpResponse:
    operation = spine.operation(request.user, slug)
    if sheets.wanted(request):
        return _sheet(request, operation)
    form = EntryForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _saved(request, operation, form):
        return redirect(reverse("log:show", args=[slug]) + "?wrote=1")
    if request.method == "GET" and request.GET.get("wrote"):
        form.fields["event"].widget.attrs["autofocus"] = True
    context = _rows(request, operation) | {"form": form, "chain": _chain(request, operation)}
    return render(request, "log/show.html", context)


@login_required
@require_GET
def part(request: HttpRequest, slug: str = "") -> HttpResponse:
    operation = spine.operation(request.user, slug) if slug else None
    context = _rows(request, operation)
    if operation is not None:
        context["chain"] = _chain(request, operation)
    return render(request, "log/_entries.html", context)


@login_required
def correct(request: HttpRequest, slug: str, serial: int) -> HttpResponse:
    operation = spine.operation(request.user, slug)
    wrong = queries.entry(request.user, operation, serial)
    form = (
        EntryForm(request.POST) if request.method == "POST" else EntryForm(initial=_as_form(wrong))
    )
    if request.method == "POST" and form.is_valid() and _saved(request, operation, form, serial):
        return redirect("log:show", slug)
    context = {"operation": operation, "wrong": wrong, "form": form}
    return render(request, "log/correct.html", context)


@require_GET
@reauthenticated
def export(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    operation = spine.operation(request.user, slug)
    if form == "pdf":
        body, media = exports.export_pdf(actor=request.user, operation=operation), "application/pdf"
    else:
        out, media = BytesIO(), "application/zip"
        exports.export_bundle(actor=request.user, operation=operation, out=out)
        body = out.getvalue()
    answer = HttpResponse(body, content_type=media)
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug}-log.{form}"'
    return answer


def _saved(
    request: HttpRequest, operation: "Operation", form: EntryForm, corrects: int | None = None
) -> bool:
    """False when the house refuses; its words then stand in the form."""
    given = dict(form.cleaned_data)
    try:
        given["at"] = typed_time(given["at"], operation.time_zone, now())
        if corrects is None:
            services.write_entry(actor=request.user, operation=operation, **given)
        else:
            services.correct_entry(
                actor=request.user, operation=operation, serial=corrects, **given
            )
    except Refused as refused:
        if refused.status != 422:
            raise
        form.add_error(None, str(refused))
        return False
    return True


def _as_form(entry: Any) -> dict[str, str]:
    body = entry.body
    return {
        "from_": body.get("from", ""),
        "to": body.get("to", ""),
        "event": body.get("event", ""),
        "action": body.get("action", ""),
    }


def _chain(request: HttpRequest, operation: "Operation") -> queries.ChainState | None:
    seen = may(request.user, "log.view", operation.compartment_id)
    return queries.chain_state(request.user, operation) if seen else None


def _sheet(request: HttpRequest, operation: "Operation") -> HttpResponse:
    require(request.user, "log.export", operation.compartment_id)
    found = queries.filtered(queries.entries(request.user, operation), **_asked(request))
    return sheets.sheet(request, f"{operation.slug}-log", found, shape)


def _asked(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "").strip()[:80] for name in ("kind", "topic", "text")}


def _rows(request: HttpRequest, operation: "Operation | None") -> dict[str, Any]:
    chosen = _asked(request)
    found = queries.filtered(queries.entries(request.user, operation), **chosen)
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    corrected = queries.corrections(request.user, page.object_list)
    for row in page.object_list:
        row.corrected_by = corrected.get((row.operation_id, row.serial))
        row.late = (row.recorded_at - row.at).total_seconds() > 60
    context = {"page": page, "operation": operation, "kinds": KINDS, "topics": TOPICS, **chosen}
    if operation is not None:
        context["may_write"] = may(request.user, "log.write", operation.compartment_id)
        context["may_export"] = may(request.user, "log.export", operation.compartment_id)
    return context


urlpatterns = [
    path(
        "log/",
        include(
            (
                [
                    path("", index, name="list"),
                    path("new/", new, name="new"),
                    path("entries/", part, name="entries"),
                    path("of/<slug:slug>/", show, name="show"),
                    path("of/<slug:slug>/entries/", part, name="part"),
                    path("of/<slug:slug>/correct/<int:serial>/", correct, name="correct"),
                    path("of/<slug:slug>/export.pdf", export, {"form": "pdf"}, name="pdf"),
                    path("of/<slug:slug>/export.zip", export, {"form": "zip"}, name="bundle"),
                ],
                "log",
            )
        ),
    ),
]
