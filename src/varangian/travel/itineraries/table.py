"""Tables (CSV): one entry a row, columns by name, delimiter and encoding found out.

Columns: start (or date and time), end, kind, from, to, place, title, flight, reservation,
travellers, zone, end zone, status, notes. A row that cannot be used is named and kept.
"""

import csv
import re
from datetime import datetime
from io import StringIO
from typing import get_args

from .ical_text import decode
from .ical_zones import known_zone, zone_name
from .itinerary import Confidence, ItineraryItem, Kind
from .kinds import MOVING, judge, plain
from .reader import Moment, Reader, zone_of

ALIASES = {
    "start": "start starts begin begins departure departs depart from_time",
    "date": "date day",
    "time": "time start_time dep_time",
    "end": "end ends arrival arrives arrive until to_time",
    "end_date": "end_date to_date",
    "end_time": "end_time arr_time",
    "kind": "kind type mode",
    "from": "from origin start_place",
    "to": "to destination end_place",
    "place": "place location venue hotel address",
    "title": "title subject entry summary what description",
    "flight": "flight flight_number flight_no number",
    "reservation": "reservation booking confirmation pnr reference locator",
    "travellers": "travellers travelers passengers names who guests",
    "zone": "zone time_zone timezone tz",
    "end_zone": "end_zone end_time_zone arrival_zone",
    "status": "status state",
    "notes": "notes note remarks comment comments",
}
NAMES = {alias: name for name, aliases in ALIASES.items() for alias in aliases.split()}
KINDS: dict[str, Kind] = {
    "air": "flight",
    "hotel": "stay",
    "lodging": "stay",
    "car": "road",
    "drive": "road",
    "transfer": "road",
    "bus": "road",
    "rail": "train",
    "event": "meeting",
}
MOST_ROWS = 5_000
DELIMITERS = ",;\t|"
GONE = {"cancelled", "canceled", "off"}


def looks_like_table(text: str) -> bool:
    """Is the first line a row of at least two of our columns, one of them a time?"""
    head = next((line for line in text.lstrip("\ufeff").splitlines() if line.strip()), "")
    found = set(_columns(next(csv.reader([head[:2000]], delimiter=_delimiter(head)), [])).values())
    return len(found) >= 2 and bool(found & {"start", "date"})


def read_table(data: bytes, reader: Reader) -> None:
    text = decode(data, reader.out.problems).lstrip("\ufeff").replace("\x00", "")
    head = next((line for line in text.splitlines() if line.strip()), "")
    rows = csv.reader(StringIO(text), delimiter=_delimiter(head))
    columns: dict[int, str] = {}
    order = _day_first(text)
    if order is None and re.search(r"\b\d{1,2}/\d{1,2}/\d{2}", text):
        reader.tell("Dates with strokes were read as day/month.", "Check them.")
    try:
        for row in rows:
            if not columns:
                columns = _columns(row)
                _tell_unknown(row, columns, reader)
            elif any(cell.strip() for cell in row):
                _take(row, columns, rows.line_num, order, reader)
            if rows.line_num > MOST_ROWS:
                reader.tell(f"More than {MOST_ROWS} rows; the rest was left out.")
                return
    except csv.Error as error:
        reader.tell(f"The table breaks off at row {rows.line_num} ({error}).", "Export it again.")


def _delimiter(head: str) -> str:
    return max(DELIMITERS, key=lambda sign: (head.count(sign), -DELIMITERS.index(sign)))


def _columns(head: list[str]) -> dict[int, str]:
    keys = [re.sub(r"\W+", "_", plain(cell).strip()).strip("_") for cell in head]
    found: dict[int, str] = {}
    for index, key in enumerate(keys):
        if (name := NAMES.get(key)) and name not in found.values():
            found[index] = name
    return found


def _tell_unknown(head: list[str], columns: dict[int, str], reader: Reader) -> None:
    others = (cell.strip()[:40] for index, cell in enumerate(head) if index not in columns)
    unknown = list(filter(None, others))
    if unknown:
        reader.tell(
            f"Columns without a meaning here: {', '.join(unknown[:20])}.",
            "Known are " + ", ".join(name.replace("_", " ") for name in ALIASES) + ".",
            where="row 1",
        )


def _take(
    row: list[str], columns: dict[int, str], number: int, day_first: bool | None, reader: Reader
) -> None:
    reader.where = f"row {number}"
    cells = {name: row[i].strip()[:1000] for i, name in columns.items() if i < len(row)}
    raw = ", ".join(row)
    zone = _zone(cells.get("zone", ""), reader) or _zone_there(cells, ("from", "place", "to"))
    begins = _moment(cells, "start", "date", "time", zone, day_first, reader)
    if begins is None:
        reader.tell("The row has no usable start; it was left out.", "Mend the row.", raw)
        return
    end_zone = _zone(cells.get("end_zone", ""), reader) or _zone_there(cells, ("to",)) or zone
    day = "end_date" if cells.get("end_date") else "date"
    ends = _moment(cells, "end", day, "end_time", end_zone, day_first, reader)
    if ends and ends.at < begins.at:
        reader.tell("The end lies before the start; the end is unknown.", "Mend the row.", raw)
        ends = None
    reader.add(_item(cells, begins, ends, raw))


