"""Government of Canada: ``data."XX"`` keyed by ISO code, states 0 to 3."""

from typing import Any

from . import values
from .names import by_code
from .notice import Notice, ReadFile

SOURCE = "canada"
LINK = "https://travel.gc.ca/destinations/"


def read(whole: dict[str, Any]) -> ReadFile:
    found = ReadFile(SOURCE)
    data = whole.get("data")
    for code, item in data.items() if isinstance(data, dict) else []:
        if not isinstance(item, dict):
            found.problem(code, "It is no country")
            continue
        country = by_code(code) if len(code) == 2 else ""
        if not country:
            found.problem(code, "This is no country code of ISO 3166", "Read the page yourself.")
            continue
        _take(found, country, item)
    return found


def _take(found: ReadFile, country: str, item: dict[str, Any]) -> None:
    english = item["eng"] if isinstance(item.get("eng"), dict) else {}
    state = values.step(item.get("advisory-state"), 3)
    words = values.plain(english.get("advisory-text"), 300)
    if state is None:
        found.problem(country, "It has no advisory state from 0 to 3", "Shown as unknown.")
    slug = values.text(english.get("url-slug"), 120)
    published = values.when(_asp(item))
    given = {
        "digest": values.digest(item),
        "link": values.link(f"{LINK}{slug}") if slug else "",
        "published": published,
        "valid_from": published,
    }
    level = None if state is None else state + 1
    found.notices.append(Notice(SOURCE, country, "whole", level, words or "no words", **given))
    if "regional" in words.lower():
        said = "regional advisories; this file does not give their level"
        found.notices.append(Notice(SOURCE, country, "part", None, said, **given))


def _asp(item: dict[str, Any]) -> Any:
    stamp = item.get("date-published")
    return stamp.get("asp") if isinstance(stamp, dict) else item.get("date-published.asp", stamp)
