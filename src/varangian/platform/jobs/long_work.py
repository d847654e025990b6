"""Long work that a person asks for and a worker, or the console, does: told step by step, stopped
when somebody wants it stopped, and kept only when whole.

The feature has the row: ``state`` (queued, working, done, failed, stopped), ``step``, ``stop``,
``words``, ``asked_by``, ``asked_at``, ``ended_at``, and ``under_way``.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Denied, Refused
from varangian.platform.access.context import acting
from varangian.platform.access.scope import SYSTEM, Actor, require

from .app import app

TELL_EVERY = 0.3
SILENT = timedelta(minutes=3)
"""A worker that told nothing for so long has died."""
Tell = Callable[[str, float], None]
"""Told the step in hand and how much of it is done, from 0 to 1."""


def untold(step: str, share: float) -> None:
    """For whoever does not watch."""


@dataclass(frozen=True)
class LongWork[Row]:
    """One kind of it. ``want`` reads what is needed, in the name of whoever asked: their rights are
    asked again when it begins. ``make`` works without the database. ``keep`` writes the result, in
    one transaction with the end of the work: both or neither."""

    model: Any
    task: str
    lock: Callable[[Row], str]
    purpose: str
    action: str
    want: Callable[[Actor, Row], Any]
    make: Callable[[Any, Tell], Any]
    keep: Callable[[Actor, Row, Any, Any], None]
    publish: Callable[[Row], None]
    cancelled: type[Exception]
    """What ``make`` is told to stop by."""
    stopped: str
    over: str
    """Said to whoever would stop what has ended."""

    def later(self, row: Row) -> Row:
        """By the next free worker; where there is none, as in a test, at once."""
        given: Any = row
        if os.environ.get("VARANGIAN_DB_ROLE") == "app":
            task = app.configure_task(self.task, lock=self.lock(row))  # pyright: ignore
            task.defer(work=str(given.pk))
        else:
            self.now(given.pk)
            given.refresh_from_db()
        return row

    @transaction.atomic
    def stop(self, *, actor: Actor, row: Any) -> Row:
        """Ends before anything is kept; what waits, or whose worker died, ends at once."""
        require(actor, self.action, row.compartment_id)
        rows = self.model.objects.visible_to(actor).select_for_update(of=("self",))
        found = rows.get(pk=row.pk)
        if not found.under_way:
            raise Refused(self.over, where=found.get_state_display())
        if found.state == self.model.State.QUEUED or _silent(found):
            return self._end(found, "stopped", self.stopped)
        found.stop = True
        found.save(update_fields=["stop"])
        return found

    def now(self, pk: UUID, tell: Tell = untold) -> None:
        """In transactions of its own, so that its progress is seen while it runs."""
        with acting(SYSTEM, purpose=self.purpose):
            row: Any = self._begin(pk)
            actor: Actor = (row.asked_by if row else None) or SYSTEM
        if row is None:
            return
        watch = _Watch(self, pk, tell)
        try:
            with acting(actor, purpose=self.purpose):
                wanted = self.want(actor, row)
            made = self.make(wanted, watch.tell)
            watch.note("Keeping it", 0.99)
            with acting(actor, purpose=self.purpose):
                self._keep(actor, pk, wanted, made)
        except self.cancelled:
            self._fail(pk, "stopped", self.stopped)
        except (Refused, Denied) as refused:
            self._fail(pk, "failed", str(refused))
        except KeyboardInterrupt:
            self._fail(pk, "stopped", self.stopped)
            raise

    def _begin(self, pk: UUID) -> Any:
        """None when it was stopped before it began, or is done: a job may come twice."""
        rows = self.model.objects.select_for_update(of=("self",)).select_related("asked_by")
        row = rows.filter(pk=pk).first()
        if row is None or not row.under_way:
            return None
        row.state, row.step = self.model.State.WORKING, _step("Beginning", 0.0)
        row.save(update_fields=["state", "step"])
        self.publish(row)
        return row

    def _keep(self, actor: Actor, pk: UUID, wanted: Any, made: Any) -> None:
        row = self.model.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=pk)
        if row.stop or not row.under_way:
            raise self.cancelled
        self.keep(actor, row, wanted, made)
        self._end(row, "done")

    def _end(self, row: Any, state: str, words: str = "") -> Row:
        row.state, row.words, row.ended_at = state, words[:400], now()
        row.save()
        self.publish(row)
        return row

    def _fail(self, pk: UUID, state: str, words: str) -> None:
        """What has ended meanwhile stays as it ended."""
        with acting(SYSTEM, purpose=self.purpose):
            row = self.model.objects.select_for_update(of=("self",)).filter(pk=pk).first()
            if row is not None and row.under_way:
                self._end(row, state, words)

    def note(self, pk: UUID, step: str, share: float) -> bool:
        """True when somebody wants it stopped."""
        row = self.model.objects.filter(pk=pk).first()
        if row is None or row.stop or not row.under_way:
            return True
        row.step = _step(step, share)
        row.save(update_fields=["step"])
        self.publish(row)
        return False


def _step(words: str, share: float) -> dict[str, Any]:
    return {"words": words, "share": round(share, 3), "at": now().isoformat()}


def _silent(row: Any) -> bool:
    told = row.step.get("at")
    return now() - (datetime.fromisoformat(told) if told else row.asked_at) > SILENT


class _Watch:
    """Writes the step in hand a few times a second at most, and hears whether to stop."""

    def __init__(self, work: LongWork[Any], pk: UUID, also: Tell) -> None:
        self.work, self.pk, self.also, self.told = work, pk, also, 0.0

    def tell(self, step: str, share: float) -> None:
        if time.monotonic() - self.told > TELL_EVERY:
            self.note(step, share)
        else:
            self.also(step, share)

    def note(self, step: str, share: float) -> None:
        self.also(step, share)
        with acting(SYSTEM, purpose=self.work.purpose):
            if self.work.note(self.pk, step, share):
                raise self.work.cancelled
        self.told = time.monotonic()
