"""Places over the API."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from varangian.platform.access.paging import PageOf, idempotent, page

from .. import queries, services
from ..shapes import shape

router = Router(tags=["places"])


class PlaceChange(Schema):
    name: str | None = None
    address: str | None = None
    notes: str | None = None
    phone: str | None = None
    kind: str | None = None
    position: list[float] | None = None


@router.get("/places")
def list_places(request: HttpRequest, paging: PageOf, kind: str = "", unlocated: bool = False):
    return page(queries.places(request.user, kind=kind, unlocated=unlocated), paging, shape)


@router.get("/places/{pk}")
def show_place(request: HttpRequest, pk: UUID):
    return shape(queries.place(request.user, pk))


@router.patch("/places/{pk}")
@idempotent
def change_place(request: HttpRequest, pk: UUID, change: PlaceChange):
    place = queries.place(request.user, pk)
    fields = change.dict(exclude_unset=True)
    return shape(services.change_place(actor=request.user, place=place, **fields))
