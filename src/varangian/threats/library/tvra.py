"""What a TVRA asks of each kind of subject, how long it may stand, and how it is printed."""

from functools import cache
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from varangian.kernel.library import (
    Key,
    Keyed,
    LibraryFile,
    Line,
    Setting,
    load_yaml,
    pick,
    unique,
)

KindId = Literal["principal", "residence", "office", "event", "trip"]
KINDS: tuple[KindId, ...] = ("principal", "residence", "office", "event", "trip")
PlaceRule = Literal["needed", "possible", "none"]


class Subject(Keyed):
    """A kind of subject: whether it is a place or a leg, and in which settings its risks arise."""

    id: KindId
    title: Line
    place: PlaceRule
    leg: PlaceRule
    settings: tuple[Setting, ...] = Field(min_length=1)


class Template(Keyed):
    """Which parts the printed report has."""

    title: Line
    meaning: Line
    parts: tuple[Literal["facts", "heat", "threats", "risks", "checks", "treatments"], ...] = Field(
        min_length=2
    )


class TvraLibrary(LibraryFile):
    usual_days: int = Field(gt=0)
    usual_review_days: int = Field(gt=0)
    most_days: int = Field(gt=0, le=730)
    subjects: Annotated[tuple[Subject, ...], AfterValidator(unique)]
    templates: Annotated[tuple[Template, ...], AfterValidator(unique)] = Field(min_length=1)

    @model_validator(mode="after")
    def _fits(self) -> "TvraLibrary":
        if tuple(one.id for one in self.subjects) != KINDS:
            raise ValueError(f"subjects needs {', '.join(KINDS)} in this order")
        if not self.usual_review_days <= self.usual_days <= self.most_days:
            raise ValueError("usual_review_days, usual_days and most_days must rise")
        return self

    def subject(self, kind: str) -> Subject:
        return pick(self.subjects, kind, "kind of subject")

    def template(self, template: str) -> Template:
        return pick(self.templates, template, "template")


class Source(Keyed):
    """A published standard or guide that a check rests on; nothing of it is copied."""

    title: Line


class CheckItem(Keyed):
    ask: Line
    why: Line
    good: Line
    """What good looks like."""
    source: Key


class CheckSection(Keyed):
    title: Line
    items: tuple[CheckItem, ...] = Field(min_length=1)


class CheckLibrary(LibraryFile):
    """The checks of one kind of subject."""

    id: KindId
    title: Line
    sources: Annotated[tuple[Source, ...], AfterValidator(unique)] = Field(min_length=1)
    sections: Annotated[tuple[CheckSection, ...], AfterValidator(unique)] = Field(min_length=1)

    @model_validator(mode="after")
    def _holds_together(self) -> "CheckLibrary":
        unique(self.items)
        lacking = {item.source for item in self.items} - {one.id for one in self.sources}
        if lacking:
            raise ValueError(f"sources has no {sorted(lacking)[0]}")
        return self

    @property
    def items(self) -> tuple[CheckItem, ...]:
        return tuple(item for section in self.sections for item in section.items)

    def item(self, item: str) -> CheckItem:
        return pick(self.items, item, "check")

    def source_of(self, item: CheckItem) -> str:
        return pick(self.sources, item.source, "source").title


@cache
def tvra() -> TvraLibrary:
    return load_yaml(__package__ or "", "tvra.yaml", TvraLibrary)


@cache
def checks(kind: str) -> CheckLibrary:
    return load_yaml(__package__ or "", f"tvra_{tvra().subject(kind).id}.yaml", CheckLibrary)
