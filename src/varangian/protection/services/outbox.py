"""What a phone did, sent now or hours later: each act once, in order, by the part it belongs to.

A part registers its acts in a module that ``ProtectionConfig.ready`` imports::

    @outbox.kind("status")
    def status(*, actor: Actor, act: Act) -> str:
        ...
        return "Status: moving"

The function runs in a transaction of its own act, raises ``Refused`` for what cannot be, and is
not called again for an act whose key has been received.
"""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import DataError, OperationalError, transaction
from django.dispatch import Signal

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, system_read

from ..models import Receipt

log = structlog.get_logger()
FIRST = ("duress",)
"""Kinds that wait for nothing else in the queue."""
MOST = 100
OLDEST = timedelta(days=14)


@dataclass(frozen=True)
class Act:
    """One thing a person did on a phone."""

    key: UUID
    """Made by the phone with the act; the same key is the same act."""
    kind: str
    at: datetime
    """When it was done, by the server's clock: the phone's clock error is taken off."""
    seq: int
    """Counts up on one phone and never back."""
    device: str
    body: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, Any] = field(default_factory=dict)
    """Uploaded files by their role: photo, voice."""


Run = Callable[..., str | None]
"""Called with ``actor`` and ``act``; answers with words for the phone, or None."""
_kinds: dict[str, Run] = {}
taken = Signal()
"""actor, act: an act was done for the first time. Sent inside its transaction."""
_doing: ContextVar[Act | None] = ContextVar("doing", default=None)


def doing() -> Act | None:
    """The act that runs now: what it changes is news of its own to nobody who hears of acts."""
    return _doing.get()


def kind(name: str) -> Callable[[Run], Run]:
    """The function that does acts of this kind."""

    def keep(run: Run) -> Run:
        _kinds[name] = run
        return run

    return keep


def runner(name: str) -> Run:
    found = _kinds.get(name)
    if found is None:
        raise Refused("This phone sent something that is not known here", where=name)
    return found


def receive(
    *, actor: Actor, device: str, acts: list[Act], sent_at: datetime | None = None
) -> list[dict[str, Any]]:
    """Do each act that has not been done; answers per act, in the order they were done.

    ``sent_at`` is the phone's clock at the moment of sending: what it is ahead or behind is taken
    off every time of this batch, so that a phone a day off still reports in the right minute.
    """
    if len(acts) > MOST:
        raise Refused(f"A phone sends at most {MOST} acts at once", mend="Send the rest after.")
    present = now()
    ahead = sent_at - present if sent_at else timedelta(0)
    ordered = sorted(acts, key=lambda act: (act.kind not in FIRST, act.seq))
    return [_take(actor, device, _on_our_clock(act, ahead, present), ahead) for act in ordered]


def _on_our_clock(act: Act, ahead: timedelta, present: datetime) -> Act:
    at = min(max(act.at - ahead, present - OLDEST), present)
    return Act(act.key, act.kind, at, act.seq, act.device, act.body, act.files)


@system_read("a receipt belongs to the person who sent the act, not to a circle")
def _take(actor: Actor, device: str, act: Act, ahead: timedelta) -> dict[str, Any]:
    """What fails for a reason of ours is neither done nor received: the phone keeps it."""
    try:
        with transaction.atomic():
            receipt, fresh = Receipt.objects.get_or_create(
                person=actor,
                key=act.key,
                defaults={
                    "kind": act.kind[:30],
                    "device": device[:40],
                    "seq": act.seq,
                    "done_at": act.at,
                    "skew_s": round(ahead.total_seconds(), 1),
                },
            )
            if fresh:
                _run(actor, act, receipt)
    except OperationalError:
        raise
    except Exception:
        log.exception("an act of a phone failed", kind=act.kind)
        return {"key": str(act.key), "state": "kept", "words": "The house could not take this yet"}
    state = "refused" if receipt.refused else "done"
    return {"key": str(act.key), "state": state, "words": receipt.words, "again": not fresh}


def _run(actor: Actor, act: Act, receipt: Receipt) -> None:
    token = _doing.set(act)
    try:
        with transaction.atomic():
            receipt.words = (runner(act.kind)(actor=actor, act=act) or "")[:300]
            taken.send(sender=Receipt, actor=actor, act=act)
    except (Refused, DataError) as error:
        words = str(error) if isinstance(error, Refused) else "A value does not fit"
        receipt.refused, receipt.words = True, words[:300]
    finally:
        _doing.reset(token)
    receipt.save(update_fields=["refused", "words"])
