"""What time ends: features say what has run out, the thread marks what rests on it, once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from varangian.kernel.clock import now

from .models import Expiry
from .services import Node, changed


@dataclass(frozen=True)
class Expired:
    """``reason`` is not sealed: numbers, kinds and times, no names."""

    node: Node
    at: datetime
    reason: str
    compartment_id: UUID


Finder = Callable[[datetime], Iterable[Expired]]
_finders: dict[str, Finder] = {}


def register(name: str, finder: Finder) -> None:
    """Features call this once, when they are loaded. ``finder`` gives what is over by a time."""
    _finders[name] = finder


@transaction.atomic
def expire_due() -> int:
    """Mark what depends on each thing that has run out since the last time; returns how many.

    The same end is told once: whoever has looked again is not asked a second time.
    """
    at = now()
    over = [row for finder in _finders.values() for row in finder(at)]
    told = set(
        Expiry.objects.filter(record__in=[row.node[1] for row in over]).values_list(
            "kind", "record", "at"
        )
    )
    fresh = [row for row in over if (*row.node, row.at) not in told]
    Expiry.objects.bulk_create(
        [
            Expiry(kind=r.node[0], record=r.node[1], at=r.at, compartment_id=r.compartment_id)
            for r in fresh
        ],
        ignore_conflicts=True,
    )
    for row in fresh:
        changed(node=row.node, reason=row.reason)
    return len(fresh)
