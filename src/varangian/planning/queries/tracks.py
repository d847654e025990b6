"""What tracks say of the legs: tracking has its own floor, and brings its reader when loaded."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from varangian.platform.access.scope import Actor

from ..actual import Passage

Reader = Callable[[Actor, Any], dict[UUID, Passage]]
_readers: list[Reader] = []


def register(reader: Reader) -> None:
    """``reader`` gives departure and arrival by leg, as far as this person may see tracks."""
    _readers.append(reader)


def passages(actor: Actor, operation: Any) -> dict[UUID, Passage] | None:
    """None: nothing records tracks here."""
    if not _readers:
        return None
    return {leg: row for reader in _readers for leg, row in reader(actor, operation).items()}
