"""Screens of TVRAs: the list, the draft, one version and its steps, comparison and report."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from varangian.kernel.results import Refused
from varangian.operations import tabs
from varangian.platform.access.reauth import reauthenticated
from varangian.platform.access.scope import may, require
from varangian.platform.audit.services import note
from varangian.platform.thread.queries import neighbours, stale_by_record

from .. import tvra_printing
from ..forms.tvra import JudgeForm, NewTvraForm, TreatmentForm, TvraForm
from ..library.tvra import checks
from ..library.tvra import tvra as library
from ..queries import tvra as queries
from ..services import tvra as services
from ..shapes.tvra import broken, told
from ..tvra_heat import heat
from ..tvra_rules import TONES, WORDS, counted, differences
from . import tvra_checks

PER_PAGE = 50


@login_required
def of_operation(request: HttpRequest, slug: str) -> HttpResponse:
    """Who only answers checks sees what is to be checked, and nothing of the threats."""
    operation = queries.operation_with_checks(request.user, slug)
    reads = may(request.user, "tvra.view", operation.compartment_id)
    view = request.GET.get("view", "current")
    view = view if view in queries.VIEWS and reads else ("current" if reads else "drafts")
    rows = queries.tvras(request.user, operation, view, action="tvra.check")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    found = queries.counts(request.user, page.object_list)
    stale = stale_by_record(request.user, "tvra", [row.pk for row in page]) if reads else {}
    context = {
        "operation": operation,
        "tabs": tabs.of_operation(request.user, operation, "tvra"),
        "page": page,
        "rows": [_row(row, found.get(row.pk, {}), stale.get(row.pk)) for row in page],
        "view": view,
        "views": queries.VIEWS if reads else (),
        "reads": reads,
        "may_draft": may(request.user, "tvra.change", operation.compartment_id),
    }
    return render(request, "threats/tvras.html", context)


def _row(tvra: Any, answers: dict[str, str], stale: Any) -> dict[str, Any]:
    """Looked at means that somebody gave an answer; unknown is one, and is no reassurance."""
    return {
        "tvra": tvra,
        "stale": stale,
        "looked": len(answers),
        "asked": len(checks(tvra.kind).items),
        "weak": sum(answer in ("partly", "not_met") for answer in answers.values()),
    }


@login_required
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """First the kind of subject, then which one."""
    operation = queries.operation_with_tvras(request.user, slug)
    require(request.user, "tvra.change", operation.compartment_id)
    context: dict[str, Any] = {"operation": operation, "subjects": library().subjects}
    kind = request.GET.get("kind", "")
    if not kind:
        return render(request, "threats/tvra_new.html", context)
    subject = library().subject(kind)
    data = request.POST if request.method == "POST" else None
    form = NewTvraForm(data, actor=request.user, operation=operation, subject=subject)
    if form.is_valid():
        made = services.draft_tvra(
            actor=request.user, operation=operation, kind=kind, **form.fields_of()
        )
        return redirect("threats:tvra", pk=made.pk)
    context |= {"subject": subject, "form": form}
    return render(request, "threats/tvra_new.html", context, status=422 if form.errors else 200)


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.tvra(request.user, pk)
    note(kind="read", record=found, purpose="TVRA opened", actor=request.user)
    form = TvraForm.of(found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.change_tvra(actor=request.user, tvra=found, **form.cleaned_data)
        return redirect("threats:tvra", pk=pk)
    context = _whole(request, found) | {"form": form}
    return render(request, "threats/tvra.html", context, status=422 if form.errors else 200)


def _whole(request: HttpRequest, found: Any) -> dict[str, Any]:
    words = told(request.user, found)
    changes = may(request.user, "tvra.change", found.compartment_id)
    writes = changes and found.state == "draft"
    context = {
        "tvra": found,
        "operation": found.operation,
        "tabs": tabs.of_operation(request.user, found.operation, "tvra"),
        "words": words,
        "heat": heat(words["risks"]),
        "counts": [
            {"words": WORDS[name], "tone": TONES.get(name, "grey"), "count": n}
            for name, n in counted(row["answer"] for row in words["checks"]).items()
        ],
        "treatments": list(queries.treatments(request.user, found)),
        "since": queries.since(request.user, found) if found.state != "superseded" else [],
        "stale": stale_by_record(request.user, "tvra", [found.pk]).get(found.pk),
        "fault": broken(request.user, found),
        "versions": list(queries.versions(request.user, found)),
        "thread": neighbours(request.user, "tvra", found.pk),
        "templates": library().templates,
        "changes": changes,
        "writes": writes,
        "approves": _approves(request, found),
    }
    if writes:
        context["treatment_form"] = TreatmentForm(
            actor=request.user, tvra=found, auto_id="treatment_%s"
        )
    return context


def _approves(request: HttpRequest, found: Any) -> bool:
    own: Any = request.user
    allowed = may(request.user, "tvra.approve", found.compartment_id)
    second = own.pk not in (found.drafted_by_id, found.submitted_by_id)
    return allowed and second and found.state == "review"


@login_required
def line(request: HttpRequest, pk: UUID, label: str) -> HttpResponse:
    found = queries.tvra(request.user, pk)
    row = queries.line(request.user, found, label)
    answers = {item: one.answer for item, one in queries.latest(request.user, found).items()}
    writes = may(request.user, "tvra.change", found.compartment_id) and found.state == "draft"
    form = None
    if row.is_risk:
        data = request.POST if request.method == "POST" else None
        form = JudgeForm.of(row, found.kind, answers, data)
        if request.method == "POST" and form.is_valid():
            services.judge_line(actor=request.user, line=row, **form.cleaned_data)
            return _onwards(request, found)
    context = {
        "tvra": found,
        "operation": found.operation,
        "line": row,
        "form": form,
        "writes": writes,
        "weighs": [checks(found.kind).item(item) for item in row.weighs],
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "threats/tvra_line.html", context, status=status)


def _onwards(request: HttpRequest, found: Any) -> HttpResponse:
    """To the next risk that waits; then back to the whole."""
    waiting = [one for one in queries.lines(request.user, found) if not one.settled]
    if waiting:
        return redirect("threats:tvra_line", pk=found.pk, label=waiting[0].label)
    return redirect("threats:tvra", pk=found.pk)


@login_required
@require_POST
def leave(request: HttpRequest, pk: UUID, label: str) -> HttpResponse:
    found = queries.tvra(request.user, pk)
    row = queries.line(request.user, found, label)
    services.leave_out(actor=request.user, line=row, reason=request.POST.get("reason", ""))
    return _onwards(request, found)


@login_required
@require_POST
def treat(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.tvra(request.user, pk)
    require(request.user, "tvra.change", found.compartment_id)
    form = TreatmentForm(request.POST, actor=request.user, tvra=found)
    if form.is_valid():
        services.add_treatment(actor=request.user, **form.fields_of())
        return redirect("threats:tvra", pk=pk)
    context = {"tvra": found, "operation": found.operation, "form": form}
    return render(request, "threats/tvra_treatment.html", context, status=422)


@login_required
@require_POST
def untreat(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    found = queries.tvra(request.user, pk)
    row = queries.treatment(request.user, found, number)
    services.remove_treatment(actor=request.user, treatment=row)
    return redirect("threats:tvra", pk=pk)


@login_required
@require_POST
def refresh(request: HttpRequest, pk: UUID) -> HttpResponse:
    done = services.refresh_tvra(actor=request.user, tvra=queries.tvra(request.user, pk))
    waiting = [one.label for one in queries.lines(request.user, done) if not one.settled]
    words = f"To be judged: {', '.join(waiting)}." if waiting else "Everything stays judged."
    messages.info(request, f"The register was read anew. {words}")
    return redirect("threats:tvra", pk=pk)


@login_required
@require_POST
def submit(request: HttpRequest, pk: UUID) -> HttpResponse:
    services.submit_tvra(actor=request.user, tvra=queries.tvra(request.user, pk))
    return redirect("threats:tvra", pk=pk)


@login_required
@require_POST
def send_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    services.return_tvra(
        actor=request.user,
        tvra=queries.tvra(request.user, pk),
        reason=request.POST.get("reason", ""),
    )
    return redirect("threats:tvra", pk=pk)


@reauthenticated
def approve(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is signed is read first."""
    found = queries.tvra(request.user, pk)
    require(request.user, "tvra.approve", found.compartment_id)
    if request.method == "POST":
        services.approve_tvra(actor=request.user, tvra=found)
        return redirect("threats:tvra", pk=pk)
    return render(request, "threats/tvra_approve.html", _whole(request, found))