def _item(cells: dict[str, str], begins: Moment, ends: Moment | None, raw: str) -> ItineraryItem:
    kind, confidence, reason = _kind(cells, begins.day_only)
    moving = kind in MOVING or bool(cells.get("from") and cells.get("to"))
    origin, goal = cells.get("from", ""), cells.get("to", "")
    place = cells.get("place", "") or ("" if moving else goal or origin)
    route = f"{origin} to {goal}".strip() if moving and (origin or goal) else place
    names = re.split(r"[;/|]| and ", cells.get("travellers", ""))
    return ItineraryItem(
        uid="",
        title=cells.get("title")
        or f"{kind.capitalize()} {cells.get('flight', '')} {route}".strip(),
        start=begins.at,
        end=ends.at if ends else None,
        zone=begins.zone,
        end_zone=ends.zone if ends else begins.zone,
        kind=kind,
        all_day=begins.day_only,
        end_known=ends is not None,
        origin=origin if moving else "",
        destination=(goal or place) if moving else "",
        location="" if moving else place,
        flight_number=cells.get("flight", ""),
        status="cancelled" if plain(cells.get("status", "")) in GONE else "",
        description=cells.get("notes", ""),
        raw=raw,
        confidence=confidence,
        reasons=[reason, *begins.reasons],
        reservation=cells.get("reservation", ""),
        travellers=[name.strip() for name in names if name.strip()][:50],
    )


def _kind(cells: dict[str, str], all_day: bool) -> tuple[Kind, Confidence, str]:
    said = plain(cells.get("kind", "")).strip()
    own: dict[str, Kind] = {kind: kind for kind in get_args(Kind)}
    if known := (own | KINDS).get(said):
        return known, "clear", f'{known}: kind "{said}" in the row'
    if cells.get("flight"):
        return "flight", "clear", "flight: a flight number in the row"
    words = cells.get("title", "")
    found = judge(words, said, cells.get("notes", ""), all_day, cells.get("place", ""))
    return found.kind, found.confidence, f"{found.kind}: {found.reason}"


def _zone(name: str, reader: Reader) -> str:
    if not name:
        return ""
    known = known_zone(name)
    if known is None:
        reader.tell(f"Unknown time zone {name[:40]!r}.", "Use a name like Europe/Paris.")
        return ""
    return zone_name(known)


def _zone_there(cells: dict[str, str], sides: tuple[str, ...]) -> str:
    return next((zone for side in sides if (zone := zone_of(cells.get(side, "")))), "")


def _moment(
    cells: dict[str, str],
    whole: str,
    day: str,
    clock: str,
    zone: str,
    day_first: bool | None,
    reader: Reader,
) -> Moment | None:
    text = cells.get(whole, "")
    if re.fullmatch(r"\d{1,2}[:.]\d{2}", text):
        text = f"{cells.get(day, '')} {text}"
    if not text and (cells.get(clock) or whole == "start"):
        text = f"{cells.get(day, '')} {cells.get(clock, '')}"
    return reader.moment(_iso(text.strip(), day_first), zone, whole) if text.strip() else None


def _iso(text: str, day_first: bool | None) -> str:
    """ "26.11.2026 9:05" and "26/11/2026" in the form that is understood everywhere."""
    match = re.match(
        r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?:[ T]+(\d{1,2})[:.](\d{2}))?", text
    )
    if match is None:
        short = re.fullmatch(r"(\d{4}-\d{2}-\d{2})[ T]+(\d)[:.](\d{2})", text)
        return f"{short[1]}T0{short[2]}:{short[3]}" if short else text
    first, second = int(match[1]), int(match[3])
    day, month = (second, first) if match[2] == "/" and day_first is False else (first, second)
    year = int(match[4]) + (2000 if len(match[4]) == 2 else 0)
    try:
        clock = f"T{int(match[5]):02d}:{match[6]}" if match[5] else ""
        return f"{datetime(year, month, day):%Y-%m-%d}{clock}"  # noqa: DTZ001
    except ValueError:
        return text


def _day_first(text: str) -> bool | None:
    """Do dates with strokes begin with the day? None when the table does not tell."""
    pairs = [
        (int(a), int(b)) for a, b in re.findall(r"\b(\d{1,2})/(\d{1,2})/\d{2,4}", text[:200_000])
    ]
    if any(a > 12 for a, _ in pairs):
        return True
    return False if any(b > 12 for _, b in pairs) else None
