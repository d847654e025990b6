"""Maps over the API."""

from uuid import UUID

from django.http import HttpRequest
from ninja import File, Form, Router
from ninja.files import UploadedFile

from varangian.platform.access.paging import PageOf, idempotent, page

from .. import services
from ..pages.maps import on_disk
from ..queries import maps as queries
from ..shapes.maps import map_shape

router = Router()


@router.get("/maps")
def list_maps(request: HttpRequest, paging: PageOf):
    return page(queries.maps(request.user), paging, map_shape)


@router.post("/maps", response={201: dict, 200: dict})
@idempotent
def add_map(
    request: HttpRequest,
    file: File[UploadedFile],
    name: Form[str] = "",
    licence: Form[str] = "",
):
    """The extract is kept and waits for a worker; the same file again answers with its map."""
    with on_disk(file) as given:
        record, new = services.add_map(
            actor=request.user, path=given, name=name, licence=licence, file_name=file.name or ""
        )
    if new:
        services.build_later(record)
    return (201 if new else 200), map_shape(record)


@router.get("/maps/{pk}")
def show_map(request: HttpRequest, pk: UUID):
    found = queries.road_map(request.user, pk)
    return map_shape(found, list(queries.files(request.user, found)))


@router.post("/maps/{pk}/stop")
@idempotent
def stop_map(request: HttpRequest, pk: UUID):
    found = queries.road_map(request.user, pk)
    return map_shape(services.stop_map(actor=request.user, road_map=found))


@router.post("/maps/{pk}/again")
@idempotent
def rebuild_map(request: HttpRequest, pk: UUID):
    found = queries.road_map(request.user, pk)
    record = services.rebuild_map(actor=request.user, road_map=found)
    services.build_later(record)
    return map_shape(record)


@router.delete("/maps/{pk}", response={204: None})
def drop_map(request: HttpRequest, pk: UUID):
    services.drop_map(actor=request.user, road_map=queries.road_map(request.user, pk))
    return 204, None
