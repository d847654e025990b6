"""Timings: from each departure back to the moment that somebody has to move.

The rule, in minutes before the principal leaves, is counted from the programme and nothing else:

- Road and foot: the principal is called forward 5 (low), 10 (moderate), 15 (substantial), 20
  (severe) or 30 (critical) minutes before. The car stands on its mark, driver in, 10 minutes
  earlier.
  Two minutes before, the driver is told: engine on, doors unlocked.
- Two minutes before arrival the arrival post is told, and stands at the door.
- Flight: at the terminal 90 minutes before. Train: on the platform 15 minutes before.
- Stay and event: the advance party is in place 60 minutes before the principal.

A leg without a known start has no timings, and says so.
"""

from datetime import datetime, timedelta
from typing import Any

from .line import Line, write
from .material import Material, clock, day_and_clock

CALL_FORWARD = {"low": 5, "moderate": 10, "substantial": 15, "severe": 20, "critical": 30}
STAGED_BEFORE_CALL = 10
WARNING = 2
AT_TERMINAL = {"flight": 90, "train": 15}
ADVANCE = 60
CARS = ("road", "foot")


def timings(material: Material) -> list[Line]:
    level = material.operation.threat_level
    return [_leg(move, level) for move in material.movements]


def moments(move: Any, level: str) -> dict[str, datetime]:
    """Instants by name, in the order in which they come; empty without a known start."""
    if move.starts is None:
        return {}
    called = CALL_FORWARD.get(level, CALL_FORWARD["substantial"])
    if move.is_stay:
        found = {"advance": _before(move.starts, ADVANCE), "arrive": move.starts}
        return found | ({"leave": move.ends} if move.ends else {})
    if move.kind in AT_TERMINAL:
        found = {"terminal": _before(move.starts, AT_TERMINAL[move.kind]), "depart": move.starts}
        return found | ({"arrive": move.ends} if move.ends else {})
    found = {
        "staged": _before(move.starts, called + STAGED_BEFORE_CALL),
        "call_forward": _before(move.starts, called),
        "warning": _before(move.starts, WARNING),
        "depart": move.starts,
    }
    if move.ends:
        found |= {"approach": _before(move.ends, WARNING), "arrive": move.ends}
    return found


WORDS = {
    "advance": "advance party in place",
    "terminal": "at the terminal",
    "staged": "car on its mark",
    "call_forward": "call the principal forward",
    "warning": "two-minute warning",
    "depart": "depart",
    "approach": "arrival post told",
    "arrive": "arrive",
    "leave": "leave",
}


def _leg(move: Any, level: str) -> Line:
    times = moments(move, level)
    told = ", ".join(f"{WORDS[name]} {clock(at, move.zone)}" for name, at in times.items())
    begins = day_and_clock(move.starts, move.zone).rsplit(" ", 2)[0] if times else ""
    unknown = "" if move.ends or not times else "; end unknown"
    text = (
        f"{begins}, {move.title}: {told}{unknown}." if times else f"{move.title}: no start known."
    )
    cells = {name: clock(at, move.zone).split(" ")[0] for name, at in times.items()}
    return write(
        "timings",
        f"movement:{move.pk}",
        text,
        reason=("movement", move.pk),
        movement=move.pk,
        cells={"day": begins, "leg": move.title, "kind": move.kind, **cells},
    )


def _before(at: datetime, minutes: int) -> datetime:
    return at - timedelta(minutes=minutes)
