"""What a source says of a flight, read from a file of the shape of FlightAware's AeroAPI 4.

The answer to ``GET /flights/{ident}``: ``{"flights": [{"ident_iata", "scheduled_out", ...}]}``.
Any other source comes through a bridge of your own that writes this shape.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from varangian.kernel.results import Refused

LIMIT_BYTES = 2_000_000
MOST = 200
SLACK = timedelta(minutes=5)
"""Less than this is no news."""
NEAR = timedelta(hours=18)
"""So far from the planned departure a flight of that number is still the one of the plan."""


@dataclass(frozen=True)
class FlightSaid:
    number: str
    scheduled_out: datetime | None
    scheduled_in: datetime | None
    out: datetime | None
    """Departure as it is expected, or was."""
    into: datetime | None
    cancelled: bool = False
    diverted: bool = False
    words: str = ""
    gate: str = ""

    @property
    def what(self) -> str:
        if self.cancelled:
            return "cancelled"
        return "diverted" if self.diverted else "expected"


@dataclass(frozen=True)
class Read:
    flights: list[FlightSaid]
    not_read: list[str]


def read_flights(data: bytes) -> Read:
    """Every flight of the file; an entry that does not fit is told, and the rest goes on."""
    if len(data) > LIMIT_BYTES:
        raise Refused("The file is too large", "flights", f"At most {LIMIT_BYTES // 1000} kB.")
    try:
        rows = json.loads(data.decode("utf-8"))["flights"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Refused(
            "This is no answer about flights", "file", 'JSON with a list "flights" (AeroAPI 4).'
        ) from error
    if not isinstance(rows, list):
        raise Refused('"flights" is no list', "file", "As AeroAPI 4 answers.")
    found, faults = [], []
    for place, row in enumerate(rows[:MOST], start=1):
        try:
            found.append(_flight(row))
        except (ValueError, TypeError, AttributeError) as error:
            faults.append(f"flight {place}: {error}")
    if len(rows) > MOST:
        faults.append(f"{len(rows) - MOST} more were not looked at")
    return Read(found, faults)


def _flight(row: Mapping[str, Any]) -> FlightSaid:
    number = plain_number(row.get("ident_iata") or row.get("ident") or "")
    if not number:
        raise ValueError("it has no number")
    return FlightSaid(
        number=number,
        scheduled_out=_time(row.get("scheduled_out")),
        scheduled_in=_time(row.get("scheduled_in")),
        out=_time(row.get("actual_out") or row.get("estimated_out") or row.get("scheduled_out")),
        into=_time(row.get("actual_in") or row.get("estimated_in") or row.get("scheduled_in")),
        cancelled=row.get("cancelled") is True,
        diverted=row.get("diverted") is True,
        words=str(row.get("status") or "")[:80],
        gate=str(row.get("gate_origin") or "")[:10],
    )


def _time(text: Any) -> datetime | None:
    if not text:
        return None
    at = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    if at.tzinfo is None:
        raise ValueError(f"the time {text} has no zone")
    return at.astimezone(UTC)


def plain_number(text: Any) -> str:
    """``LH 0401`` and ``LH401`` are one flight."""
    bare = "".join(str(text).upper().split())
    letters, digits = bare[:2], bare[2:].lstrip("0")
    return f"{letters}{digits}" if digits else ""


def about(said: list[FlightSaid], number: str, starts: datetime | None) -> FlightSaid | None:
    """The flight of a leg: same number, the nearest planned departure."""
    if starts is None:
        return None
    wanted = plain_number(number)
    near = [
        (abs(one.scheduled_out - starts), one)
        for one in said
        if one.number == wanted and one.scheduled_out is not None
    ]
    close = [row for row in near if row[0] <= NEAR]
    return min(close, key=lambda row: row[0])[1] if close else None


def differs(said: FlightSaid, starts: datetime | None, ends: datetime | None) -> bool:
    """Whether it is news against the plan."""
    if said.cancelled or said.diverted:
        return True
    pairs = ((said.out, starts), (said.into, ends))
    return any(new and old and abs(new - old) > SLACK for new, old in pairs)
