"""Where a movement starts and ends, read from title, location and description of an entry."""

import html
import re
from dataclasses import dataclass, field
from functools import cache

from varangian.travel.itineraries.itinerary import Kind
from varangian.travel.itineraries.kinds import (
    AIRPORT_PAIR,
    FLIGHT_NUMBER,
    MOVING,
    find_words,
    is_virtual,
    plain,
    rules,
)

ARROW = re.compile(r"\s*(?:->|-->|=>|→|⇒|➔|➝|»|>)\s*")
SPACED_DASH = re.compile(r"\s+[-–—]\s+")
TAG = re.compile(r"<[^<>]{0,2000}>")
BREAK = re.compile(r"<(?:br|/p|/div|/li|/tr)\b[^<>]{0,200}>", re.IGNORECASE)
CLOCK = re.compile(r"\b\d{1,2}[:.h]\d{2}\b(?:\s*[ap]m\b)?", re.I)
PLACE_LIKE = re.compile(r"[^\W\d]{3}")
DAY = re.compile(
    r"\d|\b(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"(?:day|s|nes|rs|ur|uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)*\b",
    re.I,
)
TOWARDS = re.compile(r"\b(?:to|nach|naar|till)\s+(.+)", re.I)
AWAY = re.compile(r"\b(?:from|von)\s+(.+)", re.I)
CUT_MARKS = " \t:-–—|,;.•·"


@dataclass(slots=True)
class Ends:
    origin: str = ""
    destination: str = ""
    location: str = ""
    reasons: list[str] = field(default_factory=list)


def plain_description(text: str) -> str:
    """Lines of the description without HTML."""
    if "<" in text:
        text = TAG.sub("", BREAK.sub("\n", text))
    return html.unescape(text) if "&" in text else text


def find_ends(title: str, kind: Kind, location: str, description: str) -> Ends:
    """Raw texts of the ends of a movement, or the place of a stay or an event."""
    ends = Ends()
    place = "" if is_virtual(location) else location.strip()
    if location and not place:
        ends.reasons.append(f'"{location[:60]}" is no place on the ground')
    moving = kind in MOVING
    route = find_route(title, moving)
    if route is None and moving and place:
        route = find_route(place, True)
        place = "" if route else place
    if route:
        ends.origin, ends.destination = route
        ends.reasons.append(f'"{route[0]}" to "{route[1]}" read from the entry')
    if (moving or kind == "other") and not route:
        _from_lines(ends, description)
    if moving:
        _one_end(ends, title, place)
    elif not route:
        ends.location = place or _place_in_title(title, kind)
        if ends.location and not place:
            ends.reasons.append("place read from the title")
    ends.location = ends.location or place
    return ends


def find_route(text: str, moving: bool) -> tuple[str, str] | None:
    """(start, end) in a text; without ``moving`` only arrows, "from .. to" and codes count."""
    if (pair := AIRPORT_PAIR.search(text)) and (moving or pair[0] == text.strip()):
        return pair[1], pair[2]
    rest = _strip_mode(text) if moving else text
    for parts in (ARROW.split(rest), *_split_words(rest, moving)):
        if len(parts) >= 2:
            start, end = _clean(parts[0]), _clean(parts[-1])
            if start and end and not CLOCK.fullmatch(start):
                return start, end
    ends = [_clean(part) for part in SPACED_DASH.split(rest)]
    return (ends[0], ends[1]) if moving and len(ends) == 2 and all(ends) else None


@cache
def _route_patterns() -> list[tuple[re.Pattern[str], re.Pattern[str]]]:
    patterns = []
    for before, between in rules()["routes"]:
        short = rf"(.+?)\s+{re.escape(between)}\s+(.+)"
        full = rf"(?:^|.*\s){re.escape(before)}\s+{short}"
        patterns.append((re.compile(full, re.I), re.compile(short, re.I)))
    return patterns


def _split_words(text: str, moving: bool) -> list[list[str]]:
    found = []
    for full, _ in _route_patterns():
        if match := full.fullmatch(text[:300]):
            found.append([match[1], match[2]])
    codes = len(re.findall(r"\([A-Z]{3}\)", text)) >= 2
    if moving or codes:
        for _, short in _route_patterns():
            if match := short.fullmatch(text[:300]):
                found.append([match[1], match[2]])
    return found


def _strip_mode(title: str) -> str:
    """The title without the leading word for the mode, the flight number, and their marks."""
    rest = title.strip()
    words = find_words(rest)
    if words and words[0].position == 0 and words[0].kind in MOVING:
        tail = rest[len(words[0].text) :]
        rest = tail.lstrip(CUT_MARKS) if tail[:1] != "," else rest
    rest = re.sub(r"\(\s*" + FLIGHT_NUMBER.pattern + r"\s*\)", " ", rest)
    if match := FLIGHT_NUMBER.match(rest):
        rest = rest[match.end() :].lstrip(CUT_MARKS)
    return rest


def _clean(text: str) -> str:
    text = text.strip().strip(CUT_MARKS)
    text = re.sub(r"^(?:from|von)\s+", "", text, flags=re.I)
    text = re.sub(r"\s*\(\s*" + FLIGHT_NUMBER.pattern + r"\s*\)$", "", text)
    return text.strip()


@cache
def _labels() -> dict[str, str]:
    labels = {plain(label): "origin" for label in rules()["from_labels"]}
    return labels | {plain(label): "destination" for label in rules()["to_labels"]}


def _from_lines(ends: Ends, description: str) -> None:
    for line in description[:20_000].splitlines():
        label, colon, value = line.partition(":")
        side = _labels().get(plain(label).strip(" *•-\t"))
        value = _without_time(value)
        # "From: Ann <ann@office>" is the head of a forwarded mail, no place
        if not colon or side is None or not value or "@" in value or getattr(ends, side):
            continue
        setattr(ends, side, value)
        ends.reasons.append(f'{side} "{value}" read from the description')


def _without_time(value: str) -> str:
    value = value.strip()
    if not CLOCK.search(value):
        return value if re.search(r"[^\W\d]{2}", value) else ""
    parts = [CLOCK.sub("", part) for part in re.split(r"[,;|]|\s[-–]\s|\sat\s", value)]
    return ", ".join(
        " ".join(p.split()) for p in parts if PLACE_LIKE.search(p) and not DAY.search(p)
    )


def _one_end(ends: Ends, title: str, place: str) -> None:
    """A title that names only the destination; the place of the entry is where it starts."""
    rest = _strip_mode(title)
    for side, pattern in (("destination", TOWARDS), ("origin", AWAY)):
        if not getattr(ends, side) and (match := pattern.search(rest)):
            setattr(ends, side, _clean(match[1]))
            ends.reasons.append(f'{side} "{_clean(match[1])}" read from the title')
    if place and not ends.origin:
        ends.origin = place
        ends.reasons.append("the place of the entry is taken as the start of the movement")


def _place_in_title(title: str, kind: Kind) -> str:
    if match := re.search(r"(?:\s|^)(?:at|@|im|bei)\s+(.+)", title, re.I):
        return "" if CLOCK.match(match[1]) else _clean(match[1])
    if kind != "stay":
        return ""
    rest = re.sub(
        r"^(?:stay|overnight|lodging|accommodation|check-?in|check-?out|hotel check-?(?:in|out))"
        r"\s*[:\-–]?\s*",
        "",
        title,
        flags=re.I,
    )
    rest = re.sub(r"^hotel\s*[:–-]\s*", "Hotel ", rest, flags=re.I)
    return _clean(rest)
