"""What a file of rules may say."""

import re
from datetime import time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from .hours import DAYS

Number = Annotated[float, Field(allow_inf_nan=False, ge=-1e5, le=1e5)]
Point = tuple[Number, Number]
Corners = Annotated[tuple[Point, ...], Field(min_length=3, max_length=200)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$", max_length=60)]
Title = Annotated[str, Field(min_length=1, max_length=120)]
Seconds = Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)]
Length = Annotated[float, Field(gt=0, le=10_000, allow_inf_nan=False)]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Margin = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
SPAN = re.compile(r"^(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$")
PEOPLE = ("person",)
VEHICLES = ("car", "truck", "bus", "motorcycle")
LUGGAGE = ("bag", "backpack", "handbag", "suitcase")


def span(words: str) -> tuple[time, time]:
    """``22:00-06:00`` over midnight, too. ValueError for anything else."""
    match = SPAN.match(words.strip())
    if not match:
        raise ValueError("write hours as 22:00-06:00")
    a, b, c, d = map(int, match.groups())
    if a > 23 or c > 24 or b > 59 or d > 59 or (c == 24 and d):
        raise ValueError(f"there is no such hour: {words}")
    start, end = time(a, b), time.max if c == 24 else time(c, d)
    if start == end:
        raise ValueError("it begins and ends at the same minute; leave hours out for always")
    return start, end


def _hours(given: tuple[str, ...]) -> tuple[str, ...]:
    for words in given:
        span(words)
    return given


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"there is no time zone {name}; such as Europe/Helsinki") from error
    return name


class Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Common(Said):
    """Keys of every rule."""

    id: Id
    title: Title = ""
    hours: Annotated[tuple[str, ...], AfterValidator(_hours)] = Field(
        default=(), description="such as 22:00-06:00; none: always"
    )
    days: tuple[Day, ...] = Field(default=DAYS, min_length=1)
    again_s: Annotated[float, Field(ge=0, le=86_400)] = Field(
        default=60.0, description="a track that ended what it did is told of again after this"
    )
    in_: Literal["picture", "metres"] = Field(default="picture", alias="in")


class ZoneRule(Common):
    """A foot inside an area."""

    rule: Literal["zone"]
    area: Corners
    kinds: tuple[str, ...] = Field(default=PEOPLE, min_length=1)
    frames: int = Field(default=3, ge=1, le=1000)
    seconds: float = Field(default=0.0, ge=0, le=86_400)
    margin: Margin = Field(default=0.08, description="of a body height, inside and outside")


class LineSaid(Common):
    """A foot over a line; in is from the left to the right of the line."""

    rule: Literal["line"]
    line: tuple[Point, Point]
    kinds: tuple[str, ...] = Field(default=PEOPLE, min_length=1)
    direction: Literal["in", "out", "both"] = "both"
    margin: Margin = 0.08


class TailgatingRule(Common):
    """Two through a door within a gap."""

    rule: Literal["tailgating"]
    line: tuple[Point, Point]
    kinds: tuple[str, ...] = Field(default=PEOPLE, min_length=1)
    direction: Literal["in", "out", "both"] = "in"
    gap_s: Seconds = 2.5
    margin: Margin = 0.08


class StayRule(Common):
    area: Corners
    within_m: Length | None = None
    within_px: Length | None = None
    margin: Margin = 0.08


class LoiteringRule(StayRule):
    """Much time in an area and little way; 60 s as in PETS2007."""

    rule: Literal["loitering"]
    kinds: tuple[str, ...] = Field(default=PEOPLE, min_length=1)
    seconds: Seconds = 60.0


class StoppedRule(StayRule):
    """A vehicle that stands where none should."""

    rule: Literal["stopped"]
    kinds: tuple[str, ...] = Field(default=VEHICLES, min_length=1)
    seconds: Seconds = 30.0


class RunningRule(Common):
    """Faster than is usual in this scene; needs the ground."""

    rule: Literal["running"]
    area: Corners | None = None
    kinds: tuple[str, ...] = Field(default=PEOPLE, min_length=1)
    faster: Annotated[float, Field(ge=1.1, le=10)] = 1.8
    least_mps: Annotated[float, Field(gt=0, le=15)] = 2.6
    sustained_s: Annotated[float, Field(ge=0, le=60)] = 0.8


class CounterFlowRule(Common):
    """Against the direction drawn, or learnt from most."""

    rule: Literal["counter-flow"]
    area: Corners
    kinds: tuple[str, ...] = Field(default=PEOPLE, min_length=1)
    towards: tuple[Point, Point] | None = Field(default=None, description="from, to; else learnt")
    least_m: Length | None = None
    least_px: Length | None = None
    cell_px: Annotated[float, Field(ge=8, le=1000)] = 64.0


class DensityRule(Common):
    """People on a square metre; needs the ground."""

    rule: Literal["density"]
    area: Corners
    kinds: tuple[str, ...] = Field(default=PEOPLE, min_length=1)
    per_m2: Annotated[float, Field(gt=0, le=10)]
    seconds: Seconds = 5.0
    again_s: Annotated[float, Field(ge=0, le=86_400)] = 300.0


class AbandonedRule(Common):
    """A thing whose owner has gone; needs the ground. PETS2006: 2 m, 3 m, 30 s."""

    rule: Literal["abandoned"]
    area: Corners | None = None
    kinds: tuple[str, ...] = Field(default=LUGGAGE, min_length=1)
    near_m: Length = 2.0
    far_m: Length = 3.0
    seconds: Seconds = 30.0
    unowned_s: Seconds = 120.0

    @model_validator(mode="after")
    def _order(self) -> "AbandonedRule":
        if self.far_m < self.near_m:
            raise ValueError("far_m must not be below near_m")
        return self


type Ruled = (
    ZoneRule | LineSaid | TailgatingRule | LoiteringRule | StoppedRule | RunningRule
    | CounterFlowRule | DensityRule | AbandonedRule
)  # fmt: skip
KINDS: dict[str, type[Common]] = {
    "zone": ZoneRule,
    "line": LineSaid,
    "tailgating": TailgatingRule,
    "loitering": LoiteringRule,
    "stopped": StoppedRule,
    "running": RunningRule,
    "counter-flow": CounterFlowRule,
    "density": DensityRule,
    "abandoned": AbandonedRule,
}


class GroundPoint(Said):
    picture: Point
    metres: Point


class EarthSaid(Said):
    """Where the metres of the ground lie on the map; without it a camera gives no tracks."""

    zero: tuple[
        Annotated[float, Field(ge=-85, le=85, allow_inf_nan=False)],
        Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)],
    ] = Field(description="latitude and longitude of metres [0, 0]")
    y_bearing: Annotated[float, Field(ge=0, le=360, allow_inf_nan=False)] = Field(
        description="degrees clockwise from north in which y grows; x grows to the right of it"
    )


class Head(Said):
    """The file without its rules."""

    format: Literal[1]
    picture: tuple[Annotated[int, Field(ge=16, le=16_384)], Annotated[int, Field(ge=16, le=16_384)]]
    camera: Title = ""
    time_zone: Annotated[str, AfterValidator(_zone)] = "UTC"
    ground: tuple[GroundPoint, ...] = Field(default=(), max_length=200)
    earth: EarthSaid | None = None
