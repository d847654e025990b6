"""Which answers of a survey stand in the order, and under which heading."""

from typing import Annotated

from pydantic import AfterValidator, Field, field_validator

from varangian.kernel.library import Entry, Key, LibraryFile

Answers = dict[Key, tuple[Key, ...]]


class SurveyLine(Entry):
    heading: Key
    answers: Annotated[Answers, Field(min_length=1)]
    """Items by survey form."""


def _once(lines: tuple[SurveyLine, ...]) -> tuple[SurveyLine, ...]:
    names = [line.heading for line in lines]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"headings stand twice: {', '.join(twice)}")
    return lines


class SurveyLines(LibraryFile):
    lines: Annotated[tuple[SurveyLine, ...], AfterValidator(_once)]

    @field_validator("lines")
    @classmethod
    def _no_item_twice(cls, lines: tuple[SurveyLine, ...]) -> tuple[SurveyLine, ...]:
        seen: set[tuple[str, str]] = set()
        for line in lines:
            for form, items in line.answers.items():
                pairs = {(form, item) for item in items}
                if len(pairs) < len(items) or pairs & seen:
                    raise ValueError(f"an answer of '{form}' stands twice in the order")
                seen |= pairs
        return lines

    def under(self, heading: str, form: str) -> tuple[str, ...]:
        """Items of a form that the order reads under a heading."""
        found = (line.answers.get(form, ()) for line in self.lines if line.heading == heading)
        return next(found, ())
