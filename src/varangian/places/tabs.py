"""The parts of one place as tabs. Features above add theirs when they are loaded."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from .library import form_for
from .models import Place


@dataclass(frozen=True)
class Tab:
    key: str
    words: str
    icon: str
    url_name: str
    """It takes the place's id."""
    has: Callable[[Place], bool] = lambda _: True


_tabs: dict[str, Tab] = {}


def add(tab: Tab) -> None:
    _tabs[tab.key] = tab


add(Tab("facts", "Facts", "map-pin", "places:show"))
add(Tab("survey", "Survey", "clipboard-check", "places:survey", lambda it: bool(form_for(it.kind))))


def of_place(place: Place, here: str) -> list[dict[str, Any]]:
    return [
        {
            "words": tab.words,
            "icon": tab.icon,
            "url": reverse(tab.url_name, args=[place.pk]),
            "here": tab.key == here,
        }
        for tab in _tabs.values()
        if tab.has(place)
    ]
