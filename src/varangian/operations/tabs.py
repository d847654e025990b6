"""The parts of one operation as tabs. Features above add theirs when they are loaded."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from varangian.platform.access.scope import Actor, may

from .models import Operation


@dataclass(frozen=True)
class Tab:
    key: str
    words: str
    icon: str
    url_name: str
    action: str
    rank: int


_tabs: dict[str, Tab] = {}


def add(key: str, words: str, *, icon: str, url_name: str, action: str, rank: int) -> None:
    """``url_name`` takes the operation's slug; ``action`` is what lets a person see the part."""
    _tabs[key] = Tab(key, words, icon, url_name, action, rank)


add(
    "overview",
    "Overview",
    icon="radar",
    url_name="operations:show",
    action="operation.view",
    rank=0,
)


def of_operation(actor: Actor, operation: Operation, here: str) -> list[dict[str, Any]]:
    allowed: Callable[[Tab], bool] = lambda tab: may(actor, tab.action, operation.compartment_id)  # noqa: E731
    return [
        {
            "words": tab.words,
            "icon": tab.icon,
            "url": reverse(tab.url_name, args=[operation.slug]),
            "here": tab.key == here,
        }
        for tab in sorted(_tabs.values(), key=lambda tab: tab.rank)
        if allowed(tab)
    ]
