"""The top bar asks the features: which operation is in hand, and is anyone under duress?"""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest


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


_hands: list[Callable[[HttpRequest], list[Hand]]] = []
_banners: list[Callable[[HttpRequest], list[Banner]]] = []


def hand(of: Callable[[HttpRequest], list[Hand]]) -> None:
    """The first is the operation in hand, the rest are offered."""
    _hands.append(of)


def banner(of: Callable[[HttpRequest], list[Banner]]) -> None:
    """Red, above everything, on every page, until the list is empty."""
    _banners.append(of)


def hands(request: HttpRequest) -> list[Hand]:
    return [found for of in _hands for found in of(request)]


def banners(request: HttpRequest) -> list[Banner]:
    return [found for of in _banners for found in of(request)]
