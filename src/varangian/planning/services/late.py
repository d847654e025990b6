"""A threat, risk, measure or post that comes after the order was written: the order hears of it."""

from typing import Any

from varangian.platform.access.scope import system_read
from varangian.platform.news.services import News
from varangian.platform.thread.services import changed, tie_all

from ..models import Order

TOPICS = {"threats": "threat", "risks": "risk", "measures": "measure", "posts": "post"} | {
    "cards": "card",
    "comms": "comms",
}
NEWLY = ("added", "agreed", "in_place", "in_force", "withdrawn", "written")


def on_news(news: News, **_: Any) -> None:
    """Ties the newcomer to the order that cannot know of it yet, and marks that order."""
    if news.topic not in TOPICS or news.event not in NEWLY or news.record is None:
        return
    if news.record[0] != TOPICS[news.topic] or news.operation_id is None:
        return
    live = _orders_that_count(news.operation_id)
    if not live:
        return
    pairs = [(news.record, ("order", order.pk)) for order in live]
    tie_all(pairs=pairs, relation="came after", compartment_id=news.compartment_id)
    changed(node=news.record, reason=news.text)


@system_read(
    "whoever adds a threat or a post makes orders stale, whether or not they may read them"
)
def _orders_that_count(operation_id: Any) -> list[Order]:
    states = (Order.State.DRAFT, Order.State.APPROVED, Order.State.ISSUED)
    kinds = (Order.Kind.WARNING, Order.Kind.OPERATION)
    return list(Order.objects.filter(operation_id=operation_id, state__in=states, kind__in=kinds))
