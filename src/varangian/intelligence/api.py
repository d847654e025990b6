"""Feeds and signals over the API."""

from uuid import UUID

from django.http import HttpRequest
from ninja import File, Router, Schema
from ninja.files import UploadedFile

from varangian.platform.access.paging import PageOf, idempotent, page

from . import queries, services
from .shapes import connector_shape, import_shape, signal_shape

router = Router(tags=["intelligence"])


class Switch(Schema):
    on: bool
    url: str = ""
    kind: str = ""


@router.get("/signals")
def list_signals(request: HttpRequest, paging: PageOf, kind: str = "", state: str = "active"):
    return page(queries.signals(request.user, kind=kind, state=state), paging, signal_shape)


@router.get("/signals/{pk}")
def show_signal(request: HttpRequest, pk: UUID):
    return signal_shape(queries.signal(request.user, pk))


@router.post("/feeds/import", response={201: dict})
@idempotent
def import_feed(request: HttpRequest, file: File[UploadedFile], kind: str = "auto"):
    record = services.import_feed(
        actor=request.user, data=file.read(), kind=kind, name=file.name or ""
    )
    return 201, import_shape(record)


@router.get("/feeds/imports")
def list_imports(request: HttpRequest, paging: PageOf):
    return page(queries.imports(request.user), paging, import_shape)


@router.get("/connectors")
def list_connectors(request: HttpRequest, paging: PageOf):
    return page(queries.connectors(request.user), paging, connector_shape)


@router.post("/connectors/{name}")
@idempotent
def switch_connector(request: HttpRequest, name: str, given: Switch):
    return connector_shape(services.switch(actor=request.user, name=name, **given.dict()))
