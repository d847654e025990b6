"""What goes in and what comes out."""

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from varangian.kernel.results import Refused

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]
type Flags = NDArray[np.bool_]

UNKNOWN = -1


@dataclass(frozen=True)
class Sightings:
    """Columns of one length, one row a sighting.

    ``at``: seconds since 1970, UTC. ``lat``, ``lon``: degrees. ``vehicle``: True for a vehicle.
    ``plate``: canonical (see plates.py), empty when not read. ``looks``: words of the description
    such as ``coat:grey``. ``odd``: 1 when the behaviour did not fit the place, 0 when it did, -1
    when nobody said. ``names``: what the caller knows the sighting by. ``said``: 1 when it was made
    beside the principal, 0 when elsewhere, whatever the track says, -1 where the track decides: who
    notes beside him is there, a camera is where it hangs. None: the track decides for all.
    """

    at: Floats
    lat: Floats
    lon: Floats
    vehicle: Flags
    plate: NDArray[np.str_]
    looks: list[frozenset[str]]
    odd: Ints
    names: list[str]
    said: Ints | None = None

    def __post_init__(self) -> None:
        columns = (getattr(self, name) for name in self.__dataclass_fields__)
        lengths = {len(column) for column in columns if column is not None}
        if len(lengths) != 1:
            raise Refused("The columns of the sightings differ in length", str(sorted(lengths)))

    def __len__(self) -> int:
        return len(self.at)


@dataclass(frozen=True)
class Track:
    """Where the principal was: seconds since 1970 in rising order, degrees."""

    at: Floats
    lat: Floats
    lon: Floats

    def __post_init__(self) -> None:
        if not len(self.at) == len(self.lat) == len(self.lon):
            raise Refused("The columns of the track differ in length", "track")
        if len(self.at) and (np.diff(self.at) < 0).any():
            raise Refused("The track runs backwards in time", "track.at", "Sort it by time.")


@dataclass(frozen=True)
class Limits:
    """``by_chance``: patterns of which more than so many are expected by chance are not shown.
    ``apart_km``: places nearer than this to each other are one environment. ``beside_km`` and
    ``before_s``, ``after_s``: how close in place and time counts as beside the principal.
    ``offset_s``: local time minus UTC, for the days."""

    by_chance: float = 1.0
    apart_km: float = 0.5
    cell_km: float = 0.4
    beside_km: float = 0.5
    before_s: float = 300.0
    after_s: float = 900.0
    offset_s: float = 0.0
    most: int = 50

    def __post_init__(self) -> None:
        for name in ("by_chance", "apart_km", "cell_km", "beside_km"):
            if getattr(self, name) <= 0:
                raise Refused(f"{name} must be above nothing", name)
        if self.most < 1:
            raise Refused("At least one pattern must be wanted", "most")


@dataclass(frozen=True)
class Stop:
    """One environment of a pattern. Times in seconds since 1970."""

    lat: float
    lon: float
    count: int
    first: float
    last: float


@dataclass(frozen=True)
class Pattern:
    """``evidence``: powers of ten against chance by aspect, for the explanation; ``by_chance``:
    innocent patterns as striking as this one to be expected among all that was seen."""

    name: str
    vehicle: bool
    sightings: tuple[str, ...]
    stops: tuple[Stop, ...]
    days: int
    span_km: float
    ring_km: float
    beside: tuple[int, int, float] | None
    odd: tuple[int, int, float] | None
    evidence: dict[str, float]
    by_chance: float
    told: str = ""
    perhaps: tuple[str, ...] = field(default=())
    """Sightings whose plate differs by one character: for a person to look at, not counted."""

    def shape(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Report:
    patterns: tuple[Pattern, ...]
    sightings: int
    candidates: int
    """Vehicles and descriptions that were weighed."""
    places: int

    def shape(self) -> dict[str, Any]:
        return asdict(self) | {"patterns": [one.shape() for one in self.patterns]}