@login_required
@require_POST
def version(request: HttpRequest, pk: UUID) -> HttpResponse:
    made = services.next_version(actor=request.user, tvra=queries.tvra(request.user, pk))
    return redirect("threats:tvra", pk=made.pk)


@login_required
@require_GET
def compare(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.tvra(request.user, pk)
    asked = request.GET.get("version", "")
    if asked and not asked.isdigit():
        raise Refused("A version is a number", where=asked)
    old = queries.other_version(request.user, found, int(asked) if asked else None)
    rows = differences(told(request.user, old), told(request.user, found))
    whole = "all" in request.GET
    context = {
        "tvra": found,
        "operation": found.operation,
        "old": old,
        "rows": [row for row in rows if whole or not row.same],
        "same": sum(row.same for row in rows),
        "whole": whole,
    }
    return render(request, "threats/tvra_compare.html", context)


@reauthenticated
@require_GET
def report(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.tvra(request.user, pk)
    data = tvra_printing.report_pdf(request.user, found, request.GET.get("template", ""))
    answer = HttpResponse(data, content_type="application/pdf")
    name = f"tvra-{found.label.lower()}-v{found.version}.pdf"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


paths = [
    *tvra_checks.paths,
    path("tvra/of/<slug:slug>/", of_operation, name="tvra_of"),
    path("tvra/of/<slug:slug>/new/", new, name="tvra_new"),
    path("tvra/<uuid:pk>/", show, name="tvra"),
    path("tvra/<uuid:pk>/lines/<slug:label>/", line, name="tvra_line"),
    path("tvra/<uuid:pk>/lines/<slug:label>/leave/", leave, name="tvra_leave"),
    path("tvra/<uuid:pk>/treatments/", treat, name="tvra_treat"),
    path("tvra/<uuid:pk>/treatments/<int:number>/remove/", untreat, name="tvra_untreat"),
    path("tvra/<uuid:pk>/refresh/", refresh, name="tvra_refresh"),
    path("tvra/<uuid:pk>/submit/", submit, name="tvra_submit"),
    path("tvra/<uuid:pk>/return/", send_back, name="tvra_return"),
    path("tvra/<uuid:pk>/approve/", approve, name="tvra_approve"),
    path("tvra/<uuid:pk>/version/", version, name="tvra_version"),
    path("tvra/<uuid:pk>/compare/", compare, name="tvra_compare"),
    path("tvra/<uuid:pk>/report.pdf", report, name="tvra_report"),
]
