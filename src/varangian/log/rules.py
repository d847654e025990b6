"""What an entry holds, how it is hashed, and which times it may bear."""

import secrets
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from varangian.kernel.chain import digest
from varangian.kernel.results import Refused

LONGEST = 4000
AHEAD = timedelta(minutes=2)


def body_of(*, from_: str, to: str, event: str, action: str) -> dict[str, str]:
    """The words of an entry with the salt that keeps short words from being guessed."""
    body = {"from": from_.strip(), "to": to.strip(), "event": event.strip()}
    body["action"] = action.strip()
    if not body["event"]:
        raise Refused("An entry says what happened", where="event")
    for name, words in body.items():
        if len(words) > LONGEST:
            raise Refused(f"An entry holds at most {LONGEST} signs", where=name)
    return {"salt": secrets.token_hex(16), **body}


def body_digest(body: dict[str, str]) -> str:
    return digest(body)


def content(entry: Any) -> dict[str, Any]:
    """What the chain covers; times in UTC, the words only by their salted digest."""
    return {
        "operation": str(entry.operation_id),
        "serial": entry.serial,
        "at": utc(entry.at),
        "recorded_at": utc(entry.recorded_at),
        "author": entry.author,
        "kind": entry.kind,
        "topic": entry.topic,
        "about": about_words(entry.about_kind, entry.about),
        "corrects": entry.corrects,
        "body_digest": entry.body_digest,
    }


def about_words(kind: str, record: UUID | None) -> str:
    return f"{kind}:{record}" if record else ""


def utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def checked_time(at: datetime | None, present: datetime) -> datetime:
    """When it happened: now, or earlier. The log is no calendar."""
    if at is None:
        return present
    if at.tzinfo is None:
        raise Refused("A time needs its zone", where=str(at), mend="Write 2026-11-24T14:05+02:00.")
    if at > present + AHEAD:
        raise Refused("An entry cannot be about the future", where=at.isoformat())
    return min(at.astimezone(UTC), present)


def typed_time(words: str, zone: str, present: datetime) -> datetime | None:
    """``14:05`` is the last time it was that; otherwise a date and a time, in ``zone``."""
    words = words.strip()
    if not words:
        return None
    there = present.astimezone(ZoneInfo(zone))
    try:
        if len(words) <= 5:
            clock = time.fromisoformat(words.replace(".", ":").zfill(5))
            at = datetime.combine(there.date(), clock, there.tzinfo)
            return at if at <= present + AHEAD else at - timedelta(days=1)
        at = datetime.fromisoformat(words)
    except ValueError as error:
        raise Refused(
            "This is no time", where=words, mend="Write 14:05 or 2026-11-24 14:05."
        ) from error
    return at if at.tzinfo else at.replace(tzinfo=there.tzinfo)
