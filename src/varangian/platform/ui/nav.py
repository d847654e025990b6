"""The rail: the responsibilities in the order of the work."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from varangian.platform.access.scope import holds


@dataclass(frozen=True)
class Item:
    name: str
    words: str
    icon: str
    url_name: str
    action: str = ""
    """What a person must be allowed to do somewhere; empty for everyone."""
    key: str = ""
    """Second letter after ``g``."""
    thumb: bool = False
    """On the bottom bar of a phone."""
    also: str = ""
    """Pages elsewhere that belong to it."""


@dataclass(frozen=True)
class Shown:
    item: Item
    url: str
    here: bool
    count: int | None


AUDITOR = "auditor"
ITEMS = (
    Item("board", "Board", "layout-dashboard", "board", key="b", thumb=True),
    Item(
        *("operations", "Operations", "radar", "operations:list", "operation.view", "o", True),
        also="/planning/",
    ),
    Item("principals", "Principals", "crown", "principals:list", "principal.view", "p", True),
    Item("threats", "Threats", "alert-triangle", "threats:list", "threat.view", "t"),
    Item("intelligence", "Intelligence", "affiliate", "intelligence:list", "signal.view"),
    Item("travel", "Travel", "route", "travel:list", "movement.view"),
    Item("places", "Places", "map-pin", "places:list", "place.view"),
    Item("crowds", "Crowds", "users-group", "crowds:list", "crowd.view"),
    Item("surveillance", "Surveillance", "device-cctv", "surveillance:list", "camera.view"),
    Item("roster", "Roster", "calendar-time", "roster:list", "post.view"),
    Item("log", "Log", "notebook", "log:list", "log.view", "l", True),
    Item("alerts", "Alerts", "bell", "alerts:list", "alert.view", "a", True),
    Item("incidents", "Incidents", "urgent", "incidents:list", "incident.view", "i"),
    Item("centre", "Centre", "map-2", "incidents:wall", "watch.view", "c"),
    Item("audit", "Audit", "shield-check", "audit:list", AUDITOR),
)
_counts: dict[str, Callable[[Any], int]] = {}


def count(name: str, of: Callable[[Any], int]) -> None:
    """Put a number on an item, for example the alerts that wait for this person."""
    _counts[name] = of


def route(name: str, *args: Any) -> str:
    """The address of a named page, or nothing when that part is not there."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def shown(request: HttpRequest) -> list[Shown]:
    """What this person gets, in order; parts that are not built do not show."""
    user = request.user
    found = []
    for item in ITEMS:
        url = route(item.url_name)
        if url and _allowed(user, item.action):
            number = _counts[item.name](user) if item.name in _counts else None
            found.append(Shown(item, url, _here(request.path, url, item.also), number))
    return found


def _allowed(user: Any, action: str) -> bool:
    if action == AUDITOR:
        return bool(user.is_auditor)
    return not action or holds(user, action)


def _here(path: str, url: str, also: str) -> bool:
    if url == "/":
        return path == url
    return path.startswith(url) or bool(also and path.startswith(also))
