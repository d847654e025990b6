"""The only writers of the log. An entry is never changed: a correction is a new entry."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, transaction

from varangian.kernel.chain import START, link
from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require, system_read
from varangian.platform.crypto.keys import data_key
from varangian.platform.live.services import publish
from varangian.platform.news.services import News

from . import queries
from .models import LogEntry
from .rules import LONGEST, body_digest, body_of, checked_time, content

if TYPE_CHECKING:
    from varangian.operations.models import Operation

LOG_LOCK = 727_002
LAST = "select serial, hash from log_logentry where operation_id = %s order by serial desc limit 1"


@transaction.atomic
def write_entry(
    *,
    actor: Actor,
    operation: "Operation",
    event: str,
    from_: str = "",
    to: str = "",
    action: str = "",
    at: datetime | None = None,
) -> LogEntry:
    """One entry by hand. ``at`` is when it happened; when it was written is kept beside it."""
    require(actor, "log.write", operation.compartment_id)
    body = body_of(from_=from_, to=to, event=event, action=action)
    return _append(operation=operation, actor=actor, kind="entry", body=body, at=at)


@transaction.atomic
def correct_entry(
    *,
    actor: Actor,
    operation: "Operation",
    serial: int,
    event: str,
    from_: str = "",
    to: str = "",
    action: str = "",
    at: datetime | None = None,
) -> LogEntry:
    """The new entry names the serial it corrects; the old one stays as it was written."""
    require(actor, "log.write", operation.compartment_id)
    wrong = queries.entry(actor, operation, serial)
    if wrong.kind == "auto":
        raise Refused(
            "An automatic entry says what the house did and is not corrected",
            where=f"entry {serial}",
            mend="Write a new entry beside it.",
        )
    body = body_of(from_=from_, to=to, event=event, action=action)
    return _append(
        operation=operation,
        actor=actor,
        kind="correction",
        body=body,
        at=at or wrong.at,
        corrects=serial,
        about=("log", wrong.pk),
    )


def record_news(*, news: News, **_: Any) -> None:
    """Every state change of an operation enters its log in the same transaction."""
    operation = queries.operation_of_news(news.operation_id) if news.operation_id else None
    if operation is None or not news.text.strip():
        return
    _append(
        operation=operation,
        actor=news.actor,
        kind="auto",
        body=body_of(from_="", to="", event=news.text[:LONGEST], action=""),
        at=news.at,
        topic=news.topic,
        about=news.record,
    )


def _append(
    *,
    operation: "Operation",
    actor: Actor,
    kind: str,
    body: dict[str, str],
    at: datetime | None = None,
    topic: str = "",
    about: tuple[str, UUID] | None = None,
    corrects: int | None = None,
) -> LogEntry:
    serial, previous = _last(operation.pk)
    present = now()
    entry = LogEntry(
        operation=operation,
        compartment_id=operation.compartment_id,
        key_id=operation.key_id,
        serial=serial + 1,
        at=checked_time(at, present),
        recorded_at=present,
        author=str(actor)[:120],
        author_id=actor.pk,
        kind=kind,
        topic=topic,
        about_kind=about[0] if about else "",
        about=about[1] if about else None,
        corrects=corrects,
        body=body if data_key(operation.key_id) else None,
        body_digest=body_digest(body),
        previous=previous,
    )
    entry.hash = link(previous, content(entry))
    entry.save(force_insert=True)
    publish(topic="log", record=entry.pk, compartment_id=operation.compartment_id)
    return entry


@system_read("whoever acts is logged, also who may not read the log")
def _last(operation_id: UUID) -> tuple[int, str]:
    """Serial and hash to follow; until this transaction ends, nobody else appends here."""
    with connection.cursor() as cursor:
        lock = "select pg_advisory_xact_lock(%s, hashtext(%s))"
        cursor.execute(lock, [LOG_LOCK, str(operation_id)])
        cursor.execute(LAST, [operation_id])
        return cursor.fetchone() or (0, START)
