"""Files of what is public, over the API: brought, looked through, taken."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile

from varangian.platform.access.paging import PageOf, idempotent, page

from ..queries import exposure as queries
from ..services import exposure as services
from ..services.exposure.imports import read_upload
from ..shapes.exposure import upload_shape

router = Router(tags=["exposure"])


class ExposureReading(Schema):
    columns: dict[str, int] | None = None
    """Column by meaning, counted from 0; left out, as proposed."""
    kind: str | None = None
    where: str | None = None
    found_by: str | None = None
    seen_on: date | None = None


@router.get("/principals/{slug}/exposure/imports")
def list_exposure_imports(request: HttpRequest, slug: str, paging: PageOf):
    principal = queries.principal_with_exposure(request.user, slug)
    rows = queries.imports(request.user, principal)
    return page(rows, paging, lambda row: upload_shape(row, request.user, report=False))


@router.post("/principals/{slug}/exposure/imports", response={201: dict})
@idempotent
def bring_exposure_file(
    request: HttpRequest,
    slug: str,
    file: File[UploadedFile],
    where: Form[str] = "",
    found_by: Form[str] = "",
):
    """Kept and read; nothing is an item before it is taken."""
    principal = queries.principal_with_exposure(request.user, slug)
    made = services.take_in(
        actor=request.user,
        principal=principal,
        data=file.read(),
        name=file.name or "",
        where=where,
        found_by=found_by,
    )
    return 201, _shown(request, made)


@router.get("/exposure-imports/{pk}")
def show_exposure_import(request: HttpRequest, pk: UUID):
    return _shown(request, queries.upload(request.user, pk))


@router.post("/exposure-imports/{pk}/take")
@idempotent
def take_exposure_import(request: HttpRequest, pk: UUID, reading: ExposureReading):
    upload = queries.upload(request.user, pk)
    taken = services.take_import(
        actor=request.user, upload=upload, **reading.dict(exclude_none=True)
    )
    return upload_shape(taken, request.user)


@router.post("/exposure-imports/{pk}/drop")
@idempotent
def drop_exposure_import(request: HttpRequest, pk: UUID):
    upload = queries.upload(request.user, pk)
    return upload_shape(services.drop_import(actor=request.user, upload=upload), request.user)


def _shown(request: HttpRequest, upload: Any) -> dict[str, Any]:
    """How many rows can be taken as it would be read now."""
    shown = upload_shape(upload, request.user)
    if upload.state != "preview" or (
        upload.format == "csv" and "what" not in upload.reading["columns"]
    ):
        return shown
    found = read_upload(upload).candidates
    broken = sum(1 for one in found if one.problem and not one.noted)
    return shown | {"rows": len(found), "usable": sum(1 for one in found if not one.problem),
                    "broken": broken}  # fmt: skip
