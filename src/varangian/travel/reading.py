"""From a calendar file to legs whose places are resolved as far as they can be, offline."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from varangian.places.coordinates import without_coordinates
from varangian.places.gazetteer import Resolution, resolve, same_airport

from .itinerary import Itinerary, ItineraryItem
from .legs import LegDraft, draft_legs, same_place

MOVEMENT_KINDS = {"flight", "train", "road", "foot"}
PLACE_KINDS = {"flight": "airport", "train": "station", "stay": "hotel", "event": "venue"}
ON_FOOT = re.compile(r"\b(walk|walking|stroll|on foot)\b", re.IGNORECASE)
Geo = tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What a file says, in plain values that a sealed field can keep."""

    name: str
    legs: list[dict[str, Any]]
    problems: list[dict[str, str]]


def read_file(data: bytes, *, now: datetime, zone: str) -> ReadFile:
    """Legs in order of their start; problems say where, what and how to mend."""
    from .ical import read_itinerary  # the calendar libraries cost 0.2 s to load

    itinerary = read_itinerary(data, now=now, home_zone=zone)
    usual = usual_zone(itinerary)
    if zone == "UTC" and usual != "UTC":
        itinerary = read_itinerary(data, now=now, home_zone=usual)
    drafts = draft_legs(itinerary.items, same=_same)
    known = {item.uid: item for item in itinerary.items}
    legs = [leg_of(draft, known.get(draft.uid)) for draft in drafts]
    return ReadFile(itinerary.name, legs, _problems(itinerary))


def usual_zone(itinerary: Itinerary) -> str:
    """The zone of most entries: where all-day entries and times without a zone belong."""
    zones = Counter(item.zone for item in itinerary.items if item.zone not in ("", "UTC"))
    return zones.most_common(1)[0][0] if zones else "UTC"


def leg_of(draft: LegDraft, item: ItineraryItem | None) -> dict[str, Any]:
    kind = movement_kind(draft)
    return {
        "uid": mark(draft.uid),
        "role": draft.role,
        "kind": kind,
        "title": draft.title[:200] or "Entry without a title",
        "starts": _iso(draft.start),
        "ends": _iso(draft.end),
        "zone": draft.zone or "UTC",
        "end_known": draft.end is not None,
        "all_day": draft.all_day,
        "times_known": draft.times_known,
        "implied": draft.implied,
        "cancelled": draft.status == "cancelled",
        "flight_number": draft.flight_number,
        "origin": place_of(draft.origin, None, kind),
        "destination": place_of(draft.destination, _geo_at(draft), kind),
        "confidence": draft.confidence,
        "reasons": list(draft.reasons),
        "notes": item.description[:4000] if item else "",
    }


def _same(a: str, b: str) -> bool:
    return same_place(a, b) or same_airport(a, b)


def movement_kind(draft: LegDraft) -> str:
    if draft.role == "stop":
        return "stay" if draft.mode == "stay" else "event"
    if draft.mode == "road" and ON_FOOT.search(draft.title):
        return "foot"
    return draft.mode if draft.mode in MOVEMENT_KINDS else "other"


def _geo_at(draft: LegDraft) -> Geo:
    """Coordinates in an entry are of the place it names, which for a leg is not its far end."""
    return draft.geo if draft.role == "stop" else None


def place_of(text: str, geo: Geo, kind: str) -> dict[str, Any] | None:
    """None when nothing is said; unlocated stays plainly unlocated."""
    if not text and geo is None:
        return None
    found = resolve(text, geo=geo)
    located = found is not None and found.located
    return {
        "text": text,
        "name": _place_name(text, found),
        "position": list(found.point) if located and found and found.point else None,
        "precision": _precision(found),
        "kind": _place_kind(found, kind),
        "candidates": [asdict(c) for c in found.candidates[:6]] if found else [],
        "city_hint": found.city_hint if found else "",
        "reasons": list(found.reasons) if found else [],
    }


def _place_name(text: str, found: Resolution | None) -> str:
    if found is not None and found.precision == "airport":
        return f"{found.name} ({found.code})" if found.code else found.name
    if found is not None and found.precision == "exact":
        text = without_coordinates(text)
    return text or "Place without a name"


def _precision(found: Resolution | None) -> str:
    if found is None or not found.located:
        return "unlocated"
    return "city" if found.precision == "country-less" else found.precision


def _place_kind(found: Resolution | None, kind: str) -> str:
    if found is not None and found.precision in ("airport", "city", "country-less"):
        return "airport" if found.precision == "airport" else "city"
    return PLACE_KINDS.get(kind, "other")


def mark(uid: str) -> str:
    """A digest: calendar identifiers carry e-mail addresses."""
    return hashlib.sha256(uid.encode()).hexdigest()[:32]


def _problems(itinerary: Itinerary) -> list[dict[str, str]]:
    return [
        {"where": p.where, "what": p.what, "mend": p.mend, "raw": p.raw[:2000]}
        for p in itinerary.problems
    ]


def _iso(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


def title_of(read: ReadFile, file_name: str) -> str:
    """The calendar's own name, else the first travel leg, else the file."""
    if read.name:
        return read.name[:160]
    first: Iterable[dict[str, Any]] = (leg for leg in read.legs if not leg["implied"])
    leg = next(iter(first), None)
    return (leg["title"] if leg else file_name or "Itinerary")[:160]
