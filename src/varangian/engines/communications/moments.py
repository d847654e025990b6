"""Times and places that stand in a text by their form: 10:30, 24 November, 12 Harbour Street."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal

from .lexicon import matchers

HALF = r"(?:am|pm|a\.m\.|p\.m\.|uhr|o'clock|heures?)"
CLOCK = rf"(?:[01]?\d|2[0-3])[:.h][0-5]\d(?:\s?{HALF})?|\d{{1,2}}\s?{HALF}"
DAY = r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d{2})"
ENGLISH = (
    "Street|St|Road|Rd|Avenue|Ave|Lane|Square|Drive|Close|Terrace|Crescent|Gardens|Court|Place"
    "|Boulevard|Mews|Quay|Row|Hill|Park|Walk|Way"
)
STREETS = (
    rf"\d{{1,4}}[a-zA-Z]?,?\s(?:[A-Z][\w'-]{{1,20}}\s){{1,3}}(?:{ENGLISH})\b",
    r"[A-ZÄÖÜ][\w-]{1,30}(?:straße|strasse|str\.|weg|platz|allee|gasse|ufer|damm)\s\d{1,4}[a-z]?\b",
    r"\d{1,4}(?:\s?bis)?,?\s(?:rue|avenue|boulevard|place|quai|allée|impasse)\s[\w' -]{2,40}",
    r"-?\d{1,2}\.\d{3,8},\s?-?\d{1,3}\.\d{3,8}",
)
PLACE = re.compile(r"(?<![\w.])(?:" + "|".join(STREETS) + ")")
MOST = 200
type Sort = Literal["time", "place"]


@cache
def _time() -> re.Pattern[str]:
    months = "|".join(re.escape(word) for one in matchers() for word in one.months if word != "may")
    days = "|".join(re.escape(word) for one in matchers() for word in one.days)
    dated = (
        rf"\d{{1,2}}(?:\.|st|nd|rd|th|er)?\s(?:of\s)?(?:{months}|may)(?:\s\d{{4}})?"
        rf"|(?:{months}|may)\s\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s\d{{4}})?(?!\d)"
    )
    return re.compile(rf"(?<![\w.:/-])(?:{DAY}|{dated}|{CLOCK}|(?:{days})s?)(?![\w:/-])", re.I)


def moments(text: str) -> Iterator[tuple[Sort, int, int]]:
    for number, match in enumerate(_time().finditer(text)):
        if number >= MOST:
            break
        yield "time", *match.span()
    for number, match in enumerate(PLACE.finditer(text)):
        if number >= MOST:
            break
        yield "place", *match.span()
