"""Pure rules of contractor packs: the lines of a page, for how long, whom it may not name."""

import re
from collections.abc import Iterable
from typing import Any

from varangian.kernel.results import Refused

LINES = {
    "meet": "Who to meet",
    "call_sign": "Call sign",
    "phone": "Phone",
    "where": "Where",
}
LISTS = {"do": "Do", "dont": "Do not"}
LONGEST, MOST_POINTS = 300, 12
MOST_HOURS = 72
SHORTEST_NAME = 3
MOST_RECEIPTS = 20


def checked_hours(hours: int) -> int:
    if not 1 <= hours <= MOST_HOURS:
        raise Refused(f"A pack is valid for 1 to {MOST_HOURS} hours", where="hours")
    return hours


def checked_recipient(words: str) -> str:
    clean = one_line("recipient", words)
    if not clean:
        raise Refused("Say whom the page is for", where="recipient", mend="Such as Driver, car 2.")
    return clean


def one_line(name: str, words: str) -> str:
    clean = " ".join(words.replace("\x00", "").split())
    if len(clean) > LONGEST:
        raise Refused(f"This line has more than {LONGEST} letters", where=name)
    return clean


def points(name: str, words: str | Iterable[str]) -> list[str]:
    rows = words.splitlines() if isinstance(words, str) else words
    found = [clean for row in rows if (clean := one_line(name, row))]
    if len(found) > MOST_POINTS:
        raise Refused(f"More than {MOST_POINTS} points are not read", where=name)
    return found


def check_useful(content: dict[str, Any]) -> None:
    """Somebody to turn to, and something to know."""
    if not (content["phone"] or content["meet"]):
        raise Refused("Say whom they meet or ring", where="meet, phone")
    if not any(content[name] for name in ("where", "when", "do", "dont", "point")):
        raise Refused("The page would say nothing", where="where, when, do")


def check_unnamed(content: dict[str, Any], recipient: str, names: Iterable[str]) -> None:
    """No line holds the principal's name or code name; both are taken word by word."""
    words = {
        word.casefold()
        for name in names
        for word in re.findall(r"\w+", name)
        if len(word) >= SHORTEST_NAME and not word.isdigit()
    }
    texts = {"recipient": recipient, **{name: content[name] for name in LINES}}
    texts |= {name: " ".join(content[name]) for name in LISTS}
    for where, text in texts.items():
        if words & set(re.findall(r"\w+", text.casefold())):
            raise Refused(
                "This line names the principal",
                where=where,
                mend="Take the name out, or choose to name the principal.",
            )
