"""Engagements, operations, movements and posts over the API."""

from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.access.reauth import prove
from varangian.principals import queries as principal_queries

from . import geo, queries, services
from .people import member_by_email
from .shapes import engagement_shape, movement_shape, operation_shape, post_shape

router = Router(tags=["operations"])


class NewEngagement(Schema):
    slug: str = ""
    title: str
    client: str = ""
    scope: str = ""
    authority: str = ""
    starts: date | None = None
    ends: date | None = None


class NewOperation(Schema):
    engagement: str
    principal: str
    title: str
    slug: str = ""
    kind: str = "visit"
    time_zone: str = "UTC"
    starts: datetime | None = None
    ends: datetime | None = None
    intent: str = ""


class OperationChange(Schema):
    title: str | None = None
    intent: str | None = None
    kind: str | None = None
    profile_level: str | None = None
    time_zone: str | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    expected_version: int | None = None


class NewMovement(Schema):
    kind: str
    title: str
    starts: datetime | None = None
    ends: datetime | None = None
    zone: str = "UTC"
    notes: str = ""


class MovementChange(Schema):
    title: str | None = None
    notes: str | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    zone: str | None = None
    expected_version: int | None = None


class NewState(Schema):
    state: str


class NewPost(Schema):
    title: str
    role: str
    edition: str
    call_sign: str = ""


class Holder(Schema):
    email: str | None = None


@router.get("/engagements")
def list_engagements(request: HttpRequest, paging: PageOf):
    return page(queries.engagements(request.user), paging, engagement_shape)


@router.post("/engagements", response={201: dict})
@idempotent
def open_engagement(request: HttpRequest, new: NewEngagement):
    return 201, engagement_shape(services.open_engagement(actor=request.user, **new.dict()))


@router.get("/engagements/{slug}")
def show_engagement(request: HttpRequest, slug: str):
    return engagement_shape(queries.engagement(request.user, slug))


@router.post("/engagements/{slug}/close")
@idempotent
def close_engagement(request: HttpRequest, slug: str):
    prove(request)
    engagement = queries.engagement(request.user, slug)
    return engagement_shape(services.close_engagement(actor=request.user, engagement=engagement))


@router.get("/operations")
def list_operations(request: HttpRequest, paging: PageOf):
    return page(queries.listed(request.user), paging, operation_shape)


@router.post("/operations", response={201: dict})
@idempotent
def open_operation(request: HttpRequest, new: NewOperation):
    given = new.dict()
    engagement = queries.engagement(request.user, given.pop("engagement"))
    principal = principal_queries.principal(request.user, given.pop("principal"))
    operation = services.open_operation(
        actor=request.user, engagement=engagement, principal=principal, **given
    )
    return 201, operation_shape(operation)


@router.get("/operations/{slug}")
def show_operation(request: HttpRequest, slug: str):
    return operation_shape(queries.operation(request.user, slug))


@router.patch("/operations/{slug}")
@idempotent
def change_operation(request: HttpRequest, slug: str, change: OperationChange):
    operation = queries.operation(request.user, slug)
    fields = change.dict(exclude_unset=True)
    return operation_shape(
        services.change_operation(actor=request.user, operation=operation, **fields)
    )


@router.post("/operations/{slug}/state")
@idempotent
def set_operation_state(request: HttpRequest, slug: str, new: NewState):
    operation = queries.operation(request.user, slug)
    return operation_shape(
        services.set_operation_state(actor=request.user, operation=operation, state=new.state)
    )


@router.get("/operations/{slug}/movements")
def list_movements(request: HttpRequest, slug: str, paging: PageOf):
    operation = queries.operation(request.user, slug)
    return page(queries.movements(request.user, operation), paging, movement_shape)


@router.post("/operations/{slug}/movements", response={201: dict})
@idempotent
def add_movement(request: HttpRequest, slug: str, new: NewMovement):
    operation = queries.operation(request.user, slug)
    movement = services.add_movement(actor=request.user, operation=operation, **new.dict())
    return 201, movement_shape(movement)


@router.get("/operations/{slug}/map")
def show_map(request: HttpRequest, slug: str):
    operation = queries.operation(request.user, slug)
    features = geo.movement_features(queries.movements(request.user, operation))
    return {"type": "FeatureCollection", "features": features}


@router.get("/movements/{pk}")
def show_movement(request: HttpRequest, pk: UUID):
    return movement_shape(queries.movement(request.user, pk))


@router.patch("/movements/{pk}")
@idempotent
def change_movement(request: HttpRequest, pk: UUID, change: MovementChange):
    movement = queries.movement(request.user, pk)
    fields = change.dict(exclude_unset=True)
    return movement_shape(services.change_movement(actor=request.user, movement=movement, **fields))


@router.post("/movements/{pk}/state")
@idempotent
def set_movement_state(request: HttpRequest, pk: UUID, new: NewState):
    movement = queries.movement(request.user, pk)
    return movement_shape(
        services.set_movement_state(actor=request.user, movement=movement, state=new.state)
    )


@router.get("/operations/{slug}/posts")
def list_posts(request: HttpRequest, slug: str, paging: PageOf):
    operation = queries.operation(request.user, slug)
    return page(queries.posts(request.user, operation), paging, post_shape)


@router.post("/operations/{slug}/posts", response={201: dict})
@idempotent
def add_post(request: HttpRequest, slug: str, new: NewPost):
    operation = queries.operation(request.user, slug)
    return 201, post_shape(services.add_post(actor=request.user, operation=operation, **new.dict()))


@router.post("/posts/{pk}/holder")
@idempotent
def assign_post(request: HttpRequest, pk: UUID, given: Holder):
    post = queries.post(request.user, pk)
    holder = given.email and member_by_email(request.user, post.operation, given.email)
    return post_shape(services.assign_post(actor=request.user, post=post, holder=holder or None))
