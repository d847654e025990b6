"""Survey forms: what a team wants to know of a place, and how long each answer stays good."""

from functools import cache
from importlib import resources
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from varangian.kernel.library import (
    Key,
    Keyed,
    LibraryFile,
    Line,
    load_yaml,
    pick,
    unique,
)

FactType = Literal["text", "yes_no", "choice", "several", "number", "phone"]
WITH_OPTIONS = ("choice", "several")


class Life(Keyed):
    """A kind of fact and how long it stays good."""

    title: Line
    days: int = Field(gt=0, le=3650)
    why: Line


class ShelfLife(LibraryFile):
    kinds: Annotated[tuple[Life, ...], AfterValidator(unique)] = Field(min_length=1)

    def get(self, life_id: str) -> Life:
        return pick(self.kinds, life_id, "kind of fact")


class FactRule(Keyed):
    """One question of a form."""

    title: Line
    ask: Line
    type: FactType = "text"
    life: Key
    required: bool = False
    options: dict[Key, Line] = Field(default_factory=dict)
    unit: str = ""
    least: float = 0
    most: float = 100_000

    @model_validator(mode="after")
    def _fits(self) -> "FactRule":
        if (self.type in WITH_OPTIONS) != bool(self.options):
            raise ValueError(f"'{self.id}': options belong to choice and several, and only there")
        if self.unit and self.type != "number":
            raise ValueError(f"'{self.id}': only a number has a unit")
        return self

    @property
    def days(self) -> int:
        return shelf_life().get(self.life).days


class PhotoRule(Keyed):
    """One picture that a form asks for."""

    title: Line
    ask: Line
    life: Key
    required: bool = False
    kind: Literal["photo", "sketch"] = "photo"

    @property
    def days(self) -> int:
        return shelf_life().get(self.life).days


class Section(Keyed):
    title: Line
    facts: tuple[FactRule, ...] = Field(min_length=1)
    photos: tuple[PhotoRule, ...] = ()


class SurveyForm(LibraryFile):
    """A form for some kinds of place. Ids stay as they are: answers are kept under them."""

    id: Key
    title: Line
    purpose: Line
    place_kinds: tuple[Key, ...] = Field(min_length=1)
    sections: Annotated[tuple[Section, ...], AfterValidator(unique)] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> "SurveyForm":
        items: tuple[Keyed, ...] = (*self.facts(), *self.photos())
        unique(items)
        for item in (*self.facts(), *self.photos()):
            shelf_life().get(item.life)
        return self

    def facts(self) -> tuple[FactRule, ...]:
        return tuple(fact for section in self.sections for fact in section.facts)

    def photos(self) -> tuple[PhotoRule, ...]:
        return tuple(photo for section in self.sections for photo in section.photos)

    def fact(self, item: str) -> FactRule:
        return pick(self.facts(), item, "question of this survey")

    def photo(self, item: str) -> PhotoRule:
        return pick(self.photos(), item, "picture of this survey")

    def section_of(self, item: str) -> Section:
        found: Any = [s for s in self.sections if item in {x.id for x in (*s.facts, *s.photos)}]
        return found[0] if found else self.sections[0]


@cache
def shelf_life() -> ShelfLife:
    return load_yaml(__name__, "shelf_life.yaml", ShelfLife)


@cache
def forms() -> dict[str, SurveyForm]:
    """Every form by its id, in the order of the file names."""
    folder = resources.files(__name__).joinpath("surveys")
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".yaml"))
    found = [load_yaml(__name__, f"surveys/{name}", SurveyForm) for name in names]
    return {form.id: form for form in found}


def form_for(kind: str) -> SurveyForm | None:
    """The form of a kind of place; a city has none."""
    return next((form for form in forms().values() if kind in form.place_kinds), None)
