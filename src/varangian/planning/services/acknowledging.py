"""Posts say that they have read an order."""

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Denied, Refused
from varangian.operations.models import Post
from varangian.platform.access.scope import Actor, may, require

from ..models import Acknowledgement, Order
from .issuing import named
from .orders import locked, tell
from .unread import settle_alert


@transaction.atomic
def acknowledge_order(*, actor: Actor, order: Order, post: Post, note: str = "") -> Acknowledgement:
    """By the holder of the post; the detail leader or the operator on their behalf, with a note."""
    require(actor, "order.view", order.compartment_id)
    named(actor, "acknowledge an order")
    order = locked(actor, order)
    if order.state != Order.State.ISSUED:
        raise Refused(
            f"An order that is {order.get_state_display().lower()} is not acknowledged",
            where=order.serial,
        )
    own = post.holder_id == actor.pk
    if own:
        require(actor, "order.acknowledge", order.compartment_id)
    elif not may(actor, "order.change", order.compartment_id):
        raise Denied("Only the holder of the post acknowledges for it", where=post.title)
    elif not note.strip():
        raise Refused(
            "Say how the holder told you", where="note", mend="For example: by radio at 14:05."
        )
    if post.holder_id is None:
        raise Refused("Nobody holds this post", where=post.title, mend="Fill the post first.")
    found = Acknowledgement.objects.visible_to(actor).select_for_update()
    row = found.filter(order=order, post=post).first()
    if row is None:
        raise Refused("This post was not asked", where=post.title)
    row.user, row.by = post.holder, None if own else actor
    row.note, row.at = note.replace("\x00", "").strip()[:200], now()
    row.save()
    behalf = "" if own else f", told by {actor}"
    tell(order, "acknowledged", actor, f"{order.serial} acknowledged by {post.title}{behalf}")
    settle_alert(order)
    return row
