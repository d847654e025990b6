"""The lists as data: what a vehicle is, how it is checked, how long a driver may drive."""

from functools import cache
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from varangian.kernel.library import Keyed, LibraryFile, Line, load_yaml, pick, unique
from varangian.kernel.results import NotFound, Refused

PACKAGE = "varangian.travel.fleet"
Drive = Literal["petrol", "diesel", "hybrid", "ev"]
Grade = Literal["cursory", "full"]


class Named(Keyed):
    title: Line


def said[T: Keyed](items: tuple[T, ...], key: str, kind: str) -> T:
    """What a person named; a name that is not in the list is refused with those that are."""
    try:
        return pick(items, key, kind)
    except NotFound as error:
        raise Refused(error.what, error.where, error.mend) from error


class KitItem(Named):
    needed: bool
    months: int = Field(ge=1, le=60)


class Paper(Named):
    needed: bool


class CustodyState(Named):
    sight: bool
    full_after: int | None = Field(default=None, ge=0)
    """Minutes; None: this state alone never asks for a full search."""


class Vehicles(LibraryFile):
    classes: Annotated[tuple[Named, ...], AfterValidator(unique)]
    terrain: Annotated[tuple[Named, ...], AfterValidator(unique)]
    features: Annotated[tuple[Named, ...], AfterValidator(unique)]
    kit: Annotated[tuple[KitItem, ...], AfterValidator(unique)]
    papers: Annotated[tuple[Paper, ...], AfterValidator(unique)]
    custody: Annotated[tuple[CustodyState, ...], AfterValidator(unique)]
    soon_days: int = Field(ge=0)
    soon_km: int = Field(ge=0)
    cold_loss: tuple[int, int]
    reserve: int = Field(ge=1, le=100)

    def custody_state(self, key: str) -> CustodyState:
        return said(self.custody, key, "state of custody")


class Step(Keyed):
    zone: Line
    ask: Line
    seconds: int = Field(ge=1, le=600)
    photo: Literal["", "required"] = ""
    blocking: bool = False
    """A fault here keeps the vehicle off the road until a named person has cleared it."""


class Checklist(Named):
    kind: Literal["roadworthy", "search"]
    grade: Grade | None = None
    drive: tuple[Drive, ...] = ()
    """For which drives; empty for all."""
    begin: Line
    valid_hours: int = Field(ge=1, le=168)
    second: bool
    items: Annotated[tuple[Step, ...], AfterValidator(unique)] = Field(min_length=1)


class Inspections(LibraryFile):
    least_share: float = Field(gt=0, le=1)
    drill: tuple[Line, ...] = Field(min_length=1)
    checklists: Annotated[tuple[Checklist, ...], AfterValidator(unique)]

    def get(self, key: str) -> Checklist:
        return said(self.checklists, key, "checklist")

    def roadworthy_for(self, drive: str) -> Checklist:
        rows = [one for one in self.checklists if one.kind == "roadworthy"]
        return next((one for one in rows if drive in one.drive), rows[0])

    def search(self, grade: Grade) -> Checklist:
        return next(one for one in self.checklists if one.grade == grade)


class HoursPolicy(LibraryFile):
    name: Line
    without_break: float
    break_minutes: int
    break_first: int
    break_second: int
    day: float
    day_extended: float
    extended_per_week: int
    week: float
    fortnight: float
    daily_rest: float
    daily_rest_reduced: float
    reduced_between_weekly: int
    weekly_rest: float


@cache
def vehicles() -> Vehicles:
    return load_yaml(PACKAGE, "vehicles.yaml", Vehicles)


@cache
def inspections() -> Inspections:
    return load_yaml(PACKAGE, "inspections.yaml", Inspections)


@cache
def driving_hours() -> HoursPolicy:
    return load_yaml(PACKAGE, "driving_hours.yaml", HoursPolicy)
