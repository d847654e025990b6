"""Plans that a worker makes, or the console: of a leg, round a closed road, of a whole day."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from varangian.engines.routing.errors import Cancelled, Progress
from varangian.operations import queries as operation_queries
from varangian.operations.models import Movement, Operation
from varangian.platform.access.scope import Actor, require
from varangian.platform.jobs.long_work import LongWork
from varangian.platform.live.services import publish

from ..models import RouteDay, RoutePlan, RouteWork
from ..queries import route_days as day_queries
from ..queries import routes as queries
from .route_day_closures import keep_closure, want_closure
from .route_days import keep_day, want_day
from .routes import keep_routes, want_replan, want_routes


@transaction.atomic
def ask_routes(*, actor: Actor, movement: Movement, **wish: Any) -> RouteWork:
    """The routes of a leg are to be planned; ``plan_later`` or ``plan_now`` does it."""
    want_routes(actor=actor, movement=movement, **wish)
    return _ask(actor, movement.operation, "leg", wish | {"movement": str(movement.pk)})


@transaction.atomic
def ask_replan(*, actor: Actor, plan: RoutePlan, area: Any, reason: str = "") -> RouteWork:
    want_replan(actor=actor, plan=plan, area=area, reason=reason)
    wish = {"plan": str(plan.pk), "area": area, "reason": reason}
    return _ask(actor, plan.operation, "closure", wish)


@transaction.atomic
def ask_day(*, actor: Actor, operation: Operation, on: date, **wish: Any) -> RouteWork:
    want_day(actor=actor, operation=operation, on=on, **wish)
    return _ask(actor, operation, "day", wish | {"on": on.isoformat()})


@transaction.atomic
def ask_closure(*, actor: Actor, day: RouteDay, area: Any, reason: str) -> RouteWork:
    """A road of a recorded day is closed: the rest of it is to be planned anew."""
    want_closure(actor=actor, day=day, area=area, reason=reason)
    wish = {"day": str(day.pk), "area": area, "reason": reason}
    return _ask(actor, day.operation, "day-closed", wish)


def _ask(actor: Actor, operation: Operation, kind: str, wish: dict[str, Any]) -> RouteWork:
    require(actor, "route.change", operation.compartment_id)
    return RouteWork.objects.create(
        key_id=operation.principal.key_id, compartment_id=operation.compartment_id,
        operation=operation, kind=kind, wish=wish, asked_by_id=actor.pk,
    )  # fmt: skip


def _wanted(actor: Actor, work: RouteWork) -> Any:
    wish = dict(work.wish)
    operation = operation_queries.operation_by_id(actor, work.operation_id)  # pyright: ignore
    if work.kind == "day":
        on = date.fromisoformat(wish.pop("on"))
        return want_day(actor=actor, operation=operation, on=on, **wish)
    if work.kind == "day-closed":
        day = day_queries.day(actor, UUID(wish.pop("day")))
        return want_closure(actor=actor, day=day, **wish)
    if work.kind == "closure":
        plan = queries.plan(actor, UUID(wish.pop("plan")))
        return want_replan(actor=actor, plan=plan, **wish)
    movement = operation_queries.movement(actor, UUID(wish.pop("movement")))
    return want_routes(actor=actor, movement=movement, **wish)


def _made(wanted: Any, tell: Progress) -> Any:
    return wanted.work(tell)


def _keep(actor: Actor, work: RouteWork, wanted: Any, made: Any) -> None:
    if work.kind == "day":
        work.day = keep_day(actor=actor, wanted=wanted, made=made)
    elif work.kind == "day-closed":
        work.day = keep_closure(actor=actor, wanted=wanted, made=made)
    else:
        work.plan = keep_routes(actor=actor, wanted=wanted, payload=made)


def _publish(work: RouteWork) -> None:
    publish(topic="routes", kind="work", record=work.pk, compartment_id=work.compartment_id)


PLANNING = LongWork[RouteWork](
    model=RouteWork, task="travel.plan_routes", lock=lambda work: f"routes-{work.operation_id}",  # pyright: ignore
    purpose="plan routes", action="route.change", want=_wanted, make=_made, keep=_keep,
    publish=_publish, cancelled=Cancelled, over="This is not being planned any more",
    stopped="Stopped. Nothing of it was kept; what was planned before still holds.",
)  # fmt: skip
plan_later, plan_now, stop_work = PLANNING.later, PLANNING.now, PLANNING.stop
