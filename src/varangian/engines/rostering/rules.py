"""Rules of working time, read from ``working_time.yaml``."""

from datetime import time
from functools import cache
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from varangian.kernel.library import Entry, Keyed, LibraryFile, Line, load_yaml, pick, unique

Kind = Literal["skill", "licence", "language", "medical", "driving", "firearms"]
Hours = Annotated[float, Field(gt=0, le=1000)]
Days = Annotated[int, Field(ge=1, le=400)]


class Sourced(Entry):
    source: Line


class DailyRest(Sourced):
    hours: Hours


class WeeklyRest(Sourced):
    """One unbroken rest of ``hours`` in each period of ``days`` counted from the roster's start."""

    hours: Hours
    days: Days


class MeanWeek(Sourced):
    """Hours a week, on the mean of ``reference_days``."""

    hours: Hours
    reference_days: Days
    opt_out: bool


class Week(Sourced):
    """Most hours in any seven days."""

    hours: Hours


class LongestDuty(Sourced):
    longest_hours: Hours


class Nights(Sourced):
    """A duty is a night when it has ``counts_from_hours`` between ``begin`` and ``end``, by the
    clock of its own zone."""

    begin: time
    end: time
    counts_from_hours: Hours
    longest_hours: Hours
    most: int = Field(ge=0)
    in_days: Days
    in_row: int = Field(ge=1)


class DaysInRow(Sourced):
    days: Days


class Travel(Sourced):
    """What the way from home to the site and back does to hours and rest."""

    counts_as_work: bool
    shortens_rest: bool


class Rules(Keyed):
    """One jurisdiction. A rule that is None does not apply."""

    title: Line
    daily_rest: DailyRest | None = None
    weekly_rest: WeeklyRest | None = None
    mean_week: MeanWeek | None = None
    week: Week | None = None
    duty: LongestDuty | None = None
    nights: Nights | None = None
    days_in_row: DaysInRow | None = None
    one_duty_a_day: Sourced | None = None
    travel: Travel | None = None

    @property
    def rest_minutes(self) -> int:
        return round(self.daily_rest.hours * 60) if self.daily_rest else 0


class Ladder(Entry):
    kind: Kind
    steps: tuple[str, ...] = Field(min_length=2)


class WorkingTime(LibraryFile):
    jurisdictions: Annotated[tuple[Rules, ...], AfterValidator(unique)] = Field(min_length=1)
    ladders: tuple[Ladder, ...] = ()

    def get(self, jurisdiction: str) -> Rules:
        return pick(self.jurisdictions, jurisdiction, "jurisdiction")

    def met_by(self, kind: str, name: str) -> frozenset[str]:
        """Names of this kind that meet a need for ``name``: itself and all above it."""
        above = [
            ladder.steps[ladder.steps.index(name) :]
            for ladder in self.ladders
            if ladder.kind == kind and name in ladder.steps
        ]
        return frozenset({name}.union(*above))


@cache
def working_time() -> WorkingTime:
    return load_yaml(__package__ or "", "working_time.yaml", WorkingTime)
