"""An order that is not acknowledged in time asks a person, and stops asking when it is read."""

from datetime import datetime
from typing import Any

from django.db import transaction

from varangian.alerts.services import raise_alert, supersede
from varangian.kernel.clock import now
from varangian.kernel.words import plural
from varangian.platform.access.scope import SYSTEM, system_read

from ..models import Acknowledgement, Order
from ..queries.orders import due

SOURCE = "order"


@transaction.atomic
@system_read("an order that nobody reads is told to whoever watches, not to those who should read")
def ask_for_unread(at: datetime | None = None) -> int:
    """Alerts for orders whose time to acknowledge has passed; returns how many are late."""
    late = Order.objects.filter(
        state=Order.State.ISSUED, acknowledge_by__lt=at or now()
    ).select_related("operation")
    rows = [(order, _missing(order)) for order in late]
    for order, posts in rows:
        if posts:
            _ask(order, posts)
    return sum(bool(posts) for _, posts in rows)


@system_read("whether all have read it is asked for everybody at once")
def all_read(order: Order) -> bool:
    return not _missing(order)


def settle_alert(order: Order) -> None:
    """Everybody has read it, or nobody has to any more."""
    out = order.state == Order.State.ISSUED
    if not out or all_read(order):
        words = "All posts have acknowledged" if out else "The order is not in force any more"
        supersede(source=SOURCE, about=order.pk, reason=words)


@system_read("the posts that have not read it are named in the alert, whoever holds them")
def _missing(order: Order) -> list[Any]:
    found = Acknowledgement.objects.filter(order=order).select_related("post__holder")
    return [ack.post for ack in due(found).order_by("post__serial")]


def _ask(order: Order, posts: list[Any]) -> None:
    names = ", ".join(f"{post.title} ({post.holder or 'nobody'})" for post in posts)
    raise_alert(
        operation=order.operation,
        title=f"{order.serial} not acknowledged by {plural(len(posts), 'post')}",
        source=SOURCE,
        about=order.pk,
        dedupe=f"unread:{order.pk}",
        urgency="now",
        actor=SYSTEM,
        body=f"{order.summary} Not acknowledged: {names}.".strip(),
        action="Reach them by radio or telephone; acknowledge on their behalf with a note.",
    )
