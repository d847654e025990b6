"""The press, and what follows from it.

A press is one row and one notice, committed before anything else is tried: no alert, no log and no
channel can hold it up or take it back. What follows runs at once in a thread of the same process;
when that process dies in between, the tick of the worker does it within a second.
"""

import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from django.db import (
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    connection,
    transaction,
)
from psycopg.errors import UniqueViolation

from varangian.kernel.chain import digest
from varangian.kernel.clock import now
from varangian.kernel.ids import new_id
from varangian.kernel.results import Denied
from varangian.platform.access.context import acting, as_house
from varangian.platform.access.models import User
from varangian.platform.access.scope import Actor, system_read
from varangian.platform.live.services import publish

from ..callers import Caller, device_calling, person_calling, place_calling
from ..models import DuressKey, Press
from . import answering

log = structlog.get_logger()
AWAY = (OperationalError, InterfaceError, InternalError)
PAUSE = 0.25
LONGEST_KEY = 100
_pool: ThreadPoolExecutor | None = None


@dataclass(frozen=True)
class Heard:
    """What came with a press. None of it can be so wrong that the press is refused."""

    key: str
    via: str
    at: datetime | None = None
    lat: float | None = None
    lon: float | None = None
    accuracy: float | None = None
    words: str = ""


def press(*, person: Actor, heard: Heard) -> Press | None:
    """A person calls for help, in life, whatever else they are in. None: heard before.

    The same ``heard.key`` is the same press. Inside a transaction it is kept with that one.
    """
    if person.is_system or not person.is_authenticated:
        raise Denied("A press is a person's", mend="Use --as with a person's e-mail.")
    with acting(person, purpose="duress"):
        return _write(person_calling(person), heard)


def press_of_place(*, key: DuressKey, heard: Heard) -> Press | None:
    """Somebody pressed a button that is fixed in a place."""
    with as_house(purpose="duress button"):
        return _write(place_calling(key), heard)


def press_of_device(*, device_id: UUID, heard: Heard) -> Press | None:
    """A device that nobody carries, such as in a car. Whoever heard it acts for the house."""
    return _write(device_calling(device_id), heard)


def press_at(operation: Any, subject: str, caption: str, heard: Heard) -> Press | None:
    """Somebody called elsewhere who is not known here: for the operation they called in."""
    with as_house(purpose="duress from elsewhere"):
        return _write(Caller(subject, caption, operation), heard)


def device_took_back(*, person: User | None, device_id: UUID, key: str) -> None:
    """Noted on the running call; it cancels nothing."""
    subject = f"person:{person.pk}" if person else f"device:{device_id}"
    answering.take_back(subject=subject, key=key)


def insist[T](run: Callable[[], T], *, seconds: float) -> T:
    """Again and again while the database is away: a button presses only once."""
    end = time.monotonic() + seconds
    while True:
        try:
            return run()
        except AWAY as error:
            connection.close()
            if time.monotonic() > end:
                raise
            log.warning("a press waits for the database", error=type(error).__name__)
            time.sleep(PAUSE)


@system_read("no wall keeps a press out: the setting is the database's own")
def _write(caller: Caller, heard: Heard) -> Press | None:
    name = plain(heard.key) or str(new_id())
    key = name if len(name) <= LONGEST_KEY else digest(name)
    row = Press(
        compartment_id=caller.operation.compartment_id,
        operation_id=caller.operation.pk,
        key=f"{caller.subject}:{key}",
        via=heard.via,
        person=caller.person,
        subject=caller.subject,
        caption=caller.caption,
        device_at=heard.at,
        heard_at=now(),
        words=plain(heard.words)[:200],
        **_position(heard),
    )
    with connection.cursor() as cursor:
        cursor.execute("set local synchronous_commit to on")
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if isinstance(error.__cause__, UniqueViolation):
            return None
        raise
    publish(topic="duress", kind="pressed", record=row.pk, compartment_id=row.compartment_id)
    transaction.on_commit(partial(_follow_soon, row.pk, caller.person))
    return row


def _position(heard: Heard) -> dict[str, float | None]:
    lat, lon, accuracy = (number(one) for one in (heard.lat, heard.lon, heard.accuracy))
    good = lat is not None and lon is not None and abs(lat) <= 90 and abs(lon) <= 180
    accuracy = accuracy if accuracy is not None and accuracy >= 0 else None
    return {
        "lat": lat if good else None,
        "lon": lon if good else None,
        "accuracy": accuracy if good else None,
    }


def plain(words: str) -> str:
    """Without what the columns do not take: a NUL, half of a sign."""
    return words.replace("\0", "").encode("utf-8", "replace").decode().strip()


def number(given: Any) -> float | None:
    """A finite number, whatever a device sent."""
    try:
        found = float(given)
    except (TypeError, ValueError):
        return None
    return found if math.isfinite(found) else None


def instant(given: Any) -> datetime | None:
    """Seconds, milliseconds or ISO, as devices write a time."""
    if isinstance(given, datetime):
        return given if given.tzinfo else given.replace(tzinfo=UTC)
    seconds = number(given)
    try:
        if seconds is not None:
            return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)
        return instant(datetime.fromisoformat(given)) if given else None
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _follow_soon(pk: UUID, person: User | None) -> None:
    global _pool
    if _pool is None:
        _pool = ThreadPoolExecutor(2, thread_name_prefix="duress")
    _pool.submit(_follow, pk, person)


def _follow(pk: UUID, person: User | None) -> None:
    try:
        follow(pk=pk, person=person)
    except Exception:
        log.exception("a press is left to the tick", press=str(pk))


@system_read("the house answers a press that its caller may not see answered")
def follow(*, pk: UUID, person: User | None = None, skip_locked: bool = False) -> bool:
    """Open the call of this press or join it, and raise the alert. Once, whoever comes first.

    In a process that speaks for people it is done in the name of the one who pressed.
    """
    purpose = "answer a press"
    with acting(person, purpose=purpose) if person else as_house(purpose=purpose):
        waiting = Press.objects.select_for_update(of=("self",), skip_locked=skip_locked)
        found = waiting.select_related("operation").filter(pk=pk, call=None).first()
        if found is None:
            return False
        answering.answer(found)
        return True


@system_read("what no process answered yet is answered by the tick")
def sweep() -> int:
    """Every second, in the worker: each press in a unit of its own."""
    done = 0
    for pk in (
        Press.objects.filter(call=None).order_by("heard_at").values_list("pk", flat=True)[:200]
    ):
        try:
            done += follow(pk=pk, skip_locked=True)
        except AWAY:
            raise
        except Exception:
            log.exception("a press cannot be answered yet", press=str(pk))
    return done
