"""Fields of a roster file. Times without an offset are on the clock of their zone."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Id = Annotated[str, Field(min_length=1, max_length=120)]
Word = Annotated[str, Field(min_length=1, max_length=80)]
Zone = Annotated[str, Field(max_length=60, description="IANA time zone; empty: the file's zone")]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Counted(Part):
    """A qualification that at least ``count`` of those on the shift must have."""

    kind: Literal["skill", "licence", "language", "medical", "driving", "firearms"]
    name: Word
    count: int = Field(ge=1, le=200)


class Asked(Part):
    """What everyone on the shift must have."""

    skills: list[Word] = []
    licences: list[Word] = []
    languages: list[Word] = []
    medical: Word | None = Field(default=None, description="level; a higher one will do")
    driving: list[Word] = Field(default=[], description="classes; a higher one will do")
    firearms: list[Word] = []


class ShiftFile(Part):
    id: Id
    post: Word
    site: Annotated[str, Field(max_length=80)] = ""
    start: datetime
    end: datetime
    zone: Zone = ""
    end_zone: Zone = Field(default="", description="where it ends, when that is another zone")
    wanted: int = Field(default=1, ge=1, le=200)
    everyone: Asked = Asked()
    among: list[Counted] = []
    priority: int = Field(default=3, ge=1, le=5, description="1 is filled first")


class Dated(Part):
    """A qualification that holds through the whole day ``until``; without it, for good."""

    name: Word
    until: date | None = None


class Days(Part):
    """Whole days from ``from`` to ``to``, both of them away."""

    first: date = Field(alias="from")
    last: date = Field(alias="to")
    why: Literal["leave", "sick", "other_work", "training"] = "leave"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError(f"'to' {self.last} is before 'from' {self.first}")
        return self


class WishFile(Part):
    """A shift, a post, days, or a post on some days."""

    shift: Id | None = None
    post: Word | None = None
    first: date | None = Field(default=None, alias="from")
    last: date | None = Field(default=None, alias="to")
    weight: int = Field(default=1, ge=1, le=5)

    @model_validator(mode="after")
    def _about_something(self) -> Self:
        if not (self.shift or self.post or self.first):
            raise ValueError("name a shift, a post or a day ('from')")
        return self


class DutyFile(Part):
    """Work before this roster."""

    start: datetime
    end: datetime
    zone: Zone = ""
    site: Annotated[str, Field(max_length=80)] = ""


class HistoryFile(Part):
    """Hours worked in the ``days`` before the roster, for the mean week; includes ``prior``."""

    hours: float = Field(ge=0, le=10_000)
    days: int = Field(ge=1, le=400)


class OfficerFile(Part):
    id: Id
    name: Annotated[str, Field(max_length=120)] = ""
    zone: Zone = ""
    home: Annotated[str, Field(max_length=80)] = ""
    skills: list[Word] = []
    languages: list[Word] = []
    licences: list[Dated] = []
    medical: list[Dated] = []
    driving: list[Dated] = []
    firearms: list[Dated] = []
    away: list[Days] = []
    wishes: list[WishFile] = []
    dislikes: list[WishFile] = []
    contract_hours: float = Field(default=40, gt=0, le=84, description="a week: the fair share")
    most_hours: float | None = Field(default=None, gt=0, le=168, description="a week: a limit")
    prior: list[DutyFile] = []
    history: HistoryFile | None = None
    opted_out: bool = Field(default=False, description="of the mean week, where the law allows it")


class Way(Part):
    home: Word
    site: Word
    minutes: int = Field(ge=0, le=2880, description="one way")


class AssignmentFile(Part):
    officer: Id
    shift: Id
    locked: bool = False


class RosterFile(Part):
    """A whole file."""

    format: Literal["varangian-roster/1"]
    zone: Annotated[str, Field(min_length=1, max_length=60)]
    jurisdiction: Annotated[str, Field(min_length=1, max_length=60)]
    officers: list[OfficerFile] = Field(min_length=1, max_length=5_000)
    shifts: list[ShiftFile] = Field(min_length=1, max_length=20_000)
    travel: list[Way] = []
    assignments: list[AssignmentFile] = Field(
        default=[], description="a roster to begin from, or to repair; locked ones stay"
    )
