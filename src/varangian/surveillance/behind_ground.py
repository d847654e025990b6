"""Places on the map as metres of one ground for the engine, and what it found as shown. Pure."""

from typing import Any

import numpy as np

from varangian.engines.vision.behaviours import Earth, Follow, GroundTrack

MOST_SHOWN = 600


class Ground:
    """Metres around one place."""

    def __init__(self, zero: tuple[float, float]) -> None:
        self.earth = Earth(*zero)

    def walk(self, camera: str, name: str, points: list[list[float]]) -> GroundTrack:
        return self._track(name, camera, [(at, lat, lon) for at, lat, lon in points])

    def device(self, name: str, way: list[Any]) -> GroundTrack:
        return self._track(name, "", [(at.timestamp(), *place) for at, place, _ in way])

    def _track(self, name: str, camera: str, rows: list[tuple[float, float, float]]) -> GroundTrack:
        table = sorted((at, *self.earth.metres(lat, lon)) for at, lat, lon in rows)
        at, x, y = np.array(table, float).T
        return GroundTrack(name, camera, at, x, y)


def shown_of(
    follow: Follow, own: list[Any], walks: dict[tuple[str, str], Any], names: dict[str, str]
) -> dict[str, Any]:
    """What a person is shown: the principal's way then, and the tracks that were held for one."""
    since, until = follow.begun - follow.lag_s - 30, follow.ended + 5
    principal = [
        [round(at.timestamp(), 1), round(lat, 6), round(lon, 6)]
        for at, (lat, lon), _ in own
        if since <= at.timestamp() <= until
    ]
    parts = [
        {
            "camera": camera, "name": names.get(camera, "A camera"), "walk": walk,
            "points": walks[camera, walk][:MOST_SHOWN],
        }
        for camera, walk in follow.tracks
    ]  # fmt: skip
    figures = follow.shape()
    figures.pop("tracks")
    return {"principal": principal[:MOST_SHOWN], "parts": parts, "figures": figures}
