"""Pure: the heat map of a TVRA as rows of cells, for the screen and for paper."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .library import matrix
from .standing import TONES


@dataclass(frozen=True)
class Spot:
    """One cell: what stands there, and what it means."""

    likelihood: int
    impact: int
    band: str
    tone: str
    labels: tuple[str, ...]

    @property
    def words(self) -> str:
        return ", ".join(self.labels)


@dataclass(frozen=True)
class Heat:
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Spot, ...]], ...]
    waiting: tuple[str, ...]
    """Risks that nobody has judged yet: they stand nowhere, and are told."""


def heat(risks: Iterable[Mapping[str, Any]]) -> Heat:
    """Likelihood falls from top to bottom, consequence rises from left to right."""
    grid = matrix()
    cells: dict[tuple[int, int], list[str]] = {}
    waiting: list[str] = []
    for row in risks:
        if row["left_out"]:
            continue
        if row["likelihood"] is None:
            waiting.append(row["key"])
        else:
            cells.setdefault((row["likelihood"], row["impact"]), []).append(row["key"])
    return Heat(
        columns=tuple(f"{word.step} {word.word}" for word in grid.impact),
        rows=tuple(
            (
                f"{word.step} {word.word}",
                tuple(_spot(word.step, impact, cells) for impact in range(1, 6)),
            )
            for word in reversed(grid.likelihood)
        ),
        waiting=tuple(waiting),
    )


def _spot(likelihood: int, impact: int, cells: Mapping[tuple[int, int], list[str]]) -> Spot:
    band = matrix().band(likelihood, impact)
    labels = tuple(cells.get((likelihood, impact), ()))
    return Spot(likelihood, impact, band, TONES[band], labels)
