"""What a counter says over HTTP or MQTT: our words, common others, and a camera's counts. Pure."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

MOST = 100
MOST_PEOPLE = 10_000_000
ENTERED = ("entered", "in", "enter", "entries", "count_in")
LEFT = ("left", "out", "exit", "exits", "count_out")
CAMERA_OFF = 0.15
"""A camera that counts a zone is off by this share, people who hide each other."""


class Unreadable(ValueError):
    """In words for whoever set the counter up."""


@dataclass(frozen=True)
class Word:
    """Passages, or ``people`` counted in a zone give or take ``within``."""

    entered: int | None = None
    left: int | None = None
    people: int | None = None
    within: int = 0
    at: datetime | None = None
    key: str = ""


def seen(people: int) -> int:
    """Half of the band about what a camera sees of a zone."""
    return max(3, round(CAMERA_OFF * people))


def read(body: bytes) -> list[Word]:
    try:
        given = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable('this is no JSON; such as {"entered": 120, "left": 4}') from error
    rows = given if isinstance(given, list) else [given]
    if not rows or len(rows) > MOST:
        raise Unreadable(f"1 to {MOST} words at once")
    return [word for row in rows for word in read_row(row)]


def read_row(row: Any) -> list[Word]:
    if not isinstance(row, dict):
        raise Unreadable("a word is a JSON object")
    if isinstance(row.get("zones"), list) or isinstance(row.get("doors"), list):
        return _camera(row)
    at, key = _time(row), str(row.get("id", row.get("key", "")))[:80]
    if "people" in row:
        people = _number(row, ("people",))
        return [Word(people=people, within=_number(row, ("within",)), at=at, key=key)]
    if not any(name in row for name in (*ENTERED, *LEFT)):
        raise Unreadable('say "entered" and "left", or "people" for a zone that was counted')
    return [Word(_number(row, ENTERED), _number(row, LEFT), at=at, key=key)]


def _camera(row: dict[str, Any]) -> list[Word]:
    """``counts()`` of our own counter of pictures: all its doors are this door, all its zones this
    zone. What it says itself to be counted too low is not believed."""
    found = []
    doors = [one for one in row.get("doors") or [] if isinstance(one, dict)]
    zones = [one for one in row.get("zones") or [] if isinstance(one, dict)]
    at = _time(row)
    if doors:
        entered = sum(_number(one, ("entered",)) for one in doors)
        found.append(Word(entered, sum(_number(one, ("left",)) for one in doors), at=at))
    if zones and not any(one.get("under_counted") for one in zones):
        people = sum(_number(one, ("people",)) for one in zones)
        found.append(Word(people=people, within=seen(people), at=at))
    return found


def _number(row: dict[str, Any], names: tuple[str, ...]) -> int:
    for name in names:
        if name in row:
            value = row[name]
            if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
                raise Unreadable(f"{name} is a number of people")
            if abs(value) > MOST_PEOPLE:
                raise Unreadable(f"{name} is larger than any crowd")
            return round(value)
    return 0


def _time(row: dict[str, Any]) -> datetime | None:
    """Seconds since 1970, or ISO 8601 with a zone; what cannot be read is heard as now."""
    value = row.get("at", row.get("timestamp"))
    try:
        if isinstance(value, str):
            found = datetime.fromisoformat(value)
            return found if found.tzinfo else None
        if isinstance(value, int | float) and value > 1e9:
            return datetime.fromtimestamp(value / 1000 if value > 1e11 else value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None
