"""Announce what happened: to open screens at once, and to the features above by signal."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import Signal

from varangian.kernel.clock import now
from varangian.platform.access.context import current_actor
from varangian.platform.live.services import publish

announced = Signal()
"""Sent inside the transaction with one argument, ``news``."""


@dataclass(frozen=True)
class News:
    """One thing that happened, in words that can stand in the operations log."""

    topic: str
    event: str
    text: str
    compartment_id: UUID
    operation_id: UUID | None
    record: tuple[str, UUID] | None
    at: datetime
    actor: Any


def announce(
    *,
    topic: str,
    event: str,
    text: str,
    compartment_id: UUID,
    operation_id: UUID | None = None,
    record: tuple[str, UUID] | None = None,
    actor: Any = None,
) -> None:
    """``topic`` names the part of a screen that changes, ``text`` is the entry in the log."""
    news = News(
        topic,
        event,
        text,
        compartment_id,
        operation_id,
        record,
        now(),
        actor or current_actor(),
    )
    announced.send(sender=announce, news=news)
    publish(
        topic=topic, kind=event, record=record[1] if record else None, compartment_id=compartment_id
    )
