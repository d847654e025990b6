"""vCard 3 and 4 (RFC 2426, RFC 6350): what a card tells about somebody, line by line.

A line that cannot be read is named and kept; a property without a meaning here is told.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from varangian.kernel.results import Refused

from .text import decode

MOST_CARDS = 500
MOST_LINES = 40_000
LONGEST_LINE = 2_000_000
NAME = re.compile(r"(?:([A-Za-z0-9-]+)\.)?([A-Za-z0-9-]+)\Z")
PARAM = re.compile(r';([A-Za-z0-9-]+)(?:=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*))?')
ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True)
class Property:
    line: int
    group: str
    name: str
    params: dict[str, list[str]]
    value: str
    """As written, escapes and all."""

    @property
    def types(self) -> list[str]:
        return [one.lower() for one in self.params.get("TYPE", []) if one.lower() != "pref"]

    @property
    def text(self) -> str:
        return unescape(self.value).strip()

    def parts(self, sign: str = ";") -> list[str]:
        """Of a value with several parts, such as an address."""
        return [unescape(part).strip() for part in _split(self.value, sign)]


@dataclass
class Card:
    number: int
    line: int
    version: str = ""
    properties: list[Property] = field(default_factory=list)
    problems: list[tuple[int, str, str]] = field(default_factory=list)
    """Line, what is wrong with it, and how it stands in the file."""

    def first(self, name: str) -> Property | None:
        return next((one for one in self.properties if one.name == name), None)

    def label_of(self, prop: Property) -> str:
        """Phones write the label of a line beside it, in the same group."""
        beside = [p for p in self.properties if p.name == "X-ABLABEL" and p.group == prop.group]
        if prop.group and beside:
            return beside[0].text.strip("_$!<>")
        return ", ".join(prop.types)

    @property
    def name(self) -> str:
        whole = self.first("FN")
        if whole and whole.text:
            return whole.text
        parts = self.first("N")
        return " ".join(filter(None, reversed(parts.parts()[:2]))) if parts else ""


def read_cards(data: bytes) -> tuple[list[Card], list[str]]:
    """Refused only when there is no card in it."""
    text, remarks = decode(data)
    cards: list[Card] = []
    card: Card | None = None
    for number, line in unfold(text):
        word = line.strip().upper()
        if word == "BEGIN:VCARD":
            if card is not None:
                card.problems.append((number, "The card before has no end", ""))
            if len(cards) >= MOST_CARDS:
                raise Refused(f"The file has more than {MOST_CARDS} cards", mend="Split it.")
            card = Card(len(cards) + 1, number)
            cards.append(card)
        elif word == "END:VCARD":
            card = None
        elif card is not None:
            _take(card, number, line)
        elif line.strip():
            remarks.append(f"Line {number} stands outside of a card: {line.strip()[:80]}")
    if not cards:
        raise Refused("There is no card in this file", mend="It begins with BEGIN:VCARD.")
    if card is not None:
        card.problems.append((card.line, "The card has no end; what was there was read", ""))
    return cards, remarks[:20]


def unfold(text: str) -> Iterator[tuple[int, str]]:
    """A line that begins with a space goes on the one before; so does a quoted-printable one
    after a final equals sign, which older phones still write."""
    held: list[str] = []
    start, soft = 1, False
    for number, line in enumerate(text.split("\n"), 1):
        if number > MOST_LINES:
            raise Refused(f"The file has more than {MOST_LINES} lines", mend="Split it.")
        if held and (line[:1] in (" ", "\t") or soft):
            held.append(line if soft else line[1:])
        else:
            if held:
                yield start, "".join(held)[:LONGEST_LINE]
            held, start = [line], number
        printable = len(held) > 1 if soft else "QUOTED-PRINTABLE" in held[0].upper()
        soft = printable and held[-1].endswith("=")
        if soft:
            held[-1] = held[-1][:-1]
    if held:
        yield start, "".join(held)[:LONGEST_LINE]


def _take(card: Card, number: int, line: str) -> None:
    if not line.strip():
        return
    found = _property(number, line)
    if found is None:
        card.problems.append((number, "This is no line of a card", line[:4000]))
    elif found.name == "VERSION":
        card.version = found.text
    else:
        card.properties.append(found)


def _property(number: int, line: str) -> Property | None:
    head = re.match(r"[^;:]*", line)
    named = NAME.match(head.group().strip()) if head else None
    if head is None or named is None:
        return None
    params: dict[str, list[str]] = {}
    at = head.end()
    while at < len(line) and line[at] == ";":
        found = PARAM.match(line, at)
        if found is None or found.end() == at:
            return None
        name, values = found.group(1).upper(), found.group(2)
        given = [one.strip('"') for one in _params(values)] if values is not None else [name]
        params.setdefault(name if values is not None else "TYPE", []).extend(given)
        at = found.end()
    if at >= len(line) or line[at] != ":":
        return None
    value = line[at + 1 :]
    if any(one.upper() == "QUOTED-PRINTABLE" for one in params.get("ENCODING", [])):
        value = unquote(value.replace("%", "%25").replace("=", "%"), errors="replace")
    return Property(number, named.group(1) or "", named.group(2).upper(), params, value)


def _params(values: str) -> list[str]:
    return re.findall(r'"[^"]*"|[^,]+', values)


def _split(value: str, sign: str) -> list[str]:
    """At each sign that is not escaped."""
    parts, held, escaped = [], [], False
    for letter in value:
        if not escaped and letter == sign:
            parts.append("".join(held))
            held = []
            continue
        held.append(letter)
        escaped = letter == "\\" and not escaped
    return [*parts, "".join(held)]


def unescape(value: str) -> str:
    return ESCAPED.sub(lambda m: "\n" if m.group(1) in "nN" else m.group(1), value)
