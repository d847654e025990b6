"""Bytes of a calendar file to components of whole lines, saving what can be saved."""

import codecs
import re
from dataclasses import dataclass, field

from varangian.kernel.results import Refused
from varangian.travel.itineraries.itinerary import Problem

LIMIT_BYTES = 25 * 1024 * 1024
MAX_LINE_REPORTS = 50
MAX_DEPTH = 8
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_VALUE = r'(?:"[^"]*"|[^":;,]*)(?:,(?:"[^"]*"|[^":;,]*)){0,60}'
PROPERTY = re.compile(rf"([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+={_VALUE}){{0,60}}):(.*)", re.DOTALL)
PARAMETER = re.compile(rf";([A-Za-z0-9-]+)=({_VALUE})")
TEXT_NAMES = {"DESCRIPTION", "SUMMARY", "LOCATION", "COMMENT", "CONTACT", "X-ALT-DESC"}
_KNOWN_NAMES_TEXT = """
    BEGIN END UID DTSTAMP DTSTART DTEND DUE DURATION RRULE RDATE EXDATE EXRULE RECURRENCE-ID
    SEQUENCE STATUS CLASS CREATED LAST-MODIFIED ORGANIZER ATTENDEE CATEGORIES TRANSP PRIORITY GEO
    URL ATTACH RELATED-TO RESOURCES REQUEST-STATUS ACTION TRIGGER REPEAT PERCENT-COMPLETE
    COMPLETED METHOD PRODID VERSION CALSCALE NAME COLOR IMAGE CONFERENCE SOURCE REFRESH-INTERVAL
    TZID TZNAME TZOFFSETFROM TZOFFSETTO TZURL TZUNTIL FREEBUSY ACKNOWLEDGED STRUCTURED-DATA LINK
    CONCEPT REFID LOCATION-TYPE PARTICIPANT-TYPE STYLED-DESCRIPTION
"""
KNOWN_NAMES = TEXT_NAMES | set(_KNOWN_NAMES_TEXT.split())


@dataclass(slots=True)
class Line:
    """One unfolded content line; ``number`` counts from 1 in the file."""

    number: int
    name: str
    params: dict[str, str]
    value: str
    text: str


@dataclass(slots=True)
class Block:
    """A VEVENT or VTIMEZONE: its own lines without those of its inner components."""

    name: str
    number: int
    lines: list[Line] = field(default_factory=list)
    inner: list["Block"] = field(default_factory=list)
    closed: bool = True

    def first(self, name: str) -> Line | None:
        return next((line for line in self.lines if line.name == name), None)

    def text(self) -> str:
        inner = [block.text() for block in self.inner]
        own = [line.text for line in self.lines]
        return "\n".join([f"BEGIN:{self.name}", *own, *inner, f"END:{self.name}"])


def decode(data: bytes, problems: list[Problem]) -> str:
    """Text of the file; a guess at the encoding is reported. Raises Refused over the limit."""
    if len(data) > LIMIT_BYTES:
        raise Refused(
            f"The file has {len(data) / 1024**2:.0f} MB, the limit is {LIMIT_BYTES // 1024**2} MB",
            mend="Export a shorter span of time.",
        )
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return _decode_as(data[len(bom) :], encoding, problems)
    head = data[:400]
    if head.count(0) > len(head) // 4:
        even = head[0::2].count(0) > head[1::2].count(0)
        return _decode_as(data, "utf-16-be" if even else "utf-16-le", problems)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.append(
            Problem(
                f"line {line}",
                "The file is not in UTF-8; it was read as Western European (Windows-1252).",
                "Check names with accents; export as UTF-8 if they look wrong.",
            )
        )
        return data.decode("cp1252", "replace")


def _decode_as(data: bytes, encoding: str, problems: list[Problem]) -> str:
    text = data.decode(encoding, "replace")
    if "\ufffd" in text:
        problems.append(
            Problem("file", f"Some characters are not valid {encoding.upper()} and were replaced.")
        )
    return text


def unfold(text: str, problems: list[Problem]) -> list[Line]:
    """Content lines of the text. A line that is no property lost its fold; that is reported."""
    assembler = _Assembler(problems)
    pending: list[str] = []
    started = 0
    for number, raw in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        if raw[:1] in (" ", "\t") and pending:
            pending.append(raw[1:])
        elif raw.strip():
            if pending:
                assembler.take("".join(pending), started)
            started, pending = number, [raw]
    if pending:
        assembler.take("".join(pending), started)
    return assembler.finish()


