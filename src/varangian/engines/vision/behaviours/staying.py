"""Loitering, and vehicles that stop where none should: much time, little way."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import hypot

from .base import Found, Rule
from .scene import Mover
from .shapes import Area

SAMPLE_S = 1.0
LOST_S = 5.0
MOST_SAMPLES = 3600
QUIET = 3
"""Places over which noise of the foot is averaged."""


@dataclass
class Stay:
    """Once a second: at, x, y, in the unit of the rule, since the mover came into the area."""

    samples: deque[tuple[float, float, float]] = field(
        default_factory=lambda: deque(maxlen=MOST_SAMPLES)
    )
    last: float = 0.0

    def add(self, at: float, point: tuple[float, float]) -> None:
        if not self.samples or at - self.samples[-1][0] >= SAMPLE_S:
            self.samples.append((at, *point))
        self.last = at

    def net(self, span_s: float) -> tuple[float, float]:
        """Seconds looked over (at most ``span_s`` and a little) and way from its start to now."""
        while len(self.samples) > 1 and self.last - self.samples[1][0] >= span_s:
            self.samples.popleft()
        rows = list(self.samples)
        start, end = _mean(rows[:QUIET]), _mean(rows[-QUIET:])
        return self.last - rows[0][0], hypot(end[0] - start[0], end[1] - start[1])


def _mean(rows: list[tuple[float, float, float]]) -> tuple[float, float]:
    return sum(row[1] for row in rows) / len(rows), sum(row[2] for row in rows) / len(rows)


@dataclass
class Staying(Rule):
    area: Area = field(kw_only=True)
    seconds: float = field(kw_only=True)
    within: float = field(kw_only=True)
    margin: float = field(kw_only=True)

    def judge(self, at: float, movers: list[Mover]) -> Iterable[Found]:
        for one in movers:
            edge = self.margin * one.size
            depth = self.area.depth(one.foot, edge + 1)
            stay = self.state.get(one.name)
            if stay and (depth <= -edge or at - stay.last > LOST_S):
                stay = self.state.pop(one.name, None) and None
            if stay is None and depth < edge:
                continue
            point = one.metres if self.frame.metric else one.foot
            if point[0] != point[0]:
                continue
            stay = stay or self.state.setdefault(one.name, Stay())
            stay.add(at, point)
            if at - stay.samples[0][0] < self.seconds:
                continue
            spent, net = stay.net(self.seconds)
            if spent >= self.seconds and net <= self.within:
                yield self._found(one, spent, net)

    def _found(self, one: Mover, spent: float, net: float) -> Found:
        unit = self.frame.unit
        verb = "stands" if self.name == "stopped" else "has stayed"
        words = f"a {one.kind} {verb} for {spent:.0f} s and moved {net:.1f} {unit} by all."
        figures = {
            "seconds": round(spent, 1), "limit_s": self.seconds,
            f"net_{unit}": round(net, 2), f"within_{unit}": self.within,
        }  # fmt: skip
        return Found(one.name, one, words, figures)
