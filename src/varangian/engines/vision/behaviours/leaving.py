"""A thing that was left: the owner has gone away from it, and nobody came back.

Distances and times of PETS2006: attended within 2 m, unattended beyond 3 m, told after 30 s of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import hypot, inf, nan

from .base import Found, Rule
from .scene import Mover, Scene
from .shapes import Area

STILL_M = 0.6
STILL_S = 2.0
STRAYED_S = 1.0
OWNER_LOST_S = 2.0
OWNER_S = 3.0
"""The owner is who was nearest, on the whole, in the seconds around the moment of laying down."""


@dataclass
class Thing:
    x: float
    y: float
    since: float
    near: dict[int, list[float]] = field(default_factory=dict)
    """By mover: sum of distances and how often."""
    owner: int | None = None
    owner_track: int | None = None
    doubles: set[int] = field(default_factory=set)
    """Who began beside it while its owner was there."""
    settled: bool = False
    alone_since: float = nan
    owner_away: float = nan
    """Metres, when last seen."""
    strayed_since: float = nan


@dataclass
class Abandoned(Rule):
    area: Area | None = field(kw_only=True)
    near_m: float = field(kw_only=True)
    far_m: float = field(kw_only=True)
    seconds: float = field(kw_only=True)
    unowned_s: float = field(kw_only=True)

    def judge(self, at: float, movers: list[Mover]) -> Iterable[Found]:
        people = [
            one
            for one in self.frame.scene.near_now(at, 1.0)
            if one.kind == "person" and one.mx == one.mx
        ]
        for one in movers:
            if one.mx != one.mx or (self.area and not self.area.holds(one.foot)):
                continue
            thing = self.state.get(one.name)
            if thing is None or _strayed(thing, one, at):
                thing = self._same_place(one, at) if thing is None else None
                thing = thing or Thing(one.mx, one.my, at, _carried(self.state.get(one.name)))
                self.state[one.name] = thing
            _settle(thing, people, at, self.far_m)
            self._adopt(at, thing, people)
            found = self._left(at, one, thing, self.frame.scene)
            if found:
                yield found

    def _same_place(self, one: Mover, at: float) -> Thing | None:
        """A thing whose track was lost where this one begins is the same thing."""
        for name, thing in self.state.items():
            lost = self.frame.scene.movers.get(name)
            near = hypot(one.mx - thing.x, one.my - thing.y) <= STILL_M
            if lost and near and thing.settled and at > lost.at:
                return self.state.pop(name)
        return None

    def _left(self, at: float, one: Mover, thing: Thing, scene: Scene) -> Found | None:
        if not thing.settled:
            return None
        away = self._away(at, thing, scene)
        if away < self.near_m:
            thing.alone_since = nan
        elif away > self.far_m and thing.alone_since != thing.alone_since:
            thing.alone_since = at
        if thing.alone_since != thing.alone_since:
            return None
        alone = at - thing.alone_since
        if alone < (self.seconds if thing.owner is not None else self.unowned_s):
            return None
        return self._found(at, one, thing, alone, away)

    def _away(self, at: float, thing: Thing, scene: Scene) -> float:
        """Metres from the owner, infinity when the owner's track has ended."""
        owner = scene.movers.get(thing.owner) if thing.owner is not None else None
        if owner is None or at - owner.at > OWNER_LOST_S:
            return inf
        thing.owner_away = hypot(owner.mx - thing.x, owner.my - thing.y)
        return thing.owner_away

    def _adopt(self, at: float, thing: Thing, people: list[Mover]) -> None:
        """Whose track ended at the thing and who begins there is the owner, seen anew. Nobody
        begins in the middle of a picture either: where a passer-by took the owner's name along,
        who began beside the thing while the owner was there and has stayed is the owner."""
        if thing.owner is None:
            return
        away = self._away(at, thing, self.frame.scene)
        for one in people:
            if one.name == thing.owner or self._beyond(one, thing):
                continue
            new = at - one.begun <= OWNER_LOST_S
            if new and away <= self.near_m:
                thing.doubles.add(one.name)
            seen_anew = new and away == inf and thing.owner_away <= self.near_m
            if seen_anew or (one.name in thing.doubles and away > self.near_m):
                thing.owner, thing.owner_track = one.name, one.track
                return

    def _beyond(self, one: Mover, thing: Thing) -> bool:
        return hypot(one.mx - thing.x, one.my - thing.y) > self.near_m

    def _found(self, at: float, one: Mover, thing: Thing, alone: float, away: float) -> Found:
        lies = at - thing.since
        if thing.owner is None:
            words = f"a {one.kind} lies for {lies:.0f} s; nobody was seen to put it down."
        else:
            gone = "has left the picture" if away == inf else f"is {away:.1f} m away"
            words = f"a {one.kind} lies alone for {alone:.0f} s; who put it down {gone}."
        figures = {
            "alone_s": round(alone, 1), "lies_s": round(lies, 1), "limit_s": self.seconds,
            "owner": thing.owner_track, "owner_away_m": None if away == inf else round(away, 2),
        }  # fmt: skip
        tracks = (one.track,) if thing.owner_track is None else (one.track, thing.owner_track)
        return Found(one.name, one, words, figures, tracks)


def _strayed(thing: Thing, one: Mover, at: float) -> bool:
    """Away from where it lay for longer than a box trembles."""
    if hypot(one.mx - thing.x, one.my - thing.y) <= STILL_M:
        thing.strayed_since = nan
        return False
    if not thing.settled:
        return True
    if thing.strayed_since != thing.strayed_since:
        thing.strayed_since = at
    return at - thing.strayed_since >= STRAYED_S


def _carried(thing: Thing | None) -> dict[int, list[float]]:
    """Who was beside a thing that moves carries it: the voices go along, with half the weight."""
    if thing is None:
        return {}
    return {name: [total / 2, count / 2] for name, (total, count) in thing.near.items()}


def _settle(thing: Thing, people: list[Mover], at: float, reach_m: float) -> None:
    if thing.settled:
        return
    if at - thing.since <= OWNER_S:
        for one in people:
            away = hypot(one.mx - thing.x, one.my - thing.y)
            if away <= reach_m:
                row = thing.near.setdefault(one.name, [0.0, 0.0])
                row[0], row[1] = row[0] + away, row[1] + 1
    if at - thing.since < STILL_S:
        return
    thing.settled = True
    if thing.near:
        best = min(thing.near, key=lambda name: _mean_away(thing.near[name], reach_m))
        thing.owner = best
        thing.owner_track = next((one.track for one in people if one.name == best), None)


def _mean_away(voices: list[float], reach_m: float) -> float:
    """Drawn to the reach, so that one glimpse beside the thing makes no owner."""
    total, count = voices
    return (total + 3 * reach_m) / (count + 3)
