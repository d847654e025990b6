"""What a place counts beside a second of the principal on the planned way, which counts 1.

The values where nothing else is said, their bounds and what each changes are read from
``cover_weights.yaml``. All are judgement: none was measured.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from varangian.kernel.library import Keyed, LibraryFile, Line, load_yaml
from varangian.kernel.results import Refused

PACKAGE = __name__.rpartition(".")[0]
NAMES = ("rope", "stay", "out", "entrance", "zone", "stage_minutes")
Count = Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)]


class Weight(Keyed):
    """``changes``: what more or less of it does to the posts, in a sentence or two."""

    id: Literal["rope", "stay", "out", "entrance", "zone", "stage_minutes"]
    label: Line
    unit: Literal["seconds", "minutes"]
    value: Count
    least: Count
    most: Count
    source: Line
    sure: Literal["read", "assumed"]
    changes: Line


class CoverWeights(LibraryFile):
    weights: tuple[Weight, ...]

    @field_validator("weights")
    @classmethod
    def _all_once(cls, given: tuple[Weight, ...]) -> tuple[Weight, ...]:
        if sorted(one.id for one in given) != sorted(NAMES):
            raise ValueError(f"give each of {', '.join(NAMES)} once")
        for one in given:
            if not one.least <= one.value <= one.most:
                raise ValueError(f"{one.id}: its value lies outside its own bounds")
        return given


@cache
def known_weights() -> dict[str, Weight]:
    found = load_yaml(PACKAGE, "cover_weights.yaml", CoverWeights).weights
    return {one.id: one for one in found}


def _usual(name: str) -> Any:
    return field(default_factory=lambda: known_weights()[name].value)


@dataclass(frozen=True)
class Weights:
    """``rope``, ``stay``, ``out``: a second there. ``entrance`` and ``zone``: seconds that an
    entrance, and all of a zone together, count as if the principal were there."""

    rope: float = _usual("rope")
    stay: float = _usual("stay")
    out: float = _usual("out")
    entrance: float = _usual("entrance")
    zone: float = _usual("zone")
    stage_minutes: float = _usual("stage_minutes")
    """On a stage, where no stay is drawn."""

    def refuse(self) -> None:
        for name, weight in known_weights().items():
            given = getattr(self, name)
            if not weight.least <= given <= weight.most:
                where = f"weights.{name}"
                mend = f"Give {weight.least:g} to {weight.most:g} {weight.unit}."
                raise Refused(f"{weight.label} cannot count {given:g}", where, mend)

    def factor(self, what: str) -> float:
        """Of a second in a part of this kind."""
        return {"rope": self.rope, "stay": self.stay, "stage": self.stay, "out": self.out}.get(
            what, 1.0
        )


def weights_from(given: Mapping[str, float | None] | None) -> Weights:
    """Those named over the usual ones. Refused in words where a name or a value does not fit."""
    said = {name: value for name, value in (given or {}).items() if value is not None}
    names = [one.name for one in fields(Weights)]
    if strange := set(said) - set(names):
        raise Refused(f"There is no weight {min(strange)}", "weights", ", ".join(names))
    found: dict[str, float] = {}
    for name, value in said.items():
        try:
            found[name] = float(value)
        except (TypeError, ValueError) as error:
            raise Refused(f"{value} is no number", f"weights.{name}", "Write 3.") from error
    made = Weights(**found)
    made.refuse()
    return made
