"""What is different between two snapshots of a dossier, in words."""

from datetime import datetime
from typing import Any

from ..advisories.notice import AUTHORITIES
from .score import level_words
from .statement import PARTS

SCOPES = {"whole": "the whole country", "part": "parts of the country"}


def differences(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """The weightiest first. Times of retrieval are no difference."""
    return [
        *_score(old, new),
        *_advisories(old, new),
        *_hazards(old, new),
        *_facts(old, new),
        *_texts(old, new),
    ]


def _score(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    was, now = old["score"], new["score"]
    found = []
    for key, what in (("level", "The country"), ("part", "Its worst part")):
        if was[key] != now[key]:
            verb = _verb(was[key], now[key])
            found.append(f"{what} {verb} {level_words(was[key])} to {level_words(now[key])}")
    return found


def _verb(was: int | None, now: int | None) -> str:
    if was is None or now is None:
        return "went from"
    return "rose from" if now > was else "fell from"


def _advisories(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    was = {(row["source"], row["scope"]): row for row in old["advisories"]}
    now = {(row["source"], row["scope"]): row for row in new["advisories"]}
    found = []
    for key, row in now.items():
        name, where = AUTHORITIES.get(key[0], key[0]), SCOPES[key[1]]
        before = was.get(key)
        if before is None:
            found.append(f"{name} now speaks of {where}: {level_words(row['level'])}")
        elif before["level"] != row["level"]:
            verb = _verb(before["level"], row["level"])
            levels = f"{level_words(before['level'])} to {level_words(row['level'])}"
            found.append(f"{name} on {where} {verb} {levels}")
        elif before["words"] != row["words"]:
            found.append(f"{name} on {where} says now: {row['words']}")
    gone = [key for key in was if key not in now]
    return found + [f"{AUTHORITIES.get(s, s)} no longer speaks of {SCOPES[c]}" for s, c in gone]


def _hazards(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    known = {row["key"]: row for row in old["hazards"]}
    found = [f"New hazard: {row['title']}" for row in new["hazards"] if row["key"] not in known]
    for row in new["hazards"]:
        before = known.get(row["key"])
        if before and before["level"] != row["level"]:
            levels = f"{level_words(before['level'])} to {level_words(row['level'])}"
            found.append(f"{row['title']}: {_verb(before['level'], row['level'])} {levels}")
    return found


def _facts(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """What belongs to the dates of a trip (sun, holidays) is no change of the place."""
    was, now = _by_key(old), _by_key(new)
    found = []
    for key, fact in now.items():
        before = was.get(key)
        if before is None:
            found.append(f"New: {fact['label']}: {fact['words']}")
        elif before["words"] != fact["words"]:
            found.append(f"{fact['label']}: {before['words']} is now {fact['words']}")
    return found + [f"Gone: {was[key]['label']}" for key in was if key not in now]


def _by_key(content: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (section["key"], fact["key"]): fact
        for section in content["sections"]
        if section["key"] != "dates"
        for fact in section["facts"]
        if fact["standing"] != "unknown"
    }


def _texts(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    was, now = old.get("frame", {}), new.get("frame", {})
    return [f"{p.title} was rewritten" for p in PARTS if was.get(p.key, "") != now.get(p.key, "")]


def when(content: dict[str, Any]) -> str:
    return f"{datetime.fromisoformat(content['at']):%d %b %Y}"
