"""Whom a camera sees: tracks as movers on the ground, healed where the tracker changed a number.

A mover outlives a change of its track's number: a track that begins where one was lost a moment ago
goes on with it, and two tracks that change places change back. All rules of a camera share one.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import hypot, isfinite, nan

import numpy as np

from ..model import Tracked
from .earth import Earth
from .ground import Ground

type Sample = tuple[float, float, float, float, float]
"""at, x, y in pixels, x, y in metres."""

FORGET_S = 20.0
BRIDGE_S = 2.5
"""How long after a loss another track may go on with a mover."""
RECENT_S = 2.0
SURE, STEADY, JUMP, BODIES_A_SECOND = 0.1, 0.35, 0.5, 5.0
"""In body heights: what noise moves a foot, and what a runner does between two frames."""
EDGE_PX = 2.0
MOST_TRACKED = 2000
FAMILIES = {
    "person": "person", "car": "vehicle", "truck": "vehicle", "bus": "vehicle",
    "motorcycle": "vehicle", "bicycle": "vehicle",
}  # fmt: skip


@dataclass(slots=True)
class Mover:
    name: int
    track: int
    kind: str
    size: float
    """Body height in pixels (the longer side of a box that is no person's), smoothed."""
    at: float
    x: float
    y: float
    mx: float
    my: float
    cut: bool
    """The lower edge of the picture cuts the box: the foot is not seen."""
    begun: float
    recent: deque[Sample] = field(default_factory=deque)

    @property
    def foot(self) -> tuple[float, float]:
        return self.x, self.y

    @property
    def metres(self) -> tuple[float, float]:
        return self.mx, self.my

    def foretold(self, at: float) -> tuple[float, float]:
        first = self.recent[0]
        span = self.at - first[0]
        if span < 0.3:
            return self.foot
        ahead = min(at - self.at, BRIDGE_S) / span
        return self.x + (self.x - first[1]) * ahead, self.y + (self.y - first[2]) * ahead

    def velocity(self, *, metres: bool) -> tuple[float, float] | None:
        """A second, by least squares over what is recent; None when that is too little."""
        rows = self.recent
        if len(rows) < 4 or rows[-1][0] - rows[0][0] < 0.7:
            return None
        i, j = (3, 4) if metres else (1, 2)
        count = len(rows)
        t = sum(row[0] for row in rows) / count
        square = sum((row[0] - t) ** 2 for row in rows)
        vx, vy = (sum((row[0] - t) * row[k] for row in rows) / square for k in (i, j))
        return (vx, vy) if isfinite(vx) and isfinite(vy) else None


class Scene:
    def __init__(self, size: tuple[float, float], ground: Ground | None) -> None:
        self.size, self.ground = size, ground
        self.earth: Earth | None = None
        """Where that ground lies on the map, if the rules say so."""
        self.movers: dict[int, Mover] = {}
        self.present: list[Mover] = []
        self.at: float | None = None
        self.dropped = 0
        """Boxes that were no boxes."""
        self.epoch = self.generation = 0
        """How often the clock ran backwards, and how often movers left for good."""
        self._by_track: dict[int, int] = {}
        self._seen: Sequence[Tracked] | None = None
        self._count = 0

    def see(self, at: float, tracked: Sequence[Tracked]) -> list[Mover]:
        """Those in this frame. The rules of one camera may each ask: a frame counts once."""
        if self._seen is tracked and at == self.at:
            return self.present
        if not isfinite(at):
            self.dropped += len(tracked)
            return []
        if self.at is not None and at < self.at:
            self._begin_anew()
        self.at, self._seen = at, tracked
        self._forget(at)
        self.present = self._assign(at, self._sound(tracked))
        return self.present

    def near_now(self, at: float, bridge_s: float) -> list[Mover]:
        """Those in this frame or missed by the detector for no longer than ``bridge_s``."""
        return [one for one in self.movers.values() if at - one.at <= bridge_s]

    def _begin_anew(self) -> None:
        """A clock that runs backwards: the source began again."""
        self.epoch += 1
        self.movers.clear()
        self._by_track.clear()

    def _forget(self, at: float) -> None:
        old = [name for name, one in self.movers.items() if at - one.at > FORGET_S]
        self.generation += bool(old)
        for name in old:
            one = self.movers.pop(name)
            if self._by_track.get(one.track) == name:
                del self._by_track[one.track]

    def _sound(self, tracked: Sequence[Tracked]) -> list[Tracked]:
        seen: set[int] = set()
        kept = []
        for one in tracked[:MOST_TRACKED]:
            x0, y0, x1, y1 = one.box
            good = isfinite(x0 + y0 + x1 + y1) and x1 > x0 and y1 > y0 and one.track not in seen
            if good and max(map(abs, one.box)) < 1e6:
                seen.add(one.track)
                kept.append(one)
        self.dropped += len(tracked) - len(kept)
        return kept

    def _assign(self, at: float, tracked: list[Tracked]) -> list[Mover]:
        feet = [((one.box[0] + one.box[2]) / 2, one.box[3]) for one in tracked]
        metres = self._metres(feet)
        owners: dict[int, Mover] = {}
        loose = []
        for k, one in enumerate(tracked):
            mover = self.movers.get(self._by_track.get(one.track, -1))
            same = mover and _family(mover.kind) == _family(one.kind)
            if mover and same and self._steady(mover, at, feet[k]):
                owners[k] = mover
            else:
                loose.append(k)
        if loose:
            self._go_on(at, tracked, feet, loose, owners)
        return [
            self._moved(owners.get(k), one, at, feet[k], metres[k]) for k, one in enumerate(tracked)
        ]

    def _steady(self, mover: Mover, at: float, foot: tuple[float, float]) -> bool:
        """Near where it was foretold, and nobody else was foretold to be much nearer."""
        apart = self._apart(mover, at, foot)
        if apart > STEADY + 1.5 * min(at - mover.at, RECENT_S):
            return False
        return apart <= SURE or not any(
            other is not mover
            and at - other.at <= RECENT_S
            and _family(other.kind) == _family(mover.kind)
            and self._apart(other, at, foot) < apart / 2
            for other in self.movers.values()
        )

    def _go_on(
        self,
        at: float,
        tracked: list[Tracked],
        feet: list[tuple[float, float]],
        loose: list[int],
        owners: dict[int, Mover],
    ) -> None:
        """Loose boxes to movers that nobody has, the nearest pair first."""
        taken = {mover.name for mover in owners.values()}
        free = [
            one for one in self.movers.values() if one.name not in taken and at - one.at <= BRIDGE_S
        ]
        pairs = []
        for k in loose:
            for mover in free:
                if _family(mover.kind) != _family(tracked[k].kind):
                    continue
                own = mover.track == tracked[k].track
                apart = self._apart(mover, at, feet[k])
                most = BODIES_A_SECOND * min(at - mover.at, 1.0) if own else 0.3 * (at - mover.at)
                if apart <= JUMP + most:
                    pairs.append((apart, k, mover))
        pairs.sort(key=lambda pair: pair[:2])
        for _, k, mover in pairs:
            if k not in owners and mover.name not in taken:
                owners[k] = mover
                taken.add(mover.name)

    def _apart(self, mover: Mover, at: float, foot: tuple[float, float]) -> float:
        x, y = mover.foretold(at)
        return hypot(foot[0] - x, foot[1] - y) / max(mover.size, 1.0)

    def _metres(self, feet: list[tuple[float, float]]) -> list[list[float]]:
        if self.ground is None or not feet:
            return [[nan, nan]] * len(feet)
        return self.ground.metres(np.array(feet)).tolist()

    def _moved(
        self,
        mover: Mover | None,
        one: Tracked,
        at: float,
        foot: tuple[float, float],
        metres: list[float],
    ) -> Mover:
        mx, my = metres
        x0, y0, x1, y1 = one.box
        tall = y1 - y0 if one.kind == "person" else max(y1 - y0, x1 - x0)
        cut = y1 >= self.size[1] - EDGE_PX
        if mover is None:
            self._count += 1
            mover = Mover(self._count, one.track, one.kind, tall, at, *foot, mx, my, cut, at)
            self.movers[mover.name] = mover
        if self._by_track.get(mover.track) == mover.name and mover.track != one.track:
            del self._by_track[mover.track]
        self._by_track[one.track] = mover.name
        mover.track, mover.kind, mover.cut, mover.at = one.track, one.kind, cut, at
        (mover.x, mover.y), (mover.mx, mover.my) = foot, (mx, my)
        mover.size += 0.2 * (tall - mover.size)
        recent = mover.recent
        recent.append((at, *foot, mx, my))
        while recent[-1][0] - recent[0][0] > RECENT_S:
            recent.popleft()
        return mover


def _family(kind: str) -> str:
    return FAMILIES.get(kind, "thing")
