"""Addresses that may be one writer's, as candidates for a person to decide. Never merged.

    for one in candidates(messages): print(one.told)

Each candidate is a set of addresses that share one thing, with the messages that show it. A family
shares a signature, a company a reply address, and anybody may borrow a name: whoever decides looks.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from .duplicates import Near, runs_of
from .model import Message
from .words import normal

SHARED_BY_MANY = 20
"""A thing that more addresses share tells nobody from others."""
EVIDENCE = 50
FEWEST_IN_SIGNATURE = 12
GENERIC = {
    "info", "office", "mail", "admin", "contact", "support", "hello", "noreply", "no-reply",
    "newsletter", "postmaster", "webmaster", "service", "kontakt", "team", "press", "sales",
}  # fmt: skip
PHONE = re.compile(r"(?<![\w.])\+?\d[\d ()/-]{7,20}\d(?!\w)")
MARK = re.compile(r"\n-- ?\n(.{1,600})\Z", re.S)
BORDER = ("sender", "return-path", "x-sender", "x-original-sender", "x-authenticated-sender")
type Reason = Literal[
    "reply address", "name", "signature", "telephone", "near-same text", "account", "user name"
]
TOLD: dict[Reason, str] = {
    "reply address": "answers go to",
    "name": "carry the name",
    "signature": "sign with",
    "telephone": "give the number",
    "near-same text": "sent nearly the same words as",
    "account": "were sent through the account",
    "user name": "have the same words before the @:",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    reason: Reason
    shared: str
    """What they share."""
    addresses: tuple[str, ...]
    evidence: tuple[str, ...]
    """Messages that show it, at least one of each address."""

    @property
    def told(self) -> str:
        return f"{', '.join(self.addresses)} {TOLD[self.reason]} {self.shared!r}"


@dataclass(frozen=True, slots=True)
class Candidates:
    found: tuple[Candidate, ...]
    common: tuple[tuple[Reason, str, int], ...]
    """Shared by so many addresses that it was left out: (reason, what, how many)."""


@dataclass
class Writers:
    """``add`` messages, then ``candidates``. Holds the shared things, not the messages."""

    _shared: dict[tuple[Reason, str], dict[str, list[str]]] = field(default_factory=dict)
    _shown: dict[tuple[Reason, str], str] = field(default_factory=dict)
    _near: Near = field(default_factory=Near)
    _address: dict[str, str] = field(default_factory=dict)
    _first: dict[str, str] = field(default_factory=dict)
    """Of each text, the first that it is near to, by way of others."""

    def add(self, message: Message, name: str = "") -> None:
        address = message.sender.address
        if not address or message.quiet:
            return
        name = name or str(message.origin)
        for reason, shown, key in things_of(message):
            self._note(reason, key, shown, address, name)
        self._address[name] = address
        near = self._near.add(name, runs_of(_unsigned(_own_words(message.text))))
        if near:
            first = self._first[name] = self._first.get(near[0][0], near[0][0])
            self._note("near-same text", first, first, self._address[first], first)
            self._note("near-same text", first, first, address, name)

    def _note(self, reason: Reason, key: str, shown: str, address: str, name: str) -> None:
        self._shown.setdefault((reason, key), shown)
        by = self._shared.setdefault((reason, key), {})
        if address not in by and len(by) > SHARED_BY_MANY * 10:
            return
        names = by.setdefault(address, [])
        if len(names) < 3 and name not in names:
            names.append(name)

    def candidates(self) -> Candidates:
        found, common = [], []
        for (reason, key), by in self._shared.items():
            if len(by) < 2:
                continue
            shown = self._shown[(reason, key)]
            if len(by) > SHARED_BY_MANY:
                common.append((reason, shown, len(by)))
                continue
            evidence = tuple(one for names in by.values() for one in names)[:EVIDENCE]
            found.append(Candidate(reason, shown, tuple(sorted(by)), evidence))
        found.sort(key=lambda one: (one.addresses, one.reason, one.shared))
        return Candidates(tuple(found), tuple(sorted(common)))


def candidates(messages: Iterable[Message]) -> Candidates:
    writers = Writers()
    for message in messages:
        writers.add(message)
    return writers.candidates()


def things_of(message: Message) -> Iterable[tuple[Reason, str, str]]:
    """(reason, as it is shown, as it is compared)."""
    sender = message.sender
    for one in sender.reply_to:
        if one.address and one.address != sender.address:
            yield "reply address", one.address, one.address
    yield "reply address", sender.address, sender.address
    for one in sender.named:
        if one.header.lower() in BORDER and one.address not in ("", sender.address):
            yield "account", one.address, one.address
    name = normal(sender.name)
    if len(name.split()) > 1 and not set(name.split()) & GENERIC:
        yield "name", sender.name, name
    local = sender.address.partition("@")[0].partition("+")[0]
    if len(local) >= 6 and local not in GENERIC and not local.isdecimal():
        yield "user name", local, local
    yield from _of_text(message)


def _of_text(message: Message) -> Iterable[tuple[Reason, str, str]]:
    text = _own_words(message.text)
    mark = MARK.search("\n" + text.rstrip())
    if mark:
        shown = " ".join(mark.group(1).split())
        key = normal(shown)
        if len(key) >= FEWEST_IN_SIGNATURE:
            yield "signature", shown[:120], key
    for number in list(dict.fromkeys(PHONE.findall(text[-4000:])))[:5]:
        key = re.sub(r"\D", "", number)
        if 8 <= len(key) <= 15 and not _is_date(number):
            yield "telephone", number, key.lstrip("0")


def _unsigned(text: str) -> str:
    mark = MARK.search("\n" + text.rstrip())
    return text[: max(0, mark.start() - 1)] if mark else text


def _is_date(number: str) -> bool:
    return bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}|\d{1,2}[ /-]\d{1,2}[ /-]\d{2,4}", number))


_OLD = re.compile(r"^(?:>.*|on .{5,200} wrote:|-{2,}\s?original message.*)$", re.I | re.M)


def _own_words(text: str) -> str:
    """Without what is quoted of an earlier mail."""
    first = _OLD.search(text)
    return text[: first.start()] if first and first.start() > 40 else _OLD.sub("", text)
