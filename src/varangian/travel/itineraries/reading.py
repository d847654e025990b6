"""From a file to legs whose places are resolved as far as they can be, offline."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from varangian.places.coordinates import find_coordinates, without_coordinates
from varangian.places.gazetteer import Resolution, resolve, same_airport
from varangian.places.gazetteer_data import city_near

from .checks import check
from .itinerary import Itinerary, ItineraryItem, Part, Problem
from .journeys import journeys, span
from .legs import LegDraft, draft_legs, same_place
from .merging import merge

MOST_PROBLEMS = 1_000
MOVEMENT_KINDS = {"flight", "train", "road", "foot"}
PLACE_KINDS = {"flight": "airport", "train": "station", "stay": "hotel", "event": "venue"}
VAGUE = ("other",)
ON_FOOT = re.compile(r"\b(walk|walking|stroll|on foot)\b", re.IGNORECASE)
Geo = tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What a file says, in plain values that a sealed field can keep."""

    name: str
    legs: list[dict[str, Any]]
    problems: list[dict[str, str]]
    parts: list[dict[str, Any]]
    """One row for each mail, page, pass or table: what it is and what it gave."""

    @property
    def words(self) -> str:
        return words_of(self.parts)


def words_of(parts: list[dict[str, Any]]) -> str:
    """What a file is, by its first part that gave something."""
    named = [part["source"] for part in parts if part["source"]]
    return "mailbox" if named.count("e-mail") > 1 else (named or ["file"])[0]


def read_file(data: bytes, *, now: datetime, zone: str) -> ReadFile:
    """Legs in order of their start; problems say where, what and how to mend."""
    parts, usual = _parts(data, now, zone)
    return _read(parts, usual)


def read_journeys(data: bytes, *, now: datetime, zone: str) -> list[ReadFile]:
    """The same, one for each journey that the mails of a mailbox speak of."""
    parts, usual = _parts(data, now, zone)
    found = [parts] if is_calendar(parts) else journeys(parts)
    spans = [span(journey) for journey in found]
    return [
        _read(journey, usual, spans[:number] + spans[number + 1 :])
        for number, journey in enumerate(found)
    ]


def _parts(data: bytes, now: datetime, zone: str) -> tuple[list[Part], str]:
    """And the usual zone, in which times that carry none were read."""
    from .documents import Setting, read_parts

    parts = read_parts(data, Setting(now, zone))
    usual = usual_zone(parts)
    if zone == "UTC" and usual != "UTC":
        parts = read_parts(data, Setting(now, usual))
    return parts, usual


def _read(parts: list[Part], usual: str, others: list[str] | None = None) -> ReadFile:
    itinerary = _one(parts)
    for days in others or ():
        what = f"This file also speaks of another journey, {days}."
        itinerary.problems.insert(0, Problem("file", what, "It has a draft of its own."))
    report = [_report(part) for part in parts]
    check(itinerary)
    drafts = draft_legs(itinerary.items, same=_same)
    known = {item.uid: item for item in itinerary.items}
    legs = [leg_of(draft, known.get(draft.uid)) for draft in drafts]
    if not is_calendar(parts):
        legs = [{**leg, "source": leg["source"] or "implied"} for leg in legs]
    legs += [called_off(number, usual) for number in itinerary.called_off]
    kinds_agree(legs)
    return ReadFile(itinerary.name, legs, _problems(itinerary), report)


def is_calendar(parts: list[Part]) -> bool:
    return len(parts) == 1 and parts[0].source == "calendar"


def _one(parts: list[Part]) -> Itinerary:
    """A calendar alone is whole as it is; anything else is brought together."""
    return parts[0].itinerary if is_calendar(parts) else merge(parts)


def _report(part: Part) -> dict[str, Any]:
    found = part.itinerary
    return {
        "where": part.where,
        "source": part.source,
        "stated_at": _iso(part.stated_at),
        "entries": len(found.items),
        "cancelled": len(found.called_off),
        "problems": len(found.problems),
    }


def usual_zone(parts: list[Part]) -> str:
    """The zone of most entries: where all-day entries and times without a zone belong."""
    items = [item for part in parts for item in part.itinerary.items]
    zones = Counter(item.zone for item in items if item.zone not in ("", "UTC"))
    return zones.most_common(1)[0][0] if zones else "UTC"


def leg_of(draft: LegDraft, item: ItineraryItem | None) -> dict[str, Any]:
    kind = movement_kind(draft)
    ends = place_of(draft.origin, None, kind), place_of(draft.destination, _geo_at(draft), kind)
    return {
        "uid": mark(draft.uid),
        "role": draft.role,
        "kind": kind,
        "title": _title(draft, *ends)[:200] or "Entry without a title",
        "starts": _iso(draft.start),
        "ends": _iso(draft.end),
        "zone": draft.zone or "UTC",
        "end_known": draft.end is not None,
        "all_day": draft.all_day,
        "times_known": draft.times_known,
        "implied": draft.implied,
        "cancelled": draft.status == "cancelled",
        "flight_number": draft.flight_number,
        "origin": ends[0],
        "destination": ends[1],
        "confidence": draft.confidence,
        "reasons": list(draft.reasons),
        "notes": item.description[:4000] if item else "",
        "end_zone": draft.end_zone or draft.zone or "UTC",
        "source": item.source if item else "",
        "reservation": item.reservation if item else "",
        "travellers": list(item.travellers) if item else [],
        "checked_in": bool(item and item.checked_in),
    }


def _title(draft: LegDraft, *ends: dict[str, Any] | None) -> str:
    """A leg that nobody wrote down bears the names of its ends, never their coordinates."""
    if not draft.implied or not all(ends):
        return draft.title
    return " to ".join(end["name"] for end in ends if end)


def kinds_agree(legs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The drive to a hotel and the night in it mean one place: what the one says of its kind holds
    for the other."""
    ends = [leg[side] for leg in legs for side in ("origin", "destination") if leg[side]]
    known = [end for end in ends if end["kind"] not in VAGUE]
    for end in ends:
        if end["kind"] in VAGUE:
            same = (one["kind"] for one in known if _same(one["text"], end["text"]))
            end["kind"] = next(same, end["kind"])
    return legs


def called_off(number: str, zone: str) -> dict[str, Any]:
    """A reservation that is cancelled whole, by a mail that names no leg of it."""
    gone = LegDraft(
        uid=f"off:{number}",
        role="leg",
        mode="other",
        title=f"Reservation {number} is cancelled",
        start=None,
        end=None,
        zone=zone,
        end_known=False,
        status="cancelled",
        confidence="clear",
        reasons=("the mail cancels the reservation and names no leg",),
    )
    return {**leg_of(gone, None), "source": "e-mail", "reservation": number}


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
        "unnamed": bool(text) and located and not _said(text),
        "candidates": [asdict(c) for c in found.candidates[:6]] if found else [],
        "city_hint": found.city_hint if found else "",
        "reasons": list(found.reasons) if found else [],
    }


def _place_name(text: str, found: Resolution | None) -> str:
    if found is not None and found.precision == "airport":
        return f"{found.name} ({found.code})" if found.code else found.name
    if found is not None and found.precision == "exact" and found.point:
        if text and not _said(text):
            city = city_near(found.point)
            return f"Near {city.name}" if city else "A point on the map"
        text = without_coordinates(text)
    return text or "Place without a name"


def _said(text: str) -> bool:
    """Anything beside coordinates?"""
    return not find_coordinates(text) or not find_coordinates(without_coordinates(text))


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
        for p in itinerary.problems[:MOST_PROBLEMS]
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
