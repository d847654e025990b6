"""How orders hang on the thread, on the screens and in find-anything."""

from typing import Any

from django.urls import reverse

from varangian.operations import tabs
from varangian.platform.access.scope import Actor
from varangian.platform.news.services import announced
from varangian.platform.thread.registry import register
from varangian.platform.ui import find
from varangian.platform.ui.find import Hit

from .library import order_structure
from .queries import orders
from .services.late import on_news

SCANNED = 300


def register_all() -> None:
    """A line is named by its number only: its words are for the readers of its edition."""
    register(
        "order",
        words="Order",
        model="planning.Order",
        caption=lambda order: f"{order.serial} version {order.version}",
        url=lambda order: reverse("planning:order_show", args=[order.pk]),
    )
    register(
        "order_line",
        words="Order line",
        model="planning.OrderLine",
        caption=_line,
        url=lambda line: f"{reverse('planning:order_show', args=[line.order_id])}#line-{line.pk}",
    )
    register(
        "change",
        words="Change",
        model="planning.Change",
        caption=lambda row: f"{row.label} {row.summary}",
        url=lambda row: reverse("planning:change_show", args=[row.pk]),
    )
    tabs.add(
        "readiness",
        "Readiness",
        icon="circle-check",
        url_name="planning:readiness",
        action="readiness.view",
        rank=45,
    )
    tabs.add(
        "order", "Order", icon="file-text", url_name="planning:order", action="order.view", rank=40
    )
    find.register("order", words="Orders", icon="file-text", search=find_orders)
    announced.connect(on_news, dispatch_uid="planning.late")


def find_orders(actor: Actor, text: str) -> list[Hit]:
    """By serial."""
    rows: Any = orders.orders(actor).filter(serial__icontains=text.replace("\x00", ""))[:SCANNED]
    return [
        Hit(
            f"{row.serial} version {row.version}",
            reverse("planning:order_show", args=[row.pk]),
            row.get_state_display(),
        )
        for row in rows
    ]


def _line(line: Any) -> str:
    """Its number and heading; its words are for the readers of its edition."""
    titles = {heading.id: heading.title for heading in order_structure().headings()}
    return f"Line {line.number} {titles.get(line.heading, '')}".strip()
