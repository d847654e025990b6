"""Reads the calendar file of any usual program as an itinerary.

A broken entry never costs the others: each is read on its own and what cannot be used is
reported with its place in the file and its text.
"""

import re
from datetime import UTC, datetime, time, tzinfo

from varangian.kernel.results import Refused
from varangian.travel.itineraries.endpoints import find_ends, plain_description
from varangian.travel.itineraries.ical_entry import Entry, EntryReader, Moment, plain_text
from varangian.travel.itineraries.ical_series import Instance, unroll
from varangian.travel.itineraries.ical_text import Block, calendars, decode, unfold
from varangian.travel.itineraries.ical_zones import Zones, known_zone, zone_name
from varangian.travel.itineraries.itinerary import Itinerary, ItineraryItem, Problem
from varangian.travel.itineraries.kinds import flight_number, judge

MAX_PROBLEMS = 1_000
GEO = re.compile(r"\s*(?:geo:)?(-?\d+(?:\.\d+)?)\s*[;,]\s*(-?\d+(?:\.\d+)?)")


def read_itinerary(
    data: bytes, *, now: datetime, home_zone: str = "UTC", horizon_days: int = 370
) -> Itinerary:
    """Items of the file in order of their start, and what a person should know about it.

    ``now`` is aware. ``home_zone`` is the zone of times that carry none, unless the file names
    one. Series are read up to ``horizon_days`` after ``now``; endless ones from 30 days before.
    Raises Refused when the data hold no calendar at all, or more than 25 MB.
    """
    itinerary = Itinerary()
    text = decode(data, itinerary.problems)
    blocks = calendars(unfold(text, itinerary.problems), itinerary.problems)
    if not blocks:
        raise Refused(
            "This is no calendar file: it has no BEGIN:VCALENDAR",
            mend="Export the calendar as iCalendar (.ics) and import that file.",
        )
    home = known_zone(home_zone)
    if home is None:
        raise Refused(f"Unknown home time zone {home_zone!r}", mend="Use a name like Europe/Paris.")
    entries: list[Entry] = []
    shown: dict[int, tzinfo] = {}
    for block in blocks:
        found, zone = _entries(block, home, itinerary)
        entries.extend(found)
        if zone is not None:
            shown.update((id(entry), zone) for entry in found)
    for instance in unroll(entries, now, horizon_days, itinerary.problems):
        zone = shown.get(id(instance.entry))
        try:
            itinerary.items.append(_item(instance, home, zone, itinerary.problems))
        except (ValueError, OverflowError) as error:
            what = f"The entry cannot be read ({error}); it was left out."
            itinerary.problems.append(
                Problem(instance.entry.where, what, "Enter it by hand.", instance.entry.raw)
            )
    itinerary.items.sort(key=lambda item: (item.start, item.uid))
    if (more := len(itinerary.problems) - MAX_PROBLEMS) > 0:
        itinerary.problems[MAX_PROBLEMS:] = [Problem("file", f"{more} more problems of this kind.")]
    return itinerary


def _entries(
    calendar: Block, home: tzinfo, itinerary: Itinerary
) -> tuple[list[Entry], tzinfo | None]:
    """Entries of one calendar, and the zone it wants to be shown in."""
    name = calendar.first("X-WR-CALNAME") or calendar.first("NAME")
    itinerary.name = itinerary.name or (plain_text(name.value) if name else "")
    events = [block for block in calendar.inner if block.name == "VEVENT"]
    defined = [block for block in calendar.inner if block.name == "VTIMEZONE"]
    wanted = calendar.first("X-WR-TIMEZONE")
    zones = Zones(defined, home, itinerary.problems)
    shown = zones.get(wanted.value.strip()) if wanted else None
    method = calendar.first("METHOD")
    cancel = method is not None and method.value.strip().upper() == "CANCEL"
    _count_others(calendar, itinerary.problems)
    reader = EntryReader(zones, shown or home, cancel, itinerary.problems)
    return [entry for block in events if (entry := _read(reader, block, itinerary))], shown


