"""What can be public, what somebody could do with it, and what can be done about it."""

from functools import cache
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from varangian.kernel.library import Entry, Key, Keyed, LibraryFile, Line, load_yaml, pick, unique

KINDS = (
    "profile",
    "work",
    "appearance",
    "wealth",
    "controversy",
    "household",
    "routine",
    "footprint",
)
SENSITIVITIES = ("unknown", "knows", "helps", "finds", "reaches")


class Detail(Keyed):
    title: Line
    masked: bool = False
    """Shown only for one reading, with a reason, like the sections of the file."""


class Counter(Keyed):
    """One thing that can be done about it."""

    title: Line
    do: Line
    days: int = Field(gt=0, le=365)
    """By when, from today, unless somebody says otherwise."""
    to: str = ""
    """To whom it is usually sent."""


class ExposureKind(Keyed):
    title: Line
    hint: Line
    masked: bool = False
    recheck_days: int = Field(gt=0, le=3650)
    counters: Annotated[tuple[Counter, ...], AfterValidator(unique)] = Field(min_length=1)


class Scale(Entry):
    id: Key
    title: Line
    meaning: Line


class ExposureLibrary(LibraryFile):
    sensitivities: tuple[Scale, ...]
    details: Annotated[tuple[Detail, ...], AfterValidator(unique)]
    kinds: Annotated[tuple[ExposureKind, ...], AfterValidator(unique)]

    @model_validator(mode="after")
    def _whole(self) -> "ExposureLibrary":
        if tuple(kind.id for kind in self.kinds) != KINDS:
            raise ValueError(f"kinds needs {', '.join(KINDS)} in this order")
        if tuple(one.id for one in self.sensitivities) != SENSITIVITIES:
            raise ValueError(f"sensitivities needs {', '.join(SENSITIVITIES)} in this order")
        return self

    def kind(self, kind: str) -> ExposureKind:
        return pick(self.kinds, kind, "kind of exposure")

    def detail(self, detail: str) -> Detail:
        return pick(self.details, detail, "detail")

    def sensitivity(self, name: str) -> Scale:
        known = {one.id: one for one in self.sensitivities}
        return known.get(name, self.sensitivities[0])

    def counter(self, kind: str, counter: str) -> Counter:
        return pick(self.kind(kind).counters, counter, "counter-measure")

    def masked(self, kind: str, detail: str) -> bool:
        """A detail that a customer's library no longer knows stays masked: nothing by default."""
        if self.kind(kind).masked:
            return True
        known = {one.id: one.masked for one in self.details}
        return bool(detail) and known.get(detail, True)


@cache
def exposure() -> ExposureLibrary:
    return load_yaml(__package__ or "", "exposure.yaml", ExposureLibrary)
