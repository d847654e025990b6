"""Pure rules of the risk register: bands, what is left after measures, who may accept it."""

from collections.abc import Iterable
from typing import Literal, Protocol

from varangian.kernel.results import Refused
from varangian.threats.library import Acceptance, Band, Matrix, matrix

View = Literal["current", "target"]
COUNTED: dict[View, frozenset[str]] = {
    "current": frozenset({"in_place"}),
    "target": frozenset({"in_place", "agreed"}),
}


class Lowering(Protocol):
    """What one measure does to one risk, in steps of the matrix."""

    @property
    def state(self) -> str: ...
    @property
    def likelihood(self) -> int: ...
    @property
    def impact(self) -> int: ...


def inherent(likelihood: int, impact: int, grid: Matrix | None = None) -> Band:
    """The band of a risk before any measure; both steps 1 to 5."""
    for name, step in (("Likelihood", likelihood), ("Impact", impact)):
        if not 1 <= step <= 5:
            raise Refused(f"{name} {step} is not on the matrix", mend="Choose a step from 1 to 5.")
    return (grid or matrix()).band(likelihood, impact)


def residual(
    likelihood: int,
    impact: int,
    measures: Iterable[Lowering],
    view: View = "current",
    grid: Matrix | None = None,
) -> tuple[int, int, Band]:
    """Likelihood, impact and band that are left after the measures that count.

    ``current`` counts what is in place, ``target`` also what is agreed. Measures stack up to the
    matrix's ``most_steps``; no axis falls below 1, and no measure raises a step.
    """
    grid = grid or matrix()
    inherent(likelihood, impact, grid)
    counted = [measure for measure in measures if measure.state in COUNTED[view]]
    fewer = min(sum(max(0, m.likelihood) for m in counted), grid.most_steps.likelihood)
    milder = min(sum(max(0, m.impact) for m in counted), grid.most_steps.impact)
    left = max(1, likelihood - fewer), max(1, impact - milder)
    return *left, grid.band(*left)


def acceptance_authority(band: str, grid: Matrix | None = None) -> Acceptance:
    """Who must sign to accept a residual risk of this band, and for how long that holds."""
    for candidate in (grid or matrix()).bands:
        if candidate.id == band:
            return candidate.acceptance
    raise Refused(f"'{band}' is not a risk band", mend="Use low, moderate, high or extreme.")
