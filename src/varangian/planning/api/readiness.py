"""Readiness and the plan's texts over the API."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from varangian.operations import queries as operations
from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.access.reauth import prove
from varangian.platform.access.scope import require

from .. import services
from ..queries import decisions, plans
from ..queries.readiness import readiness
from ..shapes.readiness import decision_shape, light_shape, standing_shape

router = Router(tags=["readiness"])


class Confirming(Schema):
    note: str
    waive: bool = False
    until: datetime | None = None
    """When the waiver ends; without it as late as the policy allows."""


class Withdrawing(Schema):
    note: str = ""


class Deciding(Schema):
    kind: Literal["go", "no_go"]
    reason: str = ""


class Starting(Schema):
    reason: str


class ReadinessTexts(Schema):
    texts: dict[str, str]
    """By heading id of the order; an empty text takes it out."""
    expected_version: int | None = None
    """Of the operation: refused when somebody changed it since this version was read."""


class Routes(Schema):
    primary: str | None = None
    alternate: str | None = None
    emergency: str | None = None
    expected_version: int | None = None
    """Of the leg."""


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


@router.post("/operations/{slug}/readiness/{artefact}/withdraw")
@idempotent
def withdraw_waiver(request: HttpRequest, slug: str, artefact: str, given: Withdrawing):
    operation = operations.operation(request.user, slug)
    services.withdraw_waiver(
        actor=request.user, operation=operation, artefact=artefact, note=given.note
    )
    return [light_shape(row) for row in readiness(request.user, operation)]


@router.get("/operations/{slug}/decisions")
def list_decisions(request: HttpRequest, slug: str, paging: PageOf):
    operation = operations.operation(request.user, slug)
    require(request.user, "readiness.view", operation.compartment_id)
    return page(decisions.decisions(request.user, operation), paging, decision_shape)


@router.post("/operations/{slug}/decisions", response={201: dict})
@idempotent
def decide(request: HttpRequest, slug: str, given: Deciding):
    prove(request)
    operation = operations.operation(request.user, slug)
    made = services.decide(actor=request.user, operation=operation, **given.dict())
    return 201, decision_shape(made)


@router.post("/operations/{slug}/override", response={201: dict})
@idempotent
def override(request: HttpRequest, slug: str, given: Starting):
    """Start without a go; the reason and what was missing stay on record."""
    prove(request)
    operation = operations.operation(request.user, slug)
    made = services.decide(
        actor=request.user, operation=operation, kind="override", reason=given.reason
    )
    return 201, decision_shape(made)


@router.get("/operations/{slug}/go")
def show_standing(request: HttpRequest, slug: str):
    """The last word, whether it still stands, and what has turned since."""
    operation = operations.operation(request.user, slug)
    lights = readiness(request.user, operation)
    return standing_shape(decisions.standing(request.user, operation, lights))


@router.get("/operations/{slug}/plan")
def show_plan(request: HttpRequest, slug: str):
    operation = operations.operation(request.user, slug)
    parts = plans.plan(request.user, operation)
    return {heading.id: text for _, headings in parts for heading, text in headings}


@router.patch("/operations/{slug}/plan")
@idempotent
def change_plan(request: HttpRequest, slug: str, given: ReadinessTexts):
    operation = operations.operation(request.user, slug)
    services.write_plan(
        actor=request.user,
        operation=operation,
        texts=given.texts,
        expected_version=given.expected_version,
    )
    parts = plans.plan(request.user, operation)
    return {heading.id: text for _, headings in parts for heading, text in headings}


@router.patch("/movements/{uuid:pk}/routes")
@idempotent
def change_routes(request: HttpRequest, pk: UUID, given: Routes):
    movement = operations.movement(request.user, pk)
    routes = given.dict(exclude_none=True)
    expected = routes.pop("expected_version", None)
    changed = services.write_routes(
        actor=request.user, movement=movement, routes=routes, expected_version=expected
    )
    return changed.details.get("routes", {})
