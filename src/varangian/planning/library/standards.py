"""Standard measures: what is done, by which post, what it lowers and what it takes."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from varangian.kernel.library import (
    Entry,
    Key,
    Keyed,
    LibraryFile,
    Line,
    Responsibility,
    pick,
    unique,
)

from .structure import Paragraph

MoneyBand = Literal["none", "low", "medium", "high"]
Money = MoneyBand | Annotated[float, Field(ge=0)]
Hours = Annotated[float, Field(ge=0)]


class Lowers(Entry):
    """Steps on the matrix once the measure is in place."""

    likelihood: int = Field(default=0, ge=0, le=2)
    impact: int = Field(default=0, ge=0, le=2)

    @model_validator(mode="after")
    def _lowers_something(self) -> "Lowers":
        if not (self.likelihood or self.impact):
            raise ValueError("a measure lowers likelihood or impact by at least one step")
        return self


class Effort(Entry):
    """Person-hours, money (band or amount), people where it takes a known number of them,
    discomfort to the principal 0-3, notice needed."""

    hours: Hours
    money: Money
    people: int | None = Field(default=None, ge=0)
    discomfort: int = Field(ge=0, le=3)
    lead_time_hours: Hours


class StandardMeasure(Keyed):
    responsibility: Responsibility
    title: Line
    what_to_do: Line
    lowers: Lowers
    role: Key
    order_paragraph: Paragraph
    order_heading: Key
    effort: Effort
    verify: Line
    needs: tuple[Key, ...] = ()
    """Standard measures without which it does nothing."""
    excludes: tuple[Key, ...] = ()


class MeasureLibrary(LibraryFile):
    money_bands: dict[MoneyBand, Line]
    discomfort_words: dict[int, Line]
    measures: Annotated[tuple[StandardMeasure, ...], AfterValidator(unique)] = Field(min_length=1)

    def get(self, measure_id: str) -> StandardMeasure:
        return pick(self.measures, measure_id, "standard measure")
