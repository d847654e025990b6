"""What only the team may know, and where somebody typed it all the same."""

import re
from collections.abc import Iterator
from typing import Any

from varangian.engines.crowdflow.venue import Item, Venue

from .content import Content

OURS = ("safe_room", "vehicle", "way", "stay", "overlook")
SHORTEST = 4
PLAIN = {"vehicle", "vehicles", "room", "safe room", "hall", "door", "gate", "stage"}
"""Names that give nothing away."""


def hidden_items(venue: Venue | None, content: Content) -> set[str]:
    """Shapes of the drawing that are in the team's copy alone."""
    ours = {item.id for item in venue.of(*OURS, "post") if _ours(item)} if venue else set()
    return ours | set(content.principal.hidden) | {p.key for p in content.posts if p.ours_alone}


def _ours(item: Item) -> bool:
    return item.kind != "post" or item.props.cover


def secret_words(venue: Venue | None, content: Content, code_name: str = "") -> list[str]:
    """Names and ids of what is hidden, and the code name."""
    hidden = hidden_items(venue, content) - {p.key for p in content.posts}
    found = {code_name}
    for item in venue.items if venue else ():
        if item.id in hidden:
            found |= {item.props.name, item.id} - _mere(item, content)
    return sorted(
        word for word in found if len(word) >= SHORTEST and word.strip().lower() not in PLAIN
    )


def _mere(item: Item, content: Content) -> set[str]:
    """An id that is a mere word may stand in any text. Of what has a name nobody writes the id,
    unless a person hid it by that."""
    mere = item.id.isalpha() and item.props.name and item.id not in content.principal.hidden
    return {item.id} if mere else set()


def names_one(text: str, words: list[str]) -> str:
    """The first secret word that stands in a text, else ""."""
    return next(
        (w for w in words if re.search(rf"(?<!\w){re.escape(w)}(?!\w)", text, re.IGNORECASE)), ""
    )


def leaks(content: Content, words: list[str]) -> list[tuple[str, str]]:
    """(where, word) of each text that others will read. Facts that name one are left out of
    other copies by themselves."""
    whole = content.model_dump(mode="json", exclude={"principal": True})
    whole["posts"] = [post for post in whole["posts"] if not post["ours_alone"]]
    for cell in whole["matrix"].values():
        del cell["facts"]
    return [(where, word) for where, text in _texts(whole) if (word := names_one(text, words))]


def _texts(value: Any, where: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from _texts(one, f"{where}.{name}".lstrip("."))
    elif isinstance(value, list):
        for number, one in enumerate(value, 1):
            yield from _texts(one, f"{where} {number}")
