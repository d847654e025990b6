"""The lists as data: what rules a house out, what speaks for it, and how much."""

from functools import cache
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from varangian.kernel.library import Entry, Keyed, LibraryFile, Line, load_yaml, unique
from varangian.kernel.results import Refused

PACKAGE = "varangian.travel.stays"
Kind = Literal["hotel", "restaurant"]
KINDS: dict[str, str] = {"hotel": "Hotel", "restaurant": "Restaurant"}
FILES: dict[str, str] = {"hotel": "hotels.yaml", "restaurant": "restaurants.yaml"}
YES, NO = "yes", "no"


class Source(Keyed):
    title: Line


class Band(Entry):
    """A number of the survey from ``least`` to ``most`` means this level."""

    least: float
    most: float
    level: str


class FromSurvey(Entry):
    """What the survey of a place says to an item by itself; everything else a person reads.

    ``fact`` is its id in the form. ``absent`` is the answer when the survey says: there is none.
    """

    fact: str
    absent: str = ""
    choices: dict[str, str] = {}
    bands: tuple[Band, ...] = ()


class Veto(Keyed):
    """Answered yes, the house is out. Not known is not no."""

    title: Line
    ask: Line
    why: Line
    source: str
    survey: FromSurvey | None = None
    above: float | None = None
    """A number of the survey beyond this says yes."""
    below: float | None = None


class Level(Keyed):
    title: Line
    worth: float = Field(ge=0, le=1)


class Item(Keyed):
    """One thing that speaks for or against, in levels or as a number between bad and good."""

    title: Line
    ask: Line
    why: Line
    source: str
    weight: float = Field(gt=0, le=10)
    levels: Annotated[tuple[Level, ...], AfterValidator(unique)] = ()
    unit: str = ""
    good: float | None = None
    bad: float | None = None
    survey: FromSurvey | None = None

    @model_validator(mode="after")
    def one_measure(self) -> Self:
        numbers = (self.good is None, self.bad is None)
        if numbers[0] != numbers[1] or (self.good == self.bad and not numbers[0]):
            raise ValueError("good and bad are two different numbers, or both are left out")
        if bool(self.levels) != numbers[0]:
            raise ValueError("an item has levels, or the numbers good and bad")
        return self

    def worth(self, answer: str) -> float | None:
        """0 to 1; None when nobody knows."""
        if self.levels:
            return next((one.worth for one in self.levels if one.id == answer), None)
        if not answer or self.good is None or self.bad is None:
            return None
        share = (float(answer) - self.bad) / (self.good - self.bad)
        return min(1.0, max(0.0, share))

    def words(self, answer: str) -> str:
        if self.levels:
            return next((one.title for one in self.levels if one.id == answer), "")
        return f"{float(answer):g} {self.unit}".strip() if answer else ""


class StayLibrary(LibraryFile):
    title: Line
    sources: Annotated[tuple[Source, ...], AfterValidator(unique)]
    vetoes: Annotated[tuple[Veto, ...], AfterValidator(unique)] = Field(min_length=1)
    items: Annotated[tuple[Item, ...], AfterValidator(unique)] = Field(min_length=1)

    @model_validator(mode="after")
    def known(self) -> Self:
        sources, ids = {one.id for one in self.sources}, [one.id for one in self.vetoes]
        ids += [one.id for one in self.items]
        if len(set(ids)) != len(ids):
            raise ValueError("a veto and an item share an id")
        for one in (*self.vetoes, *self.items):
            if one.source not in sources:
                raise ValueError(f"the source of '{one.id}' is not in the list of sources")
        return self

    def source(self, key: str) -> str:
        return next(one.title for one in self.sources if one.id == key)


def said_item(library: StayLibrary, key: str) -> Veto | Item:
    """What a person named; another name is refused with those that there are."""
    known: dict[str, Veto | Item] = {one.id: one for one in library.vetoes}
    known |= {one.id: one for one in library.items}
    if key not in known:
        raise Refused("There is no such line", key, f"There is: {', '.join(known)}.")
    return known[key]


@cache
def stays(kind: str) -> StayLibrary:
    return load_yaml(PACKAGE, FILES[kind], StayLibrary)
