"""The deployment record on screen: drawn, signed by another person, revoked at once."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from varangian.kernel.results import Refused
from varangian.operations import queries as operations
from varangian.operations import tabs
from varangian.platform.access.reauth import reauthenticated
from varangian.platform.access.scope import may, require

from ...face_forms import RecordForm, record_initial
from ...queries import faces as queries
from ...services.faces import assessing, signing
from ...services.faces import records as services

PRIVATE = {"Cache-Control": "no-store"}
WHYS = {
    "draft": "A draft: nothing is compared on it until another person, a detail leader, signs.",
    "signed": "Signed: the cameras named here compare faces in its hours, and no others do.",
    "revoked": "Revoked: nothing is compared on it any more.",
    "ended": "Ended: nothing is compared on it any more.",
}


@login_required
@require_GET
def index(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    where = operation.compartment_id
    require(request.user, "face_record.view", where)
    context = {
        "operation": operation,
        "rows": queries.with_cameras(request.user, queries.records(request.user, operation)),
        "comparing": queries.comparing(request.user, operation),
        "waiting": queries.waits(request.user, operation),
        "may_draw": may(request.user, "face_record.draft", where),
        "may_list": may(request.user, "face_entry.view", where),
        "may_review": may(request.user, "face_match.view", where),
        "tabs": tabs.of_operation(request.user, operation, "faces"),
    }
    part = request.GET.get("part") == "rows"
    return render(request, f"surveillance/faces/{'_records' if part else 'records'}.html", context)


@login_required
def new(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    require(request.user, "face_record.draft", operation.compartment_id)
    form = _form(request, operation)
    if form.is_valid():
        try:
            made = services.draw_record(actor=request.user, operation=operation, **form.fields_of())
        except Refused as why:
            form.refused(why)
        else:
            return redirect("surveillance:face_record", pk=made.pk)
    return _shown(request, form, operation, None)


@login_required
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    record = queries.record(request.user, pk)
    require(request.user, "face_record.draft", record.compartment_id)
    form = _form(request, record.operation, record)
    if form.is_valid():
        try:
            services.change_record(actor=request.user, record=record, **form.fields_of())
        except Refused as why:
            form.refused(why)
        else:
            return redirect("surveillance:face_record", pk=pk)
    return _shown(request, form, record.operation, record)


def _form(request: HttpRequest, operation: Any, record: Any = None) -> RecordForm:
    return RecordForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        operation=operation,
        cameras=queries.candidates_for(request.user, operation),
        initial=record_initial(operation, record),
    )


def _shown(request: HttpRequest, form: RecordForm, operation: Any, record: Any) -> HttpResponse:
    context = {"form": form, "operation": operation, "record": record}
    status = 422 if form.errors else 200
    return render(request, "surveillance/faces/record_form.html", context, status=status)


def _context(request: HttpRequest, pk: UUID) -> dict[str, Any]:
    (record,) = queries.with_cameras(request.user, [queries.record(request.user, pk)])
    where, state = record.compartment_id, record.shown_state
    draft = state == "draft"
    return {
        "record": record,
        "operation": record.operation,
        "state": state,
        "why": WHYS[state],
        "file": record.assessment,
        "broken": signing.fault(record),
        "digest": signing.content_digest(record) if draft else record.content_digest,
        "may_change": draft and may(request.user, "face_record.draft", where),
        "may_sign": draft
        and record.drawn_by_id != request.user.pk
        and not record.besides
        and may(request.user, "face_record.sign", where),
        "may_revoke": state in ("draft", "signed")
        and may(request.user, "face_record.revoke", where),
    }


@login_required
@require_GET
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    return render(request, "surveillance/faces/record.html", _context(request, pk))


@reauthenticated
def sign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The whole record once more, and the signature under it."""
    context: dict[str, Any] = {**_context(request, pk), "signing": True}
    require(request.user, "face_record.sign", context["record"].compartment_id)
    if request.method == "POST":
        seen = request.POST.get("digest", "")
        services.sign_record(actor=request.user, record=context["record"], seen=seen)
        messages.info(request, f"{context['record'].label} is signed.")
        return redirect("surveillance:face_record", pk=pk)
    return render(request, "surveillance/faces/record.html", context)


@login_required
def assessment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The paper itself; laid to a draft by a post."""
    record = queries.record(request.user, pk)
    if request.method == "POST":
        sent = request.FILES.get("file")
        data, name = (sent.read(), sent.name or "") if sent is not None else (b"", "")
        assessing.keep_assessment(actor=request.user, record=record, data=data, name=name)
        messages.info(request, f"{record.label} has its impact assessment.")
        return redirect("surveillance:face_record", pk=pk)
    data = assessing.open_assessment(actor=request.user, record=record)
    how = "attachment" if "save" in request.GET else "inline"
    told = {"Content-Disposition": f'{how}; filename="{record.label}-assessment.pdf"'}
    return HttpResponse(data, content_type=assessing.PDF, headers={**told, **PRIVATE})


@login_required
@require_POST
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    record = queries.record(request.user, pk)
    reason = request.POST.get("reason", "")
    services.revoke_record(actor=request.user, record=record, reason=reason)
    messages.info(request, f"{record.label} is revoked; its cameras compare nothing.")
    return redirect("surveillance:face_record", pk=pk)


paths = [
    path("surveillance/of/<slug:slug>/faces/", index, name="faces"),
    path("surveillance/of/<slug:slug>/faces/records/new/", new, name="face_record_new"),
    path("surveillance/faces/records/<uuid:pk>/", show, name="face_record"),
    path("surveillance/faces/records/<uuid:pk>/change/", change, name="face_record_change"),
    path("surveillance/faces/records/<uuid:pk>/sign/", sign, name="face_record_sign"),
    path("surveillance/faces/records/<uuid:pk>/assessment/", assessment, name="face_assessment"),
    path("surveillance/faces/records/<uuid:pk>/revoke/", revoke, name="face_record_revoke"),
]
