"""A plan in metres."""

from dataclasses import dataclass, field
from typing import Any, Literal

from shapely.geometry.base import BaseGeometry

from varangian.engines.crowdflow.venue.frame import Frame
from varangian.engines.crowdflow.venue.profile import Claim

Severity = Literal["fault", "warning"]


@dataclass(frozen=True)
class Finding:
    """Something to mend: what, where, how. ``at`` is in metres of the plan."""

    code: str
    severity: Severity
    what: str
    mend: str
    where: str = ""
    at: tuple[float, float] | None = None
    level: int = 0


@dataclass(frozen=True)
class Item:
    id: str
    kind: str
    shape: BaseGeometry
    props: Any

    @property
    def level(self) -> int:
        return self.props.level

    @property
    def label(self) -> str:
        name = f" ({self.props.name})" if self.props.name else ""
        return f"{self.kind.replace('_', ' ')} {self.id}{name}"

    @property
    def width(self) -> float:
        """Clear width of a door, gate or stair in metres."""
        return self.props.width_m or self.shape.length


@dataclass(frozen=True)
class Venue:
    name: str
    frame: Frame
    items: tuple[Item, ...]
    people: int | None = None
    jurisdiction: str = ""
    claims: tuple[Claim, ...] = field(default=())

    def of(self, *kinds: str) -> list[Item]:
        return [item for item in self.items if item.kind in kinds]

    @property
    def doors(self) -> list[Item]:
        return self.of("door", "gate")

    @property
    def exits(self) -> list[Item]:
        """Ways out to the outside that one may leave by."""
        return [
            door
            for door in self.doors
            if door.props.leads == "outside"
            and door.props.direction != "in"
            and not door.props.locked
        ]

    @property
    def levels(self) -> list[int]:
        return sorted({item.level for item in self.of("area")})
