"""What every reader of a booking needs: the clock of a place, airports, somewhere to complain."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from varangian.places.gazetteer import resolve
from varangian.places.gazetteer_data import Airport, airports

from .ical_zones import iana_zone
from .itinerary import Itinerary, ItineraryItem, Problem

YEARS = range(1990, 2201)
MOST_ITEMS = 5_000
MOST_PROBLEMS = 1_000
TITLES = {"MR", "MRS", "MS", "MISS", "MSTR", "DR", "PROF", "CHD", "INF", "SIR"}
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
CITIES = {
    "LON": "London, United Kingdom",
    "PAR": "Paris, France",
    "NYC": "New York, United States",
    "WAS": "Washington, United States",
    "CHI": "Chicago, United States",
    "MIL": "Milan, Italy",
    "ROM": "Rome, Italy",
    "TYO": "Tokyo, Japan",
    "OSA": "Osaka, Japan",
    "SEL": "Seoul, South Korea",
    "BJS": "Beijing, China",
    "BUE": "Buenos Aires, Argentina",
    "RIO": "Rio de Janeiro, Brazil",
    "SAO": "Sao Paulo, Brazil",
    "YTO": "Toronto, Canada",
    "YMQ": "Montreal, Canada",
    "STO": "Stockholm, Sweden",
    "BUH": "Bucharest, Romania",
    "JKT": "Jakarta, Indonesia",
}
"""Codes of cities with several airports, which no list of airports holds."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A time on the clock of a place. ``day_only`` is midnight of a day whose time is unknown."""

    at: datetime
    zone: str
    day_only: bool = False
    reasons: tuple[str, ...] = ()


@dataclass(slots=True)
class Reader:
    """One text being read. ``home`` is the zone of times that carry none and lie nowhere."""

    now: datetime
    home: str
    source: str
    where: str = "file"
    out: Itinerary = field(default_factory=Itinerary)

    def tell(self, what: str, mend: str = "", raw: str = "", where: str = "") -> None:
        if len(self.out.problems) < MOST_PROBLEMS:
            self.out.problems.append(Problem(where or self.where, what, mend, raw[:2000]))

    def add(self, item: ItineraryItem) -> None:
        if len(self.out.items) >= MOST_ITEMS:
            raise OverflowError(f"more than {MOST_ITEMS} entries")
        item.source = self.source
        self.out.items.append(item)

    def moment(self, value: Any, zone: str = "", what: str = "time") -> Moment | None:
        """None when nothing is said, or nothing that is a time: the latter is told."""
        text = plain_value(value)
        if not text:
            return None
        found = parse_time(text)
        if found is None or found.year not in YEARS:
            self.tell(f"Impossible {what} {text[:40]!r}.", "Set it by hand.")
            return None
        if not isinstance(found, datetime):
            named = zone or self.home
            return Moment(datetime.combine(found, time(), ZoneInfo(named)), named, day_only=True)
        if found.tzinfo is None:
            return self.settle(found, zone, what)
        return self._told(found, zone, what)

    def settle(self, naive: datetime, zone: str, what: str = "time") -> Moment:
        """A wall clock on the nights when it is turned: once missing, once twice."""
        named = zone or self.home
        at = naive.replace(tzinfo=ZoneInfo(named))
        reasons = () if zone else ("no time zone is given: read in the usual zone",)
        back = at.astimezone(UTC).astimezone(at.tzinfo)
        night = f"{naive:%d %b %H:%M} in {named}"
        if back.replace(tzinfo=None) != naive:
            self.tell(
                f"The {what} {night} does not exist: clocks go forward that night. "
                f"Read as {back:%H:%M}.",
                "Ask which time is meant.",
            )
            at = back
        elif at.utcoffset() != at.replace(fold=1).utcoffset():
            self.tell(
                f"The {what} {night} comes twice: clocks go back that night. The first was taken.",
                "Ask which of the two is meant.",
            )
        return Moment(at, named, reasons=reasons)

    def _told(self, found: datetime, zone: str, what: str) -> Moment:
        if zone:
            there = found.astimezone(ZoneInfo(zone))
            if there.utcoffset() != found.utcoffset():
                self.tell(
                    f"The {what} {found:%d %b %H:%M%z} is not on the clock of {zone}, "
                    f"where it is {there:%d %b %H:%M}.",
                    "Check it: some programs write local time as UTC.",
                )
            return Moment(there, zone)
        named = zone_like(found, self.home)
        return Moment(found.astimezone(ZoneInfo(named)), named)

    def airport(self, code: str, name: str = "", what: str = "Airport") -> tuple[str, str]:
        """(place in words, zone). An unknown code stays in words, and is told."""
        code = code.strip().upper()
        known = find_airport(code)
        if known is not None:
            return code, known.tz
        if code in CITIES:
            return CITIES[code], zone_of(CITIES[code])
        words = f"{name or 'unknown airport'} ({code})" if code else name
        if code:
            self.tell(
                f"{what} code {code} is not known; the place stays unlocated.",
                "Put it on the map after accepting, or correct the code.",
            )
        return words, zone_of(name)


