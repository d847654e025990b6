"""Counts by zone and door, minute by minute. No track number leaves this module."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any

import numpy as np

from varangian.kernel.results import Refused

from ..behaviours.crossing import Crossings
from ..behaviours.ground import Ground
from ..behaviours.scene import Scene
from ..behaviours.shapes import Area, Line, Point, square_of
from ..model import Tracked
from .stays import Stays

BRIDGE_S = 0.7
SMOOTH_S = 10.0
UNDER_COUNT_FROM = 1.5
MARGIN = 0.08


@dataclass(frozen=True)
class Peopled:
    """``people``: median of the last seconds. ``per_m2``: None without a ground.
    ``under_counted``: so dense that a detector counts too few. ``entered``, ``left``: since the
    last reset, also who appeared in the zone or is not seen in it any more."""

    zone: str
    people: int
    most: int
    per_m2: float | None
    under_counted: bool
    entered: int = 0
    left: int = 0


@dataclass(frozen=True)
class Crossed:
    """Since the last reset; ``entered`` is from the left to the right of the line."""

    door: str
    entered: int
    left: int
    per_minute: float


class Counter:
    """``zones``: corners by name; ``doors``: two ends by name; pixels of a picture of ``size``.
    ``unmeasured``: a zone that reaches over the horizon has no density, instead of a refusal."""

    def __init__(
        self,
        *,
        size: tuple[int, int],
        zones: Mapping[str, Sequence[Point]] | None = None,
        doors: Mapping[str, tuple[Point, Point]] | None = None,
        ground: Ground | None = None,
        kinds: frozenset[str] = frozenset({"person"}),
        unmeasured: bool = False,
    ) -> None:
        self.scene = Scene((float(size[0]), float(size[1])), ground)
        self.kinds, self.unmeasured = kinds, unmeasured
        self.zones = {name: Area(tuple(corners)) for name, corners in (zones or {}).items()}
        self.doors = {
            name: Crossings(Line(*ends), MARGIN, {}) for name, ends in (doors or {}).items()
        }
        for name, area in self.zones.items():
            if len(area.corners) < 3:
                raise Refused(
                    f"The zone {name} has no inside", name, "Give at least three corners."
                )
        for name, door in self.doors.items():
            if door.line.a == door.line.b:
                raise Refused(
                    f"The door {name} has no width", name, "Give two ends that lie apart."
                )
        self.square = {name: self._square(area) for name, area in self.zones.items()}
        self._recent: dict[str, deque[tuple[float, int]]] = {name: deque() for name in self.zones}
        self._most = dict.fromkeys(self.zones, 0)
        self._stays = {name: Stays(area, MARGIN) for name, area in self.zones.items()}
        self._passed = {name: [0, 0] for name in self.doors}
        self._times: dict[str, deque[float]] = {name: deque(maxlen=10_000) for name in self.doors}
        self._epoch = 0

    def look(self, at: float, tracked: Sequence[Tracked]) -> None:
        if not isfinite(at):
            return
        movers = [one for one in self.scene.see(at, tracked) if one.kind in self.kinds]
        self._tidy()
        for name, door in self.doors.items():
            for one in movers:
                way = door.passed(one)
                if way:
                    self._passed[name][way == "out"] += 1
                    self._times[name].append(at)
        for stays in self._stays.values():
            stays.look(at, movers)
        there = [one for one in self.scene.near_now(at, BRIDGE_S) if one.kind in self.kinds]
        for name, area in self.zones.items():
            recent = self._recent[name]
            recent.append((at, sum(area.holds(one.foot) for one in there)))
            while at - recent[0][0] > SMOOTH_S:
                recent.popleft()
            self._most[name] = max(self._most[name], self._people(name))

    def zone_counts(self) -> list[Peopled]:
        return [self._peopled(name) for name in self.zones]

    def door_counts(self) -> list[Crossed]:
        now = self.scene.at or 0.0
        return [
            Crossed(
                name,
                passed[0],
                passed[1],
                float(sum(0 <= now - at <= 60 for at in self._times[name])),
            )
            for name, passed in self._passed.items()
        ]

    def counts(self) -> dict[str, Any]:
        """Numbers only: time, zones, doors."""
        return {
            "at": self.scene.at,
            "zones": [asdict(one) for one in self.zone_counts()],
            "doors": [asdict(one) for one in self.door_counts()],
        }

    def reset(self) -> None:
        """A new period: totals and peaks begin at nothing."""
        self._most = dict.fromkeys(self.zones, 0)
        self._passed = {name: [0, 0] for name in self.doors}
        for stays in self._stays.values():
            stays.entered = stays.left = 0

    def _people(self, name: str) -> int:
        recent = self._recent[name]
        return round(float(np.median([count for _, count in recent]))) if recent else 0

    def _peopled(self, name: str) -> Peopled:
        people, square = self._people(name), self.square[name]
        density = None if square is None else round(people / square, 3)
        stays = self._stays[name]
        return Peopled(
            name, people, self._most[name], density, (density or 0.0) >= UNDER_COUNT_FROM,
            stays.entered, stays.left,
        )  # fmt: skip

    def _square(self, area: Area) -> float | None:
        if self.scene.ground is None:
            return None
        metres = self.scene.ground.metres(np.array(area.corners, float))
        if np.isnan(metres).any():
            if self.unmeasured:
                return None
            raise Refused("A zone reaches over the horizon", "zones", "Draw it below the horizon.")
        return square_of([(float(x), float(y)) for x, y in metres])

    def _tidy(self) -> None:
        """Sides of those who left are forgotten; a clock that ran backwards begins anew."""
        if self._epoch != self.scene.epoch:
            self._epoch = self.scene.epoch
            for recent in self._recent.values():
                recent.clear()
            for stays in self._stays.values():
                stays.inside.clear()
        for door in self.doors.values():
            for name in [name for name in door.sides if name not in self.scene.movers]:
                del door.sides[name]
