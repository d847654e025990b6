"""The card of whoever stands a post of the crowd plan in force, for the phone in the hand."""

from typing import Any
from uuid import UUID

from django.db.models import Q

from varangian.operations.models import Operation
from varangian.platform.access.scope import Actor

from ..models import CrowdPlan, CrowdPost
from ..plan.printing import card_of
from . import plans as queries


def own_cards(actor: Actor, operation: Operation, post: UUID | None = None) -> list[dict[str, Any]]:
    """Of the posts that this person holds, and of ``post``, where they are on duty now. A post
    that the plan in force does not have any more has no card."""
    mine = Q(post__holder_id=actor.pk) | Q(post_id=post) if post else Q(post__holder_id=actor.pk)
    rows = CrowdPost.objects.visible_to(actor).filter(mine, operation=operation)
    plans = {
        plan.venue_id: plan  # pyright: ignore[reportAttributeAccessIssue]
        for plan in queries.plans(actor, operation).filter(state=CrowdPlan.State.IN_FORCE)
    }
    return [
        {"id": str(row.pk), **card_of(plan, found)}
        for row in rows.order_by("name")
        if (plan := plans.get(row.venue_id))  # pyright: ignore[reportAttributeAccessIssue]
        for found in queries.content_of(plan).posts
        if found.key == row.name
    ]
