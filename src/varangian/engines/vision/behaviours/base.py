"""What all rules share: when they hold, whom they have told of, and how they say it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from ..model import Event, Tracked
from .hours import Hours
from .scene import Mover, Scene

LASTING_S = 5.0
"""A state that pauses for less goes on and is not told again."""
MOST_TOLD = 5000


@dataclass(frozen=True)
class Found:
    """``key``: what is not told twice within the pause of the rule. ``figures``: what made it."""

    key: Any
    mover: Mover | None
    words: str
    figures: dict[str, Any]
    tracks: tuple[int, ...] = ()


@dataclass(frozen=True)
class Frame:
    """``metric``: lengths are metres, else pixels."""

    scene: Scene
    hours: Hours
    metric: bool

    @property
    def unit(self) -> str:
        return "m" if self.metric else "px"


@dataclass
class Rule:
    """A rule says at each frame whom its condition holds for; here that becomes few events."""

    id: str
    name: str
    title: str
    again_s: float
    kinds: frozenset[str]
    frame: Frame
    state: dict[int, Any] = field(default_factory=dict)
    """What a rule remembers of each mover, by name; dropped when the mover has left for good."""
    _told: dict[Any, list[float]] = field(default_factory=dict)
    _epoch: int = 0
    _generation: int = 0

    def judge(self, at: float, movers: list[Mover]) -> Iterable[Found]:
        raise NotImplementedError

    def look(self, at: float, tracked: Sequence[Tracked]) -> list[Event]:
        if not isfinite(at):
            return []
        scene = self.frame.scene
        movers = scene.see(at, tracked)
        self._tidy()
        holds = self.frame.hours.hold(at)
        mine = [one for one in movers if one.kind in self.kinds]
        found = list(self.judge(at, mine))
        if holds is False:
            return []
        return [self._event(at, one, holds) for one in found if self._fresh(at, one.key)]

    def _tidy(self) -> None:
        scene = self.frame.scene
        if self._epoch != scene.epoch:
            self._epoch = scene.epoch
            self._told.clear()
            self.state.clear()
        if self._generation != scene.generation:
            self._generation = scene.generation
            for name in [name for name in self.state if name not in scene.movers]:
                del self.state[name]

    def _fresh(self, at: float, key: Any) -> bool:
        last = self._told.get(key)
        if last is not None:
            lasting = at - last[1] <= LASTING_S
            last[1] = at
            if lasting or at - last[0] < self.again_s:
                return False
        if len(self._told) >= MOST_TOLD:
            del self._told[next(iter(self._told))]
        self._told[key] = [at, at]
        return True

    def _event(self, at: float, found: Found, holds: bool | None) -> Event:
        mover = found.mover
        detail: dict[str, Any] = {
            "rule": self.id,
            "title": self.title,
            "words": f"{self.title}: {found.words}",
            "figures": found.figures,
            "tracks": list(found.tracks or ((mover.track,) if mover else ())),
        }
        if mover:
            detail["kind"] = mover.kind
            detail["foot"] = [round(mover.x, 1), round(mover.y, 1)]
            if isfinite(mover.mx):
                detail["metres"] = [round(mover.mx, 2), round(mover.my, 2)]
        if holds is None:
            detail["hours"] = "not applied: the source has no wall clock"
        return Event(at, f"behaviour.{self.name}", mover.track if mover else None, detail)
