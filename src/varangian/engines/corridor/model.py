"""What goes into the corridor engine and what comes out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from varangian.kernel.geometry import LatLon, valid_lat_lon
from varangian.kernel.results import Refused
from varangian.kernel.windows import TimeWindow

MAX_BUFFER_KM = 2000.0
HALF_GIRTH_KM = 20015.2

type LonLat = tuple[float, float]
type Ring = tuple[LonLat, ...]
type Polygon = tuple[Ring, ...]
type Basis = Literal["position", "stay", "corridor"]


@dataclass(frozen=True, slots=True)
class Leg:
    """A movement or a stay. ``path`` holds (lat, lon) degrees; ``end`` None is unknown.

    Raises Refused for an empty path, a point off the globe, or a buffer outside 0 to 2,000 km.
    """

    id: str
    start: datetime
    end: datetime | None
    path: tuple[LatLon, ...]
    buffer_km: float = 0.0

    def __post_init__(self) -> None:
        if not self.path:
            raise Refused("A leg has no point", self.id, "Give at least one place on the map.")
        for lat, lon in self.path:
            _on_globe(lat, lon, self.id)
        if not 0 <= self.buffer_km <= MAX_BUFFER_KM:
            raise Refused(
                f"A buffer of {self.buffer_km} km is outside 0 to {MAX_BUFFER_KM:.0f} km", self.id
            )
        TimeWindow(self.start, self.end)

    @property
    def window(self) -> TimeWindow:
        return TimeWindow(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Disc:
    """All points within ``radius_km`` of a point."""

    lat: float
    lon: float
    radius_km: float

    def __post_init__(self) -> None:
        _on_globe(self.lat, self.lon, "disc")
        if not 0 <= self.radius_km <= HALF_GIRTH_KM:
            raise Refused(f"A radius of {self.radius_km} km is outside 0 to {HALF_GIRTH_KM} km")


@dataclass(frozen=True, slots=True)
class Area:
    """Polygons of rings of (lon, lat), outer ring first, then holes, as in GeoJSON.

    A side whose ends are more than 180 degrees apart goes the short way, over the antimeridian.
    A ring that runs round a pole encloses the pole on its own side of the equator.
    """

    polygons: tuple[Polygon, ...]

    def __post_init__(self) -> None:
        if not self.polygons:
            raise Refused("A hazard area has no polygon")
        for polygon in self.polygons:
            if not polygon:
                raise Refused("A polygon has no ring")
            for ring in polygon:
                if len(set(ring)) < 3:
                    raise Refused("A ring of a polygon has fewer than three corners", str(ring))
                for lon, lat in ring:
                    _on_globe(lat, lon, "polygon")


@dataclass(frozen=True, slots=True)
class Box:
    """Degrees; ``west > east`` crosses the antimeridian."""

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        _on_globe(self.south, self.west, "box")
        _on_globe(self.north, self.east, "box")
        if self.south > self.north:
            raise Refused("A box has its south above its north", f"{self.south} > {self.north}")


type Shape = Disc | Area | Box


@dataclass(frozen=True, slots=True)
class Hazard:
    id: str
    kind: str
    window: TimeWindow
    shape: Shape


@dataclass(frozen=True, slots=True)
class Match:
    """One leg touched by one hazard.

    ``distance_km``: nearest approach of the path to the hazard's area while both windows run; 0
    inside it. ``overlap``: the time the two windows share. ``minutes``: time in contact, None when
    it has no known end. ``first_contact`` and ``last_contact`` bound the contact (None: unknown).
    ``lat``, ``lon``: the point of the path that is nearest.
    """

    leg_id: str
    hazard_id: str
    distance_km: float
    overlap: TimeWindow
    minutes: float | None
    first_contact: datetime
    last_contact: datetime | None
    lat: float
    lon: float
    basis: Basis
    reason: str


def _on_globe(lat: float, lon: float, where: str) -> None:
    if not valid_lat_lon(lat, lon):
        raise Refused(
            f"Latitude {lat}, longitude {lon} is no place on the globe",
            where,
            "Latitude is within -90 to 90, longitude within -180 to 180.",
        )
