"""Who is on duty, from taking it up to being relieved, and what they are doing."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require
from varangian.platform.access.stage import exercising
from varangian.platform.news.services import announce

from ..events import duty_changed
from ..models import Duty, Operation, Post

ENDED = (Operation.State.CLOSED, Operation.State.CANCELLED)


@transaction.atomic
def start_duty(
    *, actor: Actor, operation: Operation, post: Post | None = None, at: datetime | None = None
) -> Duty:
    """Take up duty, on a post or in reserve. The same duty started twice is one duty."""
    require(actor, "duty.take", operation.compartment_id)
    _possible(actor, operation, post)
    running = Duty.objects.visible_to(actor, "duty.take").filter(
        operation=operation, person=actor, ended_at=None
    )
    if (found := running.first()) is not None:
        return found
    duty = Duty(
        compartment_id=operation.compartment_id, operation=operation, person=actor, post=post
    )
    duty.started_at = duty.status_at = min(at or now(), now())
    try:
        with transaction.atomic():
            duty.save(force_insert=True)
    except IntegrityError:
        return running.get()
    where = post.title if post else "in reserve"
    _tell(duty, "started", f"{actor} is on duty, {where}", actor)
    return duty


def _possible(actor: Actor, operation: Operation, post: Post | None) -> None:
    if actor.is_system:
        raise Refused("Only a named person goes on duty", mend="Use --as with a person's e-mail.")
    if operation.state in ENDED:
        raise Refused("This operation is over", where=operation.slug)
    if post is not None and post.operation_id != operation.pk:
        raise Refused("This post belongs to another operation", where=post.title)
    elsewhere = Duty.objects.visible_to(actor, "duty.take").filter(
        person=actor, ended_at=None, compartment__exercise=exercising()
    )
    other = elsewhere.exclude(operation=operation).select_related("operation").first()
    if other is not None:
        raise Refused(
            "You are on duty in another operation",
            where=other.operation.slug,
            mend="End that duty first.",
        )


@transaction.atomic
def set_status(*, actor: Actor, duty: Duty, status: str, at: datetime | None = None) -> Duty:
    """A report that was queued on a phone and is older than what is known changes nothing."""
    duty = _mine(actor, duty)
    if status not in Duty.Status.values:
        raise Refused("Unknown status", where=status, mend=", ".join(Duty.Status.values))
    when = min(at or now(), now())
    if when < duty.status_at or (status == duty.status and at is None):
        return duty
    duty.status, duty.status_at = status, when
    duty.save(update_fields=["status", "status_at"])
    _tell(duty, "status", f"{actor}: {Duty.Status(status).label.lower()}", actor)
    return duty


@transaction.atomic
def end_duty(
    *,
    actor: Actor,
    duty: Duty,
    at: datetime | None = None,
    relieved_by: Any = None,
    handover: list[dict[str, Any]] | None = None,
) -> Duty:
    """Stand down. ``handover``: what the relief was told, point by point, and confirmed."""
    duty = _mine(actor, duty)
    duty.ended_at = max(min(at or now(), now()), duty.started_at)
    duty.relieved_by, duty.handover = relieved_by, handover or []
    duty.save(update_fields=["ended_at", "relieved_by", "handover"])
    by = f", relieved by {relieved_by}" if relieved_by else ""
    _tell(duty, "ended", f"{duty.person} is off duty{by}", actor)
    return duty


def _mine(actor: Actor, duty: Duty) -> Duty:
    """Their own, or anybody's for those who change posts."""
    action = "duty.take" if duty.person_id == actor.pk else "post.change"
    require(actor, action, duty.compartment_id)
    seen = Duty.objects.visible_to(actor, action).select_related("person", "post", "operation")
    duty = seen.select_for_update(of=("self",)).get(pk=duty.pk)
    if duty.ended_at is not None:
        raise Refused("This duty has ended", where=duty.operation.slug)
    return duty


def _tell(duty: Duty, event: str, text: str, actor: Actor) -> None:
    duty_changed.send(sender=Duty, duty=duty, event=event, actor=actor)
    announce(
        topic="duties",
        event=event,
        text=text,
        compartment_id=duty.compartment_id,
        operation_id=duty.operation_id,
        record=("post", duty.post_id) if duty.post_id else None,
        actor=actor,
    )
