"""The top bar asks the features: which operation is in hand, and is anyone under duress?"""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.template.loader import render_to_string

from varangian.platform.access.scope import Actor
from varangian.platform.access.stage import exercising, on_stage


@dataclass(frozen=True)
class Hand:
    caption: str
    url: str
    state: str = ""
    tone: str = "grey"


@dataclass(frozen=True)
class Banner:
    words: str
    url: str


@dataclass(frozen=True)
class Stage:
    """Life or exercise, said on every page. ``action`` is the form that changes sides."""

    words: str
    action: str
    submit: str
    url: str = ""
    url_words: str = ""
    inside: bool = False


_stages: list[Callable[[HttpRequest], Stage | None]] = []
_hands: list[Callable[[HttpRequest], list[Hand]]] = []
_banners: list[Callable[[Actor], list[Banner]]] = []


def hand(of: Callable[[HttpRequest], list[Hand]]) -> None:
    """The first is the operation in hand, the rest are offered."""
    _hands.append(of)


def banner(of: Callable[[Actor], list[Banner]]) -> None:
    """Red, above everything, on every page, until the list is empty."""
    _banners.append(of)


def stage(of: Callable[[HttpRequest], Stage | None]) -> None:
    """Asked on every page: is this an exercise, or does one wait to be entered?"""
    _stages.append(of)


def hands(request: HttpRequest) -> list[Hand]:
    return [found for of in _hands for found in of(request)]


def banners(actor: Actor) -> list[Banner]:
    """Duress in life reaches also who is in an exercise."""
    if not exercising():
        return [found for of in _banners for found in of(actor)]
    with on_stage(actor, exercise=False):
        return [found for of in _banners for found in of(actor)]


def banners_html(actor: Actor) -> str:
    return render_to_string("ui/banner.html", {"banners": banners(actor)})


def stages(request: HttpRequest) -> list[Stage]:
    return [found for of in _stages if (found := of(request))]
