"""Itinerary lines of a booking system, in the styles of Amadeus, Sabre and Galileo.

Lines of flights, hotels and cars are read; every other line of the record (fares, remarks,
contacts) is none of the journey's and stays in the original.
"""

import re
from datetime import date, datetime, time, timedelta

from .ical_text import decode
from .itinerary import ItineraryItem
from .reader import CITIES, MONTHS, Moment, Reader, find_airport, flight_words, near_year, person

DAY = r"(\d{1,2})(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)(\d{2})?"
CLOCK = r"(?:[#*+-]\s?)?\d{3,4}[APNM]?"
SEGMENT = re.compile(
    rf"\s*(?P<n>\d{{1,2}})\s*[. ]\s*(?P<carrier>[A-Z]{{2}}|[A-Z]\d|\d[A-Z])\s*(?P<flight>\d{{1,4}})"
    rf"\s*(?P<cabin>[A-Z])\s+{DAY}\s*(?P<weekday>[1-7]|MO|TU|WE|TH|FR|SA|SU|[MTWFSQJ])?\s*\*?\s*"
    r"(?P<start>[A-Z]{3})\s?(?P<goal>[A-Z]{3})\*?\s*(?P<status>[A-Z]{2})\s?\d{0,2}"
    rf"(?P<rest>.*)"
)
TIMES = re.compile(rf"(?<![\w/])({CLOCK})\s+({CLOCK})(?:\s?([+-]\d))?(?:\s+{DAY})?")
STAY = re.compile(
    r"\s*\d{1,2}\s*[. ]\s*(?:HHL|HTL|HHT)\s+(?:(?P<chain>[A-Z0-9]{2})\s+)?"
    rf"(?P<status>[A-Z]{{2}})\s?\d{{0,2}}\s+(?P<city>[A-Z]{{3}})\s+(?:IN)?\s*(?P<in>{DAY})"
    rf"\s*(?:-|W-|\s)?\s*(?:OUT)?\s*(?P<out>{DAY})?(?P<rest>.*)"
)
CAR = re.compile(
    r"\s*\d{1,2}\s*[. ]\s*(?:CCR|CAR)\s+(?:(?P<chain>[A-Z0-9]{2})\s+)?"
    r"(?P<status>[A-Z]{2})\s?\d{0,2}"
    rf"\s+(?:(?P<city>[A-Z]{{3}})\s+)?(?P<in>{DAY})\s*(?:-|\s)\s*(?P<out>{DAY})"
    r"(?:\s+(?P<later>[A-Z]{3})(?=[/\s]))?(?P<rest>.*)"
)
NAMES = re.compile(
    r"(?:^|\s)\d{1,2}\.(?:\d{1,2}\.?)?\s*([A-Z][A-Z' -]+/[A-Z][A-Z ]*)(?=\s{2,}|\s+\d|$|\()"
)
LOCATOR = re.compile(r"^(?:RP/.*\s([A-Z0-9]{6})\s*$|([A-Z0-9]{6})(?:\s*/\s*\w+.*)?$)", re.M)
GONE = {"HX", "UN", "UC", "NO", "XX", "XK", "XL", "US"}
WAITING = {"HL", "KL", "LL", "PN", "HN", "NN"}
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LETTERS = {"M": 0, "T": 1, "W": 2, "Q": 3, "F": 4, "J": 5}
KEPT = re.compile(r"\s*\d{1,2}\s*[. ]\s*(?:[A-Z0-9]{2}\s*\d{1,4}\s*[A-Z]\s+\d|HHL|HTL|CCR|CAR)\b")


