"""What every feed format is turned into."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from varangian.kernel.geometry import BoundingBox, LatLon

type Kind = Literal[
    "earthquake",
    "cyclone",
    "flood",
    "volcano",
    "drought",
    "wildfire",
    "weather",
    "security",
    "other",
]
type Band = Literal["green", "amber", "red", "unknown"]
type Status = Literal["actual", "exercise", "test", "draft"]
type Action = Literal["new", "update", "cancel"]
type Ring = tuple[tuple[float, float], ...]
type Note = Callable[[str, str], None]

KINDS: tuple[Kind, ...] = (
    "earthquake",
    "cyclone",
    "flood",
    "volcano",
    "drought",
    "wildfire",
    "weather",
    "security",
    "other",
)
BANDS: tuple[Band, ...] = ("green", "amber", "red", "unknown")
STATUSES: tuple[Status, ...] = ("actual", "exercise", "test", "draft")
ACTIONS: tuple[Action, ...] = ("new", "update", "cancel")


@dataclass(frozen=True, slots=True)
class Geometry:
    """Where the source says the hazard is; all empty when it does not say.

    ``point`` is (lat, lon); ``polygons`` hold rings of (lon, lat), outer ring first.
    ``radius_km`` None or 0 with a point: the extent is unknown.
    """

    point: LatLon | None = None
    radius_km: float | None = None
    polygons: tuple[tuple[Ring, ...], ...] = ()

    @property
    def is_empty(self) -> bool:
        return self.point is None and not self.polygons


@dataclass(frozen=True, slots=True)
class HazardReport:
    """One item of a feed. Only what the source said; nothing here is assumed.

    ``native_id`` is stable across updates where the source allows it. ``group_id`` is the
    identifier that ``supersedes`` of later messages refers to: the same as ``native_id`` except
    where one CAP message holds several unlike blocks. ``severity`` is the source's own word,
    ``band`` ours. ``extent`` frames the event on a map and is not the affected area. Only status
    ``actual`` may raise an alert. ``raw`` is the item alone, in UTF-8.
    """

    source: str
    native_id: str
    group_id: str
    kind: Kind
    title: str
    raw: bytes
    version: str = ""
    updated_at: datetime | None = None
    summary: str = ""
    severity: str = ""
    band: Band = "unknown"
    certainty: str = ""
    urgency: str = ""
    status: Status = "actual"
    action: Action = "new"
    supersedes: tuple[str, ...] = ()
    onset: datetime | None = None
    effective: datetime | None = None
    expires: datetime | None = None
    geometry: Geometry = field(default_factory=Geometry)
    extent: BoundingBox | None = None
    area_words: str = ""
    magnitude: float | None = None
    countries: tuple[str, ...] = ()
    language: str = ""
    link: str = ""
    instruction: str = ""

    @property
    def may_alert(self) -> bool:
        return self.status == "actual" and self.action != "cancel"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a file that could not be taken as it stands; the rest went on."""

    where: str
    what: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class FeedResult:
    kind: str
    items: list[HazardReport]
    problems: list[Problem]


class Unusable(Exception):
    """One item cannot be turned into a report; becomes a Problem."""

    def __init__(self, what: str, mend: str = "") -> None:
        self.what, self.mend = what, mend
        super().__init__(what)
