"""What cannot be so in an itinerary, in words. Nothing is left out for it: a person decides."""

import re
from datetime import UTC, datetime, timedelta
from itertools import combinations

from varangian.places.gazetteer_data import airports

from .itinerary import Itinerary, ItineraryItem, Problem

LONGEST_FLIGHT = timedelta(hours=20)
SHORTEST_FLIGHT = timedelta(minutes=15)
MOST_COMPARED = 400


def check(itinerary: Itinerary) -> None:
    flights = [item for item in itinerary.items if item.kind == "flight" and _flies(item)]
    for item in flights:
        _length(item, itinerary)
        _codes(item, itinerary)
    for item in itinerary.items:
        if not item.all_day:
            _clock(item, itinerary)
    for one, other in combinations(flights[:MOST_COMPARED], 2):
        if _overlap(one, other) and _same_people(one, other):
            itinerary.problems.append(
                Problem(
                    other.title,
                    f"It overlaps with {one.title} ({_span(one)} and {_span(other)}): nobody is on "
                    "both. Both are kept.",
                    "Ask which one is flown, and cancel the other.",
                )
            )


def _flies(item: ItineraryItem) -> bool:
    return item.status != "cancelled" and not item.all_day and item.end is not None


def _length(item: ItineraryItem, itinerary: Itinerary) -> None:
    if item.start is None or item.end is None:
        return
    taken = item.end - item.start
    local = f"{item.start:%d %b %H:%M %Z} to {item.end:%d %b %H:%M %Z}"
    if item.end.date() < item.start.date():
        item.reasons.append(f"lands on the day before by the clock there ({local}): the date line")
    if not SHORTEST_FLIGHT <= taken <= LONGEST_FLIGHT:
        hours = taken.total_seconds() / 3600
        itinerary.problems.append(
            Problem(
                item.title, f"A flight of {hours:.1f} hours ({local}).", "Check days and zones."
            )
        )


def _codes(item: ItineraryItem, itinerary: Itinerary) -> None:
    for code in (item.origin, item.destination):
        if re.fullmatch(r"[A-Z]{3}", code) and airports().coded(code) is None:
            itinerary.problems.append(
                Problem(
                    item.title, f"No airport with the code {code} is known.",
                    "Check the code; the place stays without a position until somebody puts it on "
                    "the map.",
                )
            )  # fmt: skip


def _clock(item: ItineraryItem, itinerary: Itinerary) -> None:
    """The nights on which the clocks change have an hour that is not, or one that comes twice."""
    for at in (item.start, item.end):
        if at is None or at.tzinfo is None:
            continue
        if _real(at).replace(tzinfo=None) != at.replace(tzinfo=None):
            itinerary.problems.append(
                Problem(
                    item.title, f"{at:%d %b %H:%M} is not on the clock there: it is put forward "
                    f"that night. Taken as {_real(at):%H:%M}.", "Ask for the time that is meant.",
                )
            )  # fmt: skip
        elif at.utcoffset() != at.replace(fold=1 - at.fold).utcoffset():
            item.reasons.append(
                f"{at:%H:%M} comes twice that night, as {at:%Z} it is the one meant"
            )


def _real(at: datetime) -> datetime:
    return at.astimezone(UTC).astimezone(at.tzinfo)


def _overlap(one: ItineraryItem, other: ItineraryItem) -> bool:
    if one.start is None or other.start is None or one.end is None or other.end is None:
        return False
    return one.start < other.end and other.start < one.end


def _same_people(one: ItineraryItem, other: ItineraryItem) -> bool:
    names, others = set(one.travellers), set(other.travellers)
    return not names or not others or bool(names & others)


def _span(item: ItineraryItem) -> str:
    end = f"{item.end:%H:%M %Z}" if item.end else "?"
    return f"{item.start:%d %b %H:%M}-{end}" if item.start else "?"
