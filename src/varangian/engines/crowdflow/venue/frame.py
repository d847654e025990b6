"""From the file's coordinates to metres on a flat sheet, and back to the globe."""

from dataclasses import dataclass
from math import cos, radians, sin, sqrt

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from varangian.engines.crowdflow.venue.profile import METRES

WGS84_A, WGS84_E2 = 6378137.0, 0.00669437999014


@dataclass(frozen=True)
class Frame:
    """``origin`` is the longitude and latitude of 0, 0; without one the plan lies nowhere."""

    units: str
    origin: tuple[float, float] | None = None
    bearing: float = 0.0

    def metres(self, shape: BaseGeometry) -> BaseGeometry:
        if self.units != "degrees":
            return shapely.transform(shape, lambda xy: xy * METRES[self.units])
        assert self.origin
        centre, (east, north) = np.array(self.origin), _a_degree(self.origin[1])
        return shapely.transform(shape, lambda xy: (xy - centre) * (east, north))

    def as_drawn(self, x: float, y: float) -> tuple[float, float]:
        """From metres back to the coordinates of the file."""
        if self.units != "degrees":
            return round(x / METRES[self.units], 4), round(y / METRES[self.units], 4)
        assert self.origin
        east, north = _a_degree(self.origin[1])
        return round(self.origin[0] + x / east, 8), round(self.origin[1] + y / north, 8)

    def lonlat(self, x: float, y: float) -> tuple[float, float] | None:
        if self.origin is None:
            return None
        turn = radians(self.bearing)
        right = x * cos(turn) + y * sin(turn)
        up = y * cos(turn) - x * sin(turn)
        east, north = _a_degree(self.origin[1])
        return round(self.origin[0] + right / east, 7), round(self.origin[1] + up / north, 7)


def _a_degree(latitude: float) -> tuple[float, float]:
    """Metres of a degree of longitude and of latitude, on the ellipsoid."""
    squeezed = 1 - WGS84_E2 * sin(radians(latitude)) ** 2
    across = WGS84_A / sqrt(squeezed)
    along = WGS84_A * (1 - WGS84_E2) / squeezed**1.5
    return radians(1) * across * max(cos(radians(latitude)), 1e-6), radians(1) * along
