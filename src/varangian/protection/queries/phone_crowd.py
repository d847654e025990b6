"""The clickers of a venue that is watched now, for the phone at its door."""

from typing import Any

from varangian.crowds.queries import live
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
