"""An imported itinerary beside the plan: what is added, changed, removed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from varangian.operations.models import Movement
from varangian.places.gazetteer import same_airport

from .diff import Change, ItineraryDiff, diff
from .legs import same_place


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
        source=movement,
    )


def compare(movements: list[Movement], legs: list[dict[str, Any]]) -> ItineraryDiff:
    """Cancelled entries count as gone; legs made by hand are none of the calendar's business."""
    old = [planned_side(m) for m in movements if m.source_uid]
    ends = (place for m in movements for place in (m.origin, m.destination))
    known = list({place.pk: place for place in ends if place is not None}.values())
    new = [imported_side(i, leg, known) for i, leg in enumerate(legs) if not leg["cancelled"]]
    return diff(old, new)


def plain(found: ItineraryDiff) -> dict[str, Any]:
    """For the sealed record, the screen and ``--json``."""
    return {
        "added": [{"leg": side.source, "words": _words(side)} for side in found.added],
        "removed": [
            {"movement": str(side.source.pk), "words": _words(side)} for side in found.removed
        ],
        "changed": [_changed(change) for change in found.changed],
        "unchanged": len(found.unchanged),
    }


def _changed(change: Change) -> dict[str, Any]:
    return {
        "leg": change.new.source,
        "movement": str(change.old.source.pk),
        "title": change.new.title,
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
    texts = [place.name, place.source_text]
    return any(
        text and (same_place(text, wanted["name"]) or same_airport(text, wanted["text"]))
        for text in texts
    )


def _named(wanted: dict[str, Any] | None, known: Iterable[Any]) -> str:
    if wanted is None:
        return ""
    return next((place.name for place in known if is_place(place, wanted)), wanted["name"])


def _time(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
