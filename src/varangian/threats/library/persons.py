"""Persons of interest: how long a file is kept, when it is reviewed, why it may be opened."""

from functools import cache
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PositiveInt, model_validator

from varangian.kernel.library import Keyed, LibraryFile, Line, load_yaml, pick, unique

StateId = Literal[
    "referred", "triaged", "under_assessment", "managed", "monitored", "dormant", "closed"
]


class ReadingPurpose(Keyed):
    title: Line


class PersonLibrary(LibraryFile):
    most_days: int = Field(gt=0, le=5 * 366)
    usual_days: PositiveInt
    most_images: int = Field(gt=0, le=60)
    review_days: dict[StateId, PositiveInt]
    purposes: Annotated[tuple[ReadingPurpose, ...], AfterValidator(unique)] = Field(min_length=1)

    @model_validator(mode="after")
    def _fits(self) -> "PersonLibrary":
        lacking = set(StateId.__args__) - set(self.review_days)  # pyright: ignore
        if lacking:
            raise ValueError(f"review_days needs {', '.join(sorted(lacking))}")
        if self.usual_days > self.most_days:
            raise ValueError("usual_days is more than most_days")
        return self

    def why(self, purpose: str) -> ReadingPurpose:
        return pick(self.purposes, purpose, "purpose of reading")


@cache
def persons() -> PersonLibrary:
    return load_yaml(__package__ or "", "persons.yaml", PersonLibrary)
