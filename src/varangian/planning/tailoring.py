"""A standard contingency card fitted to one operation: whom to call, and where to fall back to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from varangian.kernel.geometry import haversine_km
from varangian.operations.library import posts as standard_posts

from .library import Card
from .rules import post_of_role

POST_OF = {
    "operations room": "controller",
    "client": "client_liaison",
    "spare car": "driver_follow",
}
PLACE_OF = {
    "trauma centre": ("trauma_centre",),
    "venue control": ("venue",),
    "organiser control": ("venue",),
    "duty manager": ("hotel",),
}
CONTACT_OF = {
    "principal's doctor": ("doctor", "physician"),
    "family": ("daughter", "son", "family"),
}
PUBLIC = ("police", "ambulance", "fire service")
"""Reached by the emergency number where no line of their own is known."""


@dataclass(frozen=True)
class Known:
    """What a call list is made from. ``places`` are those of the programme, then those of help."""

    posts: Sequence[Any] = ()
    places: Sequence[Any] = ()
    contacts: Sequence[Any] = ()
    numbers: Sequence[str] = ()
    """Lines of the plan's emergency contacts."""


def tailored(card: Card, known: Known) -> tuple[dict[str, Any], Any]:
    """The content of version 1 and the place to fall back to; what is not known stays empty."""
    content = {
        "trigger": card.trigger,
        "drill": [{"role": step.role, "do": step.do} for step in card.drill],
        "call": [{"who": who, "how": reached(who, known)} for who in card.call],
        "fall_back": card.fall_back,
        "do_not": card.do_not,
    }
    return content, fall_back(card.fall_back, known)


def reached(who: str, known: Known) -> str:
    """Call sign, telephone or number for one entry of a call list."""
    if who in POST_OF:
        post = _post(known.posts, POST_OF[who])
        return (
            " ".join(part for part in (post.call_sign, f"({post.title})") if part) if post else ""
        )
    if who in PLACE_OF:
        rows = [row for row in known.places if row.kind in PLACE_OF[who] and row.phone]
        return "; ".join(f"{row.name} {row.phone}" for row in rows[:3])
    if who in CONTACT_OF:
        rows = [c for c in known.contacts if c.role.lower() in CONTACT_OF[who] and c.phone]
        return "; ".join(f"{row.name} {row.phone}" for row in rows[:2])
    return _number(who, known.numbers)


def _post(posts: Sequence[Any], standard_id: str) -> Any:
    """By the standard title first: two drivers have one role."""
    title = standard_posts().get(standard_id).title
    titled = next((post for post in posts if post.title == title), None)
    return titled or post_of_role(posts, standard_id)


def dial(how: str) -> str:
    """The first number in an entry as a phone dials it; empty when there is none."""
    found = re.search(r"\+?\d[\d ()/-]*\d", how)
    return re.sub(r"[^\d+]", "", found.group()) if found else ""


def _number(who: str, lines: Sequence[str]) -> str:
    own = [line for line in lines if who.split()[0] in line.lower()]
    if not own and who in PUBLIC:
        own = [line for line in lines if "emergency number" in line.lower()]
    return own[0] if own else ""


def fall_back(words: str, known: Known) -> Any:
    """The trauma centre where the card names it, else the haven nearest to the programme."""
    kind = "trauma_centre" if words.lower().startswith("trauma centre") else "safe_haven"
    rows = [row for row in known.places if row.kind == kind]
    stops = [row for row in known.places if row.located and row.kind in ("venue", "residence")]
    ranked = sorted(rows, key=lambda row: _far(row, stops))
    return ranked[0] if ranked else None


def _far(place: Any, stops: Sequence[Any]) -> float:
    if not place.located or not stops:
        return float("inf")
    return min(haversine_km(tuple(place.position), tuple(stop.position)) for stop in stops)


def gaps(content: dict[str, Any], place: Any) -> list[str]:
    """What a card in the hand would not answer."""
    found = [f"no number for {row['who']}" for row in content.get("call", []) if not row["how"]]
    return found if place is not None else [*found, "no place to fall back to"]
