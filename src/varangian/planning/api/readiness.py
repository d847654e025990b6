"""Readiness and the plan's texts over the API."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from varangian.operations import queries as operations
from varangian.platform.access.paging import idempotent

from .. import services
from ..queries import plans
from ..queries.readiness import readiness
from ..shapes.readiness import light_shape

router = Router(tags=["readiness"])


class Confirming(Schema):
    note: str
    waive: bool = False


class Texts(Schema):
    texts: dict[str, str]
    """By heading id of the order; an empty text takes it out."""


class Routes(Schema):
    primary: str | None = None
    alternate: str | None = None
    emergency: str | None = None


@router.get("/operations/{slug}/readiness")
def list_readiness(request: HttpRequest, slug: str):
    operation = operations.operation(request.user, slug)
    return [light_shape(row) for row in readiness(request.user, operation)]


@router.post("/operations/{slug}/readiness/{artefact}")
@idempotent
def confirm_artefact(request: HttpRequest, slug: str, artefact: str, given: Confirming):
    operation = operations.operation(request.user, slug)
    services.confirm_artefact(
        actor=request.user, operation=operation, artefact=artefact, **given.dict()
    )
    return [light_shape(row) for row in readiness(request.user, operation)]


@router.get("/operations/{slug}/plan")
def show_plan(request: HttpRequest, slug: str):
    operation = operations.operation(request.user, slug)
    parts = plans.plan(request.user, operation)
    return {heading.id: text for _, headings in parts for heading, text in headings}


@router.patch("/operations/{slug}/plan")
@idempotent
def change_plan(request: HttpRequest, slug: str, given: Texts):
    operation = operations.operation(request.user, slug)
    services.write_plan(actor=request.user, operation=operation, texts=given.texts)
    parts = plans.plan(request.user, operation)
    return {heading.id: text for _, headings in parts for heading, text in headings}


@router.patch("/movements/{uuid:pk}/routes")
@idempotent
def change_routes(request: HttpRequest, pk: UUID, given: Routes):
    movement = operations.movement(request.user, pk)
    routes = given.dict(exclude_none=True)
    changed = services.write_routes(actor=request.user, movement=movement, routes=routes)
    return changed.details.get("routes", {})
