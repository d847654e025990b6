"""The texts of an order that no other record holds."""

from typing import Any

from django.db import transaction

from varangian.kernel.results import Refused
from varangian.operations.services import change_movement, change_operation
from varangian.platform.access.scope import Actor, require

from ..library import order_structure
from ..queries.plans import HELD_ELSEWHERE, RANKS
from .orders import lock_operation


@transaction.atomic
def write_plan(
    *, actor: Actor, operation: Any, texts: dict[str, str], expected_version: int | None = None
) -> Any:
    """Texts by heading id; an empty text takes the heading out. Others stay as they are."""
    require(actor, "operation.change", operation.compartment_id)
    lock_operation(actor, operation)
    operation.refresh_from_db(fields=["plan", "version"])
    known = {heading.id for heading in order_structure().headings()} - HELD_ELSEWHERE
    for name in texts:
        if name not in known:
            raise Refused(
                "No text is kept for this heading",
                where=name,
                mend="It comes from the records: threats, movements, the principal's file.",
            )
    merged = {**(operation.plan or {}), **{name: text.strip() for name, text in texts.items()}}
    plan = {name: text for name, text in merged.items() if text}
    return change_operation(
        actor=actor, operation=operation, expected_version=expected_version, plan=plan
    )


def write_routes(
    *, actor: Actor, movement: Any, routes: dict[str, str], expected_version: int | None = None
) -> Any:
    """Primary, alternate and emergency route of a leg, in words a driver can follow."""
    if unknown := set(routes) - set(RANKS):
        raise Refused("A route has a rank", where=", ".join(unknown), mend=", ".join(RANKS))
    old = movement.details.get("routes")
    merged = {**(old if isinstance(old, dict) else {}), **routes}
    kept = {rank: merged[rank].strip() for rank in RANKS if merged.get(rank, "").strip()}
    details = {**movement.details, "routes": kept}
    return change_movement(
        actor=actor, movement=movement, expected_version=expected_version, details=details
    )
