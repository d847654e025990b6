"""Running against what is usual here, and going against the flow."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import hypot, nan
from typing import override

import numpy as np

from .base import Found, Rule
from .ground import Ground
from .scene import Mover
from .shapes import Area

USUAL_MPS = 1.34
"""Mean free walking speed (Weidmann 1993), until the scene has a baseline of its own."""
LEARNT_FROM = 30
STANDING_MPS = 0.3
STEP_MPS = 0.1
FADE = 0.999
COARSE_M = 0.12
"""Where a pixel is longer than this on the ground, noise of the box reads as speed."""
PAUSE_S = 1.0


class Baseline:
    """Median walking speed of those who passed, one voice a mover, old ones fading."""

    def __init__(self) -> None:
        self.table = np.zeros(80)
        self.count = 0

    def add(self, mps: float) -> None:
        self.table *= FADE
        self.table[min(int(mps / STEP_MPS), len(self.table) - 1)] += 1
        self.count += 1

    @property
    def learnt(self) -> bool:
        return self.count >= LEARNT_FROM

    @property
    def mps(self) -> float:
        if not self.learnt:
            return USUAL_MPS
        sums = np.cumsum(self.table)
        return (int(np.searchsorted(sums, sums[-1] / 2)) + 0.5) * STEP_MPS


@dataclass
class Pace:
    since: float = nan
    last: float = nan
    counted: float = 0.0


@dataclass
class Running(Rule):
    area: Area | None = field(kw_only=True)
    ground: Ground = field(kw_only=True)
    faster: float = field(kw_only=True)
    least_mps: float = field(kw_only=True)
    sustained_s: float = field(kw_only=True)

    def __post_init__(self) -> None:
        self.baseline = Baseline()

    def judge(self, at: float, movers: list[Mover]) -> Iterable[Found]:
        limit = max(self.least_mps, self.faster * self.baseline.mps)
        for one in movers:
            speed = self._speed(one)
            if speed is None:
                continue
            pace = self.state.setdefault(one.name, Pace())
            self._learn(at, pace, one, speed)
            if speed >= limit:
                pace.since = at if not at - pace.last <= PAUSE_S else pace.since
                pace.last = at
                if at - pace.since >= self.sustained_s:
                    yield self._found(one, speed, limit)
            elif speed < 0.85 * limit:
                pace.since = pace.last = nan

    def _speed(self, one: Mover) -> float | None:
        if one.cut or (self.area and not self.area.holds(one.foot)):
            return None
        vector = one.velocity(metres=True)
        if vector is None:
            return None
        pixel = self.ground.metres_a_pixel(np.array([one.foot]))[0]
        return hypot(*vector) if pixel <= COARSE_M else None

    def _learn(self, at: float, pace: Pace, one: Mover, speed: float) -> None:
        """Everybody's voice once in five seconds, runners' too: a scene of runners is usual."""
        if speed > STANDING_MPS and at - pace.counted >= 5 and at - one.begun >= 1.5:
            pace.counted = at
            self.baseline.add(speed)

    def _found(self, one: Mover, speed: float, limit: float) -> Found:
        usual, learnt = self.baseline.mps, self.baseline.learnt
        said = "usual here" if learnt else "usual for walkers; this scene is not learnt yet"
        words = f"a {one.kind} runs at {speed:.1f} m/s, {speed / usual:.1f} times what is {said}."
        figures = {
            "mps": round(speed, 2), "usual_mps": round(usual, 2), "limit_mps": round(limit, 2),
            "learnt": learnt,
        }  # fmt: skip
        return Found(one.name, one, words, figures)


@dataclass
class Against:
    cell: tuple[int, int] | None = None
    x: float = nan
    y: float = nan
    way: float = 0.0


SLOW = 0.15
"""Body heights a second below which nobody goes anywhere."""
AGAINST = -0.5
"""Cosine: more than 120 degrees from the flow."""
ONE_WAY = 0.7
VOICES = 12
FLOW_FADE = 0.995


@dataclass
class CounterFlow(Rule):
    """Against the drawn direction, or against that most people take in each cell."""

    area: Area = field(kw_only=True)
    towards: tuple[float, float] | None = field(kw_only=True)
    least: float = field(kw_only=True)
    cell_px: float = field(kw_only=True)

    def __post_init__(self) -> None:
        self.flow: dict[tuple[int, int], list[float]] = {}

    @override
    def judge(self, at: float, movers: list[Mover]) -> Iterable[Found]:
        for one in movers:
            if not self.area.holds(one.foot):
                continue
            vector = one.velocity(metres=False)
            if vector is None or hypot(*vector) < SLOW * one.size:
                continue
            speed = hypot(*vector)
            unit = vector[0] / speed, vector[1] / speed
            state = self.state.setdefault(one.name, Against())
            flow = self._flow(one, state, unit)
            point = one.metres if self.frame.metric else one.foot
            step = hypot(point[0] - state.x, point[1] - state.y)
            state.x, state.y = point
            if flow is None:
                continue
            against = unit[0] * flow[0] + unit[1] * flow[1] <= AGAINST
            state.way = state.way + (step if step == step else 0.0) if against else 0.0
            if state.way >= self.least:
                yield self._found(one, state.way)

    def _flow(
        self, one: Mover, state: Against, unit: tuple[float, float]
    ) -> tuple[float, float] | None:
        """What others do here; each mover has one voice a cell, given when it comes into it."""
        if self.towards:
            return self.towards
        cell = int(one.x // self.cell_px), int(one.y // self.cell_px)
        sums = self.flow.setdefault(cell, [0.0, 0.0, 0.0])
        x, y, count = sums
        if state.cell != cell:
            state.cell = cell
            sums[:] = [FLOW_FADE * old + new for old, new in zip(sums, (*unit, 1.0), strict=True)]
        strength = hypot(x, y)
        if count < VOICES or strength < ONE_WAY * count:
            return None
        return x / strength, y / strength

    def _found(self, one: Mover, way: float) -> Found:
        unit = self.frame.unit
        drawn = "drawn" if self.towards else "learnt"
        words = f"a {one.kind} goes against the {drawn} direction, {way:.1f} {unit} by now."
        return Found(
            one.name, one, words, {f"way_{unit}": round(way, 2), f"least_{unit}": self.least}
        )
