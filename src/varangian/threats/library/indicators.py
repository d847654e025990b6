"""What an assessor looks at, the words of concern, and the strategies of a case.

Our own words for published concepts. There is no weight, no order of gravity and no sum in it.
"""

from functools import cache
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PositiveInt, model_validator

from varangian.kernel.library import Keyed, LibraryFile, Line, load_yaml, pick, unique

GroupId = Literal["pathway", "warning", "questions", "stressors", "stabilisers"]
GROUPS: tuple[GroupId, ...] = ("pathway", "warning", "questions", "stressors", "stabilisers")


class Published(Keyed):
    """Where a concept comes from: so that anybody can read it there."""

    author: Line
    year: int = Field(ge=1900, le=2100)
    title: Line
    reference: Line

    @property
    def words(self) -> str:
        return f"{self.author} ({self.year}): {self.title}. {self.reference}"


class Group(Keyed):
    id: GroupId
    title: Line
    meaning: Line
    holds: bool = False
    """What is present here speaks for the person."""


class Indicator(Keyed):
    group: GroupId
    title: Line
    ask: Line
    sources: tuple[str, ...] = Field(min_length=1)


class Concern(Keyed):
    title: Line
    meaning: Line
    review_days: PositiveInt
    """The next review is due at the latest after so many days."""


class Strategy(Keyed):
    title: Line
    meaning: Line
    fits: Line
    backfires: Line


class JudgementLibrary(LibraryFile):
    sources: Annotated[tuple[Published, ...], AfterValidator(unique)] = Field(min_length=1)
    groups: Annotated[tuple[Group, ...], AfterValidator(unique)]
    indicators: Annotated[tuple[Indicator, ...], AfterValidator(unique)] = Field(min_length=1)
    levels: Annotated[tuple[Concern, ...], AfterValidator(unique)] = Field(min_length=2)
    strategies: Annotated[tuple[Strategy, ...], AfterValidator(unique)] = Field(min_length=1)

    @model_validator(mode="after")
    def _fits(self) -> "JudgementLibrary":
        if tuple(group.id for group in self.groups) != GROUPS:
            raise ValueError(f"groups needs {', '.join(GROUPS)} in this order")
        known = {source.id for source in self.sources}
        for one in self.indicators:
            if lacking := set(one.sources) - known:
                raise ValueError(f"indicator {one.id}: no source {', '.join(sorted(lacking))}")
        empty = set(GROUPS) - {one.group for one in self.indicators}
        if empty:
            raise ValueError(f"no indicator for {', '.join(sorted(empty))}")
        return self

    def indicator(self, indicator: str) -> Indicator:
        return pick(self.indicators, indicator, "indicator")

    def source(self, source: str) -> Published:
        return pick(self.sources, source, "source")

    def level(self, level: str) -> Concern:
        return pick(self.levels, level, "level of concern")

    def strategy(self, strategy: str) -> Strategy:
        return pick(self.strategies, strategy, "strategy")

    def of(self, group: str) -> tuple[Indicator, ...]:
        return tuple(one for one in self.indicators if one.group == group)


@cache
def indicators() -> JudgementLibrary:
    return load_yaml(__package__ or "", "indicators.yaml", JudgementLibrary)
