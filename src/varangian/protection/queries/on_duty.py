"""Who is on duty, in words and times; what is told at a handover."""

from typing import Any

from varangian.kernel.results import NotFound
from varangian.operations import queries as operations
from varangian.operations.models import Duty, Operation
from varangian.platform.access.scope import Actor, may

from ..models import FieldReport

HANDOVER = (
    "Where the principal is and what comes next",
    "What has changed since the order, and what is expected",
    "Who else is on duty, where, and on which channel",
    "Vehicles, keys and equipment, counted together",
    "Medical: who has the kit, nearest hospital",
    "Open tasks, sightings and alerts",
    "Next check call",
)
OPEN = (Operation.State.DRAFT, Operation.State.PLANNED, Operation.State.ACTIVE)


def duty_shape(duty: Duty) -> dict[str, Any]:
    return {
        "id": str(duty.pk),
        "operation": duty.operation.slug,
        "person": str(duty.person),
        "call_sign": duty.call_sign,
        "post": duty.post.title if duty.post else None,
        "role": duty.post.role if duty.post else None,
        "status": duty.status,
        "status_words": duty.get_status_display(),
        "status_at": duty.status_at,
        "started_at": duty.started_at,
        "ended_at": duty.ended_at,
        "relieved_by": str(duty.relieved_by) if duty.relieved_by else None,
        "handover": duty.handover,
    }


def startable(actor: Actor) -> list[dict[str, Any]]:
    """Open operations in which this person may take up duty, with the posts they hold."""
    return [
        {
            "slug": row.slug,
            "title": row.title,
            "posts": [
                {"id": str(post.pk), "title": post.title, "call_sign": post.call_sign}
                for post in operations.posts_held(actor, row)
            ],
        }
        for row in operations.operations(actor).filter(state__in=OPEN)
        if may(actor, "duty.take", row.compartment_id)
    ]


def past_duties(actor: Actor, operation: Operation, most: int = 50) -> list[Duty]:
    found = Duty.objects.visible_to(actor).filter(operation=operation).exclude(ended_at=None)
    rows = found.select_related("person", "post", "operation", "relieved_by")
    return list(rows.order_by("-ended_at")[:most])


def duty(actor: Actor, pk: Any) -> Duty | None:
    found = Duty.objects.visible_to(actor).filter(pk=pk)
    return found.select_related("person", "post", "operation").first()


def field_reports(actor: Actor, operation: Operation, most: int = 50) -> list[FieldReport]:
    found = FieldReport.objects.visible_to(actor).filter(operation=operation)
    return list(found.select_related("person", "entry", "photo", "voice")[:most])


def field_report(actor: Actor, pk: Any) -> FieldReport:
    found = FieldReport.objects.visible_to(actor).filter(pk=pk)
    row = found.select_related("photo", "voice", "operation").first()
    if row is None:
        raise NotFound("There is no such report, or it is not yours to see", where=str(pk))
    return row
