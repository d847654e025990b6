"""The casualty card: what may be written, what the latest of each is, and how it is handed over.

MARCH is the order of looking (massive bleeding, airway, respiration, circulation, head and
hypothermia), AVPU the level of response, AT-MIST the words in which a crew takes over.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from varangian.kernel.results import Refused

AVPU = {"A": "Alert", "V": "Responds to voice", "P": "Responds to pain", "U": "Unresponsive"}
MARCH = {
    "massive_bleeding": "Massive bleeding",
    "airway": "Airway",
    "respiration": "Respiration",
    "circulation": "Circulation",
    "head_hypothermia": "Head, hypothermia",
}
NUMBERS = {
    "pulse": ("Pulse", "/min", 0, 300),
    "breaths": ("Breaths", "/min", 0, 100),
    "spo2": ("Oxygen", "%", 0, 100),
    "systolic": ("Systolic pressure", "mmHg", 0, 350),
}
WORDS = {
    "age": "Age",
    "injured_at": "Time of injury",
    "mechanism": "Mechanism",
    "injuries": "Injuries",
    "treatment": "Treatment",
    "tourniquet": "Tourniquet, limb",
    "note": "Note",
}
FIELDS = ("avpu", *MARCH, *NUMBERS, *WORDS)
LONGEST = 400


@dataclass(frozen=True)
class Line:
    """The latest word on one field."""

    value: Any
    at: datetime
    by: str


def cleaned(given: dict[str, Any]) -> dict[str, Any]:
    """Only what was filled in; numbers within what a body can show."""
    unknown = set(given) - set(FIELDS)
    if unknown:
        raise Refused("A casualty card has no such field", where=", ".join(sorted(unknown)))
    found = {name: _value(name, value) for name, value in given.items() if value not in (None, "")}
    if not found:
        raise Refused("Nothing was filled in")
    return found


def _value(name: str, value: Any) -> Any:
    if name in NUMBERS:
        words, unit, low, high = NUMBERS[name]
        try:
            number = int(str(value))
        except ValueError as error:
            raise Refused(f"{words} is a number", where=str(value)[:40]) from error
        if not low <= number <= high:
            raise Refused(f"{words} is {low} to {high} {unit}", where=str(number))
        return number
    words = str(value).strip()
    if name == "avpu":
        if words.upper() not in AVPU:
            raise Refused("A, V, P or U", where=words[:40])
        return words.upper()
    if len(words) > LONGEST:
        raise Refused(f"At most {LONGEST} signs", where=name)
    return words


def latest(entries: Iterable[tuple[dict[str, Any], datetime, str]]) -> dict[str, Line]:
    """``entries``: content, time and author, the oldest first."""
    found: dict[str, Line] = {}
    for content, at, by in entries:
        found |= {name: Line(value, at, by) for name, value in content.items()}
    return found


def signs(card: dict[str, Line]) -> str:
    said = []
    if "avpu" in card:
        said.append(f"AVPU {card['avpu'].value}")
    for name, (words, unit, _, _) in NUMBERS.items():
        if name in card:
            said.append(f"{words.lower()} {card[name].value} {unit}".replace(" %", " %"))
    return ", ".join(said)


def at_mist(card: dict[str, Line]) -> list[tuple[str, str, str]]:
    """Letter, word and what to say; what nobody has found is said to be unknown."""
    given = {name: str(line.value) for name, line in card.items()}
    treated = [given[name] for name in ("treatment",) if name in given]
    if "tourniquet" in given:
        treated.append(f"tourniquet {given['tourniquet']} at {card['tourniquet'].at:%H:%M} UTC")
    found = [f"{MARCH[name].lower()}: {given[name]}" for name in MARCH if name in given]
    injuries = [given["injuries"], *found] if "injuries" in given else found
    rows = (
        ("A", "Age", given.get("age", "")),
        ("T", "Time of injury", given.get("injured_at", "")),
        ("M", "Mechanism", given.get("mechanism", "")),
        ("I", "Injuries", "; ".join(injuries)),
        ("S", "Signs", signs(card)),
        ("T", "Treatment", "; ".join(treated)),
    )
    return [(letter, words, said or "unknown") for letter, words, said in rows]
