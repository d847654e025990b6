"""Readiness policy: what must be there at which threat level, and how long it stays fresh."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from varangian.kernel.library import Key, Keyed, LibraryFile, Line, pick, unique
from varangian.threats.library import LEVELS, ThreatLevel, levels

GO_HOLDS, WAIVER_AT_MOST = 24, 72
"""Hours, where a customer's own policy says nothing."""


class Artefact(Keyed):
    title: Line
    why: Line
    ready_when: Line
    required_from: ThreatLevel
    kinds: tuple[Key, ...] = Field(min_length=1)
    per: Literal["operation", "movement", "road_leg", "day", "post", "place", "vehicle"]
    owner: Key
    fresh_for_hours: dict[ThreatLevel, Annotated[int, Field(gt=0)]]
    waivable: bool

    def fresh_for(self, level: ThreatLevel) -> int | None:
        """Hours it stays fresh at this level; None when it does not age.

        A level without a figure of its own uses the nearest lower one.
        """
        return at_level(self.fresh_for_hours, level)


def at_level(hours: dict[ThreatLevel, int], level: ThreatLevel) -> int | None:
    """The figure for a level, or for the nearest lower one that has a figure."""
    reached = [hours[step] for step in LEVELS[: LEVELS.index(level) + 1] if step in hours]
    return reached[-1] if reached else None


class ReadinessPolicy(LibraryFile):
    go_holds_hours: dict[ThreatLevel, Annotated[int, Field(gt=0)]] = {}
    waiver_at_most_hours: dict[ThreatLevel, Annotated[int, Field(gt=0)]] = {}
    artefacts: Annotated[tuple[Artefact, ...], AfterValidator(unique)] = Field(min_length=1)

    def get(self, artefact_id: str) -> Artefact:
        return pick(self.artefacts, artefact_id, "readiness artefact")

    def go_holds(self, level: ThreatLevel) -> int:
        """Hours for which a go holds."""
        return at_level(self.go_holds_hours, level) or GO_HOLDS

    def waiver_at_most(self, level: ThreatLevel) -> int:
        """Hours for which a waiver may hold."""
        return at_level(self.waiver_at_most_hours, level) or WAIVER_AT_MOST

    def required(self, kind: str, level: str | None) -> tuple[Artefact, ...]:
        """What an operation of this kind needs at this threat level (unset: as levels() says)."""
        reached = LEVELS.index(levels().get(level).id)
        return tuple(
            artefact
            for artefact in self.artefacts
            if {kind, "any"}.intersection(artefact.kinds)
            and LEVELS.index(artefact.required_from) <= reached
        )