class _Assembler:
    """Collects content lines; reports broken ones up to a limit, then only how many more."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        self.lines: list[Line] = []
        self.tail: list[str] = []
        self.broken = 0

    def take(self, text: str, number: int) -> None:
        last = self.lines[-1] if self.lines else None
        text_name = last.name if last is not None and last.name in TEXT_NAMES else ""
        line = _property(text, number, bool(text_name))
        if line is not None:
            self._close_text()
            self.lines.append(line)
        elif text_name:
            self.tail.append(text.strip())
            self._report(number, f"Broken line, taken as the rest of {text_name}.", text)
        else:
            self._report(
                number, "Broken line, left out: no property, and it continues no text.", text
            )

    def finish(self) -> list[Line]:
        self._close_text()
        if self.broken > MAX_LINE_REPORTS:
            more = self.broken - MAX_LINE_REPORTS
            self.problems.append(Problem("file", f"{more} more broken lines, treated alike."))
        return self.lines

    def _close_text(self) -> None:
        if self.tail:
            last = self.lines[-1]
            rest = "\\n".join(self.tail)
            last.value, last.text = f"{last.value}\\n{rest}", f"{last.text}\\n{rest}"
            self.tail = []

    def _report(self, number: int, what: str, raw: str) -> None:
        self.broken += 1
        if self.broken <= MAX_LINE_REPORTS:
            mend = "Compare the entry with the original."
            self.problems.append(Problem(f"line {number}", what, mend, raw[:500]))


def _property(text: str, number: int, inside_text: bool) -> Line | None:
    match = PROPERTY.fullmatch(text)
    if match is None:
        name = re.match(r"[A-Za-z-]+(?=[;:])", text)
        if name is None or name[0].upper() not in KNOWN_NAMES or not name[0].isupper():
            return None
        if ":" not in text:
            return None
        return Line(number, name[0], {}, text.partition(":")[2], text)
    name = match[1]
    known = name.upper() in KNOWN_NAMES or name.upper().startswith("X-")
    if inside_text and not (known and (name.isupper() or match[3][:1] != " ")):
        return None  # "From: Munich" is a line of the text that lost its fold
    params = {key.upper(): value.strip('"') for key, value in PARAMETER.findall(match[2])}
    return Line(number, name.upper(), params, match[3], text)


def calendars(lines: list[Line], problems: list[Problem]) -> list[Block]:
    """VCALENDAR blocks with their components; what is never closed is closed and reported."""
    found: list[Block] = []
    stack: list[Block] = []
    for line in lines:
        if line.name == "BEGIN":
            _begin(line, stack, found, problems)
        elif line.name == "END":
            _end(line, stack, problems)
        elif stack:
            stack[-1].lines.append(line)
    for block in reversed(stack):
        block.closed = False
    if stack:
        names = ", ".join(block.name for block in stack)
        last = lines[-1].number
        problems.append(
            Problem(
                f"line {last}",
                f"The file ends in the middle of {names}: it is probably cut off.",
                "Ask for the whole file; entries after this line are missing.",
            )
        )
    return found


def _begin(line: Line, stack: list[Block], found: list[Block], problems: list[Problem]) -> None:
    name = line.value.strip().upper()
    if name in ("VCALENDAR", "VEVENT"):
        _close_unclosed(name, line, stack, problems)
    if len(stack) >= MAX_DEPTH:
        problems.append(Problem(f"line {line.number}", f"{name} lies too deep, passed over."))
        return
    block = Block(name, line.number)
    if name == "VCALENDAR":
        found.append(block)
    elif stack:
        stack[-1].inner.append(block)
    else:
        problems.append(Problem(f"line {line.number}", f"{name} outside any calendar, left out."))
    stack.append(block)


def _close_unclosed(name: str, line: Line, stack: list[Block], problems: list[Problem]) -> None:
    """Neither a calendar nor an event lies inside another event: the END was lost."""
    while stack and (name == "VCALENDAR" or stack[-1].name != "VCALENDAR"):
        lost = stack.pop()
        lost.closed = False
        problems.append(
            Problem(
                f"line {line.number}",
                f"{lost.name} of line {lost.number} has no END; it was closed here.",
                "Compare the entry with the original.",
            )
        )


def _end(line: Line, stack: list[Block], problems: list[Problem]) -> None:
    name = line.value.strip().upper()
    if name not in (block.name for block in stack):
        problems.append(Problem(f"line {line.number}", f"END:{name} closes nothing, passed over."))
        return
    while True:
        block = stack.pop()
        if block.name == name:
            return
        block.closed = False
