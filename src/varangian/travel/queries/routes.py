"""Reads of route plans. Who looks at a draw leaves a note in the audit."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from varangian.kernel.results import NotFound
from varangian.operations.models import Movement, Operation
from varangian.platform.access.scope import Actor
from varangian.platform.audit.services import note

from ..models import RouteDraw, RoutePlan
from ..route_working import mix_of
from .route_watchers import seal_of


def plans(actor: Actor, operation: Operation | None = None) -> QuerySet[RoutePlan]:
    found = RoutePlan.objects.visible_to(actor).select_related(
        "operation", "movement", "made_by", "approved_by", "draw"
    )
    if operation is not None:
        found = found.filter(operation=operation)
    return found.order_by("-made_at")


def plan(actor: Actor, pk: UUID) -> RoutePlan:
    found = plans(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such route plan, or it is not yours to see", where=str(pk))
    return found


def plan_of(actor: Actor, movement: Movement) -> RoutePlan:
    """The newest version for a leg."""
    found = plans(actor).filter(movement=movement).order_by("-version").first()
    if found is None:
        mend = "varangian route make plans its routes."
        raise NotFound("This leg has no route plan", where=f"leg {movement.serial}", mend=mend)
    return found


def versions(actor: Actor, movement: Movement | None) -> QuerySet[RoutePlan]:
    return plans(actor).filter(movement=movement, movement__isnull=False).order_by("-version")


def draw_of(actor: Actor, plan: RoutePlan) -> RouteDraw | None:
    """None also while it is sealed and this person need not know."""
    found = RouteDraw.objects.visible_to(actor).filter(plan=plan)
    return found.select_related("plan", "drawn_by", "released_by", "driven_by").first()


def opened(actor: Actor, plan: RoutePlan) -> RouteDraw:
    """The draw to be read: this leaves a note."""
    found = draw_of(actor, plan)
    if found is None:
        seal = seal_of(plan)
        mend = "The leader releases it before departure, to those of the leg."
        raise NotFound(
            "Nothing has been released to you", where=seal.words if seal else "draw", mend=mend
        )
    words = "route draw" if found.released_at else "route draw before its release"
    note(kind="read", record=found, actor=actor, purpose=words)
    return found


def habit(actor: Actor, plan: RoutePlan) -> dict[str, Any] | None:
    """What was really driven between the same two places, against what this plan means."""
    leg = plan.movement
    if leg is None:
        return None
    same = {
        "plan__movement__origin": leg.origin_id,
        "plan__movement__destination": leg.destination_id,
    }
    found = RouteDraw.objects.visible_to(actor).filter(driven_at__isnull=False, **same)
    keys = [row.driven.get("route", "") for row in found.order_by("driven_at")]
    if not keys:
        return None
    from varangian.engines.routing.mix import drift

    return drift(keys, mix_of(plan.payload)).shape()
