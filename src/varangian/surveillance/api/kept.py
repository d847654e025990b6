"""Evidence of events over the API."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from varangian.operations import queries as operations
from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.access.reauth import prove
from varangian.platform.access.scope import require

from ..queries import events as event_queries
from ..queries import kept as queries
from ..services import kept as services
from ..services import kept_export
from ..shapes.kept import kept_shape, kept_use_shape

router = Router()
PRIVATE = {"Cache-Control": "no-store"}


class KeepEvent(Schema):
    reason: str
    reference: str
    days: int = 365
    clips: list[UUID] = []


class KeptPurpose(Schema):
    purpose: str


class KeptEnd(Schema):
    purpose: str
    days: int


@router.get("/operations/{slug}/kept-events")
def list_kept_events(request: HttpRequest, slug: str, paging: PageOf):
    """Events that were kept as evidence, the newest first."""
    operation = operations.operation(request.user, slug)
    require(request.user, "kept_event.view", operation.compartment_id)
    return page(queries.kept_events(request.user, operation), paging, kept_shape)


@router.get("/operations/{slug}/kept-uses")
def list_kept_uses(request: HttpRequest, slug: str, paging: PageOf):
    """Who kept, looked at, prolonged and took out what, and why: for the leader."""
    operation = operations.operation(request.user, slug)
    return page(queries.uses(request.user, operation), paging, kept_use_shape)


@router.post("/seen/{pk}/keep")
@idempotent
def keep_event(request: HttpRequest, pk: UUID, given: KeepEvent):
    """Keep an event with its picture and ``clips`` of the operation for ``days``."""
    event = event_queries.event(request.user, pk)
    require(request.user, "kept_event.keep", event.compartment_id)
    made = services.keep_event(
        actor=request.user,
        event=event,
        reason=given.reason,
        reference=given.reference,
        days=given.days,
        clips=queries.chosen_clips(request.user, event, given.clips),
    )
    return kept_shape(made)


@router.get("/kept-events/{pk}")
def show_kept_event(request: HttpRequest, pk: UUID):
    return kept_shape(queries.kept_event(request.user, pk))


@router.put("/kept-events/{pk}/end")
@idempotent
def move_kept_end(request: HttpRequest, pk: UUID, given: KeptEnd):
    """``days`` from now, later or sooner."""
    kept = queries.kept_event(request.user, pk)
    row = services.move_end(actor=request.user, kept=kept, days=given.days, purpose=given.purpose)
    return kept_shape(row)


@router.post("/kept-events/{pk}/files/{number}")
def show_kept_file(request: HttpRequest, pk: UUID, number: int, given: KeptPurpose):
    """One file, from 1, as it was kept. Each look is on record with its purpose."""
    kept = queries.kept_event(request.user, pk)
    told, data = services.file_of(kept, number)
    services.look_kept(actor=request.user, kept=kept, purpose=given.purpose)
    return HttpResponse(data, content_type=told["media_type"], headers=PRIVATE)


@router.post("/kept-events/{pk}/export")
def export_kept_event(request: HttpRequest, pk: UUID, given: KeptPurpose):
    """A zip for ``varangian audit verify``. Each one is on record, so this takes no idempotency
    key. From a browser only shortly after signing in again."""
    kept = queries.kept_event(request.user, pk)
    require(request.user, "kept_event.export", kept.compartment_id)
    prove(request)
    taken = kept_export.export_kept(actor=request.user, kept=kept, purpose=given.purpose)
    told = {"Content-Disposition": f'attachment; filename="{taken.name}"', **PRIVATE}
    return HttpResponse(taken.data, content_type="application/zip", headers=told)
