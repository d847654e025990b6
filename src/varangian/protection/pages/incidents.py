"""The list of incidents, and the incident room: commander, tasks, calls, time line, evidence."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_GET

from varangian.alerts import queries as alerts
from varangian.kernel.clock import now
from varangian.kernel.results import NotFound
from varangian.operations import tabs
from varangian.places import queries as places
from varangian.platform.access.scope import may, require
from varangian.platform.thread.queries import neighbours

from ..forms.incidents import (
    CasualtyForm,
    EvidenceForm,
    MusterForm,
    OfferForm,
    ReportForm,
    ReviewForm,
    TaskForm,
    TellForm,
)
from ..incident_rules import NEXT
from ..printing import incident_pdf
from ..queries import incidents, muster
from ..services.incidents import people, report_incident

PER_PAGE = 50
VIEWS = (("open", "Open"), ("closed", "Closed"))
STEPS = {
    "active": "Active again",
    "contained": "Contained",
    "handed_over": "Handed over",
    "closed": "Close",
}


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    view = request.GET.get("view", "open")
    view = view if view in dict(VIEWS) else "open"
    return render(
        request, "protection/incidents/index.html", {**_list(request, view), "view": view}
    )


@login_required
@require_GET
def part(request: HttpRequest) -> HttpResponse:
    view = request.GET.get("view", "open")
    return render(request, "protection/incidents/_list.html", _list(request, view))


def _list(request: HttpRequest, view: str, operation: Any = None) -> dict[str, Any]:
    found = incidents.incidents(request.user, operation, view=view)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    held = incidents.commanders(request.user, rows)
    shown = [{"row": row, "commander": held.get(row.pk)} for row in rows]
    words = [{"words": w, "url": f"?view={name}", "here": name == view} for name, w in VIEWS]
    return {"page": page, "rows": shown, "tabs": words}


@login_required
def of_operation(request: HttpRequest, slug: str) -> HttpResponse:
    """The tab of one operation: report, what was, the party and its roll calls."""
    operation = incidents.operation_for(request.user, slug)
    context = {
        **_list(request, "all", operation),
        **incidents.rights(request.user, operation),
        "operation": operation,
        "tabs": tabs.of_operation(request.user, operation, "incidents"),
        "musters": muster.musters(request.user, operation)[:20],
        "party": muster.party(request.user, operation),
        "muster_form": MusterForm(),
        "party_may": may(request.user, "party.change", operation.compartment_id),
    }
    return render(request, "protection/incidents/of_operation.html", context)


@login_required
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """``?alert=`` grows it out of an alert: its words, its position and its time are taken."""
    operation = incidents.operation_for(request.user, slug, "incident.report")
    alert = _alert(request, operation)
    first = _first(alert) if request.method == "GET" else {}
    near = places.places(request.user).filter(
        compartment_id__in=(operation.compartment_id, operation.engagement.compartment_id)
    )
    form = ReportForm(request.POST or None, operation=operation, places=list(near), initial=first)
    if request.method == "POST" and form.is_valid():
        made = report_incident(
            actor=request.user, operation=operation, alert=alert, **form.fields_of()
        )
        return redirect("incidents:show", made.pk)
    context = {"operation": operation, "form": form, "alert": alert}
    return render(request, "protection/incidents/report.html", context)


def _alert(request: HttpRequest, operation: Any) -> Any:
    given = request.GET.get("alert") or request.POST.get("alert")
    if not given:
        return None
    try:
        found = alerts.alert(request.user, UUID(given))
    except ValueError as error:
        raise NotFound("There is no such alert", where=given[:40]) from error
    if found.operation_id != operation.pk:
        raise NotFound("There is no such alert in this operation", where=given)
    return found


def _first(alert: Any) -> dict[str, str]:
    if alert is None:
        return {}
    kinds = {"duress": "duress", "dead_man": "duress"}
    return {"kind": kinds.get(alert.source, "other"), "title": alert.title}


@login_required
@require_GET
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = incidents.incident(request.user, pk)
    team = people(request.user, found, "incident.view")
    commanders = people(request.user, found, "incident.command")
    others = [one for one in commanders if one.pk != request.user.pk]
    context = {
        **_room(request, found),
        **_lines(request, found),
        "task_form": TaskForm(people=team),
        "offer_form": OfferForm(people=others),
        "tell_form": TellForm(),
        "evidence_form": EvidenceForm(),
        "casualty_form": CasualtyForm(),
        "review_form": ReviewForm(),
        "thread": neighbours(request.user, "incident", found.pk),
    }
    return render(request, "protection/incidents/show.html", context)


@login_required
@require_GET
def room(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The inside of the live region."""
    found = incidents.incident(request.user, pk)
    return render(request, "protection/incidents/_room.html", _room(request, found))


def _room(request: HttpRequest, found: Any) -> dict[str, Any]:
    user = request.user
    rights = incidents.rights(user, found)
    musters = [
        {"muster": row, "counts": count, "open": muster.open_of(count)}
        for row in muster.musters(user, found.operation).filter(incident=found)
        for count in [muster.counts(user, row)]
    ]
    held = incidents.commander(user, found)
    return {
        **rights,
        "incident": found,
        "operation": found.operation,
        "commander": held,
        "commands": held is not None and held.person_id == user.pk,
        "offer": incidents.offer(user, found),
        "turns": incidents.commands(user, found),
        "tasks": incidents.tasks(user, found),
        "tree": incidents.tree(user, found),
        "casualties": incidents.casualties(user, found),
        "hospitals": incidents.nearest_hospitals(user, found),
        "exhibits": incidents.exhibits(user, found),
        "musters": musters,
        "figures": incidents.after_action(user, found),
        "marks": {row.kind: row for row in incidents.marks(user, found)},
        "now": now(),
        "steps": [(s, STEPS[s]) for s in NEXT[found.state] if s in STEPS],
    }


@login_required
@require_GET
def timeline(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = incidents.incident(request.user, pk)
    return render(request, "protection/incidents/_timeline.html", _lines(request, found))


def _lines(request: HttpRequest, found: Any) -> dict[str, Any]:
    whole = request.GET.get("all") == "1"
    return {
        "incident": found,
        "operation": found.operation,
        "lines": incidents.timeline(request.user, found, all_of_it=whole)[::-1],
        "whole": whole,
        "may_see_log": may(request.user, "log.view", found.compartment_id),
    }


@login_required
@require_GET
def report_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = incidents.incident(request.user, pk)
    require(request.user, "incident.evidence", found.compartment_id)
    answer = HttpResponse(incident_pdf(request.user, found), content_type="application/pdf")
    name = f"{found.operation.slug}-incident-{found.serial}.pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


paths = [
    path("incidents/", index, name="list"),
    path("incidents/part/", part, name="part"),
    path("incidents/of/<slug:slug>/", of_operation, name="of_operation"),
    path("incidents/of/<slug:slug>/report/", report, name="report"),
    path("incidents/<uuid:pk>/", show, name="show"),
    path("incidents/<uuid:pk>/room/", room, name="room"),
    path("incidents/<uuid:pk>/timeline/", timeline, name="timeline"),
    path("incidents/<uuid:pk>/report.pdf", report_pdf, name="report_pdf"),
]
