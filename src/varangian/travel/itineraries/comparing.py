"""An imported itinerary beside the plan: what is added, changed, removed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from varangian.kernel.geometry import haversine_km
from varangian.operations.models import Movement
from varangian.places.gazetteer import same_airport

from .diff import Change, FieldChange, ItineraryDiff, diff
from .legs import same_place

CALENDAR = "calendar"
APART_KM = 0.1


@dataclass(slots=True)
class Side:
    """One leg of either side, in the words the comparison reads."""

    uid: str
    start: datetime | None
    end: datetime | None
    zone: str
    origin: str
    destination: str
    role: str
    mode: str
    title: str
    flight_number: str
    implied: bool
    reservation: str
    source: Any
    """Index of the imported leg, or the movement."""


def imported_side(index: int, leg: dict[str, Any], known: Iterable[Any] = ()) -> Side:
    """An end that is one of the ``known`` places bears the name that the team gave it."""
    return Side(
        uid=leg["uid"],
        start=_time(leg["starts"]),
        end=_time(leg["ends"]),
        zone=leg["zone"],
        origin=_named(leg["origin"], known),
        destination=_named(leg["destination"], known),
        role=leg["role"],
        mode=leg["kind"],
        title=leg["title"],
        flight_number=leg["flight_number"],
        implied=leg["implied"],
        reservation=leg.get("reservation", ""),
        source=index,
    )


def planned_side(movement: Movement) -> Side:
    return Side(
        uid=movement.source_uid,
        start=movement.starts,
        end=movement.ends,
        zone=movement.zone,
        origin=movement.origin.name if movement.origin else "",
        destination=movement.destination.name if movement.destination else "",
        role="stop" if movement.is_stay else "leg",
        mode=movement.kind,
        title=movement.title,
        flight_number=movement.details.get("flight_number", ""),
        implied=movement.implied,
        reservation=movement.details.get("reservation", ""),
        source=movement,
    )


def compare(movements: list[Movement], legs: list[dict[str, Any]]) -> ItineraryDiff:
    """Cancelled entries count as gone; legs made by hand are none of the import's business.

    A calendar is whole: what it no longer holds is gone, of what came from calendars. A mail, a
    pass or a table speaks of itself alone: it takes away only what it cancels. What says nothing
    takes nothing away.
    """
    old = [planned_side(m) for m in movements if m.source_uid]
    ends = (place for m in movements for place in (m.origin, m.destination))
    known = list({place.pk: place for place in ends if place is not None}.values())
    sides = [imported_side(i, leg, known) for i, leg in enumerate(legs)]
    going = [side for side in sides if not legs[side.source]["cancelled"]]
    found = diff(old, going)
    gone, found.eased = called_off(found.removed, legs, sides)
    whole = is_whole(legs)
    found.removed = [
        side
        for side in found.removed
        if side.source.pk in gone or (whole and source_of(side.source) == CALENDAR)
    ]
    return found


def is_whole(legs: list[dict[str, Any]]) -> bool:
    return any(leg.get("source", CALENDAR) == CALENDAR for leg in legs if not leg["implied"])


def source_of(movement: Movement) -> str:
    return movement.details.get("source", CALENDAR)


def called_off(
    old: list[Any], legs: list[dict[str, Any]], sides: list[Side]
) -> tuple[set[Any], list[Change]]:
    """Of the planned legs those that the file cancels: each by its likeness, or a reservation
    whole. A leg under two reservations stays while one of them does."""
    off = [side for side in sides if legs[side.source]["cancelled"]]
    pairs = diff(old, [side for side in off if side.start])
    hit = [(change.old, change.new) for change in pairs.changed] + pairs.unchanged
    for new in (side for side in off if not side.start and side.reservation):
        numbers = set(new.reservation.split())
        hit += [(leg, new) for leg in old if numbers & set(leg.reservation.split())]
    left: dict[Any, set[str]] = {}
    last: dict[Any, tuple[Side, Side]] = {}
    for leg, new in hit:
        known = left.setdefault(leg.source.pk, set(leg.reservation.split()))
        known -= set(new.reservation.split()) or known
        last[leg.source.pk] = leg, new
    gone = {pk for pk, numbers in left.items() if not numbers}
    return gone, [_eased(*last[pk], left[pk]) for pk in left if pk not in gone]


def _eased(leg: Side, new: Side, left: set[str]) -> Change:
    numbers = leg.reservation.split()
    stays = " ".join(number for number in numbers if number in left)
    off = " ".join(number for number in numbers if number not in left)
    said = off or new.reservation
    words = f"Reservation {said} is cancelled, {stays} is not: ask who still travels"
    return Change(leg, new, (FieldChange("reservation", leg.reservation, stays, words),), "booking")


def completed(movements: list[Movement], legs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A boarding pass names a day: where the plan knows that flight, its times stand."""
    flights = {
        (number.replace(" ", ""), m.starts.astimezone(ZoneInfo(m.zone)).date()): m
        for m in movements
        if m.starts and (number := m.details.get("flight_number", ""))
    }
    return [_timed(leg, flights) for leg in legs]


def _timed(leg: dict[str, Any], flights: dict[Any, Movement]) -> dict[str, Any]:
    start = _time(leg["starts"])
    if not leg["all_day"] or leg["end_known"] or start is None:
        return leg
    planned = flights.get((leg["flight_number"].replace(" ", ""), start.date()))
    if planned is None or planned.starts is None:
        return leg
    ends = planned.ends.isoformat() if planned.ends else None
    known = {"starts": planned.starts.isoformat(), "ends": ends, "end_known": bool(ends)}
    return {**leg, **known, "title": planned.title, "all_day": False, "zone": planned.zone}


def plain(found: ItineraryDiff) -> dict[str, Any]:
    """For the sealed record, the screen and ``--json``."""
    return {
        "added": [{"leg": side.source, "words": _words(side)} for side in found.added],
        "removed": [
            {"movement": str(side.source.pk), "words": _words(side)} for side in found.removed
        ],
        "changed": [_changed(change) for change in (*found.changed, *found.eased)],
        "unchanged": len(found.unchanged),
    }


def _changed(change: Change) -> dict[str, Any]:
    return {
        "leg": change.new.source,
        "movement": str(change.old.source.pk),
        "title": change.old.title if change.matched_by == "booking" else change.new.title,
        "words": change.words,
        "matched_by": change.matched_by,
        "fields": [
            {"field": f.field, "old": str(f.old or ""), "new": str(f.new or ""), "words": f.words}
            for f in change.fields
        ],
    }


def _words(side: Side) -> str:
    if side.start is None:
        return f"time unknown {side.title}"
    return f"{side.start.astimezone(ZoneInfo(side.zone)):%d %b %H:%M %Z} {side.title}"


def is_place(place: Any, wanted: dict[str, Any]) -> bool:
    """A place that a person renamed still counts as the text it came from."""
    if _apart(place, wanted):
        return False
    texts = [place.name, place.source_text]
    return any(
        text and (same_place(text, wanted["name"]) or same_airport(text, wanted["text"]))
        for text in texts
    )


def _apart(place: Any, wanted: dict[str, Any]) -> bool:
    """Bare coordinates have no name of their own: two points near one town are two places."""
    if not wanted.get("unnamed") or not place.position or not wanted["position"]:
        return False
    return haversine_km(tuple(place.position), tuple(wanted["position"])) > APART_KM


def _named(wanted: dict[str, Any] | None, known: Iterable[Any]) -> str:
    if wanted is None:
        return ""
    return next((place.name for place in known if is_place(place, wanted)), wanted["name"])


def _time(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
