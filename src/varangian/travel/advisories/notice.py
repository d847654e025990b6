"""The normal form of every source."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from varangian.kernel.geometry import BoundingBox, LatLon

type Scope = Literal["whole", "part"]
type HazardKind = Literal[
    "earthquake", "cyclone", "flood", "volcano", "drought", "wildfire", "other"
]
GOVERNMENTS = {
    "us-state": "US State Department",
    "uk-fcdo": "UK FCDO",
    "canada": "Government of Canada",
    "germany": "German Foreign Office",
}
AUTHORITIES = GOVERNMENTS | {"gdacs": "GDACS", "usgs": "USGS"}
LEVELS = {
    0: "no advice published",
    1: "normal precautions",
    2: "increased caution",
    3: "avoid non-essential travel",
    4: "do not travel",
}
"""One ladder for all governments. None is unknown, never a number."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a file that could not be taken as it stands; the rest went on."""

    where: str
    what: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What one government says of one country: of the whole of it, or of parts of it.

    ``level`` None: the source speaks, but its level cannot be read. ``digest`` is of the item
    alone, so that the same words in a later file are known as the same.
    """

    source: str
    country: str
    scope: Scope
    level: int | None
    words: str
    digest: str
    summary: str = ""
    link: str = ""
    published: datetime | None = None
    valid_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hazard:
    """One event of nature. ``box`` frames it on a map and is not the area affected."""

    source: str
    native_id: str
    kind: HazardKind
    level: int | None
    title: str
    digest: str
    point: LatLon | None = None
    box: BoundingBox | None = None
    countries: tuple[str, ...] = ()
    area: str = ""
    starts: datetime | None = None
    ends: datetime | None = None
    """Known only of events that are over."""
    published: datetime | None = None
    link: str = ""
    cancelled: bool = False


@dataclass(slots=True)
class ReadFile:
    """What a file said. ``pages`` are countries that an index names without a level."""

    source: str
    notices: list[Notice] = field(default_factory=list)
    hazards: list[Hazard] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)

    def problem(self, where: str, what: str, mend: str = "") -> None:
        self.problems.append(Problem(where[:200], what, mend))
