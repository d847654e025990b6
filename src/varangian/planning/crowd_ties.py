"""What planning does when a crowd management plan posts its stewards: their shifts."""

from datetime import datetime
from typing import Any

from varangian.crowds.events import stewards_posted
from varangian.platform.access.scope import Actor

from .queries import roster as rows
from .services import change_shift, make_shifts


def register_all() -> None:
    stewards_posted.connect(on_posted, dispatch_uid="planning.stewards")


def on_posted(
    operation: Any,
    posts: list[tuple[Any, int]],
    starts: datetime,
    ends: datetime,
    actor: Actor,
    **_: Any,
) -> int:
    """Shifts from doors open until all is clear, for as many as each post takes."""
    wanted = {post.pk: people for post, people in posts}
    made, _there = make_shifts(
        actor=actor, operation=operation, starts=starts, ends=ends, posts=[p for p, _ in posts]
    )
    for shift in rows.shifts(actor, operation).filter(post_id__in=list(wanted), ends__gt=starts):
        if shift.starts < ends and shift.wanted != wanted[shift.post_id]:
            change_shift(actor=actor, shift=shift, wanted=wanted[shift.post_id])
    return len(made)
