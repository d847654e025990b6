"""What counts people in an operation, for the features that ask how many there are.

Cameras and crowds stand on one floor and do not know each other: what counts is offered here, and
each count is told by ``people_counted``. Numbers alone pass, never who anybody is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from varangian.platform.access.scope import Actor

from .models import Operation


@dataclass(frozen=True)
class Place:
    """Where something counts: an area with people in it, or a line that they cross (``door``)."""

    source: UUID
    name: str
    zone: str
    title: str
    door: bool

    @property
    def key(self) -> str:
        return f"{self.source}:{self.zone}"

    @property
    def words(self) -> str:
        return f"{self.name}: {self.title}{' (a line)' if self.door else ''}"


Offer = Callable[[Actor, Operation], list[Place]]
_offers: list[Offer] = []


def offer(of: Offer) -> None:
    """Called with a person and an operation; answers with what they may see of it."""
    _offers.append(of)


def places(actor: Actor, operation: Operation) -> list[Place]:
    return [place for of in _offers for place in of(actor, operation)]