def _read(reader: EntryReader, block: Block, itinerary: Itinerary) -> Entry | None:
    try:
        return reader.read(block)
    except Exception as error:  # no entry, however odd, may cost the others
        what = f"The entry cannot be read ({type(error).__name__}: {error}); it was left out."
        itinerary.problems.append(
            Problem(f"line {block.number}", what, "Enter it by hand.", block.text())
        )
        return None


def _count_others(calendar: Block, problems: list[Problem]) -> None:
    for name, words in (("VTODO", "tasks"), ("VJOURNAL", "journal entries")):
        count = sum(block.name == name for block in calendar.inner)
        if count:
            problems.append(Problem("file", f"{count} {words} were left out: only events count."))


def _item(
    instance: Instance, home: tzinfo, shown: tzinfo | None, problems: list[Problem]
) -> ItineraryItem:
    entry = instance.entry
    all_day = entry.all_day or _outlook_all_day(instance)
    title = " ".join(entry.text("SUMMARY")[:500].split())
    description = plain_description(entry.text("DESCRIPTION")[:50_000])
    reasons = list(entry.reasons)
    zone = entry.zone if entry.zone is UTC or hasattr(entry.zone, "key") else home
    if zone is UTC and shown is not None and shown is not UTC:
        zone = shown
        reasons.append(f"times given in UTC, shown in {zone_name(zone)}")
    geo, place = _location(entry, problems)
    verdict = judge(title, entry.text("CATEGORIES"), description, all_day, place)
    ends = find_ends(title, verdict.kind, place, description)
    number = ""
    if verdict.kind == "flight":
        number = flight_number(title, True) or flight_number(description[:2000], False)
    status = "cancelled" if entry.cancelled else entry.text("STATUS").lower()
    start = _aware(instance.start, zone)
    end = None if instance.end is None else _aware(instance.end, _end_zone(instance, zone))
    start.astimezone(UTC)
    return ItineraryItem(
        uid=instance.uid,
        title=title,
        start=start,
        end=end,
        zone=zone_name(zone),
        end_zone=zone_name(_end_zone(instance, zone)),
        sequence=entry.sequence,
        kind=verdict.kind,
        all_day=all_day,
        end_known=entry.end_known and end is not None,
        origin=ends.origin,
        destination=ends.destination,
        location=ends.location,
        geo=geo,
        flight_number=number,
        status=status,
        description=description,
        raw=entry.raw,
        confidence=verdict.confidence,
        reasons=[f"{verdict.kind}: {verdict.reason}", *ends.reasons, *reasons],
    )


def _aware(moment: Moment, zone: tzinfo) -> datetime:
    if isinstance(moment, datetime):
        return moment.astimezone(zone)
    return datetime.combine(moment, time(), zone)


def _end_zone(instance: Instance, zone: tzinfo) -> tzinfo:
    """A flight lands in the zone of its destination, if the file says so."""
    own = instance.end.tzinfo if isinstance(instance.end, datetime) else None
    return own if own is not None and hasattr(own, "key") else zone


def _outlook_all_day(instance: Instance) -> bool:
    flag = instance.entry.block.first("X-MICROSOFT-CDO-ALLDAYEVENT")
    if flag is None or flag.value.strip().upper() != "TRUE":
        return False
    ends = (instance.start, instance.end)
    return all(isinstance(m, datetime) and m.time() == time() for m in ends)


def _location(entry: Entry, problems: list[Problem]) -> tuple[tuple[float, float] | None, str]:
    place = entry.text("LOCATION")[:1000].replace("\n", ", ")
    apple = entry.block.first("X-APPLE-STRUCTURED-LOCATION")
    if apple is not None and not place:
        place = plain_text(apple.params.get("X-TITLE", "")).replace("\n", ", ")
    for line in (entry.block.first("GEO"), apple):
        match = GEO.match(line.value) if line else None
        if line is None:
            continue
        lat, lon = (float(match[1]), float(match[2])) if match else (999.0, 999.0)
        if (lat, lon) == (0.0, 0.0):
            continue  # what several programs write for "no coordinates"
        if abs(lat) <= 90 and abs(lon) <= 180:
            return (lat, lon), place
        problems.append(Problem(entry.where, f"Impossible coordinates {line.value[:60]!r}."))
    return None, place
