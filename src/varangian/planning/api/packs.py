"""Contractor packs over the API. The link is answered once, when it is made."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from varangian.operations import queries as operations
from varangian.places import queries as places
from varangian.platform.access.paging import PageOf, page

from .. import services
from ..queries import packs
from ..shapes.packs import pack_address, pack_shape

router = Router(tags=["contractor packs"])


class NewPack(Schema):
    recipient: str
    kind: str = "driver"
    hours: int = 6
    phone: str = ""
    meet: str = ""
    call_sign: str = ""
    where: str = ""
    when: datetime | None = None
    do: list[str] = []
    dont: list[str] = []
    movement: UUID | None = None
    place: UUID | None = None
    post: UUID | None = None
    point: bool = False
    name_principal: bool = False


@router.get("/operations/{slug}/packs")
def list_packs(request: HttpRequest, slug: str, paging: PageOf):
    operation = packs.operation_with_packs(request.user, slug)
    rows = packs.packs(request.user, operation)
    return page(rows, paging, lambda row: pack_shape(packs.shown(request.user, [row])[0]))


@router.post("/operations/{slug}/packs", response={201: dict})
def make_pack(request: HttpRequest, slug: str, new: NewPack):
    """No idempotency key: an answer that is kept would keep the link."""
    operation = packs.operation_with_packs(request.user, slug)
    fields: dict[str, Any] = new.dict()
    finders = {
        "movement": operations.movement,
        "place": places.place,
        "post": operations.post,
    }
    for name, find in finders.items():
        fields[name] = find(request.user, fields[name]) if fields[name] else None
    made, secret = services.make_pack(actor=request.user, operation=operation, **fields)
    return 201, {**_shown(request, made), "link": pack_address(secret)}


@router.get("/packs/{uuid:pk}")
def show_pack(request: HttpRequest, pk: UUID):
    return _shown(request, packs.pack(request.user, pk))


@router.post("/packs/{uuid:pk}/link")
def renew_link(request: HttpRequest, pk: UUID):
    """Another link to the same page; the one before opens nothing."""
    found = packs.pack(request.user, pk)
    secret = services.renew_link(actor=request.user, pack=found)
    return {**_shown(request, found), "link": pack_address(secret)}


@router.post("/packs/{uuid:pk}/revoke")
def revoke_pack(request: HttpRequest, pk: UUID):
    found = services.revoke_pack(actor=request.user, pack=packs.pack(request.user, pk))
    return _shown(request, found)


def _shown(request: HttpRequest, found: Any) -> dict[str, Any]:
    return pack_shape(packs.shown(request.user, [found])[0])
