"""Pure: the matrix as rows of cells, and the library as a person picks from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from varangian.kernel.results import NotFound
from varangian.operations.library import kinds

from .library import StandardRisk, matrix, risks
from .standing import TONES

VIEWS = {
    "inherent": "Before measures",
    "current": "Now, with measures in place",
    "target": "With agreed measures",
}
LEFT, TOP, WIDE, HIGH, GAP = 118, 28, 112, 72, 4
MARKS_A_ROW, MARK_ROWS = 3, 2


@dataclass(frozen=True)
class Label:
    x: int
    y: int
    words: str
    middle: bool = False


@dataclass(frozen=True)
class Mark:
    x: int
    y: int
    row: Any


@dataclass(frozen=True)
class Square:
    """One cell of the picture; ``more`` counts the lines that found no room in it."""

    x: int
    y: int
    band: str
    tone: str
    marks: list[Mark]
    more: int


@dataclass(frozen=True)
class Grid:
    """Units of the drawing are those of its viewBox."""

    squares: list[Square]
    labels: list[Label]
    width: int = LEFT + 5 * (WIDE + GAP)
    height: int = TOP + 5 * (HIGH + GAP)
    cell_width: int = WIDE
    cell_height: int = HIGH


@dataclass(frozen=True)
class Choice:
    risk: StandardRisk
    taken: str
    """The line that holds it already, or nothing."""
    usual: bool
    """It arises in operations of this kind."""
    tone: str
    band: str


def grid(cells: Mapping[tuple[int, int], list[Any]]) -> Grid:
    """Likelihood falls from top to bottom, impact rises from left to right."""
    words = matrix()
    labels = [
        *[Label(0, _y(w.step) + HIGH // 2, f"{w.step} {w.word}") for w in words.likelihood],
        *[Label(_x(w.step) + WIDE // 2, 18, f"{w.step} {w.word}", True) for w in words.impact],
        Label(0, 18, "Likelihood, impact"),
    ]
    places = [(likelihood, impact) for likelihood in range(5, 0, -1) for impact in range(1, 6)]
    return Grid([_square(*place, cells.get(place, [])) for place in places], labels)


def _x(impact: int) -> int:
    return LEFT + (impact - 1) * (WIDE + GAP)


def _y(likelihood: int) -> int:
    return TOP + (5 - likelihood) * (HIGH + GAP)


def _square(likelihood: int, impact: int, rows: list[Any]) -> Square:
    x, y = _x(impact), _y(likelihood)
    band = matrix().band(likelihood, impact)
    room = MARKS_A_ROW * MARK_ROWS
    marks = [
        Mark(x + 6 + 36 * (at % MARKS_A_ROW), y + 34 + 17 * (at // MARKS_A_ROW), row)
        for at, row in enumerate(rows[:room])
    ]
    return Square(x, y, band, TONES[band], marks, max(0, len(rows) - room))


def grouped_library(kind: str, taken: Mapping[str, Any]) -> list[tuple[str, list[Choice]]]:
    """Standard risks by responsibility, those of this kind of operation first."""
    usual = {risk.id for risk in _usual(kind)}
    groups: dict[str, list[Choice]] = {}
    for risk in risks().risks:
        band = matrix().band(risk.suggested.likelihood, risk.suggested.impact)
        line = taken[risk.id].label if risk.id in taken else ""
        choice = Choice(risk, line, risk.id in usual, TONES[band], band)
        groups.setdefault(risk.responsibility.replace("_", " ").capitalize(), []).append(choice)
    for choices in groups.values():
        choices.sort(key=lambda choice: not choice.usual)
    return list(groups.items())


def _usual(kind: str) -> tuple[StandardRisk, ...]:
    try:
        return risks().arising_in(kinds().get(kind).settings)
    except NotFound:
        return risks().risks
