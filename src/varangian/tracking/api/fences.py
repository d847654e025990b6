"""Fences over the API."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from varangian.operations import queries as operation_queries
from varangian.platform.access.paging import PageOf, idempotent, page

from ..queries import fences as queries
from ..services import fences as services
from ..shapes.fences import fence_shape

router = Router()


class NewFence(Schema):
    name: str
    kind: str = "circle"
    position: list[float] | None = None
    radius_m: int = 200
    ring: list[list[float]] | None = None
    tells: str = "both"
    about: str = "all"
    urgency: str = "attention"
    purpose: str = ""
    margin_m: int = 0


class FenceChange(Schema):
    name: str | None = None
    purpose: str | None = None
    kind: str | None = None
    position: list[float] | None = None
    radius_m: int | None = None
    ring: list[list[float]] | None = None
    margin_m: int | None = None
    tells: str | None = None
    about: str | None = None
    urgency: str | None = None


@router.get("/operations/{slug}/fences")
def list_fences(request: HttpRequest, slug: str, paging: PageOf):
    operation = operation_queries.operation(request.user, slug)
    return page(queries.fences(request.user, operation), paging, fence_shape)


@router.post("/operations/{slug}/fences")
@idempotent
def add_fence(request: HttpRequest, slug: str, given: NewFence):
    operation = operation_queries.operation(request.user, slug)
    made = services.add_fence(actor=request.user, operation=operation, **given.dict())
    return fence_shape(made)


@router.get("/fences/{pk}")
def show_fence(request: HttpRequest, pk: UUID):
    return fence_shape(queries.fence(request.user, pk))


@router.patch("/fences/{pk}")
@idempotent
def change_fence(request: HttpRequest, pk: UUID, change: FenceChange):
    """Moved or drawn anew; who is inside is then found out anew."""
    fence = queries.fence(request.user, pk)
    fields = {name: v for name, v in change.dict(exclude_unset=True).items() if v is not None}
    return fence_shape(services.change_fence(actor=request.user, fence=fence, **fields))


@router.delete("/fences/{pk}")
@idempotent
def remove_fence(request: HttpRequest, pk: UUID):
    fence = queries.fence(request.user, pk)
    services.remove_fence(actor=request.user, fence=fence)
    return {"removed": pk}
