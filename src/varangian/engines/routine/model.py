"""Journeys seen, and what they give away."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from varangian.kernel.results import Refused

AspectName = Literal["time", "route", "entrance", "destination", "weekday"]
ASPECTS: tuple[AspectName, ...] = ("time", "route", "entrance", "destination", "weekday")


@dataclass(frozen=True, slots=True)
class Observation:
    """One journey of the principal. ``at``: when it began, with its offset: the clock where it
    was. An empty word is unknown and leaves the journey out of that aspect."""

    at: datetime
    route: str = ""
    entrance: str = ""
    destination: str = ""

    def __post_init__(self) -> None:
        if self.at.utcoffset() is None:
            raise Refused("A journey has no time zone", str(self.at), "Give its offset.")


@dataclass(frozen=True, slots=True)
class Unknown:
    """Too few journeys to say anything."""

    seen: int
    needed: int

    def __str__(self) -> str:
        return f"unknown: too few journeys ({self.seen}, at least {self.needed} are needed)"


@dataclass(frozen=True, slots=True)
class Conditional:
    """The index when the observer knows the group. ``covered``: share of journeys in groups that
    have enough. ``most_rigid``: the group with the highest index, and that index."""

    index: float
    covered: float
    most_rigid: str
    most_rigid_index: float


@dataclass(frozen=True, slots=True)
class Aspect:
    """``index``: 0 uniform to 1 fixed. ``entropy`` and ``uniform`` in bits. ``top``: the most
    frequent cell, ``share`` its share of the ``seen`` journeys. ``choices``: K."""

    name: AspectName
    seen: int
    choices: int
    entropy: float
    uniform: float
    index: float
    top: str
    share: float
    counts: tuple[tuple[str, int], ...]
    given_weekday: Conditional | Unknown | None
    given_destination: Conditional | Unknown | None


@dataclass(frozen=True, slots=True)
class Advice:
    """Vary this: ``gain`` is how far the aspect's index falls when ``surplus`` journeys of this
    cell go evenly to the other choices."""

    aspect: AspectName
    cell: str
    share: float
    surplus: float
    gain: float
    words: str


@dataclass(frozen=True, slots=True)
class Report:
    """``journeys`` used, from ``since`` on; ``aspects`` in a fixed order; ``advice`` best first."""

    journeys: int
    since: datetime
    aspects: dict[AspectName, Aspect | Unknown]
    advice: tuple[Advice, ...]