def find_airport(code: str) -> Airport | None:
    return airports().coded(code) if re.fullmatch(r"[A-Z0-9]{3,4}", code) else None


@lru_cache(maxsize=2048)
def zone_of(text: str) -> str:
    """The zone of a place that the gazetteer knows, or of the city in an address; else ""."""
    found = resolve(text) if text.strip() else None
    if found is None:
        return ""
    if not found.tz and found.city_hint:
        found = resolve(found.city_hint, country=found.country or None) or found
    return found.tz if found.tz and iana_zone(found.tz) else ""


def zone_like(at: datetime, home: str) -> str:
    """A zone with a name for a time that has only an offset."""
    if at.astimezone(ZoneInfo(home)).utcoffset() == at.utcoffset():
        return home
    hours, rest = divmod((at.utcoffset() or timedelta()).total_seconds(), 3600)
    if rest or not -12 <= hours <= 14:
        return "UTC"
    return f"Etc/GMT{-int(hours):+d}" if hours else "UTC"


def plain_value(value: Any) -> str:
    """Text of a value that may be a list, or an object around the text."""
    for _ in range(4):
        if isinstance(value, list):
            value = value[0] if value else ""
        if isinstance(value, dict):
            keys = ("@value", "date", "value", "name", "@id")
            value = next((value[key] for key in keys if value.get(key)), "")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(str(value).replace("\x00", "").split())[:500]


def parse_time(text: str) -> date | datetime | None:
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}|\d{8}", text):
            return date.fromisoformat(text)
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for shape in ("%d %b %Y %H:%M", "%d %B %Y %H:%M", "%Y/%m/%d %H:%M", "%d.%m.%Y %H:%M"):
        try:
            return datetime.strptime(text, shape)  # noqa: DTZ007 its zone comes from its place
        except ValueError:
            continue
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def near_year(month: int, day: int, now: datetime, weekday: int | None = None) -> date | None:
    """The date that a day without a year means: the one with that weekday, else the next one
    that is not more than two months past."""
    found = []
    for year in (now.year - 1, now.year, now.year + 1, now.year + 2):
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    if weekday is not None:
        fitting = [one for one in found if one.weekday() == weekday]
        found = fitting or found
    earliest = now.date() - timedelta(days=60)
    return next((one for one in found if one >= earliest), found[-1] if found else None)


def person(name: str) -> str:
    """ "LINDQVIST/MARA MRS" as "Mara Lindqvist"."""
    last, slash, first = name.strip().partition("/")
    words = [word for word in first.split() if word.upper() not in TITLES]
    if not slash:
        return " ".join(name.split())[:80]
    glued = re.sub(r"(MR|MRS|MS|MISS|MSTR)$", "", words[0]) if len(words) == 1 else ""
    first = glued if len(glued) >= 3 else " ".join(words)
    return " ".join(f"{first} {last}".split()).title()[:80]


def flight_words(carrier: str, number: str) -> str:
    bare = re.sub(r"[^A-Z0-9]", "", number.upper()).removeprefix(carrier.upper()).lstrip("0")
    return f"{carrier.upper()} {bare}" if carrier and bare else bare
