"""The parts of one operation as tabs. Features above add theirs when they are loaded."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
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


GROUPS = (
    (0, "Overview", "radar"),
    (10, "Travel", "route"),
    (20, "Threats", "alert-triangle"),
    (30, "Plan", "file-text"),
    (48, "Detail", "user-check"),
    (60, "Review", "message"),
)
"""From which rank on, words, icon: thirty tabs in a row would be found by nobody."""
_tabs: dict[str, Tab] = {}


def add(key: str, words: str, *, icon: str, url_name: str, action: str, rank: int) -> None:
    """``url_name`` takes the operation's slug; ``action`` is what lets a person see the part,
    ``rank`` its place, and so its group."""
    _tabs[key] = Tab(key, words, icon, url_name, action, rank)


add(
    "overview",
    "Overview",
    icon="radar",
    url_name="operations:show",
    action="operation.view",
    rank=0,
)


@dataclass(frozen=True)
class Parts:
    """What a page of an operation shows: the groups, and the tabs of the group it belongs to."""

    groups: list[dict[str, Any]]
    tabs: list[dict[str, Any]]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.tabs)


def of_operation(actor: Actor, operation: Operation, here: str) -> Parts:
    """What this person may not see is left out, and a group of which nothing is left."""
    allowed = [tab for tab in _tabs.values() if may(actor, tab.action, operation.compartment_id)]
    allowed.sort(key=lambda tab: tab.rank)
    url: Callable[[Tab], str] = lambda tab: reverse(tab.url_name, args=[operation.slug])  # noqa: E731
    at = next((group_of(tab) for tab in allowed if tab.key == here), None)
    groups, shown = [], []
    for group, tabs in groupby(allowed, group_of):
        first, *others = tabs
        _, words, icon = group
        groups.append({"words": words, "icon": icon, "url": url(first), "here": group == at})
        if group == at and others:
            shown = [first, *others]
    tabs = [
        {"words": tab.words, "icon": tab.icon, "url": url(tab), "here": tab.key == here}
        for tab in shown
    ]
    return Parts(groups, tabs)


def group_of(tab: Tab) -> tuple[int, str, str]:
    return next(group for group in reversed(GROUPS) if group[0] <= tab.rank)
