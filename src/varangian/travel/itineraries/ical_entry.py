"""One VEVENT as the file gives it: moments made aware, texts unescaped, faults reported."""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from icalendar.prop import vDDDTypes, vDuration

from varangian.travel.itineraries.ical_text import Block, Line
from varangian.travel.itineraries.ical_zones import Zones
from varangian.travel.itineraries.itinerary import Problem

type Moment = date | datetime
MAX_DATES = 5_000
YEARS = range(1600, 2201)  # Apple writes birthdays without a year into 1604
ESCAPE = re.compile(r"\\([nN,;:\\\"])")


@dataclass(slots=True)
class Entry:
    """A VEVENT before its series is unrolled. All-day moments are dates, others aware."""

    block: Block
    raw: str
    where: str
    uid: str
    start: Moment
    end: Moment | None
    end_known: bool
    zone: tzinfo
    sequence: int = 0
    stamp: str = ""
    cancelled: bool = False
    recurrence_id: Moment | None = None
    this_and_future: bool = False
    rules: list[str] = field(default_factory=list)
    extra: list[Moment] = field(default_factory=list)
    excluded: list[Moment] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    @property
    def all_day(self) -> bool:
        return not isinstance(self.start, datetime)

    def text(self, name: str) -> str:
        line = self.block.first(name)
        return plain_text(line.value) if line else ""


