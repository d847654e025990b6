"""Boarding passes as text (IATA bar coded boarding pass, format M): who flies where on which day.

A pass names the day of the year without the year, and no time of day. Both are said so.
"""

import re
from datetime import date, timedelta

from .ical_text import decode
from .itinerary import ItineraryItem
from .reader import Reader, flight_words, person

PASS = re.compile(r"M([1-9])([A-Z][^\n]{19})([ E])(?=[A-Z0-9 ]{7}[A-Z]{3}[A-Z]{3})")
HEAD, LEG = 23, 37
FIRST_CONDITIONAL = re.compile(r">[1-9 ]([0-9A-F]{2})(.)(.)(.)([\d ]{4})")
MOST = 200


def read_boarding(data: bytes, reader: Reader) -> None:
    found = 0
    for number, line in enumerate(decode(data, reader.out.problems).splitlines(), start=1):
        match = PASS.match(line.strip())
        if match is None:
            continue
        found += 1
        if found > MOST:
            reader.tell(f"More than {MOST} passes; the rest was left out.", where=f"line {number}")
            return
        read_pass(line.strip(), reader, f"line {number}")


def read_pass(text: str, reader: Reader, where: str) -> None:
    """Every leg of one pass; a cut-off pass gives the legs that are whole."""
    match = PASS.match(text)
    if match is None:
        reader.tell("This is no boarding pass of format M.", raw=text, where=where)
        return
    legs, name = int(match[1]), person(match[2].strip())
    at, issued = HEAD, None
    for index in range(legs):
        fixed = text[at : at + LEG]
        if len(fixed.rstrip()) < 24:
            reader.tell(
                f"The pass names {legs} legs and breaks off in leg {index + 1}.",
                "Scan it again; the whole legs are kept.",
                raw=text,
                where=where,
            )
            return
        size = fixed[35:37].strip()
        length = int(size, 16) if re.fullmatch(r"[0-9A-Fa-f]{2}", size) else 0
        if index == 0:
            issued = _issued(text[at + LEG : at + LEG + length])
        _leg(fixed, name, issued, reader, where)
        at += LEG + length


def _leg(fixed: str, name: str, issued: str | None, reader: Reader, where: str) -> None:
    locator = fixed[0:7].strip()
    start, goal, carrier, flight = fixed[7:10], fixed[10:13], fixed[13:16].strip(), fixed[16:21]
    day, how = flown_on(fixed[21:24], issued, reader)
    number = flight_words(carrier, flight)
    reader.where = where
    origin, zone = reader.airport(start)
    goal, end_zone = reader.airport(goal)
    if day is None:
        reader.tell(
            f"Flight {number}: {fixed[21:24].strip() or 'nothing'!r} is no day of the year.",
            "Set the day by hand.",
            raw=fixed,
        )
    begins = reader.moment(day.isoformat(), zone, "day") if day else None
    seat = fixed[25:29].strip().lstrip("0")
    reader.add(
        ItineraryItem(
            uid="",
            title=f"Flight {number} {start} to {fixed[10:13]}",
            start=begins.at if begins else None,
            end=None,
            zone=zone or reader.home,
            end_zone=end_zone or zone or reader.home,
            kind="flight",
            all_day=True,
            end_known=False,
            origin=origin,
            destination=goal,
            flight_number=number,
            description=f"Seat {seat}" if seat else "",
            raw=fixed,
            confidence="likely",
            reasons=["flight: boarding pass", how, "the pass gives no time of day"],
            reservation=locator,
            travellers=[name] if name else [],
            checked_in=True,
        )
    )


def _issued(conditional: str) -> str | None:
    """Last digit of the year and day of the year on which the pass was issued."""
    match = FIRST_CONDITIONAL.match(conditional)
    return (
        match[5] if match and match[5].strip().isdecimal() and len(match[5].strip()) == 4 else None
    )


def flown_on(julian: str, issued: str | None, reader: Reader) -> tuple[date | None, str]:
    """The day, and what its year rests on."""
    if not julian.strip().isdecimal() or not 1 <= int(julian) <= 366:
        return None, "the day is unknown"
    today = reader.now.date()
    if issued:
        years = [y for y in range(today.year - 8, today.year + 3) if y % 10 == int(issued[0])]
        made = [day for y in years if (day := _day_of(y, int(issued[1:])))]
        made = [day for day in made if day <= today + timedelta(days=2)]
        if made:
            found = [_day_of(made[-1].year + more, int(julian)) for more in (0, 1)]
            known = [day for day in found if day and day >= made[-1]]
            if known:
                return known[0], f"year {known[0].year} from the date of issue"
    found = [_day_of(today.year + more, int(julian)) for more in (-1, 0, 1)]
    days = [day for day in found if day]
    if not days:
        return None, "the day is unknown"
    nearest = min(days, key=lambda day: (abs((day - today).days), day))
    return nearest, f"year {nearest.year} is the nearest: a pass names none"


def _day_of(year: int, julian: int) -> date | None:
    if julian < 1:
        return None
    found = date(year, 1, 1) + timedelta(days=julian - 1)
    return found if found.year == year else None
