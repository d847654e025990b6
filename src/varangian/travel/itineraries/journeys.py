"""Is what a mailbox holds one journey, or several? Mails of one journey stay together.

Two stretches of entries are two journeys when nothing ties them (a reservation, or one mail that
names both) and either the party was back where it began for a day, or nothing is said for five
days and the next stretch does not begin where the last one ended.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from varangian.places.gazetteer import same_airport

from .itinerary import ItineraryItem, Part
from .kinds import MOVING
from .legs import same_place

AT_HOME = timedelta(days=1)
SILENCE = timedelta(days=5)
Entry = tuple[int, ItineraryItem]
"""The number of its mail, and what it says."""


def journeys(parts: list[Part]) -> list[list[Part]]:
    """Each with its mails in the order of the file; what has no date goes with its reservation,
    else with the first."""
    entries = sorted(_dated(parts), key=lambda entry: _start(entry[1]))
    stretches = _stretches(entries)
    if len(stretches) < 2:
        return [parts]
    groups = _tied(stretches, parts)
    if len(groups) < 2:
        return [parts]
    placed = [next((g for g, held in enumerate(groups) if n in held), 0) for n in range(len(parts))]
    return [
        [part for part, at in zip(parts, placed, strict=True) if at == g]
        for g in range(len(groups))
    ]


def _dated(parts: list[Part]) -> Iterable[Entry]:
    for number, part in enumerate(parts):
        for item in part.itinerary.items:
            if item.start is not None:
                yield number, item


def _stretches(entries: list[Entry]) -> list[list[Entry]]:
    found: list[list[Entry]] = []
    for at, entry in enumerate(entries):
        if not found or _apart(found[-1], entries[at:]):
            found.append([])
        found[-1].append(entry)
    return found


def _apart(before: list[Entry], after: list[Entry]) -> bool:
    gap = _start(after[0][1]) - max(item.end or _start(item) for _, item in before)
    if gap < AT_HOME:
        return False
    gone = [item for _, item in before if _moves(item)]
    next_ = next((item for _, item in after if _moves(item)), None)
    if gone and next_ is not None:
        if len(gone) > 1 and _same(gone[-1].destination, gone[0].origin):
            return True
        if _same(gone[-1].destination, next_.origin):
            return False
    return gap >= SILENCE


def _tied(stretches: list[list[Entry]], parts: list[Part]) -> list[set[int]]:
    """Numbers of the mails of each journey, in the order of their first entries."""
    held = [{number for number, _ in stretch} for stretch in stretches]
    said = [_numbers(item for _, item in stretch) for stretch in stretches]
    merged: list[tuple[set[int], set[str]]] = []
    for mails, numbers in zip(held, said, strict=True):
        same = [row for row in merged if row[0] & mails or row[1] & numbers]
        for row in same:
            mails, numbers = mails | row[0], numbers | row[1]
        at = merged.index(same[0]) if same else len(merged)
        merged = [row for row in merged if row not in same]
        merged.insert(at, (mails, numbers))
    for number, part in enumerate(parts):
        told = _numbers(part.itinerary.items) | set(part.itinerary.called_off)
        home = next((mails for mails, numbers in merged if numbers & told), None)
        if home is not None and not any(number in mails for mails, _ in merged):
            home.add(number)
    return [mails for mails, _ in merged]


def _numbers(items: Iterable[ItineraryItem]) -> set[str]:
    return {number for item in items for number in item.reservation.split()}


def _moves(item: ItineraryItem) -> bool:
    return item.kind in MOVING and bool(item.origin and item.destination)


def _same(a: str, b: str) -> bool:
    return same_place(a, b) or same_airport(a, b)


def _start(item: ItineraryItem) -> datetime:
    if item.start is None:
        raise ValueError(f"{item.title!r} has no start")
    return item.start


def span(parts: list[Part]) -> str:
    """ "26 Nov 2026 to 28 Nov 2026"."""
    dated = [item for _, item in _dated(parts)]
    days = sorted(at.date() for item in dated for at in (_start(item), item.end or _start(item)))
    ends = [f"{day:%d %b %Y}" for day in (days[0], days[-1])] if days else []
    return " to ".join(dict.fromkeys(ends))
