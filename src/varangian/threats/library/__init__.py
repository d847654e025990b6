"""The standard risks, the matrix they are rated on, threat levels and grading of information."""

from collections.abc import Collection
from functools import cache
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from varangian.kernel.library import (
    Entry,
    Key,
    Keyed,
    LibraryFile,
    Line,
    Responsibility,
    Setting,
    load_yaml,
    pick,
    unique,
)

Step = Annotated[int, Field(ge=1, le=5)]
Band = Literal["low", "moderate", "high", "extreme"]
BANDS: tuple[Band, ...] = ("low", "moderate", "high", "extreme")
ThreatLevel = Literal["low", "moderate", "substantial", "severe", "critical"]
LEVELS: tuple[ThreatLevel, ...] = ("low", "moderate", "substantial", "severe", "critical")
Signatory = Literal["detail_leader", "second_detail_leader", "client"]


class Suggested(Entry):
    """A first draft of the rating; the assessor sets the real one."""

    likelihood: Step
    impact: Step


class StandardRisk(Keyed):
    responsibility: Responsibility
    title: Line
    cause: Line
    what_happens: Line
    vulnerability: Line
    applies_to: tuple[Setting, ...] = Field(min_length=1)
    suggested: Suggested
    indicators: tuple[Line, ...] = Field(min_length=2)
    measures: tuple[Key, ...] = Field(min_length=1)


class RiskLibrary(LibraryFile):
    risks: Annotated[tuple[StandardRisk, ...], AfterValidator(unique)] = Field(min_length=1)

    def get(self, risk_id: str) -> StandardRisk:
        return pick(self.risks, risk_id, "standard risk")

    def arising_in(self, settings: Collection[str]) -> tuple[StandardRisk, ...]:
        """The risks that arise in any of these settings, and those that arise anywhere."""
        wanted = {*settings, "any"}
        return tuple(risk for risk in self.risks if wanted.intersection(risk.applies_to))


class StepWord(Entry):
    step: Step
    word: Line
    meaning: Line


class Acceptance(Entry):
    """Who must sign to accept what is left at this band, and for how long it holds."""

    signed_by: tuple[Signatory, ...] = Field(min_length=1)
    valid_for_hours: int = Field(gt=0)
    reason_required: bool
    rule: Line


class RiskBand(Keyed):
    id: Band
    meaning: Line
    action: Line
    acceptance: Acceptance


class MostSteps(Entry):
    likelihood: int = Field(ge=0, le=4)
    impact: int = Field(ge=0, le=4)


Row = tuple[Band, Band, Band, Band, Band]
FiveSteps = Annotated[tuple[StepWord, ...], Field(min_length=5, max_length=5)]


class Matrix(LibraryFile):
    likelihood: FiveSteps
    impact: FiveSteps
    rows: dict[Step, Row]
    most_steps: MostSteps
    bands: Annotated[tuple[RiskBand, ...], AfterValidator(unique)]

    @model_validator(mode="after")
    def _complete_and_rising(self) -> "Matrix":
        for name, words in (("likelihood", self.likelihood), ("impact", self.impact)):
            if [word.step for word in words] != [1, 2, 3, 4, 5]:
                raise ValueError(f"{name} needs the steps 1 to 5 in order")
        if sorted(self.rows) != [1, 2, 3, 4, 5]:
            raise ValueError("rows needs the likelihoods 1 to 5")
        if tuple(band.id for band in self.bands) != BANDS:
            raise ValueError(f"bands needs {', '.join(BANDS)} in this order")
        grid = [[BANDS.index(band) for band in self.rows[step]] for step in range(1, 6)]
        if any(line != sorted(line) for line in (*grid, *map(list, zip(*grid, strict=True)))):
            raise ValueError("rows: a higher likelihood or impact must never give a lower band")
        return self

    def band(self, likelihood: int, impact: int) -> Band:
        return self.rows[likelihood][impact - 1]


class Level(Keyed):
    id: ThreatLevel
    title: Line
    meaning: Line
    posture: Line
    review_after_hours: int = Field(gt=0)


class Levels(LibraryFile):
    plan_as_when_unset: ThreatLevel
    levels: Annotated[tuple[Level, ...], AfterValidator(unique)]

    @model_validator(mode="after")
    def _all_in_order(self) -> "Levels":
        if tuple(level.id for level in self.levels) != LEVELS:
            raise ValueError(f"levels needs {', '.join(LEVELS)} in this order")
        return self

    def get(self, level: str | None) -> Level:
        """The level; an unset one is planned as ``plan_as_when_unset``."""
        return pick(self.levels, level or self.plan_as_when_unset, "threat level")


class Grade(Entry):
    code: Annotated[str, Field(pattern=r"^[A-F1-6]$")]
    word: Line
    meaning: Line


class Scale(Keyed):
    title: Line
    use: Line
    source: tuple[Grade, ...] = Field(min_length=5)
    information: tuple[Grade, ...] = Field(min_length=5)


class ConfidenceWord(Keyed):
    meaning: Line


class ProbabilityWord(Entry):
    word: Line
    from_: int = Field(alias="from", ge=0, le=100)
    to: int = Field(ge=0, le=100)


class Handling(Keyed):
    title: Line
    meaning: Line


class Grading(LibraryFile):
    scales: Annotated[tuple[Scale, ...], AfterValidator(unique)] = Field(min_length=1)
    confidence: Annotated[tuple[ConfidenceWord, ...], AfterValidator(unique)]
    probability: tuple[ProbabilityWord, ...]
    tlp: Annotated[tuple[Handling, ...], AfterValidator(unique)]

    def scale(self, scale_id: str) -> Scale:
        return pick(self.scales, scale_id, "grading scale")


@cache
def risks() -> RiskLibrary:
    return load_yaml(__name__, "risks.yaml", RiskLibrary)


@cache
def matrix() -> Matrix:
    return load_yaml(__name__, "matrix.yaml", Matrix)


@cache
def levels() -> Levels:
    return load_yaml(__name__, "levels.yaml", Levels)


@cache
def grading() -> Grading:
    return load_yaml(__name__, "grading.yaml", Grading)