def read_pnr(data: bytes, reader: Reader) -> None:
    text = decode(data, reader.out.problems)
    number = locator(text)
    travellers = [person(name) for name in NAMES.findall(text[:5_000])][:50]
    for row, line in enumerate(text.splitlines()[:5_000], start=1):
        line = line.rstrip()[:300]
        reader.where = f"line {row}"
        before = len(reader.out.items)
        for pattern, read in ((SEGMENT, _flight), (STAY, _stay), (CAR, _car)):
            if match := pattern.match(line):
                read(match, reader)
                break
        else:
            if KEPT.match(line):
                reader.tell(
                    "This line of the record was not understood.", "Enter it by hand.", line
                )
        for item in reader.out.items[before:]:
            item.raw, item.reservation, item.travellers = line, number, list(travellers)


def locator(text: str) -> str:
    match = LOCATOR.search(text[:5_000])
    return (match[1] or match[2]) if match else ""


def _flight(match: re.Match[str], reader: Reader) -> None:
    day = _day(match[5], match[6], match[7], reader, _weekday(match["weekday"]))
    number = flight_words(match["carrier"], match["flight"])
    if day is None:
        reader.tell(f"Flight {number}: there is no such day.", "Enter it by hand.", match[0])
        return
    origin, zone = reader.airport(match["start"])
    goal, end_zone = reader.airport(match["goal"])
    start, end, reasons = _times(match["rest"], day, zone, end_zone, reader)
    reader.add(
        ItineraryItem(
            uid="",
            title=f"Flight {number} {match['start']} to {match['goal']}",
            start=start.at,
            end=end.at if end else None,
            zone=start.zone,
            end_zone=end.zone if end else end_zone or start.zone,
            kind="flight",
            all_day=start.day_only,
            end_known=end is not None,
            origin=origin,
            destination=goal,
            flight_number=number,
            status=_status(match["status"], number, reader),
            confidence="clear",
            reasons=["flight: line of a booking system", *reasons, *start.reasons],
        )
    )


def _times(
    rest: str, day: date, zone: str, end_zone: str, reader: Reader
) -> tuple[Moment, Moment | None, list[str]]:
    """Departure and arrival, each on the clock of its airport."""
    match = TIMES.search(rest)
    clocks = [_clock(match[index]) for index in (1, 2)] if match else []
    if match is None or None in clocks:
        reader.tell("The times of this line were not understood.", "Set them by hand.", rest)
        midnight = datetime.combine(day, time())
        first = reader.settle(midnight, zone, "day")
        return Moment(first.at, first.zone, day_only=True), None, ["times unknown"]
    leaves, lands = clocks
    start = reader.settle(datetime.combine(day, leaves or time()), zone, "departure")
    landed, told = _landing_day(match, day, reader)
    end = reader.settle(datetime.combine(landed, lands or time()), end_zone or zone, "arrival")
    if end.at <= start.at and not told:
        landed += timedelta(days=1)
        end = reader.settle(datetime.combine(landed, lands or time()), end_zone or zone, "arrival")
        return start, end, ["the line gives no day of arrival: the day after was taken"]
    if end.at <= start.at:
        reader.tell("The flight lands before it leaves; the arrival is unknown.", raw=rest)
        return start, None, ["the arrival in the line is not usable"]
    return start, end, []


def _landing_day(match: re.Match[str], day: date, reader: Reader) -> tuple[date, bool]:
    """The day of arrival, and whether the line tells it."""
    if match[4]:
        found = _day(match[4], match[5], match[6], reader)
        return (found, True) if found else (day, False)
    marks = {"#": 1, "+": 1, "*": 2, "-": -1}
    shift = int(match[3]) if match[3] else marks.get(match[2][0], 0)
    return day + timedelta(days=shift), bool(shift)


def _clock(text: str) -> time | None:
    bare = text.strip("#*+- ")
    half, digits = bare[-1:], re.sub(r"\D", "", bare)
    hour, minute = int(digits[:-2] or 0), int(digits[-2:])
    if half in "AM" and hour == 12:
        hour = 0
    elif half in ("P", "N") and hour < 12:
        hour += 12
    try:
        return time(hour, minute)
    except ValueError:
        return None


