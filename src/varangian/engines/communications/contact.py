"""What a writer's record of contacts shows of the signals that studies tie to approach.

    record = record_of(contacts)
    for signal in record.signals: print(signal.name, signal.state, signal.told)

Each signal is present, absent or unknown, with the contacts that show it and the studies that name
it. Studies compare groups of writers and say nothing certain of one. Nothing is added up: there is
no number about a person here, and a named assessor decides what it means.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Annotated, Literal

from pydantic import Field, field_validator

from varangian.kernel.library import Entry, Key, Keyed, LibraryFile, Line, load_yaml, unique
from varangian.kernel.words import plural

from .facts import Fact
from .model import Message

PACKAGE = "varangian.engines.communications"
NAME = "contact_signals.yaml"
APPROACH = ("travel", "approach")
type SignalId = Literal[
    "number", "channels", "addresses", "asks-to-meet", "asks-for-help", "duration", "travel",
    "intensity", "threats",
]  # fmt: skip
type State = Literal["present", "absent", "unknown"]


class Limits(Entry):
    contacts: Annotated[int, Field(ge=2)]
    span_days: Annotated[int, Field(ge=1)]
    window_days: Annotated[int, Field(ge=1)]
    dated: Annotated[int, Field(ge=2)]
    times_more: Annotated[float, Field(gt=1)]
    most_evidence: Annotated[int, Field(ge=1)]


class Source(Keyed):
    authors: str
    year: Annotated[int, Field(ge=1900, le=2100)]
    title: str
    where: str
    found: str

    @property
    def short(self) -> str:
        names = self.authors.split(", ")
        shown = " and ".join(names) if len(names) < 3 else f"{names[0]} and others"
        return f"{shown} {self.year}"


class SignalKind(Entry):
    id: SignalId
    name: Line
    asks: Line
    alone: str = ""
    sources: tuple[Key, ...]


class SignalLibrary(LibraryFile):
    limits: Limits
    signals: tuple[SignalKind, ...]
    sources: tuple[Source, ...]

    @field_validator("sources")
    @classmethod
    def _once(cls, items: tuple[Source, ...]) -> tuple[Source, ...]:
        return unique(items)


@cache
def library() -> SignalLibrary:
    return load_yaml(PACKAGE, NAME, SignalLibrary)


@dataclass(frozen=True, slots=True)
class Contact:
    """One time that somebody made contact, by any channel."""

    id: str
    at: datetime | None
    """None for unknown."""
    channel: str
    """``e-mail``, ``letter``, ``telephone``, ``visit``, as the house calls it."""
    address: str = ""
    kinds: frozenset[str] = frozenset()
    """Kinds of facts in it that are the writer's own and not negated."""
    read: bool = True
    """False: its words could not be read, so that a kind that is not there is unknown."""


@dataclass(frozen=True, slots=True)
class Signal:
    id: str
    name: str
    asks: str
    state: State
    told: str
    """What was counted, in words."""
    evidence: tuple[str, ...] = ()
    """Ids of the contacts that show it."""
    sources: tuple[Source, ...] = ()
    alone: str = ""
    """What must be said beside it."""


@dataclass(frozen=True, slots=True)
class Record:
    contacts: int
    dated: int
    first: datetime | None
    last: datetime | None
    signals: tuple[Signal, ...] = field(default=())


def contact_of(message: Message, found: Iterable[Fact], *, id_: str = "") -> Contact:
    """Of a message and its facts; quoted and negated ones are left out."""
    channel = "e-mail" if message.kind in ("mail", "outlook") else "letter"
    return Contact(
        id=id_ or str(message.origin),
        at=message.dates.at,
        channel=channel,
        address=message.sender.address,
        kinds=frozenset(one.kind for one in found if one.plain),
        read=bool(message.text or message.other_text or message.subject),
    )


def record_of(contacts: Sequence[Contact]) -> Record:
    """The record of one writer: which contacts are one person's is a person's decision."""
    dated = sorted((one for one in contacts if one.at), key=_at)
    known = library()
    sources = {one.id: one for one in known.sources}
    signals = []
    for kind in known.signals:
        state, told, evidence = COUNTED[kind.id](contacts, dated)
        signals.append(
            Signal(
                id=kind.id,
                name=kind.name,
                asks=kind.asks,
                state=state,
                told=told,
                evidence=tuple(one.id for one in evidence[: known.limits.most_evidence]),
                sources=tuple(sources[key] for key in kind.sources if key in sources),
                alone=kind.alone,
            )
        )
    return Record(
        contacts=len(contacts),
        dated=len(dated),
        first=dated[0].at if dated else None,
        last=dated[-1].at if dated else None,
        signals=tuple(signals),
    )


