"""A file of what is public: brought, looked through, taken, and told row by row."""

import base64
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from varangian.kernel.results import Refused
from varangian.platform.access.scope import require

from ..exposure_rules import HIDDEN
from ..forms.exposure import ColumnsForm, UploadForm
from ..library import exposure as library
from ..models import ExposureImport
from ..queries import exposure as queries
from ..reading.table import read_table
from ..rules import MASKED
from ..services import exposure as services
from ..services.exposure.imports import read_upload
from ..shapes.exposure import report_rows

Answer = HttpResponse
SHOWN = 20


@login_required
def bring(request: HttpRequest, slug: str) -> Answer:
    principal = queries.principal_with_exposure(request.user, slug)
    require(request.user, "exposure.change", principal.compartment_id)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = UploadForm(*sent)
    if form.is_valid():
        given = dict(form.cleaned_data)
        file = given.pop("file")
        try:
            made = services.take_in(
                actor=request.user, principal=principal, data=file.read(), name=file.name, **given
            )
        except Refused as refused:
            form.add_error("file", f"{refused.what}. {refused.mend}".strip())
        else:
            return redirect("principals:exposure_import", slug, made.pk)
    shown = {"principal": principal, "form": form}
    return render(request, "principals/exposure_bring.html", shown)


@login_required
def look_through(request: HttpRequest, slug: str, pk: UUID) -> Answer:
    """Before it is taken: the first rows as they would be read. After it: what became of each."""
    upload = _upload(request, slug, pk)
    shown: dict[str, Any] = {"principal": upload.principal, "upload": upload}
    if upload.state != ExposureImport.State.PREVIEW:
        shown["report"] = report_rows(upload, request.user)
        return render(request, "principals/exposure_import.html", shown)
    form = _columns(request, upload)
    settings = dict(upload.reading)
    if form is not None and form.is_bound:
        if not form.is_valid():
            return render(request, "principals/exposure_import.html", shown | {"form": form})
        settings |= form.fields_of()
    if request.method == "POST" and "take" in request.POST:
        services.take_import(
            actor=request.user, upload=upload, **(form.fields_of() if form is not None else {})
        )
        return redirect("principals:exposure_import", slug, pk)
    shown |= {"form": form, **_preview(request, upload, settings)}
    return render(request, "principals/exposure_import.html", shown)


def _upload(request: HttpRequest, slug: str, pk: UUID) -> ExposureImport:
    principal = queries.principal_with_exposure(request.user, slug)
    require(request.user, "exposure.change", principal.compartment_id)
    return queries.upload(request.user, pk, principal)


def _columns(request: HttpRequest, upload: ExposureImport) -> ColumnsForm | None:
    if upload.format != ExposureImport.Format.CSV:
        return None
    head = read_table(base64.b64decode(upload.original)).head
    return ColumnsForm(request.POST or None, head=head, reading=upload.reading)


def _preview(
    request: HttpRequest, upload: ExposureImport, settings: dict[str, Any]
) -> dict[str, Any]:
    """What somebody else brought shows masked where an item would be."""
    try:
        reading = read_upload(upload, settings)
    except Refused as refused:
        return {"trouble": refused}
    own = request.user.pk == upload.by_id
    rows = [
        {**one.fields, "at": one.where, "problem": one.problem, "mend": one.mend,
         "noted": one.noted, "raw": one.raw if own or not one.raw else MASKED}
        for one in reading.candidates[:SHOWN]
    ]  # fmt: skip
    for row in rows:
        if not own and row.get("kind") and library().masked(row["kind"], row["detail"]):
            row |= dict.fromkeys(HIDDEN, MASKED)
    usable = sum(1 for one in reading.candidates if not one.problem)
    noted = sum(1 for one in reading.candidates if one.noted)
    total = len(reading.candidates)
    counts = {"total": total, "usable": usable, "broken": total - usable - noted, "noted": noted}
    return {"rows": rows, "counts": counts, "remarks": reading.remarks,
            "settings": {"where": "", "seen_on": "", **settings}}  # fmt: skip


@login_required
@require_POST
def drop(request: HttpRequest, slug: str, pk: UUID) -> Answer:
    services.drop_import(actor=request.user, upload=_upload(request, slug, pk))
    return redirect("principals:exposure", slug)


paths = [
    path("<slug:slug>/exposure/import", bring, name="exposure_bring"),
    path("<slug:slug>/exposure/files/<uuid:pk>/", look_through, name="exposure_import"),
    path("<slug:slug>/exposure/files/<uuid:pk>/drop", drop, name="exposure_drop"),
]
