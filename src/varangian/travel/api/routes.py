"""Route plans over the API."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from varangian.operations import queries as operation_queries
from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.access.reauth import prove
from varangian.platform.access.scope import require

from .. import services
from ..queries import drivers, fleet
from ..queries import routes as queries
from ..queries.route_watchers import member_by_email, readers, seal_of
from ..shapes.routes import draw_shape, plan_row, plan_shape, seal_shape, sealed_shape

router = Router()


class RouteWish(Schema):
    movement: UUID
    budget: float = 1.2
    window_minutes: float = 0
    routes: int = 8
    avoid: list[dict[str, Any]] = []


class RouteRole(Schema):
    route: str
    role: str


class RouteRelease(Schema):
    reason: str = ""
    driver: str = ""
    vehicle: str = ""


class RouteReader(Schema):
    email: str
    watches: bool = True


class RouteDriven(Schema):
    route: str = ""
    words: str = ""
    minutes: float | None = None


class RouteClosure(Schema):
    area: dict[str, Any]
    reason: str = ""


class RouteWithdrawal(Schema):
    reason: str


@router.get("/operations/{slug}/route-plans")
def list_route_plans(request: HttpRequest, slug: str, paging: PageOf):
    operation = operation_queries.operation(request.user, slug)
    require(request.user, "route.view", operation.compartment_id)
    return page(queries.plans(request.user, operation), paging, plan_row)


@router.post("/operations/{slug}/route-plans", response={201: dict})
@idempotent
def make_route_plan(request: HttpRequest, slug: str, given: RouteWish):
    operation = operation_queries.operation(request.user, slug)
    require(request.user, "route.change", operation.compartment_id)
    plan = services.plan_routes(
        actor=request.user,
        movement=operation_queries.movement_of(request.user, operation, given.movement),
        budget=given.budget,
        window_s=given.window_minutes * 60,
        routes=given.routes,
        areas=list(given.avoid),
    )
    return 201, plan_shape(plan)


@router.get("/route-plans/{uuid:pk}")
def show_route_plan(request: HttpRequest, pk: UUID):
    plan = queries.plan(request.user, pk)
    return plan_shape(plan) | {"seal": seal_shape(seal_of(plan))}


@router.get("/route-plans/{uuid:pk}/watchers")
def list_route_readers(request: HttpRequest, pk: UUID):
    """To whom the draw opens once it is released, and why."""
    plan = queries.plan(request.user, pk)
    require(request.user, "route.draw", plan.compartment_id)
    return {"items": readers(request.user, plan)}


@router.post("/route-plans/{uuid:pk}/watchers")
@idempotent
def change_route_watcher(request: HttpRequest, pk: UUID, given: RouteReader):
    plan = queries.plan(request.user, pk)
    require(request.user, "route.draw", plan.compartment_id)
    prove(request)
    person = member_by_email(request.user, plan, given.email)
    change = services.name_watcher if given.watches else services.drop_watcher
    change(actor=request.user, plan=plan, person=person)
    return {"items": readers(request.user, plan)}


@router.post("/route-plans/{uuid:pk}/role")
@idempotent
def set_route_role(request: HttpRequest, pk: UUID, given: RouteRole):
    plan = queries.plan(request.user, pk)
    return plan_shape(services.set_route_role(actor=request.user, plan=plan, **given.dict()))


@router.post("/route-plans/{uuid:pk}/replan", response={201: dict})
@idempotent
def replan_routes(request: HttpRequest, pk: UUID, given: RouteClosure):
    plan = queries.plan(request.user, pk)
    fresh = services.replan_routes(
        actor=request.user, plan=plan, area=given.area, reason=given.reason
    )
    return 201, plan_shape(fresh)


@router.post("/route-plans/{uuid:pk}/withdraw")
@idempotent
def withdraw_routes(request: HttpRequest, pk: UUID, given: RouteWithdrawal):
    plan = queries.plan(request.user, pk)
    return plan_row(services.withdraw_routes(actor=request.user, plan=plan, reason=given.reason))


@router.post("/route-plans/{uuid:pk}/approve")
@idempotent
def approve_routes(request: HttpRequest, pk: UUID):
    plan = queries.plan(request.user, pk)
    prove(request)
    return plan_row(services.approve_routes(actor=request.user, plan=plan))


@router.post("/route-plans/{uuid:pk}/draw", response={201: dict})
@idempotent
def draw_route(request: HttpRequest, pk: UUID):
    """Answers with the seal alone: to draw is not to look."""
    plan = queries.plan(request.user, pk)
    prove(request)
    return 201, sealed_shape(services.draw_route(actor=request.user, plan=plan))


@router.get("/route-plans/{uuid:pk}/draw")
def show_route_draw(request: HttpRequest, pk: UUID):
    """What was drawn; who looks is in the audit."""
    plan = queries.plan(request.user, pk)
    sealed = queries.draw_of(request.user, plan)
    if sealed and not sealed.released_at:
        prove(request)
    return draw_shape(queries.opened(request.user, plan))


@router.post("/route-plans/{uuid:pk}/release")
@idempotent
def release_route(request: HttpRequest, pk: UUID, given: RouteRelease):
    plan = queries.plan(request.user, pk)
    prove(request)
    draw = services.release_route(
        actor=request.user,
        plan=plan,
        reason=given.reason,
        driver=drivers.person(request.user, given.driver) if given.driver else None,
        vehicle=fleet.vehicle_named(request.user, given.vehicle) if given.vehicle else None,
    )
    return sealed_shape(draw)


@router.post("/route-plans/{uuid:pk}/driven")
@idempotent
def report_driven(request: HttpRequest, pk: UUID, given: RouteDriven):
    plan = queries.plan(request.user, pk)
    draw = services.report_driven(actor=request.user, plan=plan, **given.dict())
    return draw_shape(draw)
