"""What a plan may hold: one model for each kind of feature."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Id = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Width = Annotated[float, Field(gt=0, le=200, allow_inf_nan=False)]
Thickness = Annotated[float, Field(gt=0, le=10, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=2_000_000)]
Minutes = Annotated[float, Field(gt=0, le=1440, allow_inf_nan=False)]
Factor = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Level = Annotated[int, Field(ge=-50, le=300)]
Units = Literal["metres", "centimetres", "millimetres", "feet", "degrees"]
METRES = {"metres": 1.0, "centimetres": 0.01, "millimetres": 0.001, "feet": 0.3048}


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Plain(Strict):
    """What every feature may say of itself."""

    name: Text = ""
    note: Text = ""
    level: Level = 0


class Area(Plain):
    """Floor that people may walk on."""

    kind: Literal["area"]


class Wall(Plain):
    kind: Literal["wall"]
    thickness_m: Thickness = 0.2
    glass: bool = False
    """One sees through it."""


class Door(Plain):
    """A way through, drawn as a line across it. `width_m` is the clear width.

    Of a door that leads outside, `in` and `out` speak of the venue; of one inside, `in` is the way
    from left to right of the line as drawn.
    """

    kind: Literal["door", "gate"]
    width_m: Width | None = None
    direction: Literal["both", "in", "out"] = "both"
    leads: Literal["outside", "inside"] = "inside"
    entrance: bool = False
    locked: bool = False
    steps: bool = False
    turnstiles: Annotated[int, Field(ge=0, le=500)] = 0


class Stair(Plain):
    """From the foot on `level` to the head on `to_level`."""

    kind: Literal["stair"]
    to_level: Level
    width_m: Width


class Zone(Plain):
    """A part of the floor with people in it; `p` and `s` are the factors of the Green Guide."""

    kind: Literal["zone"]
    use: Literal["standing", "seated", "circulation", "backstage"] = "standing"
    people: Count | None = None
    seats: Count | None = None
    p: Factor = 1.0
    s: Factor = 1.0


class Seats(Plain):
    kind: Literal["seats"]


class Stage(Plain):
    kind: Literal["stage"]


class Barrier(Plain):
    kind: Literal["barrier"]
    thickness_m: Thickness = 0.1
    load_kn_m: Width | None = None
    opaque: bool = False
    """A screen: nobody sees through it or over it."""


class Queue(Plain):
    kind: Literal["queue"]


class Screening(Plain):
    kind: Literal["screening"]
    per_hour: Annotated[float, Field(gt=0, le=5000, allow_inf_nan=False)] | None = None


class SafeRoom(Plain):
    kind: Literal["safe_room"]


class Vehicle(Plain):
    kind: Literal["vehicle"]


class Post(Plain):
    kind: Literal["post"]
    cover: bool = False
    """It watches over the principal: no steward of the house stands there."""


class Way(Plain):
    """Where the principal walks, from the first point of the line to the last."""

    kind: Literal["way"]
    rope: bool = False
    """Along a rope line, at the pace of one."""
    minutes: Minutes | None = None


class Stay(Plain):
    """Where the principal stands or sits, and for how long."""

    kind: Literal["stay"]
    minutes: Minutes = 10.0


class Overlook(Plain):
    """A place from which others look down on this level: to be closed, watched or screened."""

    kind: Literal["overlook"]
    use: Literal["window", "balcony", "gallery", "roof", "other"] = "window"


class Claim(Strict):
    """A figure that somebody gave; it is recomputed and contradicted where it is wrong."""

    what: Literal["entry", "holding", "exit", "emergency", "capacity"]
    people: Count
    source: Text = ""
    area_m2: Annotated[float, Field(gt=0, le=1e8)] | None = None
    per_m2: Annotated[float, Field(gt=0, le=100)] | None = None
    exit_width_m: Width | None = None
    minutes: Annotated[float, Field(gt=0, le=600)] | None = None
    per_metre_minute: Annotated[float, Field(gt=0, le=1000)] | None = None


class Head(BaseModel):
    """What stands beside the features."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    type: Literal["FeatureCollection"]
    format: Literal["varangian-venue/1"]
    name: Text = ""
    units: Units
    origin: tuple[float, float] | None = Field(
        None, description="longitude and latitude of 0, 0 of a plan that is not in degrees"
    )
    bearing: float = Field(0.0, ge=-360, le=360, description="degrees from north to the y axis")
    people: Count | None = None
    jurisdiction: Text = ""
    claims: tuple[Claim, ...] = Field((), max_length=200)


KINDS: dict[str, tuple[type[Plain], tuple[str, ...]]] = {
    "area": (Area, ("Polygon", "MultiPolygon")),
    "wall": (Wall, ("LineString", "Polygon")),
    "door": (Door, ("LineString",)),
    "gate": (Door, ("LineString",)),
    "stair": (Stair, ("LineString",)),
    "zone": (Zone, ("Polygon",)),
    "seats": (Seats, ("MultiPoint", "Point")),
    "stage": (Stage, ("Polygon",)),
    "barrier": (Barrier, ("LineString", "Polygon")),
    "queue": (Queue, ("Polygon",)),
    "screening": (Screening, ("Point", "LineString")),
    "safe_room": (SafeRoom, ("Point", "Polygon")),
    "vehicle": (Vehicle, ("Point",)),
    "post": (Post, ("Point",)),
    "way": (Way, ("LineString",)),
    "stay": (Stay, ("Point", "Polygon")),
    "overlook": (Overlook, ("Point", "LineString")),
}
