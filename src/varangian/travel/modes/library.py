"""Ways to make a journey, as data: stages from door to door, what each is like, what to ask."""

from functools import cache
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from varangian.kernel.library import Entry, Keyed, LibraryFile, Line, load_yaml, pick, unique
from varangian.kernel.results import NotFound, Refused

PACKAGE = "varangian.travel.modes"
Side = Literal["exposure", "control", "reach", "time", "discomfort"]
SIDES: dict[str, str] = {
    "exposure": "Exposure",
    "control": "Control",
    "reach": "Reachability",
    "time": "Time",
    "discomfort": "Discomfort",
}
Hub = Literal["airport", "fbo", "helipad", "station", "berth"]
Span = tuple[float, float]


class Source(Keyed):
    title: Line


class Road(Entry):
    kmh: Span
    detour: float = Field(ge=1)
    source: str


class Criterion(Keyed):
    side: Side
    title: Line
    unit: str = ""
    why: Line


class Stage(Keyed):
    title: Line
    by: Literal["road_to_hub", "main", "road_from_hub", ""] = ""
    kmh: Span | None = None
    detour: float = Field(default=1.0, ge=1)
    minutes: Span = (0.0, 0.0)
    wait: bool = False
    held_by: Line
    source: str


class Said(Entry):
    words: Line
    source: str


class Light(Entry):
    night: Line
    day: Line


class Question(Keyed):
    ask: Line
    why: Line


class Mode(Keyed):
    title: Line
    leg_kinds: tuple[str, ...] = ()
    least_km: float | None = None
    most_km: float | None = None
    hub: Hub | None = None
    on_water: bool = False
    along_road: bool = False
    """It can be left on the way."""
    stages: Annotated[tuple[Stage, ...], AfterValidator(unique)] = Field(min_length=1)
    says: dict[str, Said]
    light: Light
    diversion: Literal["airports", ""] = ""
    ask: Annotated[tuple[Question, ...], AfterValidator(unique)]


class Modes(LibraryFile):
    sources: Annotated[tuple[Source, ...], AfterValidator(unique)]
    road: Road
    criteria: Annotated[tuple[Criterion, ...], AfterValidator(unique)]
    modes: Annotated[tuple[Mode, ...], AfterValidator(unique)] = Field(min_length=1)

    @model_validator(mode="after")
    def known(self) -> Self:
        sources, asked = {one.id for one in self.sources}, {one.id for one in self.criteria}
        for mode in self.modes:
            named = [one.source for one in (*mode.stages, *mode.says.values())]
            if lost := {*named} - sources:
                raise ValueError(f"'{mode.id}' names a source that is not in the list: {lost}")
            if lost := {*mode.says} - asked:
                raise ValueError(f"'{mode.id}' speaks to no criterion: {lost}")
        return self

    def source(self, key: str) -> str:
        return next((one.title for one in self.sources if one.id == key), key)

    def get(self, key: str) -> Mode:
        return named(self.modes, key, "way of travelling")

    def criterion(self, key: str) -> Criterion:
        return named(self.criteria, key, "line of the comparison")


def named[T: Keyed](items: tuple[T, ...], key: str, kind: str) -> T:
    """What a person named; another name is refused with those that there are."""
    try:
        return pick(items, key, kind)
    except NotFound as error:
        raise Refused(error.what, error.where, error.mend) from error


@cache
def modes() -> Modes:
    return load_yaml(PACKAGE, "modes.yaml", Modes)
