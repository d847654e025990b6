"""Scripts of exercises: what is injected, when, to whom, and what a good answer does."""

from typing import Annotated

from pydantic import AfterValidator, Field

from varangian.kernel.library import Entry, Key, Keyed, LibraryFile, Line, pick, unique


class Inject(Entry):
    minute: float = Field(ge=0, le=240)
    title: Line
    text: Line
    roles: tuple[Key, ...] = Field(min_length=1)
    expect: Line
    card: Key | None = None
    within_seconds: int = Field(gt=0, le=3600)


class Script(Keyed):
    title: Line
    purpose: Line
    injects: tuple[Inject, ...] = Field(min_length=1)


class Scripts(LibraryFile):
    scripts: Annotated[tuple[Script, ...], AfterValidator(unique)]

    def get(self, script_id: str) -> Script:
        return pick(self.scripts, script_id, "script of an exercise")
