"""What a phone takes along of a crowd: clickers of a watched venue, the card of a steward."""

from typing import Any

from varangian.crowds.queries import live, stewards
from varangian.operations import queries as operations
from varangian.operations.models import Operation
from varangian.platform.access.scope import Actor, may

from .phone import part


@part("crowd")
def clickers(actor: Actor, operation: Operation) -> list[dict[str, Any]]:
    """Empty for who does not count, and where nothing is watched."""
    if not may(actor, "crowd.count", operation.compartment_id):
        return []
    return [
        {"id": str(one.pk), "name": one.name, "venue": one.plan.name}
        for one in live.clickers(actor, operation)
    ]


@part("steward")
def steward_cards(actor: Actor, operation: Operation) -> list[dict[str, Any]]:
    """Of the posts in the crowd plan in force that this person stands; also with no net."""
    if not may(actor, "crowd.view", operation.compartment_id):
        return []
    duty = operations.own_duty(actor)
    here = duty.post_id if duty and duty.operation_id == operation.pk else None  # pyright: ignore
    return stewards.own_cards(actor, operation, here)
