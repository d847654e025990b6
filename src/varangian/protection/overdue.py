"""What is late, whoever knows of it: parts of the running detail bring theirs when they load.

The wall and the operator's queue show these on top, the longest overdue first.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from varangian.platform.access.scope import Actor


@dataclass(frozen=True)
class Overdue:
    operation_id: UUID
    kind: str
    """In words: Check call, Task, Roll call."""
    title: str
    since: datetime
    """When it was due."""
    url: str
    tone: str = "red"


Find = Callable[[Actor, list[Any]], Iterable[Overdue]]
_finders: dict[str, Find] = {}


def source(name: str, find: Find) -> None:
    """``find`` gets the person and the operations in view, and answers with what is late now."""
    _finders[name] = find


def overdue(actor: Actor, operations: list[Any]) -> list[Overdue]:
    found = [row for find in _finders.values() for row in find(actor, operations)]
    return sorted(found, key=lambda row: (row.tone != "red", row.since))
