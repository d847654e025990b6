"""BOLO cards: what describes, what to do on sight, on what basis, and for how long."""

from functools import cache
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from varangian.kernel.library import Entry, Key, Keyed, LibraryFile, Line, load_yaml, pick, unique

KindId = Literal["person", "vehicle", "thing"]
KINDS: tuple[KindId, ...] = ("person", "vehicle", "thing")


class Feature(Entry):
    id: Key
    title: Line
    hint: Line


class BoloKind(Keyed):
    id: KindId
    title: Line
    features: tuple[Feature, ...] = Field(min_length=2)


class Drill(Keyed):
    """What to do on sight, in the order of doing, and the one thing never to do."""

    title: Line
    kinds: tuple[KindId, ...] = Field(min_length=1)
    do: tuple[Line, ...] = Field(min_length=2, max_length=4)
    never: Line


class Basis(Keyed):
    title: Line
    meaning: Line


class BoloLibrary(LibraryFile):
    most_hours: int = Field(gt=0, le=24 * 60)
    usual_hours: int = Field(gt=0)
    review_within_hours: int = Field(gt=0)
    review_every_hours: int = Field(gt=0)
    most_pictures: int = Field(gt=0, le=12)
    kinds: Annotated[tuple[BoloKind, ...], AfterValidator(unique)]
    drills: Annotated[tuple[Drill, ...], AfterValidator(unique)] = Field(min_length=1)
    bases: Annotated[tuple[Basis, ...], AfterValidator(unique)] = Field(min_length=1)

    @model_validator(mode="after")
    def _fits(self) -> "BoloLibrary":
        if tuple(kind.id for kind in self.kinds) != KINDS:
            raise ValueError(f"kinds needs {', '.join(KINDS)} in this order")
        if self.usual_hours > self.most_hours:
            raise ValueError("usual_hours is more than most_hours")
        lacking = [kind for kind in KINDS if not self.drills_for(kind)]
        if lacking:
            raise ValueError(f"no drill for {lacking[0]}")
        return self

    def kind(self, kind: str) -> BoloKind:
        return pick(self.kinds, kind, "kind of card")

    def drill(self, drill: str) -> Drill:
        return pick(self.drills, drill, "drill")

    def basis(self, basis: str) -> Basis:
        return pick(self.bases, basis, "legal basis")

    def drills_for(self, kind: str) -> tuple[Drill, ...]:
        return tuple(drill for drill in self.drills if kind in drill.kinds)


@cache
def bolo() -> BoloLibrary:
    return load_yaml(__package__ or "", "bolo.yaml", BoloLibrary)
