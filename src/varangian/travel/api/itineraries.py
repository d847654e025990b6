"""Itineraries over the API."""

from uuid import UUID

from django.http import HttpRequest
from ninja import File, Form, Router
from ninja.files import UploadedFile

from varangian.operations import queries as operation_queries
from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.principals import queries as principal_queries

from .. import services
from ..queries import itineraries as queries
from ..shapes.itineraries import affected_posts, draft_shape, intake_shape, refused_shape

router = Router()


@router.post("/itineraries", response={201: dict, 202: dict})
@idempotent
def import_itinerary(
    request: HttpRequest,
    file: File[UploadedFile],
    principal: Form[str],
    operation: Form[str] = "",
):
    """201 with the draft, and those of other journeys in the file; 202 when it cannot be read and
    was kept with the reason."""
    target = operation_queries.operation(request.user, operation) if operation else None
    taken = services.take_in(
        actor=request.user,
        principal=principal_queries.principal(request.user, principal),
        data=file.read(),
        name=file.name or "",
        operation=target,
    )
    return (201 if taken.drafts else 202), intake_shape(taken)


@router.get("/operations/{slug}/itineraries")
def list_drafts(request: HttpRequest, slug: str, paging: PageOf):
    operation = operation_queries.operation(request.user, slug)
    return page(queries.drafts(request.user, operation), paging, draft_shape)


@router.get("/itineraries/{pk}")
def show_draft(request: HttpRequest, pk: UUID):
    draft = queries.draft(request.user, pk)
    return draft_shape(draft) | {"posts": affected_posts(request.user, draft)}


@router.post("/itineraries/{pk}/accept")
@idempotent
def accept_draft(request: HttpRequest, pk: UUID):
    draft = queries.draft(request.user, pk)
    return draft_shape(services.accept_draft(actor=request.user, draft=draft))


@router.post("/itineraries/{pk}/reject")
@idempotent
def reject_draft(request: HttpRequest, pk: UUID):
    draft = queries.draft(request.user, pk)
    return draft_shape(services.reject_draft(actor=request.user, draft=draft))


@router.get("/refused-files")
def list_refused_files(request: HttpRequest, paging: PageOf):
    return page(queries.refused_files(request.user), paging, refused_shape)


@router.get("/refused-files/{uuid:pk}")
def show_refused_file(request: HttpRequest, pk: UUID):
    return refused_shape(queries.refused_file(request.user, pk))


@router.post("/refused-files/{uuid:pk}/put-away")
@idempotent
def put_away_refused_file(request: HttpRequest, pk: UUID):
    refused = queries.refused_file(request.user, pk)
    return refused_shape(services.put_away_refused(actor=request.user, refused=refused))
