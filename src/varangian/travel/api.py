"""Itineraries over the API."""

from uuid import UUID

from django.http import HttpRequest
from ninja import File, Form, Router
from ninja.files import UploadedFile

from varangian.operations import queries as operation_queries
from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.principals import queries as principal_queries

from . import queries, services
from .shapes import affected_posts, draft_shape

router = Router(tags=["travel"])


@router.post("/itineraries", response={201: dict})
@idempotent
def import_itinerary(
    request: HttpRequest,
    file: File[UploadedFile],
    principal: Form[str],
    operation: Form[str] = "",
):
    target = operation_queries.operation(request.user, operation) if operation else None
    draft = services.import_itinerary(
        actor=request.user,
        principal=principal_queries.principal(request.user, principal),
        data=file.read(),
        name=file.name or "",
        operation=target,
    )
    return 201, draft_shape(draft)


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