def _stay(match: re.Match[str], reader: Reader) -> None:
    name = _name_in(match["rest"]) or f"Hotel in {match['city']}"
    begins, ends, zone = _span(match, match["city"], reader)
    if begins is None:
        return
    place = f"{name}, {_city(match['city'])}"
    reader.add(
        ItineraryItem(
            uid="",
            title=name,
            start=begins.at,
            end=ends.at if ends else None,
            zone=zone,
            end_zone=zone,
            kind="stay",
            all_day=True,
            end_known=ends is not None,
            location=place,
            status=_status(match["status"], name, reader),
            confidence="clear",
            reasons=["stay: hotel line of a booking system"],
        )
    )


def _car(match: re.Match[str], reader: Reader) -> None:
    """Two short entries: whoever has rented a car is not under way all the time."""
    city = match["city"] or match["later"] or ""
    begins, ends, zone = _span(match, city, reader)
    place = CITIES.get(city, city)
    status = _status(match["status"], "car", reader)
    for words, moment, mark in (("Pick up", begins, "ARR|PUP"), ("Return", ends, "RT|RET|DO")):
        if moment is None:
            continue
        at = re.search(rf"/(?:{mark})-(\d{{3,4}}[APNM]?)", match["rest"])
        clock = _clock(at[1]) if at else None
        timed = reader.settle(datetime.combine(moment.at.date(), clock), zone) if clock else moment
        reader.add(
            ItineraryItem(
                uid="",
                title=f"{words} rental car {place}".strip(),
                start=timed.at,
                end=None,
                zone=zone,
                end_zone=zone,
                kind="meeting",
                all_day=clock is None,
                end_known=False,
                location=place,
                status=status,
                confidence="likely",
                reasons=["rental car: line of a booking system"],
            )
        )


def _span(
    match: re.Match[str], code: str, reader: Reader
) -> tuple[Moment | None, Moment | None, str]:
    zone = reader.airport(code, what="City")[1] if code else ""
    found: list[Moment | None] = []
    for side in ("in", "out"):
        parts = re.fullmatch(DAY, match[side] or "")
        day = _day(parts[1], parts[2], parts[3], reader) if parts else None
        found.append(reader.moment(day.isoformat(), zone, "day") if day else None)
    if found[0] is None:
        reader.tell("The days of this line were not understood.", "Enter it by hand.", match[0])
    first, last = found
    if first and last and last.at < first.at:
        last = None
        reader.tell("The end lies before the start; the end is unknown.", raw=match[0])
    return first, last, zone or reader.home


def _day(
    day: str, month: str, year: str | None, reader: Reader, weekday: int | None = None
) -> date | None:
    number = MONTHS.index(month) + 1
    if year is None:
        return near_year(number, int(day), reader.now, weekday)
    try:
        return date(2000 + int(year), number, int(day))
    except ValueError:
        return None


def _weekday(mark: str | None) -> int | None:
    if not mark:
        return None
    if mark.isdigit():
        return int(mark) - 1
    return WEEKDAYS.index(mark) if mark in WEEKDAYS else LETTERS.get(mark)


def _status(code: str, what: str, reader: Reader) -> str:
    if code in GONE:
        return "cancelled"
    if code in WAITING:
        reader.tell(f"{what} is not confirmed (status {code}).", "Ask the agency.")
        return "tentative"
    return "confirmed"


def _name_in(rest: str) -> str:
    """Behind the number of nights stands a property number, then the name."""
    match = re.search(r"\d+NT\s+(?:\d+\s+)?([A-Z][A-Z0-9&' .]+)", rest) or re.search(
        r"\b([A-Z][A-Z&']+(?: [A-Z&']+){1,5})\b(?=\s*[/,-]|$)", rest
    )
    return match[1].strip().title() if match else ""


def _city(code: str) -> str:
    known = find_airport(code)
    return known.city if known and known.city else CITIES.get(code, code)