def _at(one: Contact) -> datetime:
    assert one.at is not None
    return one.at


type Found = tuple[State, str, Sequence[Contact]]
type Counter = Callable[[Sequence[Contact], Sequence[Contact]], Found]


def _number(contacts: Sequence[Contact], _: Sequence[Contact]) -> Found:
    least = library().limits.contacts
    told = f"{plural(len(contacts), 'contact')}; the house says present from {least}"
    return ("present" if len(contacts) >= least else "absent"), told, contacts


def _channels(contacts: Sequence[Contact], _: Sequence[Contact]) -> Found:
    return _several(contacts, [one.channel for one in contacts], "channel")


def _addresses(contacts: Sequence[Contact], _: Sequence[Contact]) -> Found:
    return _several(contacts, [one.address for one in contacts], "address", "addresses")


def _several(contacts: Sequence[Contact], values: list[str], one: str, many: str = "") -> Found:
    """The first contact by each is the evidence."""
    first: dict[str, Contact] = {}
    for contact, value in zip(contacts, values, strict=True):
        if value:
            first.setdefault(value, contact)
    if not first:
        return "unknown", f"No {one} is known", ()
    named = ", ".join(list(first)[:8])
    told = f"{plural(len(first), one, many)}: {named}"
    state: State = "present" if len(first) > 1 else "absent"
    return state, told, list(first.values()) if state == "present" else ()


def _kinds(contacts: Sequence[Contact], kinds: tuple[str, ...], words: str) -> Found:
    showing = [one for one in contacts if one.kinds & set(kinds)]
    unread = sum(not one.read for one in contacts)
    if showing:
        return "present", f"{plural(len(showing), 'contact')} of {len(contacts)} {words}", showing
    if unread or not contacts:
        return "unknown", f"{plural(unread, 'contact')} could not be read", ()
    return "absent", f"no contact of {len(contacts)} {words}, by the phrases that are known", ()


def _duration(contacts: Sequence[Contact], dated: Sequence[Contact]) -> Found:
    least = library().limits.span_days
    if len(dated) < 2:
        return "unknown", f"{len(dated)} of {plural(len(contacts), 'contact')} with a date", ()
    days = _days(dated[0], dated[-1])
    told = f"{plural(days, 'day')} from first to last; the house says present from {least}"
    return ("present" if days >= least else "absent"), told, (dated[0], dated[-1])


def _days(first: Contact, last: Contact) -> int:
    return (_at(last) - _at(first)).days


def _intensity(_: Sequence[Contact], dated: Sequence[Contact]) -> Found:
    """The last window beside all that was before it."""
    limits = library().limits
    window = timedelta(days=limits.window_days)
    if len(dated) < limits.dated:
        told = f"{len(dated)} dated contacts; at least {limits.dated} are needed to compare"
        return "unknown", told, ()
    border = _at(dated[-1]) - window
    recent = [one for one in dated if _at(one) > border]
    before = [one for one in dated if _at(one) <= border]
    if not before or _days(before[0], dated[-1]) < 2 * limits.window_days:
        return "unknown", f"All within {2 * limits.window_days} days: nothing to compare with", ()
    earlier_days = max(_days(before[0], dated[-1]) - limits.window_days, limits.window_days)
    usual = len(before) / earlier_days * limits.window_days
    fresh = {one.channel for one in recent} - {one.channel for one in before}
    told = (
        f"{len(recent)} in the last {limits.window_days} days, before that {usual:.1f} in as many"
        f"{'; new channel: ' + ', '.join(sorted(fresh)) if fresh else ''}"
    )
    more = len(recent) >= 3 and len(recent) >= limits.times_more * usual
    return ("present" if more or fresh else "absent"), told, recent if more or fresh else ()


COUNTED: dict[str, Counter] = {
    "number": _number,
    "channels": _channels,
    "addresses": _addresses,
    "asks-to-meet": lambda all_, _: _kinds(all_, ("asks-to-meet",), "ask to meet"),
    "asks-for-help": lambda all_, _: _kinds(all_, ("request",), "ask for something"),
    "duration": _duration,
    "travel": lambda all_, _: _kinds(all_, APPROACH, "tell of a journey or of being near"),
    "intensity": _intensity,
    "threats": lambda all_, _: _kinds(all_, ("threat",), "threaten"),
}
