"""A copy of an operation for an exercise, in a compartment of its own."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from varangian.kernel.clock import now
from varangian.platform.access.models import Membership
from varangian.platform.access.scope import Actor, require, system_read
from varangian.platform.access.services import open_compartment
from varangian.platform.access.stage import on_stage
from varangian.platform.database.slugs import save_under_free_slug

from ..events import operation_state_set
from ..models import Movement, Operation, Post, PostMovement

MARK = "EXERCISE"
OF_OPERATION = ("kind", "threat_level", "profile_level", "intent", "time_zone", "plan")
OF_MOVEMENT = ("kind", "implied", "title", "notes", "details", "zone", "serial", "state")
OF_POST = ("title", "role", "edition", "call_sign", "holder_id", "serial")
State = Movement.State


@transaction.atomic
@system_read("whoever may run the exercise copies the whole of the operation, for its own members")
def copy_for_exercise(*, actor: Actor, operation: Operation, moment: datetime) -> Operation:
    """Movements, posts and members as they are, with ``moment`` of the plan falling on now.

    Nothing is announced: no hazard is matched, nobody is told, and no log of life is written.
    """
    require(actor, "exercise.run", operation.compartment_id)
    shift = now() - moment
    legs = list(Movement.objects.filter(operation=operation).exclude(state=State.CANCELLED))
    posts = list(Post.objects.filter(operation=operation).prefetch_related("covers"))
    above = operation.engagement.compartment
    circle = open_compartment(label="", parent=above, exercise=True)
    _members(actor, operation.compartment_id, circle.pk)
    with on_stage(actor, exercise=True):
        copy = _operation(operation, circle, shift)
        _posts(copy, posts, _movements(copy, legs, shift))
    return copy


def _operation(operation: Operation, circle: Any, shift: timedelta) -> Operation:
    copy = Operation(
        key_id=operation.key_id,
        compartment=circle,
        engagement=operation.engagement,
        principal=operation.principal,
        state=Operation.State.ACTIVE,
        title=f"{MARK}: {operation.title}",
        starts=_moved(operation.starts, shift),
        ends=_moved(operation.ends, shift),
        **{name: getattr(operation, name) for name in OF_OPERATION},
    )
    save_under_free_slug(copy, f"{operation.slug[:38]}-exercise", exact=False)
    circle.label = copy.slug
    circle.save(update_fields=["label"])
    return copy


def _moved(at: datetime | None, shift: timedelta) -> datetime | None:
    return at + shift if at else None


@system_read("the same people, in the same roles, whoever runs the exercise")
def _members(actor: Actor, source: UUID, target: UUID) -> None:
    rows = Membership.objects.filter(compartment_id=source)
    Membership.objects.bulk_create(
        Membership(
            compartment_id=target,
            user_id=row.user_id,
            role=row.role,
            until=row.until,
            added_by_id=actor.pk,
        )
        for row in rows
    )


def _movements(copy: Operation, rows: list[Movement], shift: timedelta) -> dict[UUID, Movement]:
    made = {}
    for row in rows:
        made[row.pk] = Movement(
            key_id=copy.key_id,
            compartment_id=copy.compartment_id,
            operation=copy,
            origin_id=row.origin_id,
            destination_id=row.destination_id,
            starts=_moved(row.starts, shift),
            ends=_moved(row.ends, shift),
            **{name: getattr(row, name) for name in OF_MOVEMENT},
        )
    Movement.objects.bulk_create(made.values())
    return made


def _posts(copy: Operation, rows: list[Post], legs: dict[UUID, Movement]) -> None:
    covers = []
    for row in rows:
        post = Post.objects.create(
            compartment_id=copy.compartment_id,
            operation=copy,
            held_since=now() if row.holder_id else None,
            **{name: getattr(row, name) for name in OF_POST},
        )
        covers += [
            PostMovement(post=post, movement=legs[cover.movement_id])
            for cover in row.covers.all()
            if cover.movement_id in legs
        ]
    PostMovement.objects.bulk_create(covers)


@system_read("the exercise is over for everybody; nobody's role decides")
def end_copy(*, actor: Actor, operation: Operation) -> None:
    """Close it and let its members go: nothing of it shows any more."""
    operation.state, operation.updated_at = Operation.State.CLOSED, now()
    operation.save(update_fields=["state", "updated_at"])
    operation_state_set.send(sender=Operation, operation=operation, actor=actor)
    Membership.objects.filter(compartment_id=operation.compartment_id).update(until=now())
