"""Figures by jurisdiction, read from ``crowd_standards.yaml``."""

from functools import cache
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from varangian.kernel.library import Entry, Keyed, LibraryFile, Line, load_yaml, pick, unique

PACKAGE = __name__.rpartition(".")[0]
Positive = Annotated[float, Field(gt=0, le=1e6, allow_inf_nan=False)]
Whole = Annotated[int, Field(ge=0, le=1_000_000)]
Risk = Literal["low", "medium", "high"]


class Figure(Entry):
    """``sure``: `read` in the source named, or `assumed` until somebody looks it up."""

    value: Positive
    unit: Line
    source: Line
    edition: Line
    sure: Literal["read", "assumed"] = "read"


class ByRisk(Entry):
    low: Figure
    medium: Figure
    high: Figure

    def at(self, risk: Risk) -> Figure:
        return getattr(self, risk)


class Flow(Entry):
    """People through a metre of exit: a minute, or (without minutes) altogether."""

    level: Figure
    steps: Figure


class Exits(Entry):
    sober: Flow
    alcohol: Flow | None = None
    normal_minutes: Figure | None = None
    emergency_minutes: ByRisk | None = None
    without_largest: bool
    narrowest: Figure


class FirstAid(Entry):
    people: Annotated[int, Field(ge=1)]
    aiders: Whole
    posts: Whole
    ambulances: Whole


class FirstAidTable(Entry):
    source: Line
    edition: Line
    rows: tuple[FirstAid, ...] = Field(min_length=2, max_length=50)


class Duty(Entry):
    """A duty by law from so many people on."""

    people: Annotated[int, Field(ge=1)]
    name: Line
    asks: tuple[Line, ...]
    source: Line
    edition: Line


class Rules(Keyed):
    title: Line
    standing: Figure
    entry_per_turnstile: Figure
    entry_hours: Figure
    screening_per_lane: Figure
    exits: Exits
    per_steward: Figure
    per_steward_high_risk: Figure
    managers_at_least: Figure | None = None
    per_manager: Figure | None = None
    first_aid: FirstAidTable | None = None
    duties: tuple[Duty, ...] = ()


class Band(Entry):
    """Named from ``above`` on."""

    name: Annotated[str, Field(min_length=1, max_length=40)]
    above: Annotated[float, Field(ge=0)]


class Scale(Entry):
    unit: Line
    source: Line
    edition: Line
    sure: Literal["read", "assumed"] = "read"
    bands: tuple[Band, ...] = Field(min_length=2)


class Standards(LibraryFile):
    density: Scale
    walkway_flow: Scale
    walkway_space: Scale
    queue_space: Scale
    jurisdictions: Annotated[tuple[Rules, ...], AfterValidator(unique)]


@cache
def standards() -> Standards:
    return load_yaml(PACKAGE, "crowd_standards.yaml", Standards)


def rules_of(jurisdiction: str) -> Rules:
    """Raises NotFound, naming those there are."""
    return pick(standards().jurisdictions, jurisdiction, "jurisdiction")
