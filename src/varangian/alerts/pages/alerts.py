"""Screens of the alerts."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from varangian.kernel.results import Refused
from varangian.platform.access.scope import may
from varangian.platform.thread.queries import neighbours
from varangian.platform.ui import sheets

from .. import queries, rules, services
from ..forms import AssignForm, CloseForm, DismissForm, NuisanceForm, ShelveForm
from ..shapes import shape

PER_PAGE = 50


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    if sheets.wanted(request):
        return sheets.sheet(request, "alerts", _found(request), shape)
    return render(request, "alerts/index.html", _chosen(request))


@login_required
@require_GET
def part(request: HttpRequest) -> HttpResponse:
    """The inside of the list, after news."""
    return render(request, "alerts/_list.html", _chosen(request))


@login_required
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """The queue of the Board: what waits, the most urgent first."""
    return render(request, "alerts/_queue.html", {"alerts": queries.queue(request.user, limit=5)})


@login_required
@require_GET
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    alert = queries.alert(request.user, pk)
    context = {
        "alert": alert,
        "waits": alert.state in alert.OPEN,
        "may_handle": may(request.user, "alert.handle", alert.compartment_id),
        "may_end": not alert.unsuppressed,
        "group": queries.group_of(request.user, alert),
        "deliveries": list(queries.deliveries(request.user, alert)[:60]),
        "nuisance": queries.nuisance(request.user, alert),
        "longest": rules.load().shelf_most_minutes[alert.urgency],  # pyright: ignore
        "thread": neighbours(request.user, "alert", alert.pk),
        "assign_form": AssignForm(people=queries.handlers(request.user, alert)),
        "dismiss_form": DismissForm(),
        "close_form": CloseForm(),
        "shelve_form": ShelveForm(),
        "nuisance_form": NuisanceForm(),
    }
    return render(request, "alerts/show.html", context)


@login_required
@require_POST
def acknowledge(request: HttpRequest, pk: UUID) -> HttpResponse:
    """From the row of a live list, answered with the list; otherwise from the record."""
    alert = queries.alert(request.user, pk)
    services.acknowledge(actor=request.user, alert=alert)
    if request.headers.get("HX-Request") != "true":
        return redirect("alerts:show", pk)
    if request.POST.get("list") == "board":
        return render(
            request, "alerts/_queue.html", {"alerts": queries.queue(request.user, limit=5)}
        )
    return render(request, "alerts/_list.html", _chosen(request))


@login_required
@require_POST
def many(request: HttpRequest) -> HttpResponse:
    """The marked ones, seen or dismissed together; what is refused says why, the rest is done."""
    ids = [UUID(pk) for pk in request.POST.getlist("id")[:PER_PAGE]]
    done, refused = services.handle_many(
        actor=request.user,
        alerts=queries.alerts_by_id(request.user, ids),
        dismiss_reason=request.POST.get("reason") if request.POST.get("act") == "dismiss" else None,
    )
    for alert, why in refused:
        messages.error(request, f"{alert.title}: {why}")
    words = "dismissed" if request.POST.get("act") == "dismiss" else "acknowledged"
    messages.info(request, f"{len(done)} of {len(ids)} {words}")
    return redirect("alerts:list")


@login_required
@require_POST
def assign(request: HttpRequest, pk: UUID) -> HttpResponse:
    alert = queries.alert(request.user, pk)
    form = AssignForm(request.POST, people=queries.handlers(request.user, alert))
    _valid(form)
    to = form.people[form.cleaned_data["to"]]
    services.assign(actor=request.user, alert=alert, to=to)
    return redirect("alerts:show", pk)


@login_required
@require_POST
def dismiss(request: HttpRequest, pk: UUID) -> HttpResponse:
    alert, form = queries.alert(request.user, pk), DismissForm(request.POST)
    _valid(form)
    services.dismiss(actor=request.user, alert=alert, **form.cleaned_data)
    return redirect("alerts:list")


@login_required
@require_POST
def close(request: HttpRequest, pk: UUID) -> HttpResponse:
    alert, form = queries.alert(request.user, pk), CloseForm(request.POST)
    _valid(form)
    services.close(actor=request.user, alert=alert, **form.cleaned_data)
    return redirect("alerts:list")


@login_required
@require_POST
def respond(request: HttpRequest, pk: UUID) -> HttpResponse:
    services.respond(actor=request.user, alert=queries.alert(request.user, pk))
    return redirect("alerts:show", pk)


@login_required
@require_POST
def shelve(request: HttpRequest, pk: UUID) -> HttpResponse:
    alert, form = queries.alert(request.user, pk), ShelveForm(request.POST)
    _valid(form)
    services.shelve(actor=request.user, alert=alert, **form.cleaned_data)
    return redirect("alerts:list")


@login_required
@require_POST
def unshelve(request: HttpRequest, pk: UUID) -> HttpResponse:
    services.unshelve(actor=request.user, alert=queries.alert(request.user, pk))
    return redirect("alerts:show", pk)


@login_required
@require_POST
def nuisance(request: HttpRequest, pk: UUID) -> HttpResponse:
    alert, form = queries.alert(request.user, pk), NuisanceForm(request.POST)
    _valid(form)
    services.report_nuisance(actor=request.user, alert=alert, **form.cleaned_data)
    messages.info(request, "Noted: it counts on the page of the alarm load")
    return redirect("alerts:show", pk)


@login_required
@require_GET
def by_code(request: HttpRequest, code: str) -> HttpResponse:
    """``ALERT 4F2A`` as it came over the radio or a text message."""
    return redirect("alerts:show", queries.alert_by_code(request.user, code).pk)


def _valid(form: Any) -> None:
    if not form.is_valid():
        name, faults = next(iter(form.errors.items()))
        raise Refused(str(faults[0]), where=form.fields[name].label or name)


def _view(request: HttpRequest) -> str:
    view = request.GET.get("view", "open")
    return view if view in dict(queries.VIEWS) else "open"


def _found(request: HttpRequest) -> Any:
    operation = request.GET.get("operation", "")[:60]
    return queries.alerts(request.user, view=_view(request), operation=operation)


def _chosen(request: HttpRequest) -> dict[str, Any]:
    view = _view(request)
    page = Paginator(_found(request), PER_PAGE).get_page(request.GET.get("page"))
    tabs = [
        {"words": words, "url": f"?view={name}", "here": name == view}
        for name, words in queries.VIEWS
    ]
    rows = page.object_list
    return {"page": page, "alerts": rows, "tabs": tabs, "view": view, "in_list": True}
