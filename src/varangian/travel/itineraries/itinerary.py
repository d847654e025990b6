"""What an itinerary says, whichever program or clerk wrote it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Kind = Literal["flight", "train", "road", "stay", "meeting", "other"]
Confidence = Literal["clear", "likely", "guess"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing a person should know about the file. ``raw`` keeps what could not be used."""

    where: str
    what: str
    mend: str = ""
    raw: str = ""


@dataclass(slots=True)
class ItineraryItem:
    """One entry of the calendar, or one instance of a series.

    ``start`` is aware, in ``zone``; ``end`` in ``end_zone`` (a flight lands elsewhere). An unknown
    end is None with ``end_known`` False.
    All-day entries run from midnight to the midnight after the last day. A boarding pass names a
    day and no time: all-day without an end. An unknown start is None.
    ``reservation`` is what a booking is known by, ``travellers`` are the names on it.
    ``confidence`` is about ``kind`` and the endpoints; ``reasons`` say what it rests on.
    """

    uid: str
    title: str
    start: datetime | None
    end: datetime | None
    zone: str
    end_zone: str = ""
    sequence: int = 0
    kind: Kind = "other"
    all_day: bool = False
    end_known: bool = True
    origin: str = ""
    destination: str = ""
    location: str = ""
    geo: tuple[float, float] | None = None
    flight_number: str = ""
    status: str = ""
    description: str = ""
    raw: str = ""
    confidence: Confidence = "guess"
    reasons: list[str] = field(default_factory=list)
    reservation: str = ""
    travellers: list[str] = field(default_factory=list)
    checked_in: bool = False
    source: str = "calendar"


@dataclass(slots=True)
class Itinerary:
    name: str = ""
    items: list[ItineraryItem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    called_off: list[str] = field(default_factory=list)
    """Reservations that are cancelled whole, without a word about their legs."""


@dataclass(slots=True)
class Part:
    """One mail, page, pass or table of a file, on its own: the report names each."""

    where: str
    source: str
    itinerary: Itinerary
    stated_at: datetime | None = None
    """When it was written; of two that speak of one reservation the later one holds."""
