"""People on a square metre."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import override

from .base import Found, Rule
from .scene import Mover
from .shapes import Area

BRIDGE_S = 0.7
UNDER_COUNT_FROM = 1.5
"""People a square metre above which boxes hide each other and a detector counts too few."""


@dataclass
class Density(Rule):
    area: Area = field(kw_only=True)
    square_m: float = field(kw_only=True)
    per_m2: float = field(kw_only=True)
    seconds: float = field(kw_only=True)

    def __post_init__(self) -> None:
        self.counts: deque[tuple[float, int]] = deque()

    @override
    def judge(self, at: float, movers: list[Mover]) -> Iterable[Found]:
        there = [
            one
            for one in self.frame.scene.near_now(at, BRIDGE_S)
            if one.kind in self.kinds and self.area.holds(one.foot)
        ]
        counts = self.counts
        if counts and not 0 <= at - counts[-1][0] <= self.seconds:
            counts.clear()
        counts.append((at, len(there)))
        while at - counts[0][0] > self.seconds:
            counts.popleft()
        if at - counts[0][0] < 0.8 * self.seconds:
            return
        mean = sum(count for _, count in counts) / len(counts)
        if mean / self.square_m >= self.per_m2:
            yield self._found(mean, tuple(one.track for one in there))

    def _found(self, people: float, tracks: tuple[int, ...]) -> Found:
        density = people / self.square_m
        under = density >= UNDER_COUNT_FROM
        words = f"{people:.0f} people on {self.square_m:.0f} m², {density:.2f} on a square metre"
        words += ", probably more: a detector counts too few in such a crowd." if under else "."
        figures = {
            "people": round(people, 1), "square_m": round(self.square_m, 1),
            "per_m2": round(density, 3), "limit_per_m2": self.per_m2,
            "seconds": self.seconds, "under_counted": under,
        }  # fmt: skip
        return Found("area", None, words, figures, tracks)
