"""Announcements in five languages, ready for their fill-ins."""

from functools import cache
from typing import Annotated

from pydantic import AfterValidator, Field

from varangian.kernel.library import Keyed, LibraryFile, Line, load_yaml, unique

from ..plan.content import Language


class Prepared(Keyed):
    title: Line
    when: Line
    texts: dict[Language, Line]


class Announcements(LibraryFile):
    messages: Annotated[tuple[Prepared, ...], AfterValidator(unique)] = Field(min_length=1)


@cache
def announcements() -> Announcements:
    return load_yaml(__name__, "announcements.yaml", Announcements)
