"""Where the metres of one camera's ground lie on the map. A street is flat: no projection."""

from dataclasses import dataclass
from math import cos, radians, sin

METRES_A_DEGREE = 111_195.0


@dataclass(frozen=True)
class Earth:
    """``lat``, ``lon`` of metres (0, 0); ``y_bearing``: degrees clockwise from north in which y
    grows. x grows to the right of it."""

    lat: float
    lon: float
    y_bearing: float = 0.0

    def degrees(self, x: float, y: float) -> tuple[float, float]:
        turn = radians(self.y_bearing)
        east, north = x * cos(turn) + y * sin(turn), y * cos(turn) - x * sin(turn)
        narrow = METRES_A_DEGREE * max(0.01, cos(radians(self.lat)))
        return self.lat + north / METRES_A_DEGREE, self.lon + east / narrow

    def metres(self, lat: float, lon: float) -> tuple[float, float]:
        turn = radians(self.y_bearing)
        north = (lat - self.lat) * METRES_A_DEGREE
        east = (lon - self.lon) * METRES_A_DEGREE * max(0.01, cos(radians(self.lat)))
        return east * cos(turn) - north * sin(turn), north * cos(turn) + east * sin(turn)
