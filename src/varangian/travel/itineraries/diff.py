"""What changed between two readings of an itinerary, in words for the people who move by it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from varangian.travel.itineraries.legs import same_place

NEAREST_WITHIN = timedelta(hours=24)
FIELDS = (
    "start",
    "end",
    "origin",
    "destination",
    "mode",
    "flight_number",
    "status",
    "title",
    "all_day",
    "implied",
)
NAMES = {"mode": "Mode", "flight_number": "Flight number", "status": "Status", "title": "Title"}


class Leglike(Protocol):
    """What a leg needs to be compared; a draft and a stored movement both have it.

    Optional, taken as "" or False when missing: role, mode, flight_number, status, title,
    all_day, implied, reservation.
    """

    uid: str
    start: datetime | None
    end: datetime | None
    zone: str
    origin: str
    destination: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    field: str
    old: Any
    new: Any
    words: str


@dataclass(frozen=True, slots=True)
class Change:
    old: Any
    new: Any
    fields: tuple[FieldChange, ...]
    matched_by: str

    @property
    def words(self) -> str:
        return "; ".join(change.words for change in self.fields)


@dataclass(slots=True)
class ItineraryDiff:
    added: list[Any] = field(default_factory=list)
    removed: list[Any] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: list[tuple[Any, Any]] = field(default_factory=list)
    eased: list[Change] = field(default_factory=list)
    """Legs under several reservations of which some are cancelled: they stay."""

    @property
    def empty(self) -> bool:
        return not (self.added or self.removed or self.changed or self.eased)


def diff(old: Iterable[Leglike], new: Iterable[Leglike]) -> ItineraryDiff:
    """Pairs by UID, then by flight number and day, then by ends and the nearest time."""
    before, after = list(old), list(new)
    pairs: list[tuple[Leglike, Leglike, str]] = []
    for how, match in (
        ("uid", _pair_by(lambda leg: leg.uid)),
        ("flight number and day", _pair_by(_flight_and_day)),
        ("ends and time", _nearest),
    ):
        for a, b in match(before, after):
            pairs.append((a, b, how))
            before.remove(a)
            after.remove(b)
    result = ItineraryDiff(added=after, removed=before)
    for a, b, how in sorted(pairs, key=lambda pair: _sort_key(pair[1])):
        if fields := tuple(_changes(a, b)):
            result.changed.append(Change(a, b, fields, how))
        else:
            result.unchanged.append((a, b))
    return result


type Matcher = Callable[[list[Leglike], list[Leglike]], list[tuple[Leglike, Leglike]]]


def _pair_by(key: Callable[[Leglike], Any]) -> Matcher:
    def match(before: list[Leglike], after: list[Leglike]) -> list[tuple[Leglike, Leglike]]:
        known: dict[Any, Leglike] = {}
        for leg in before:
            if key(leg):
                known.setdefault(key(leg), leg)
        return [(known.pop(key(leg)), leg) for leg in after if key(leg) in known]

    return match


def _flight_and_day(leg: Leglike) -> tuple[str, Any] | None:
    number = _get(leg, "flight_number").replace(" ", "")
    return (number, _local(leg.start, leg.zone).date()) if number and leg.start else None


def _nearest(before: list[Leglike], after: list[Leglike]) -> list[tuple[Leglike, Leglike]]:
    """Same role and ends, the closest in time first, each leg once; a day apart at most. What
    stands under another reservation is another booking, however alike."""
    close = []
    for i, a in enumerate(before):
        for j, b in enumerate(after):
            alike = _get(a, "role") == _get(b, "role") and _same_ends(a, b)
            if alike and not _other_booking(a, b):
                gap = _gap(a, b)
                if gap <= NEAREST_WITHIN:
                    close.append((gap, i, j))
    pairs, used_old, used_new = [], set(), set()
    for _, i, j in sorted(close):
        if i not in used_old and j not in used_new:
            pairs.append((before[i], after[j]))
            used_old.add(i)
            used_new.add(j)
    return pairs


def _other_booking(a: Leglike, b: Leglike) -> bool:
    one, other = set(_get(a, "reservation").split()), set(_get(b, "reservation").split())
    return bool(one and other) and not one & other


def _same_ends(a: Leglike, b: Leglike) -> bool:
    if not (a.origin or a.destination):
        return False
    return all(
        getattr(a, side) == getattr(b, side) or same_place(getattr(a, side), getattr(b, side))
        for side in ("origin", "destination")
    )


def _gap(a: Leglike, b: Leglike) -> timedelta:
    if a.start and b.start:
        return abs(a.start - b.start)
    if a.end and b.end:
        return abs(a.end - b.end)
    return timedelta() if not (a.start or b.start) else timedelta.max


def _changes(a: Leglike, b: Leglike) -> Iterable[FieldChange]:
    stop = _get(b, "role") == "stop"
    for name in FIELDS:
        if stop and name == "origin":
            continue  # at a stop it repeats the place
        old, new = _get(a, name), _get(b, name)
        if old != new:
            yield FieldChange(name, old, new, _words(name, old, new, b, stop))


def _get(leg: Leglike, name: str) -> Any:
    empty = False if name in ("all_day", "implied") else None if name in ("start", "end") else ""
    return getattr(leg, name, empty)


def _words(name: str, old: Any, new: Any, leg: Leglike, stop: bool) -> str:
    match name:
        case "start":
            return _time_words("Begins" if stop else "Leaves", old, new, leg.zone)
        case "end":
            zone = getattr(leg, "end_zone", "") or leg.zone
            return _time_words("Ends" if stop else "Arrives", old, new, zone)
        case "origin":
            return f"Starts at {new or 'an unknown place'} instead of {old or 'an unknown place'}"
        case "destination":
            verb = "Takes place at" if stop else "Goes to"
            return f"{verb} {new or 'an unknown place'} instead of {old or 'an unknown place'}"
        case "status" if new == "cancelled":
            return "Cancelled"
        case "status" if old == "cancelled":
            return "No longer cancelled"
        case "all_day":
            return "Is now an all-day entry" if new else "Now has times of day"
        case "implied":
            return "No entry says this movement any more" if new else "Now stands in the itinerary"
    return f"{NAMES[name]}: {new or 'none'} instead of {old or 'none'}"


def _time_words(verb: str, old: datetime | None, new: datetime | None, zone: str) -> str:
    if new is None and old is not None:
        return f"{verb} at an unknown time (was {_clock(old, zone)})"
    if old is None or new is None:
        return f"{verb} at {_clock(new, zone)} (was unknown)" if new else f"{verb} unchanged"
    shift = new - old
    how = "later" if shift > timedelta() else "earlier"
    was, now = _local(old, zone), _local(new, zone)
    dated = was.date() != now.date()
    shown = f"{_clock(new, zone, dated, False)} instead of {_clock(old, zone, dated)}"
    return f"{verb} {length(abs(shift))} {how} ({shown})"


def length(span: timedelta) -> str:
    """ "30 min", "2 h 05 min", "3 days"."""
    minutes = round(span.total_seconds() / 60)
    days, rest = divmod(minutes, 1440)
    hours, minutes = divmod(rest, 60)
    if days and not rest:
        return f"{days} day{'s' if days > 1 else ''}"
    if days:
        return f"{days} d {hours} h" + (f" {minutes:02d} min" if minutes else "")
    if hours:
        return f"{hours} h" + (f" {minutes:02d} min" if minutes else "")
    return f"{minutes} min" if minutes else "less than a minute"


def _local(moment: datetime, zone: str) -> datetime:
    try:
        return moment.astimezone(ZoneInfo(zone or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        return moment


def _clock(moment: datetime, zone: str, dated: bool = True, named: bool = True) -> str:
    local = _local(moment, zone)
    shown = local.strftime("%-d %b %H:%M" if dated else "%H:%M")
    return f"{shown} {local.tzname()}" if named else shown


def _sort_key(leg: Leglike) -> tuple[bool, float, str]:
    moment = leg.start or leg.end
    return moment is None, moment.timestamp() if moment else 0.0, leg.uid
