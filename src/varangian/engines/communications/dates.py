"""When a mail was written and received, by what its heads say, and how far they lie apart."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from .headers import Head, words_of
from .model import Dates, Hop, Remark

MOST_HOPS = 30
APART = timedelta(hours=24)
BEFORE = timedelta(minutes=15)
"""Clocks of machines differ; beyond this a mail that arrives before it was written is odd."""
FIRST = datetime(1990, 1, 1, tzinfo=UTC)
SET_CLOCK = "Do not order mails by it; ask for the server's log where the time matters."


def date_in(text: str) -> datetime | None:
    """An aware moment; a date without a zone is taken as UTC. None when it cannot be read."""
    try:
        found = parsedate_to_datetime(text[:200])
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        found.astimezone(UTC)  # raises when the zone moves it out of the years
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found


def dates_of(
    head: Head, *, filed: datetime | None = None
) -> tuple[Dates, list[Remark], list[Remark]]:
    """The dates, faults and notes."""
    faults: list[Remark] = []
    notes: list[Remark] = []
    values = head.raw("date")
    said = words_of(values[0]) if values else ""
    written = date_in(said) if said else None
    hops = tuple(_hop(words_of(value)) for value in head.raw("received")[:MOST_HOPS])
    received = next((hop.at for hop in hops if hop.at), None)
    if not values:
        faults.append(Remark("Date", "The mail has no date.", _instead(received, filed)))
    elif written is None:
        told = f"{said[:60]!r} is no date that can be read."
        faults.append(Remark("Date", told, _instead(received, filed)))
    elif said.rstrip().endswith("-0000") or not _has_zone(said):
        notes.append(Remark("Date", "It names no time zone; taken as UTC."))
    if len(values) > 1:
        notes.append(Remark("Date", f"The mail has {len(values)} dates; the first was taken."))
    apart = (received - written).total_seconds() if received and written else None
    notes += _odd(written, received)
    return Dates(written, said[:200], received, filed, apart, hops), faults, notes


def _has_zone(said: str) -> bool:
    try:
        return parsedate_to_datetime(said[:200]).tzinfo is not None
    except (ValueError, TypeError, IndexError, OverflowError):
        return False


def _instead(received: datetime | None, filed: datetime | None) -> str:
    if received:
        return "The time of the last server is used."
    if filed:
        return "The time of the mailbox is used."
    return "The time is unknown; enter the day it came, if somebody knows it."


def _hop(said: str) -> Hop:
    tail = said.rpartition(";")[2]
    return Hop(said[:300], date_in(tail.strip()) if tail.strip() else None)


def _odd(written: datetime | None, received: datetime | None) -> list[Remark]:
    if written is None:
        return []
    if written < FIRST:
        return [Remark("Date", f"{written:%Y-%m-%d} is older than e-mail is.", SET_CLOCK)]
    if received is None:
        return [Remark("Received", "No server's time is on the mail: the date is a claim alone.")]
    if written - received > BEFORE:
        told = f"It claims to be written {_span(written - received)} after it was received."
        return [Remark("Date", told, SET_CLOCK)]
    if received - written > APART:
        told = f"It was received {_span(received - written)} after the date it claims."
        return [Remark("Date", told, SET_CLOCK)]
    return []


def _span(apart: timedelta) -> str:
    hours = apart.total_seconds() / 3600
    if hours < 1:
        return f"{apart.total_seconds() / 60:.0f} minutes"
    return f"{hours:.0f} hours" if hours < 72 else f"{apart.days} days"