class EntryReader:
    """Reads the events of one calendar."""

    def __init__(
        self, zones: Zones, floating: tzinfo, cancel: bool, problems: list[Problem]
    ) -> None:
        self.zones = zones
        self.floating = floating
        self.cancel = cancel
        self.problems = problems

    def read(self, block: Block) -> Entry | None:
        """The entry, or None when it has no usable start; then a problem keeps its text."""
        raw = block.text()
        title = _title(block)
        where = f"line {block.number}" + (f", {title!r}" if title else "")
        start_line = block.first("DTSTART")
        if start_line is None:
            self._lost(where, "The entry has no start", raw)
            return None
        try:
            start = self._moment(start_line)
        except (ValueError, OverflowError):
            self._lost(where, f"Impossible start {start_line.value[:40]!r}", raw)
            return None
        entry = Entry(
            block=block,
            raw=raw,
            where=where,
            uid=self._uid(block, where, start_line.value),
            start=start,
            end=None,
            end_known=False,
            zone=start.tzinfo if isinstance(start, datetime) and start.tzinfo else self.floating,
        )
        if isinstance(start, datetime) and _is_floating(start_line):
            entry.reasons.append("no time zone in the file: read in the calendar's zone")
        self._end(entry)
        self._versions(entry)
        self._recurrence(entry)
        return entry

    def _lost(self, where: str, what: str, raw: str) -> None:
        self.problems.append(
            Problem(where, f"{what}; the entry was left out.", "Enter it by hand.", raw)
        )

    def _uid(self, block: Block, where: str, start: str) -> str:
        line = block.first("UID")
        if line and line.value.strip():
            return line.value.strip()
        digest = hashlib.sha256(f"{_title(block)}|{start}".encode()).hexdigest()[:20]
        self.problems.append(
            Problem(where, "The entry has no UID; one was made from its title and start.")
        )
        return f"no-uid-{digest}"

    def _moment(self, line: Line, value: str | None = None) -> Moment:
        """Raises ValueError when there is no such moment."""
        text = (line.value if value is None else value).strip()
        try:
            moment = vDDDTypes.from_ical(text)
        except ValueError:
            moment = datetime.fromisoformat(text)
            if len(text) <= 10:
                moment = moment.date()
        if not isinstance(moment, date) or moment.year not in YEARS:
            raise ValueError("no moment of a calendar in use")
        if isinstance(moment, datetime):
            if text[-1:] in "Zz":
                moment = moment.replace(tzinfo=UTC)
            elif moment.tzinfo is None:
                tzid = line.params.get("TZID")
                moment = moment.replace(tzinfo=self.zones.get(tzid) if tzid else self.floating)
        return moment

    def _end(self, entry: Entry) -> None:
        end_line, length = entry.block.first("DTEND"), entry.block.first("DURATION")
        try:
            if end_line:
                entry.end = self._moment(end_line)
            elif length:
                entry.end = entry.start + vDuration.from_ical(length.value.strip())
            elif entry.all_day:
                entry.end = entry.start + timedelta(days=1)
                entry.reasons.append("all-day entry without an end: that one day (RFC 5545)")
        except (ValueError, OverflowError, TypeError):
            bad = end_line or length
            self._no_end(entry, f"Impossible end {bad.value[:40]!r}" if bad else "Impossible end")
            return
        if entry.end is None:
            entry.reasons.append("the file gives no end")
            return
        self._same_type(entry)
        if entry.end.year not in YEARS:
            self._no_end(entry, "Impossible length")
            return
        first, last = entry.start, entry.end
        if entry.all_day and first == last:
            entry.end = first + timedelta(days=1)
            entry.reasons.append("all-day entry that ends on its own day: that one day")
        elif last < first:
            self._no_end(entry, "The end lies before the start")
            return
        entry.end_known = True

    def _same_type(self, entry: Entry) -> None:
        if entry.all_day and isinstance(entry.end, datetime):
            entry.end = entry.end.astimezone(self.floating).date()
        elif not entry.all_day and not isinstance(entry.end, datetime) and entry.end:
            entry.end = datetime.combine(entry.end, time(), entry.zone)

    def _no_end(self, entry: Entry, what: str) -> None:
        entry.end, entry.end_known = None, False
        entry.reasons.append("the end in the file is not usable")
        self.problems.append(
            Problem(entry.where, f"{what}; the end is unknown.", "Set the end by hand.", entry.raw)
        )

    def _versions(self, entry: Entry) -> None:
        sequence = entry.block.first("SEQUENCE")
        if sequence and sequence.value.strip().isdecimal():
            entry.sequence = min(int(sequence.value.strip()[:12]), 2**31 - 1)
        modified = entry.block.first("LAST-MODIFIED") or entry.block.first("DTSTAMP")
        entry.stamp = modified.value.strip() if modified else ""
        status = entry.text("STATUS").upper()
        entry.cancelled = self.cancel or status in ("CANCELLED", "CANCELED")

    def _recurrence(self, entry: Entry) -> None:
        for line in entry.block.lines:
            if line.name == "RRULE":
                entry.rules.append(line.value.strip())
            elif line.name in ("RDATE", "EXDATE"):
                kept = entry.extra if line.name == "RDATE" else entry.excluded
                kept.extend(self._list(line, entry))
            elif line.name == "RECURRENCE-ID":
                try:
                    entry.recurrence_id = self._moment(line)
                except (ValueError, OverflowError):
                    self.problems.append(
                        Problem(entry.where, "Impossible RECURRENCE-ID; read as a single entry.")
                    )
                entry.this_and_future = line.params.get("RANGE", "").upper() == "THISANDFUTURE"

    def _list(self, line: Line, entry: Entry) -> list[Moment]:
        found: list[Moment] = []
        for value in filter(None, line.value.split(",")):
            if len(entry.extra) + len(entry.excluded) + len(found) >= MAX_DATES:
                what = f"More than {MAX_DATES} single dates in the series; the rest was ignored."
                self.problems.append(Problem(entry.where, what))
                break
            try:
                moment = self._moment(line, value.partition("/")[0])
            except (ValueError, OverflowError):
                self.problems.append(
                    Problem(entry.where, f"Impossible date {value[:40]!r} in {line.name}, ignored.")
                )
                continue
            if entry.all_day and isinstance(moment, datetime):
                moment = moment.date()
            found.append(moment)
        return found


def plain_text(value: str) -> str:
    """A TEXT value (RFC 5545, section 3.3.11) without its escapes."""
    return ESCAPE.sub(lambda m: "\n" if m[1] in "nN" else m[1], value).strip()


def _title(block: Block) -> str:
    line = block.first("SUMMARY")
    return " ".join(plain_text(line.value).split())[:80] if line else ""


def _is_floating(line: Line) -> bool:
    return "TZID" not in line.params and not line.value.strip().upper().endswith("Z")
