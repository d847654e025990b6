"""The log over the API."""

from datetime import datetime
from io import BytesIO

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from varangian.operations import queries as spine
from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.access.reauth import prove

from . import exports, queries, services
from .shapes import shape

router = Router(tags=["log"])


class Entry(Schema):
    event: str
    from_: str = ""
    to: str = ""
    action: str = ""
    at: datetime | None = None
    corrects: int | None = None


@router.get("/operations/{slug}/log")
def list_entries(request: HttpRequest, slug: str, paging: PageOf, kind: str = "", topic: str = ""):
    operation = spine.operation(request.user, slug)
    found = queries.filtered(queries.entries(request.user, operation), kind=kind, topic=topic)
    return page(found, paging, shape)


@router.post("/operations/{slug}/log")
@idempotent
def write_entry(request: HttpRequest, slug: str, entry: Entry):
    operation = spine.operation(request.user, slug)
    given = entry.dict(exclude={"corrects"})
    if entry.corrects is None:
        return shape(services.write_entry(actor=request.user, operation=operation, **given))
    given["serial"] = entry.corrects
    return shape(services.correct_entry(actor=request.user, operation=operation, **given))


@router.get("/operations/{slug}/log/bundle")
def bundle(request: HttpRequest, slug: str):
    """A zip for ``varangian audit verify``. From a browser only shortly after signing in again."""
    prove(request)
    operation = spine.operation(request.user, slug)
    out = BytesIO()
    exports.export_bundle(actor=request.user, operation=operation, out=out)
    return HttpResponse(out.getvalue(), content_type="application/zip")
