"""One look at one vehicle: its lines of text, those that may be a plate, and what they say."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from . import place
from .countries import Country, chosen
from .finder import LineFinder
from .fitting import Fit, fit
from .letters import LetterReader
from .place import Box, Spot
from .voting import Read

MOST_LINES = 6


@dataclass(frozen=True, slots=True)
class Look:
    """``height``: of the line in pixels; ``corners``: of its first line, in the picture."""

    read: Read
    height: float
    sharpness: float
    corners: np.ndarray


class PlateReader:
    """Raises Refused when the networks of the extra ``plates`` are not installed."""

    def __init__(
        self,
        among: Sequence[Country] | None = None,
        finder: LineFinder | None = None,
        letters: LetterReader | None = None,
    ) -> None:
        self.among: Sequence[Country] = tuple(among) if among is not None else chosen("")
        self._finder = finder or LineFinder()
        self._letters = letters or LetterReader()

    def look(self, image: np.ndarray, box: Box, kind: str) -> Look | None:
        """The plate of the vehicle in this box (pixels of ``image``), as far as one shot can tell.

        None where no line of text has the place, the form and the characters of a plate.
        """
        crop, (left, top) = place.lower(image, box)
        if min(crop.shape[:2]) < 16:
            return None
        found = place.spots(self._finder.find(crop), kind, box[2] - box[0])
        cuts, spots = self._cut(crop, found)
        if not spots:
            return None
        reads = dict(zip(cuts, self._letters.read([cut for cut, _ in cuts.values()]), strict=True))
        best: tuple[tuple[bool, int, float], Look] | None = None
        for spot in spots:
            read = _joined([reads[id(line)] for line in spot.lines])
            held = fit(read.text, self.among)
            if held is None:
                continue
            rank = _rank(held, read)
            if best is None or rank > best[0]:
                line = spot.lines[0]
                sharp = min(cuts[id(one)][1] for one in spot.lines)
                look = Look(read, line.height, sharp, line.corners + np.array([left, top]))
                best = rank, look
        return best[1] if best else None

    def _cut(
        self, crop: np.ndarray, found: Sequence[Spot]
    ) -> tuple[dict[int, tuple[np.ndarray, float]], list[Spot]]:
        """Each line once, with its sharpness; the spots whose lines are sharp and on a ground of
        their own."""
        cuts: dict[int, tuple[np.ndarray, float]] = {}
        unfit: set[int] = set()
        for line in (line for spot in found for line in spot.lines):
            if id(line) in cuts or id(line) in unfit or len(cuts) >= MOST_LINES:
                continue
            cut = place.strip(crop, line)
            sharp = place.sharpness(cut) if min(cut.shape[:2]) >= 4 else 0.0
            if sharp < place.LEAST_SHARP or not place.framed(crop, line):
                unfit.add(id(line))
            else:
                cuts[id(line)] = cut, sharp
        return cuts, [spot for spot in found if all(id(line) in cuts for line in spot.lines)]


def _joined(reads: Sequence[Read]) -> Read:
    return Read("".join(r.text for r in reads), tuple(p for r in reads for p in r.sure))


def _rank(held: Fit, read: Read) -> tuple[bool, int, float]:
    return held.whole, -len(held.changed), sum(read.sure) / len(read.sure)
