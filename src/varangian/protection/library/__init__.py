"""What each kind of incident asks for, and the steps of an operator; both can be replaced."""

from functools import cache
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from varangian.kernel.library import Key, Keyed, LibraryFile, Line, load_yaml, pick, unique

Severity = Literal["critical", "serious", "minor"]
Deed = Literal["acknowledge", "incident", "muster", "close"]


class FirstTask(Keyed):
    title: Line
    within_minutes: int = Field(ge=0, le=24 * 60)


class Node(Keyed):
    """Somebody to tell. ``after`` names the node that must be told before."""

    title: Line
    within_minutes: int = Field(ge=0, le=24 * 60)
    after: Key | None = None
    contact: Line | None = None
    """Role of a contact of the principal whose number is shown."""
    outside: bool = True
    """Somebody outside of the team: not rung in a drill."""


class Kind(Keyed):
    title: Line
    severity: Severity
    muster: bool = False
    """Ask at once where everybody is."""
    tasks: Annotated[tuple[FirstTask, ...], AfterValidator(unique)] = Field(min_length=1)
    tell: Annotated[tuple[Node, ...], AfterValidator(unique)] = Field(min_length=1)


class Kinds(LibraryFile):
    kinds: Annotated[tuple[Kind, ...], AfterValidator(unique)] = Field(min_length=1)

    def get(self, kind: str) -> Kind:
        return pick(self.kinds, kind, "kind of incident")


class Step(Keyed):
    do: Line
    within_seconds: int = Field(ge=5, le=24 * 3600)
    deed: Deed | None = None
    """What the button beside the step does."""


class Procedure(Keyed):
    title: Line
    sources: tuple[Key, ...]
    """Sources of alerts it is for; the one with none is for all others."""
    steps: Annotated[tuple[Step, ...], AfterValidator(unique)] = Field(min_length=1)


class Procedures(LibraryFile):
    procedures: Annotated[tuple[Procedure, ...], AfterValidator(unique)] = Field(min_length=1)

    def get(self, key: str) -> Procedure:
        return pick(self.procedures, key, "procedure")

    def of_source(self, source: str) -> Procedure:
        """The first that names the source, else the one for everything."""
        named = (row for row in self.procedures if source in row.sources)
        general = (row for row in self.procedures if not row.sources)
        return next(named, None) or next(general, None) or self.procedures[-1]


@cache
def incident_kinds() -> Kinds:
    return load_yaml(__name__, "incidents.yaml", Kinds)


@cache
def procedures() -> Procedures:
    return load_yaml(__name__, "sops.yaml", Procedures)


def broken_references() -> list[str]:
    """Nodes that wait for one that is not in their tree, or for themselves."""
    found = []
    for kind in incident_kinds().kinds:
        seen: set[str] = set()
        for node in kind.tell:
            if node.after and node.after not in seen:
                found.append(f"incidents.yaml: '{kind.id}': '{node.id}' waits for '{node.after}'")
            seen.add(node.id)
    return found
