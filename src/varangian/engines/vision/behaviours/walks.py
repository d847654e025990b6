"""Where people before one camera walk, once a second, as places on the map and nothing else.

No picture, no looks, no number of a track: a walk has a name that chance gave it, which means
nothing to another camera, nor to this one once its stream is opened anew.
"""

import secrets
from collections.abc import Sequence
from math import isfinite

from ..model import Tracked
from .scene import Mover, Scene

STEP_S = 1.0
MOST_WALKS, MOST_POINTS = 200, 40
"""Of one handing over: what a crowd gives beyond it is left out."""
type Points = list[tuple[float, float, float]]
"""Seconds of the stream, latitude, longitude."""


class Walks:
    """A behaviour that tells no event; ``scene`` is that of the rules and knows its earth."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self._mark = secrets.token_hex(4)
        self._told: dict[int, float] = {}
        self._kept: dict[str, Points] = {}

    def look(self, at: float, tracked: Sequence[Tracked]) -> Sequence[None]:
        for one in self.scene.see(at, tracked):
            last = self._told.get(one.name)
            if one.kind == "person" and not one.cut and (last is None or at - last >= STEP_S):
                self._keep(at, one)
        if len(self._told) > 2 * len(self.scene.movers) + MOST_WALKS:
            self._told = {n: t for n, t in self._told.items() if n in self.scene.movers}
        return ()

    def taken(self) -> dict[str, Points]:
        """By walk, since the last call."""
        kept, self._kept = self._kept, {}
        return kept

    def _keep(self, at: float, one: Mover) -> None:
        """The middle of the last second: a foot trembles, the more the farther away."""
        earth, name = self.scene.earth, f"{self._mark}{one.name}"
        rows = [row for row in one.recent if at - row[0] <= STEP_S]
        x, y = (sum(row[k] for row in rows) / max(1, len(rows)) for k in (3, 4))
        if earth is None or not rows or not isfinite(x + y):
            return
        points = self._kept.get(name, [])
        if len(points) >= MOST_POINTS or (not points and len(self._kept) >= MOST_WALKS):
            return
        self._told[one.name] = at
        lat, lon = earth.degrees(x, y)
        self._kept[name] = [*points, (at, round(lat, 6), round(lon, 6))]
