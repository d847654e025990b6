"""Is the signature under an order genuine?"""

from typing import Any

from varangian.platform.access.scope import Actor, require
from varangian.platform.audit.signing import short

from ..models import Order
from ..signing import fault
from .orders import own_lines


def verdict(actor: Actor, order: Order) -> dict[str, Any]:
    """For those who may read every line: the signature covers all editions at once."""
    require(actor, "order.change", order.compartment_id)
    reason = fault(order, own_lines(actor, order))
    return {
        "order": order.serial,
        "version": order.version,
        "genuine": not reason,
        "reason": reason or None,
        "signed_by": order.approved_name or None,
        "signed_at": order.approved_at,
        "digest": short(order.content_digest) if order.content_digest else None,
    }
