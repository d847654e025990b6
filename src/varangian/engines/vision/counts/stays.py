"""Who comes into an area and who leaves it. Numbers of movers stay in here."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..behaviours.scene import Mover
from ..behaviours.shapes import Area

GONE_S = 3.0
"""Unseen for so long within the area, somebody has left it: through a door, or out of sight."""
STEADY = 2
"""Looks well inside before somebody counts."""


@dataclass
class Stays:
    area: Area
    margin: float
    entered: int = 0
    left: int = 0
    inside: dict[int, tuple[int, float]] = field(default_factory=dict)
    """Looks inside, and when last seen, by mover."""

    def look(self, at: float, movers: Sequence[Mover]) -> None:
        for one in movers:
            edge = self.margin * one.size
            depth = self.area.depth(one.foot, edge + 1)
            looks, _ = self.inside.get(one.name, (0, at))
            if depth >= edge:
                self.entered += looks + 1 == STEADY
                self.inside[one.name] = looks + 1, at
            elif depth <= -edge:
                self._out(one.name)
            elif looks:
                self.inside[one.name] = looks, at
        for name in [n for n, (_, seen) in self.inside.items() if at - seen > GONE_S]:
            self._out(name)

    def _out(self, name: int) -> None:
        looks, _ = self.inside.pop(name, (0, 0.0))
        self.left += looks >= STEADY
