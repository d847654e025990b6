"""What an itinerary says, whichever program wrote it."""

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
    All-day entries run from midnight to the midnight after the last day.
    ``confidence`` is about ``kind`` and the endpoints; ``reasons`` say what it rests on.
    """

    uid: str
    title: str
    start: datetime
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


@dataclass(slots=True)
class Itinerary:
    name: str = ""
    items: list[ItineraryItem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
