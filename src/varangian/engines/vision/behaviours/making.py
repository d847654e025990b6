"""A rule as it was said becomes one that looks, in pixels of the frames it will see."""

from functools import singledispatchmethod
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from varangian.kernel.results import Refused

from . import crossing, crowding, leaving, moving, staying
from . import profile as said
from .base import Frame, Rule
from .earth import Earth
from .ground import Ground
from .hours import DAYS, Hours
from .scene import Scene
from .shapes import Area, Line, Point, crosses_itself, square_of

NEEDS_GROUND = (
    "Add ground: at least four points of the picture with their place in metres. Without them "
    "only rules in pixels work."
)
LONG_LINE_PX = 4.0
STAY_M = {"loitering": 10.0, "stopped": 1.5}
LEAST_M = 3.0


class Maker:
    """One camera: its scene is shared by all of its rules."""

    def __init__(
        self, head: said.Head, size: tuple[int, int], ground: Ground | None, began: float | None
    ) -> None:
        self.head, self.ground, self.began = head, ground, began
        self.scale = size[0] / head.picture[0], size[1] / head.picture[1]
        self.scene = Scene((float(size[0]), float(size[1])), ground)
        if head.earth is not None and ground is not None:
            self.scene.earth = Earth(*head.earth.zero, head.earth.y_bearing)
        self.timed = False

    def notes(self) -> list[str]:
        found = []
        if self.ground is None:
            found.append("There is no ground: rules work in pixels only, without metres or speed.")
        else:
            found.append(f"The points of the ground miss by {self.ground.error_m:.2f} m on average")
            if len(self.head.ground) == 4:
                found.append("Four points leave no check: give six to see how far they miss.")
        if self.timed and self.began is None:
            found.append("Hours need a source with a wall clock; for a clip say when it began.")
        return found

    def make(self, rule: said.Common, where: str) -> Rule:
        spans = tuple(said.span(words) for words in rule.hours)
        days = frozenset(DAYS.index(day) for day in rule.days)
        self.timed |= bool(spans) or len(days) < len(DAYS)
        hours = Hours(spans, days, ZoneInfo(self.head.time_zone), self.began)
        kinds = frozenset(getattr(rule, "kinds", ()))
        frame = Frame(self.scene, hours, self.ground is not None)
        kind = str(getattr(rule, "rule", ""))
        usual: dict[str, Any] = {
            "id": rule.id, "name": kind, "title": rule.title or rule.id,
            "again_s": rule.again_s, "kinds": kinds, "frame": frame,
        }  # fmt: skip
        return self._made(rule, where, usual)

    @singledispatchmethod
    def _made(self, rule: said.Common, where: str, usual: dict[str, Any]) -> Rule:
        what = f"Nobody makes a rule {usual['name']} ({rule.id})"
        raise Refused(what, where, "See varangian behaviours schema.")

    @_made.register
    def _(self, rule: said.ZoneRule, where: str, usual: dict[str, Any]) -> Rule:
        area = self._area(rule.area, rule, where)
        return crossing.Zone(
            **usual, area=area, frames=rule.frames, seconds=rule.seconds, margin=rule.margin
        )

    @_made.register
    def _(self, rule: said.LineSaid, where: str, usual: dict[str, Any]) -> Rule:
        line = self._line(rule.line, rule, where)
        return crossing.LineRule(**usual, line=line, direction=rule.direction, margin=rule.margin)

    @_made.register
    def _(self, rule: said.TailgatingRule, where: str, usual: dict[str, Any]) -> Rule:
        line = self._line(rule.line, rule, where)
        return crossing.Tailgating(
            **usual, line=line, direction=rule.direction, margin=rule.margin, gap_s=rule.gap_s
        )

    @_made.register
    def _(self, rule: said.StayRule, where: str, usual: dict[str, Any]) -> Rule:
        area = self._area(rule.area, rule, where)
        usual["frame"], within = self._measure(
            usual, where, "within", rule.within_m, rule.within_px, STAY_M[usual["name"]]
        )
        seconds = float(getattr(rule, "seconds", 0))
        return staying.Staying(
            **usual, area=area, seconds=seconds, within=within, margin=rule.margin
        )

    @_made.register
    def _(self, rule: said.RunningRule, where: str, usual: dict[str, Any]) -> Rule:
        area = self._area(rule.area, rule, where) if rule.area else None
        return moving.Running(
            **usual, area=area, ground=self._ground(where), faster=rule.faster,
            least_mps=rule.least_mps, sustained_s=rule.sustained_s,
        )  # fmt: skip

    @_made.register
    def _(self, rule: said.CounterFlowRule, where: str, usual: dict[str, Any]) -> Rule:
        area = self._area(rule.area, rule, where)
        usual["frame"], least = self._measure(
            usual, where, "least", rule.least_m, rule.least_px, LEAST_M
        )
        towards = None
        if rule.towards:
            line = self._line(rule.towards, rule, where, "towards")
            way = np.array(line.b) - np.array(line.a)
            towards = tuple(way / np.linalg.norm(way))
        cell = rule.cell_px * self.scale[0]
        return moving.CounterFlow(**usual, area=area, towards=towards, least=least, cell_px=cell)

    @_made.register
    def _(self, rule: said.DensityRule, where: str, usual: dict[str, Any]) -> Rule:
        area = self._area(rule.area, rule, where)
        metres = self._ground(where).metres(np.array(area.corners))
        if np.isnan(metres).any():
            mend = "Draw the area below the horizon only."
            raise Refused("The area reaches over the horizon", f"{where}: area", mend)
        square = square_of([(float(x), float(y)) for x, y in metres])
        return crowding.Density(
            **usual, area=area, square_m=square, per_m2=rule.per_m2, seconds=rule.seconds
        )

    @_made.register
    def _(self, rule: said.AbandonedRule, where: str, usual: dict[str, Any]) -> Rule:
        self._ground(where)
        area = self._area(rule.area, rule, where) if rule.area else None
        return leaving.Abandoned(
            **usual, area=area, near_m=rule.near_m, far_m=rule.far_m, seconds=rule.seconds,
            unowned_s=rule.unowned_s,
        )  # fmt: skip

    def _ground(self, where: str) -> Ground:
        if self.ground is None:
            raise Refused(
                "This rule measures metres, and the file has no ground", where, NEEDS_GROUND
            )
        return self.ground

    def _measure(
        self, usual: dict[str, Any], where: str, key: str,
        metres: float | None, pixels: float | None, default_m: float,
    ) -> tuple[Frame, float]:  # fmt: skip
        """In metres where there is a ground, unless pixels were said; else in pixels."""
        frame: Frame = usual["frame"]
        if metres is not None and pixels is not None:
            mend = "Say it in metres or in pixels, not both."
            raise Refused(f"{key}_m and {key}_px are both said", f"{where}: {key}_px", mend)
        if pixels is not None:
            return Frame(frame.scene, frame.hours, False), pixels * self.scale[0]
        if self.ground is None:
            mend = f"Say {key}_px (pixels of the picture). {NEEDS_GROUND}"
            raise Refused(f"{key}_m needs the ground", f"{where}: {key}_m", mend)
        return frame, default_m if metres is None else metres

    def _points(
        self, points: tuple[Point, ...], rule: said.Common, where: str, key: str
    ) -> list[Point]:
        if rule.in_ == "metres":
            found = self._ground(where).picture(np.array(points, float))
            if np.isnan(found).any():
                mend = "Its points must lie in front of the camera."
                raise Refused(f"{key} lies partly behind the camera", f"{where}: {key}", mend)
            return [(float(x), float(y)) for x, y in found]
        across, down = self.scale
        return [(x * across, y * down) for x, y in points]

    def _area(self, corners: tuple[Point, ...], rule: said.Common, where: str) -> Area:
        found = self._points(corners, rule, where, "area")
        self._touches(found, where, "area")
        if crosses_itself(found):
            mend = "Give the corners in order, as one walks round."
            raise Refused("The outline of the area crosses itself", f"{where}: area", mend)
        if square_of(found) < 1:
            mend = "Give at least three corners that do not lie on one line."
            raise Refused("The area has no inside", f"{where}: area", mend)
        return Area(tuple(found))

    def _line(
        self, ends: tuple[Point, Point], rule: said.Common, where: str, key: str = "line"
    ) -> Line:
        a, b = self._points(ends, rule, where, key)
        if np.hypot(b[0] - a[0], b[1] - a[1]) < LONG_LINE_PX:
            mend = "Give two ends that lie apart."
            raise Refused(f"{key} has no length", f"{where}: {key}", mend)
        self._touches([a, b], where, key)
        return Line(a, b)

    def _touches(self, points: list[Point], where: str, key: str) -> None:
        xs, ys = zip(*points, strict=True)
        wide, high = self.scene.size
        if max(xs) <= 0 or min(xs) >= wide or max(ys) <= 0 or min(ys) >= high:
            drawn = f"{self.head.picture[0]} x {self.head.picture[1]}"
            mend = f"The picture is {drawn}; x to the right, y downwards, from the upper left."
            raise Refused(f"{key} lies outside the picture", f"{where}: {key}", mend)
