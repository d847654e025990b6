"""Where on a vehicle a plate can be, and what a line of text must look like to be one.

Writing on the sides of vans fails here: it stands too high, or its letters are too large or too
small for the vehicle that bears them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from varangian.engines.vision.libraries import library

from .finder import Line

KINDS = ("car", "bus", "truck", "motorcycle")
TOP = 0.3
"""Share of a vehicle's height above which no plate is looked for."""
LEAST_WIDTH = 72
"""Pixels of a vehicle: on a narrower one no letter has five of them."""
LETTERS = {"motorcycle": (0.05, 0.3)}
OTHER_LETTERS = (0.018, 0.1)
"""Height of a line as a share of the vehicle's width. Letters of 75 mm on 1.8 m are 0.04; a line
as it is found is a third higher than its letters."""
ASPECT, ROW_ASPECT = (2.2, 9.0), (0.8, 5.0)
"""Width to height of a plate in one row, and of one row of two."""
MOST_TILT = 25.0
LEAST_LETTER, LEAST_SHARP = 6.0, 14.0
"""Pixels a line must be high to be read at all; fine detail it must have (`sharpness`)."""
BAND = 0.28
"""Width of a blue band in heights of its line; a stroke of a letter is narrower."""
AROUND, FRAME = 0.55, 0.15
"""Heights above and below a line in which its ground must end; by which share of the contrast."""
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Spot:
    """One line, or two that belong together in the order in which they are read."""

    lines: tuple[Line, ...]


def lower(image: np.ndarray, box: Box) -> tuple[np.ndarray, tuple[int, int]]:
    """The part of the picture in which a vehicle's plate would be, and its top left corner there.

    A view of ``image``.
    """
    high, wide = image.shape[:2]
    x0, y0, x1, y1 = box
    left, right = max(0, int(x0)), min(wide, int(x1) + 1)
    top = max(0, int(y0 + (y1 - y0) * TOP))
    bottom = min(high, int(y1 + (y1 - y0) * 0.04) + 1)
    return image[top : max(top, bottom), left : max(left, right)], (left, top)


def spots(lines: Sequence[Line], kind: str, width: float) -> list[Spot]:
    """What may be a plate on a vehicle of this kind that is ``width`` pixels wide."""
    least, most = LETTERS.get(kind, OTHER_LETTERS)
    good = [
        line
        for line in lines
        if abs(line.tilt) <= MOST_TILT
        and line.height >= LEAST_LETTER
        and least * width <= line.height <= most * width
    ]
    alone = [Spot((line,)) for line in good if _within(line.width / line.height, ASPECT)]
    pairs = [Spot(pair) for pair in permutations(good, 2) if _beside(*pair) or _above(*pair)]
    return alone + pairs


def _within(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]


def _alike(a: Line, b: Line) -> bool:
    return 0.7 <= a.height / b.height <= 1.4 and abs(a.tilt - b.tilt) <= 8


def _beside(a: Line, b: Line) -> bool:
    """Two groups of one row that were found apart, ``a`` first."""
    if not _alike(a, b):
        return False
    high = max(a.height, b.height)
    ax, ay = a.corners[1:3].mean(axis=0)
    bx, by = b.corners[[0, 3]].mean(axis=0)
    together = (a.width + b.width + max(0.0, bx - ax)) / high
    return (
        -0.6 * high <= bx - ax <= 1.6 * high
        and abs(by - ay) <= 0.4 * high
        and (_within(together, ASPECT))
    )


def _above(a: Line, b: Line) -> bool:
    """Two rows of one plate, ``a`` on top."""
    if not _alike(a, b) or not all(_within(o.width / o.height, ROW_ASPECT) for o in (a, b)):
        return False
    (ax, ay), (bx, by) = a.middle, b.middle
    high = (a.height + b.height) / 2
    return 0.7 * high <= by - ay <= 1.7 * high and abs(ax - bx) <= 0.35 * max(a.width, b.width)


def strip(image: np.ndarray, line: Line) -> np.ndarray:
    """The line cut out and set upright, without the blue band of its country."""
    cv2 = library("cv2")
    width, height = max(8, round(line.width)), max(4, round(line.height))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    turn = cv2.getPerspectiveTransform(line.corners.astype(np.float32), target)
    cut = cv2.warpPerspective(
        image, turn, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return cut[:, band(cut) :]


def band(cut: np.ndarray) -> int:
    """Columns of the blue band at the left end; 0 where there is none."""
    high, wide = cut.shape[:2]
    blue, green, red = (cut[:, : max(1, wide // 4), k].astype(np.int16) for k in range(3))
    is_blue = ((blue - red > 45) & (blue - green > 25)).mean(axis=0) > 0.45
    found = np.flatnonzero(is_blue)
    whole = len(found) >= max(2, BAND * high) and found[0] <= BAND * high
    return int(found[-1]) + 1 if whole and found[-1] - found[0] < len(found) + 2 else 0


def framed(image: np.ndarray, line: Line) -> bool:
    """Whether the ground of the letters ends above and below them, or an edge is drawn there.

    Writing on a body has the body all around; a plate is a thing of its own.
    """
    cv2 = library("cv2")
    down = (line.corners[3] - line.corners[0]) * AROUND
    wider = line.corners + np.array([-down, -down, down, down])
    rows, inside = 42, 20
    wide = max(16, round(line.width / max(1.0, line.height) * inside))
    target = np.array([[0, 0], [wide, 0], [wide, rows], [0, rows]], np.float32)
    turn = cv2.getPerspectiveTransform(wider.astype(np.float32), target)
    cut = cv2.warpPerspective(image, turn, (wide, rows), borderMode=cv2.BORDER_REPLICATE)
    grey = cv2.cvtColor(cut, cv2.COLOR_BGR2GRAY).astype(np.float32)
    edge = (rows - inside) // 2
    text = grey[edge:-edge]
    dark, middle, light = (float(one) for one in np.percentile(text, (10, 50, 85)))
    ground = light if light - middle <= middle - dark else dark
    away = np.abs(grey[:, wide // 12 : wide - wide // 12].mean(axis=1) - ground)
    least = FRAME * max(light - dark, 8.0)
    return bool(away[:edge].max() >= least and away[-edge:].max() >= least)


def sharpness(cut: np.ndarray) -> float:
    """Fine detail of a line across its letters, its contrast brought to one level.

    Letters are upright strokes: a blur of any kind takes their edges away first.
    """
    cv2 = library("cv2")
    grey = cv2.cvtColor(np.ascontiguousarray(cut), cv2.COLOR_BGR2GRAY)
    width = max(8, round(grey.shape[1] * 16 / max(1, grey.shape[0])))
    small = cv2.resize(grey, (width, 16), interpolation=cv2.INTER_AREA).astype(np.float32)
    small = cv2.blur(small, (1, 3))
    spread = max(float(small.std()), 4.0)
    return float(np.abs(np.diff(small, axis=1)).mean() / spread * 40)
