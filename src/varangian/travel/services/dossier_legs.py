"""A leg that newly leads to a destination makes its approval stale."""

from typing import Any

from varangian.platform.access.scope import Actor
from varangian.platform.thread.services import changed, tie

from ..queries import destinations as queries


def hear_of_leg(*, actor: Actor, movement: Any) -> None:
    """Legs that were tied before have marked their dossiers already when they changed."""
    fresh = []
    for row in queries.destinations(actor, movement.operation):
        node = ("destination", row.pk)
        if queries.leads_to(movement, row) and not queries.is_tied(actor, movement.pk, row.pk):
            tie(
                left=("movement", movement.pk),
                right=node,
                relation="leads to",
                compartment_id=row.compartment_id,
            )
            fresh.append(row)
    if fresh:
        changed(
            node=("movement", movement.pk), reason=f"Leg {movement.serial} is new to this place"
        )
