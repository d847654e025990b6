"""Cards and the communications plan on the thread, as tabs, and in find-anything."""

from typing import Any

from django.urls import reverse

from varangian.operations import tabs
from varangian.platform.access.scope import Actor
from varangian.platform.thread import registry
from varangian.platform.ui import find

from .queries import cards


def register_all() -> None:
    registry.register(
        "card",
        words="Contingency card",
        model="planning.Card",
        caption=lambda row: row.title,
        url=lambda row: reverse("planning:card", args=[row.pk]),
    )
    tabs.add(
        "cards",
        "Actions-on",
        icon="urgent",
        url_name="planning:cards",
        action="card.view",
        rank=42,
    )
    registry.register(
        "comms",
        words="Communications plan",
        model="planning.CommsPlan",
        caption=lambda row: f"Version {row.version}",
        url=lambda row: reverse("planning:comms", args=[row.operation.slug]),
    )
    tabs.add(
        "comms",
        "Comms",
        icon="broadcast",
        url_name="planning:comms",
        action="comms.view",
        rank=43,
    )
    find.register("card", words="Contingency cards", icon="urgent", search=find_cards)


def find_cards(actor: Actor, text: str) -> list[find.Hit]:
    rows: Any = cards.cards(actor).filter(
        title__icontains=text.replace("\x00", ""), in_force__isnull=False, withdrawn_at=None
    )
    return [
        find.Hit(row.title, reverse("planning:card", args=[row.pk]), row.operation.slug)
        for row in rows[: find.MOST]
    ]
