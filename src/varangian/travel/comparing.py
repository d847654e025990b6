"""An imported itinerary beside the plan: what is added, changed, removed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from varangian.operations.models import Movement

from .diff import Change, ItineraryDiff, diff


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


def imported_side(index: int, leg: dict[str, Any]) -> Side:
    return Side(
        uid=leg["uid"],
        start=_time(leg["starts"]),
        end=_time(leg["ends"]),
        zone=leg["zone"],
        origin=(leg["origin"] or {}).get("name", ""),
        destination=(leg["destination"] or {}).get("name", ""),
        role=leg["role"],
        mode=leg["kind"],
        title=leg["title"],
        flight_number=leg["flight_number"],
        implied=leg["implied"],
        source=index,
    )


def planned_side(movement: Movement) -> Side:
    """A place that a person renamed or located still counts as the text it came from."""
    return Side(
        uid=movement.source_uid,
        start=movement.starts,
        end=movement.ends,
        zone=movement.zone,
        origin=_text(movement.origin),
        destination=_text(movement.destination),
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
    new = [imported_side(i, leg) for i, leg in enumerate(legs) if not leg["cancelled"]]
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


def _text(place: Any) -> str:
    return (place.source_text or place.name) if place else ""


def _time(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
