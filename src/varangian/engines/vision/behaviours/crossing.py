"""Zone, line and door: where the foot of somebody is."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, override

from .base import Found, Rule
from .scene import Mover
from .shapes import Area, Line

type Direction = Literal["in", "out", "both"]


@dataclass
class Zone(Rule):
    """A foot well inside for ``frames`` frames and ``seconds``; outside only when well outside."""

    area: Area = field(kw_only=True)
    frames: int = field(kw_only=True)
    seconds: float = field(kw_only=True)
    margin: float = field(kw_only=True)

    def judge(self, at: float, movers: list[Mover]) -> Iterable[Found]:
        for one in movers:
            edge = self.margin * one.size
            depth = self.area.depth(one.foot, edge + 1)
            count, since = self.state.get(one.name, (0, at))
            if depth >= edge:
                count, since = count + 1, since if count else at
            elif depth <= -edge:
                count = 0
            self.state[one.name] = count, since
            if count >= self.frames and at - since >= self.seconds:
                inside = round(at - since, 1)
                words = f"a {one.kind} is in the zone, {inside:.1f} s by now."
                yield Found(one.name, one, words, {"frames": count, "seconds": inside})


@dataclass
class Crossings:
    """Who passed a line, and which way: from well on one side to well on the other."""

    line: Line
    margin: float
    sides: dict[int, tuple[int, tuple[float, float]]]

    def passed(self, one: Mover) -> Literal["in", "out", ""]:
        edge = self.margin * one.size
        right = self.line.right(one.foot)
        if abs(right) < edge:
            return ""
        side = 1 if right > 0 else -1
        before = self.sides.get(one.name)
        self.sides[one.name] = side, one.foot
        if before is None or before[0] == side:
            return ""
        if not self.line.passed_between(before[1], one.foot, edge):
            return ""
        return "in" if side > 0 else "out"


@dataclass
class LineRule(Rule):
    line: Line = field(kw_only=True)
    direction: Direction = field(kw_only=True)
    margin: float = field(kw_only=True)

    def __post_init__(self) -> None:
        self.crossings = Crossings(self.line, self.margin, self.state)

    @override
    def judge(self, at: float, movers: list[Mover]) -> Iterable[Found]:
        for one in movers:
            way = self.crossings.passed(one)
            if way and self.direction in (way, "both"):
                words = f"a {one.kind} passed the line, {way}."
                yield Found((one.name, way), one, words, {"direction": way})


@dataclass
class Tailgating(Rule):
    """Somebody goes through a door so soon after another that one opening let both in. Both must
    have been there at once: one person whose track is counted anew is not two."""

    line: Line = field(kw_only=True)
    direction: Direction = field(kw_only=True)
    margin: float = field(kw_only=True)
    gap_s: float = field(kw_only=True)

    def __post_init__(self) -> None:
        self.crossings = Crossings(self.line, self.margin, self.state)
        self.last: dict[str, tuple[float, int, int]] = {}

    def judge(self, at: float, movers: list[Mover]) -> Iterable[Found]:
        for one in movers:
            way = self.crossings.passed(one)
            if not way or self.direction not in (way, "both"):
                continue
            before = self.last.get(way)
            self.last[way] = at, one.name, one.track
            if before is None or before[1] == one.name or not 0 <= at - before[0] <= self.gap_s:
                continue
            if one.begun > before[0]:
                continue
            gap = round(at - before[0], 1)
            words = f"a {one.kind} went {way} {gap:.1f} s after another."
            figures = {"gap_s": gap, "limit_s": self.gap_s, "direction": way}
            yield Found(one.name, one, words, figures, (before[2], one.track))
