"""The parts of a principal's page. Features above add theirs when they are loaded."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from varangian.platform.access.scope import Actor, may

from .models import Principal


@dataclass(frozen=True)
class Tab:
    key: str
    words: str
    icon: str
    url_name: str
    action: str


_tabs: dict[str, Tab] = {}


def add(key: str, words: str, *, icon: str, url_name: str, action: str) -> None:
    """``url_name`` takes the principal's slug; ``action`` is what lets a person see the part."""
    _tabs[key] = Tab(key, words, icon, url_name, action)


add("file", "File", icon="file-text", url_name="principals:show", action="principal.view")
add(
    "exposure",
    "Exposure",
    icon="world",
    url_name="principals:exposure",
    action="exposure.view",
)


def of_principal(actor: Actor, principal: Principal, here: str) -> list[dict[str, Any]]:
    return [
        {
            "words": tab.words,
            "icon": tab.icon,
            "url": reverse(tab.url_name, args=[principal.slug]),
            "here": tab.key == here,
        }
        for tab in _tabs.values()
        if may(actor, tab.action, principal.compartment_id)
    ]
