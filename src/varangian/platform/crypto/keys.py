"""Make, open and destroy subject keys."""

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import transaction

from varangian.kernel.clock import now

from .providers import provider

if TYPE_CHECKING:
    from .models import SubjectKey

KEEP_SECONDS = 20
_open: dict[UUID, tuple[float, bytes | None]] = {}


def create() -> "SubjectKey":
    from .models import SubjectKey

    key = SubjectKey()
    key.wrapped = provider().wrap(os.urandom(32), key.id.bytes)
    key.save(force_insert=True)
    return key


def data_key(key_id: UUID) -> bytes | None:
    """The plain key, or None once it is destroyed. Kept in memory for a few seconds only."""
    known = _open.get(key_id)
    if known and known[0] > time.monotonic():
        return known[1]
    from .models import SubjectKey

    wrapped = SubjectKey.objects.filter(pk=key_id).values_list("wrapped", flat=True).first()
    plain = provider().unwrap(bytes(wrapped), key_id.bytes) if wrapped else None
    _open[key_id] = (time.monotonic() + KEEP_SECONDS, plain)
    return plain


def open_all(key_ids: Iterable[UUID]) -> None:
    """Open the keys of many subjects in one query, before a list is read row by row."""
    from .models import SubjectKey

    late = time.monotonic()
    wanted = [pk for pk in set(key_ids) if pk not in _open or _open[pk][0] <= late]
    rows = SubjectKey.objects.filter(pk__in=wanted).values_list("pk", "wrapped") if wanted else ()
    for pk, wrapped in rows:
        plain = provider().unwrap(bytes(wrapped), pk.bytes) if wrapped else None
        _open[pk] = (time.monotonic() + KEEP_SECONDS, plain)


def destroy(key_id: UUID) -> None:
    """Erase for good. The tombstone file makes a later restore of an old backup erase again."""
    from .models import SubjectKey

    SubjectKey.objects.filter(pk=key_id).update(wrapped=None, destroyed_at=now())
    _open.pop(key_id, None)
    transaction.on_commit(lambda: _bury(key_id))


def tombstones() -> Path:
    return Path(settings.HOME) / "keys" / "erased.txt"


def _bury(key_id: UUID) -> None:
    path = tombstones()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("a") as out:
        out.write(f"{key_id}\n")


def forget_open_keys() -> None:
    _open.clear()
