"""Descriptions that agree with what is looked for, officers' and cameras' alike.

What a description does not say speaks neither for nor against it; one that says otherwise is left
out. Colours that light turns into each other are told as near and come last.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from varangian.engines.sightings import colour_of, describe
from varangian.kernel.results import Refused

CLOCK = re.compile(r"\b(after|since|from|before|until|to)\s+(\d{1,2})[:.](\d{2})\b", re.IGNORECASE)
LATER = {"after", "since", "from"}
NEAR = tuple(
    frozenset(pair)
    for pair in (
        ("grey", "silver"), ("grey", "black"), ("grey", "white"), ("silver", "white"),
        ("black", "blue"), ("black", "brown"), ("red", "orange"), ("red", "pink"), ("red", "brown"),
        ("orange", "yellow"), ("orange", "brown"), ("blue", "purple"), ("purple", "pink"),
        ("yellow", "brown"), ("green", "blue"), ("blue", "grey"),
    )
)  # fmt: skip
MEND = "Such as: grey coat, red bag, after 14:00."


@dataclass(frozen=True)
class Described:
    """``looks`` as `engines.sightings.describe` gives them; ``at``: with its zone."""

    name: str
    at: datetime
    looks: Mapping[str, str]
    source: str = "officer"


@dataclass(frozen=True)
class Wanted:
    looks: Mapping[str, str]
    after: time | None
    before: time | None


@dataclass(frozen=True)
class Hit:
    """Which of the wanted things agree, are of a near colour, or are not told of."""

    one: Described
    same: tuple[str, ...]
    near: tuple[str, ...]
    untold: tuple[str, ...]
    words: str


def wanted(text: str) -> Wanted:
    """Raises Refused when nothing in the text can be looked for."""
    looks = looks_in(text)
    if not looks and colour_of(text):
        looks = {"": colour_of(text)}
    if not looks:
        raise Refused("Nothing in these words can be looked for", text[:80], MEND)
    return Wanted(looks, *hours_in(text))


def hours_in(text: str) -> tuple[time | None, time | None]:
    """After and before."""
    after = before = None
    for word, hour, minute in CLOCK.findall(text):
        if int(hour) > 23 or int(minute) > 59:
            raise Refused(f"There is no {hour}:{minute} o'clock", text[:80], MEND)
        moment = time(int(hour), int(minute))
        after, before = (moment, before) if word.lower() in LATER else (after, moment)
    return after, before


def looks_in(text: str) -> dict[str, str]:
    looks: dict[str, str] = {}
    for part in re.split(r"[,;]|\band\b|\bwith\b", CLOCK.sub("", text)):
        looks |= describe(part)
    return looks


def search(text: str, rows: Sequence[Described], zone: str = "UTC") -> list[Hit]:
    """The most agreeing first, then the newest. Times of day on the clock of ``zone``."""
    return agreeing(wanted(text), rows, zone)


def agreeing(asked: Wanted, rows: Sequence[Described], zone: str = "UTC") -> list[Hit]:
    """The same for words that were read already; without looks the time alone must agree."""
    clock = ZoneInfo(zone)
    hits = [
        hit
        for one in rows
        if _within(one.at.astimezone(clock).time(), asked) and (hit := _hit(asked, one))
    ]
    return sorted(hits, key=lambda hit: (-len(hit.same), len(hit.near), -hit.one.at.timestamp()))


def _within(moment: time, asked: Wanted) -> bool:
    after, before = asked.after, asked.before
    if after and before and after > before:
        return moment >= after or moment <= before
    return (after is None or moment >= after) and (before is None or moment <= before)


def _hit(asked: Wanted, one: Described) -> Hit | None:
    same, near, untold = [], [], []
    for thing, colour in asked.looks.items():
        said = one.looks.get(thing) if thing else _any(one.looks, colour)
        label = f"{colour} {thing}".strip()
        if not said:
            untold.append(label)
        elif said == colour or not _colours(said, colour):
            same.append(label)
        elif frozenset((said, colour)) in NEAR:
            near.append(f"{said} for {label}")
        else:
            return None
    if asked.looks and not same and not near:
        return None
    parts = [
        f"{words}: {', '.join(found)}"
        for words, found in (("agrees", same), ("near", near), ("not told", untold))
        if found
    ]
    return Hit(one, tuple(same), tuple(near), tuple(untold), "; ".join(parts))


def _any(looks: Mapping[str, str], colour: str) -> str:
    return colour if colour in looks.values() else ""


def _colours(said: str, asked: str) -> bool:
    """Are both colours? A thing without one agrees with any."""
    return bool(colour_of(said)) and bool(colour_of(asked))
