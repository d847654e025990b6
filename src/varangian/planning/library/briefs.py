"""The shape of ``brief.yaml``: sections of a brief, and words that say too little."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from varangian.kernel.library import Entry, Keyed, LibraryFile, Line, unique
from varangian.threats.library import grading

SectionId = Literal[
    "programme",
    "threat",
    "signals",
    "reports",
    "bolo",
    "readiness",
    "destination",
    "hazards",
    "care",
    "weather",
]


class Published(Keyed):
    title: Line
    use: Line


class BriefSection(Keyed):
    id: SectionId
    title: Line
    graded: bool
    """Whoever told it is graded; where nobody graded them the brief says so."""
    when_empty: Line


class VagueWord(Entry):
    word: Line
    case: Literal["any", "lower"] = "any"
    offer: tuple[Line, ...] = Field(min_length=1)


class BriefLibrary(LibraryFile):
    published: Annotated[tuple[Published, ...], AfterValidator(unique)] = Field(min_length=1)
    sections: Annotated[tuple[BriefSection, ...], AfterValidator(unique)] = Field(min_length=1)
    vague: tuple[VagueWord, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _offers_are_listed(self) -> "BriefLibrary":
        known = {row.word for row in grading().probability}
        strange = sorted({word for row in self.vague for word in row.offer} - known)
        if strange:
            raise ValueError(f"offer words that the list of probability has not: {strange}")
        return self
