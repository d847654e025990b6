"""Time zones of calendar files: IANA names, Windows names, and zones defined in the file."""

import re
import zoneinfo
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

from icalendar.cal import Timezone
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from varangian.travel.itineraries.ical_text import Block
from varangian.travel.itineraries.itinerary import Problem

OFFSET_NAME = re.compile(r"(?:UTC|GMT)?\s*([+-])(\d{1,2}):?(\d{2})?")


@lru_cache(maxsize=1024)
def iana_zone(name: str) -> zoneinfo.ZoneInfo | None:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


def known_zone(tzid: str) -> tzinfo | None:
    """Zone of a name that means the same in every file, or None."""
    plain = tzid.strip().strip("/")
    if plain.upper() in ("UTC", "GMT", "Z", "ETC/UTC", "COORDINATED UNIVERSAL TIME"):
        return UTC
    parts = plain.split("/")
    tails = ["/".join(parts[start:]) for start in range(len(parts))]
    for name in (plain, WINDOWS_TO_OLSON.get(plain), *tails):
        if name and "/" in name and (zone := iana_zone(name)):
            return zone
    return None


PROBES = [
    datetime(year, month, day, 12)  # noqa: DTZ001
    for year in (2026, 2027)
    for month in range(1, 13)
    for day in (1, 10, 20, 28)
]


MAX_DEFINITIONS = 20
MAX_PARTS = 200


def _harmless(block: Block) -> bool:
    """Zone rules repeat each year; one that repeats each second would be searched for hours."""
    rules = [
        line.value.upper() for part in block.inner for line in part.lines if line.name == "RRULE"
    ]
    return len(block.inner) <= MAX_PARTS and all("FREQ=YEARLY" in rule for rule in rules)


class Zones:
    """Answers for the zone names of one calendar; each unknown name is reported once.

    A zone defined in the file is used only for a name without a meaning of its own, because
    programs often write outdated rules under a well-known name.
    """

    def __init__(self, defined: list[Block], home: tzinfo, problems: list[Problem]) -> None:
        self.home = home
        self.problems = problems
        self.blocks = {line.value: b for b in defined if (line := b.first("TZID"))}
        self.cache: dict[str, tzinfo] = {}
        self.definitions = 0

    def get(self, tzid: str) -> tzinfo:
        if tzid not in self.cache:
            self.cache[tzid] = known_zone(tzid) or self._defined(tzid) or self._guess(tzid)
        return self.cache[tzid]

    def _defined(self, tzid: str) -> tzinfo | None:
        block = self.blocks.get(tzid)
        if block is None:
            return None
        self.definitions += 1
        if self.definitions > MAX_DEFINITIONS or not _harmless(block):
            what = f"The definition of time zone {tzid!r} is too large or odd to be followed."
            self.problems.append(Problem(f"line {block.number}", what))
            return None
        location = block.first("X-LIC-LOCATION")
        if location and (zone := known_zone(location.value)):
            return zone
        try:
            zone = Timezone.from_ical(block.text() + "\n").to_tz(lookup_tzid=False)
            zone.utcoffset(datetime(2026, 7, 1))  # noqa: DTZ001
        except Exception as error:  # a hostile definition may raise anything in the library
            self.problems.append(
                Problem(f"line {block.number}", f"Time zone {tzid!r} is not usable: {error}.")
            )
            return None
        return self._twin(tzid, zone)

    def _twin(self, tzid: str, zone: tzinfo) -> tzinfo:
        """The zone with a name that shows the same time all year, the home zone before others."""
        names = sorted(set(WINDOWS_TO_OLSON.values()), key=lambda name: (name[0] != "E", name))
        named = filter(None, (iana_zone(name) for name in names))
        clock = [zone.utcoffset(moment) for moment in PROBES]
        for known in (self.home, *named):
            if [known.utcoffset(moment) for moment in PROBES] == clock:
                self._report(tzid, f"its clock is that of {zone_name(known)}, which was taken")
                return known
        self._report(tzid, f"read by the file's rules, shown in {zone_name(self.home)}")
        return zone

    def _guess(self, tzid: str) -> tzinfo:
        if match := OFFSET_NAME.search(tzid):
            minutes = int(match[2]) * 60 + int(match[3] or 0)
            if minutes <= 14 * 60:
                sign = -1 if match[1] == "-" else 1
                self._report(tzid, f"read as the fixed offset {match[0].strip()}")
                return timezone(timedelta(minutes=sign * minutes))
        self._report(tzid, f"its times were read as {zone_name(self.home)}")
        return self.home

    def _report(self, tzid: str, how: str) -> None:
        self.problems.append(
            Problem(
                f"time zone {tzid!r}",
                f"A time zone without a common name; {how}.",
                "Check these times.",
            )
        )


def zone_name(zone: tzinfo | None) -> str:
    if zone is UTC or zone is None:
        return "UTC"
    return getattr(zone, "key", None) or str(zone)
