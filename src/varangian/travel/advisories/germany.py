"""German Foreign Office: ``response`` keyed by content id, with scalars between the entries.

Times come in seconds and in milliseconds, truths as booleans and as text. A warning is 4, a partial
warning 3, a notice of the situation 2, none of them 1; what is partial speaks of parts.
"""

from typing import Any

from . import values
from .names import by_code, by_name
from .notice import Notice, ReadFile

SOURCE = "germany"
LINK = "https://www.auswaertiges-amt.de/de/service/laender/"
LADDER = (
    ("warning", "whole", 4, "travel warning"),
    ("situationWarning", "whole", 2, "notice on the situation"),
    ("partialWarning", "part", 3, "partial travel warning"),
    ("situationPartWarning", "part", 2, "notice on the situation in parts"),
)
NONE = {"whole": "no travel warning", "part": "no warning for parts"}


def read(whole: dict[str, Any]) -> ReadFile:
    found = ReadFile(SOURCE)
    entries = whole.get("response")
    for key, item in entries.items() if isinstance(entries, dict) else []:
        if isinstance(item, dict) and _is_entry(item):
            _take(found, key, item)
    return found


def _is_entry(item: dict[str, Any]) -> bool:
    return any(name in item for name in ("countryCode", "CountryCode", "countryName", "warning"))


def _take(found: ReadFile, key: str, item: dict[str, Any]) -> None:
    code = values.text(item.get("countryCode") or item.get("CountryCode"))
    country = by_code(code) or by_code(values.text(item.get("iso3CountryCode")))
    named = by_name(values.text(item.get("countryName")))
    country = country or (named[0] if named else "")
    if not country:
        found.problem(f"entry {key}", f"Country {code or '?'!r} is not known", "Read it yourself.")
        return
    published = values.when(item.get("lastModified"))
    given = {
        "digest": values.digest(item),
        "summary": values.plain(item.get("title"), 300),
        "link": LINK,
        "published": published,
        "valid_from": values.when(item.get("effective")) or published,
    }
    for scope in ("whole", "part"):
        level, words = _level(item, scope)
        if level is None:
            found.problem(country, f"A flag of its {scope} is neither true nor false", "Unknown.")
        found.notices.append(Notice(SOURCE, country, scope, level, words, **given))


def _level(item: dict[str, Any], scope: str) -> tuple[int | None, str]:
    """A flag that is set decides; one that cannot be read leaves the level unknown."""
    flags = [
        (values.truth(item.get(name)), lv, words) for name, sc, lv, words in LADDER if sc == scope
    ]
    first, *_ = flags
    for value, level, words in flags:
        if value is None and level == first[1]:
            return None, "not readable"
        if value:
            return level, words
    return (1, NONE[scope]) if all(v is not None for v, *_ in flags) else (None, "not readable")
