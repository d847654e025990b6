"""Several mails that speak of one journey to one itinerary: the later word on a reservation holds.

What is the same entry: the same reservation between the same two ends (the first, second ... of
them by time), or the same flight on the same day. Anything else is an entry of its own.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from .itinerary import Itinerary, ItineraryItem, Part, Problem
from .kinds import plain

EARLY = datetime(1900, 1, 1, tzinfo=UTC)


class Known:
    """What was read so far, by what it is known by, by flight and day, and by kind and start."""

    def __init__(self) -> None:
        self.items: dict[str, ItineraryItem] = {}
        self.days: dict[Any, str] = {}
        self.starts: dict[Any, str] = {}

    def put(self, item: ItineraryItem) -> None:
        self.items[item.uid] = item
        self.days[_flight_day(item)] = item.uid
        self.starts[item.kind, item.start] = item.uid

    def add(self, item: ItineraryItem) -> None:
        """One more; what is known by its name already is another journey."""
        taken = item.uid in self.items
        self.put(replace(item, uid=f"{item.uid}|{item.start}") if taken else item)

    def same(self, item: ItineraryItem) -> ItineraryItem | None:
        day = _flight_day(item)
        found = self.items.get(self.days.get(day, "")) if day else None
        if found is not None and _flight_day(found) == day:
            return found
        if item.all_day and item.kind == "flight":
            # a boarding pass of another flight between the same ends is not news of the first
            return None if day else self.items.get(item.uid)
        if found := self.items.get(item.uid):
            return found
        if item.kind != "stay" or (item.reservation and not item.source.startswith("calendar")):
            return None
        found = self.items.get(self.starts.get((item.kind, item.start), ""))
        return found if found and item.start and found.start == item.start else None


def merge(parts: list[Part]) -> Itinerary:
    """In the order in which they were written; what has no date stands in the file's order."""
    whole = Itinerary(name=next((p.itinerary.name for p in parts if p.itinerary.name), ""))
    known = Known()
    ordered = sorted(enumerate(parts), key=lambda row: (row[1].stated_at or EARLY, row[0]))
    for _, part in ordered:
        for item in _numbered(part.itinerary.items):
            _take(item, known, part, whole)
        for number in part.itinerary.called_off:
            _call_off(number, known.items, part, whole)
        whole.problems += part.itinerary.problems
    whole.items = sorted(known.items.values(), key=_order)
    return whole


def _order(item: ItineraryItem) -> tuple[bool, datetime]:
    return item.start is None, item.start or EARLY


def _numbered(items: list[ItineraryItem]) -> list[ItineraryItem]:
    """A leg that is repeated for each traveller becomes one, and gets what it is known by."""
    seen: dict[tuple[str, datetime | None], ItineraryItem] = {}
    for item in items:
        key = (item.uid or base(item), item.start)
        if key in seen:
            _join(seen[key], item)
        else:
            seen[key] = item
    counts: dict[str, int] = {}
    found = []
    for item in sorted(seen.values(), key=_order):
        if not item.uid:
            name = base(item)
            counts[name] = counts.get(name, 0) + 1
            item = replace(item, uid=f"{name}|{counts[name]}")
        found.append(item)
    return found


def base(item: ItineraryItem) -> str:
    """What stays the same when the time of an entry changes."""
    ends = f"{plain(item.origin)}>{plain(item.destination)}{plain(item.location)}"
    if item.reservation:
        ends = "" if item.kind == "stay" else ends
        word = plain(item.title) if item.kind == "meeting" else item.kind
        return f"res:{item.reservation.upper()}|{word}|{ends}"
    day = f"{item.start:%Y%m%d}" if item.start else ""
    return f"{item.kind}|{item.flight_number}|{ends}|{day}|{plain(item.title)[:80]}"


def _take(item: ItineraryItem, known: Known, part: Part, whole: Itinerary) -> None:
    older = known.same(item)
    if older is None:
        known.add(item)
        return
    if _adds_only(item, older):
        _join(older, item)
        return
    if item.status == "cancelled" and _others(older, item):
        for number in item.reservation.split():
            _call_off(number, {older.uid: older}, part, whole)
        return
    if words := _differences(older, item):
        whole.problems.append(
            Problem(part.where, f"{item.title}: {words}, by the later word on it.", raw=older.raw)
        )
    newer = replace(item, uid=older.uid)
    if newer.status == "cancelled" and newer.start is None:
        newer = replace(older, status="cancelled")
    newer.travellers = list(dict.fromkeys([*older.travellers, *item.travellers]))
    newer.checked_in = older.checked_in or item.checked_in
    newer.reservation = both(older.reservation, item.reservation)
    known.put(newer)


def _others(older: ItineraryItem, item: ItineraryItem) -> bool:
    """Does the entry stand under other reservations too than those that are cancelled?"""
    off = set(item.reservation.split())
    return bool(off) and bool(set(older.reservation.split()) - off)


def _flight_day(item: ItineraryItem) -> tuple[str, str] | None:
    if item.kind != "flight" or not item.flight_number or item.start is None:
        return None
    return item.flight_number.replace(" ", ""), f"{item.start:%Y%m%d}"


def _adds_only(item: ItineraryItem, older: ItineraryItem) -> bool:
    """A boarding pass has no time, and a calendar's copy of a booking no new word."""
    if item.status != older.status and item.status == "cancelled":
        return False
    return (item.all_day and not older.all_day) or (
        item.source.startswith("calendar") and not older.source.startswith("calendar")
    )


def _join(older: ItineraryItem, item: ItineraryItem) -> None:
    older.travellers = list(dict.fromkeys([*older.travellers, *item.travellers]))
    older.checked_in = older.checked_in or item.checked_in
    older.reservation = both(older.reservation, item.reservation)
    if item.description and item.description not in older.description:
        older.description = f"{older.description}\n{item.description}".strip()


def both(a: str, b: str) -> str:
    return " ".join(dict.fromkeys([*a.split(), *b.split()]))


def _differences(older: ItineraryItem, item: ItineraryItem) -> str:
    if item.status == "cancelled" != older.status:
        return "cancelled"
    found = []
    for name, words in (("start", "begins"), ("end", "ends")):
        before, after = getattr(older, name), getattr(item, name)
        if before != after:
            shown = [f"{at:%d %b %H:%M %Z}" if at else "unknown" for at in (after, before)]
            found.append(f"{words} {shown[0]} instead of {shown[1]}")
    if plain(older.location) != plain(item.location):
        found.append(f"at {item.location or 'an unknown place'} instead of {older.location}")
    return "; ".join(found)


def _call_off(number: str, known: dict[str, ItineraryItem], part: Part, whole: Itinerary) -> None:
    """Of a leg that stands under two reservations only the one is taken away."""
    touched = [item for item in known.values() if number in item.reservation.split()]
    for item in touched:
        rest = [one for one in item.reservation.split() if one != number]
        item.reservation = " ".join(rest) or number
        if rest:
            words = f"{item.title}: reservation {number} is cancelled, {' '.join(rest)} is not."
            whole.problems.append(Problem(part.where, words, "Ask who still travels."))
        else:
            item.status = "cancelled"
    if not touched:
        whole.called_off.append(number)
    whole.problems.append(Problem(part.where, f"Reservation {number} is cancelled."))
