"""Lines of text in a picture: PP-OCR's map of "text here", and slanted boxes around its spots."""

from dataclasses import dataclass

import numpy as np

from varangian.engines.vision.catalogue import models
from varangian.engines.vision.libraries import library
from varangian.engines.vision.session import Network

STEP = 32
MEAN, SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
TEXT, LINE = 0.3, 0.5
"""Of a pixel; of a line on average."""
GROWN = 1.6
"""The map shrinks lines: they are grown by this share of area over circumference."""
MOST = 40


@dataclass(frozen=True, slots=True)
class Line:
    """``corners``: 4 x 2, from the top left clockwise, in pixels of the picture."""

    corners: np.ndarray
    score: float

    @property
    def width(self) -> float:
        return float(np.hypot(*(self.corners[1] - self.corners[0])))

    @property
    def height(self) -> float:
        return float(np.hypot(*(self.corners[3] - self.corners[0])))

    @property
    def middle(self) -> tuple[float, float]:
        x, y = self.corners.mean(axis=0)
        return float(x), float(y)

    @property
    def tilt(self) -> float:
        """Degrees off the horizontal."""
        dx, dy = self.corners[1] - self.corners[0]
        return float(np.degrees(np.arctan2(dy, dx)))


class LineFinder:
    """``side``: longest side of the network's input; ``gain``: how much a picture may be enlarged,
    since letters below ten pixels are found badly."""

    def __init__(self, *, side: int = 640, gain: float = 2.5) -> None:
        self._network = Network(models()["ppocr5-lines"].verified())
        self._side, self._gain = side, gain

    def find(self, image: np.ndarray) -> list[Line]:
        """``image``: H x W x 3 uint8, BGR. Surest first."""
        cv2 = library("cv2")
        high, wide = image.shape[:2]
        if min(high, wide) < 8:
            return []
        scale = min(self._gain, self._side / max(high, wide))
        rows, columns = (max(STEP, round(side * scale / STEP) * STEP) for side in (high, wide))
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        fitted = cv2.resize(image, (columns, rows), interpolation=way).astype(np.float32)
        fitted = (fitted / 255 - np.array(MEAN, np.float32)) / np.array(SPREAD, np.float32)
        told = self._network.run(np.ascontiguousarray(fitted.transpose(2, 0, 1)[None]))[0][0, 0]
        return lines(told, columns / wide, rows / high)


def lines(told: np.ndarray, across: float, down: float) -> list[Line]:
    """``told``: rows x columns of how surely a pixel is text; the others are its pixels to one of
    the picture."""
    cv2 = library("cv2")
    spots, _ = cv2.findContours(
        (told > TEXT).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE
    )
    found = []
    for spot in sorted(spots, key=cv2.contourArea, reverse=True)[:MOST]:
        middle, size, angle = cv2.minAreaRect(spot)
        if min(size) < 3:
            continue
        score = _score(told, cv2.boxPoints((middle, size, angle)))
        if score < LINE:
            continue
        more = size[0] * size[1] * GROWN / (2 * (size[0] + size[1]))
        grown = (size[0] + 2 * more, size[1] + 2 * more)
        corners = _clockwise(cv2.boxPoints((middle, grown, angle))) / [across, down]
        found.append(Line(corners.astype(np.float32), score))
    return sorted(found, key=lambda line: -line.score)


def _score(told: np.ndarray, corners: np.ndarray) -> float:
    cv2 = library("cv2")
    low, high = np.floor(corners.min(axis=0)), np.ceil(corners.max(axis=0))
    left, top = (int(max(0, side)) for side in low)
    right = int(min(told.shape[1] - 1, high[0])) + 1
    bottom = int(min(told.shape[0] - 1, high[1])) + 1
    mask = np.zeros((bottom - top, right - left), np.uint8)
    cv2.fillPoly(mask, [np.round(corners - [left, top]).astype(np.int32)], 1)
    return float(cv2.mean(np.ascontiguousarray(told[top:bottom, left:right]), mask)[0])


def _clockwise(corners: np.ndarray) -> np.ndarray:
    """From the top left, with the long sides across: plates do not stand on end."""
    around = np.roll(corners, 1, axis=0)
    if np.hypot(*(corners[1] - corners[0])) < np.hypot(*(around[1] - around[0])):
        corners = around
    if corners[1][0] < corners[0][0]:
        corners = np.roll(corners, 2, axis=0)
    if corners[3][1] < corners[0][1]:
        corners = corners[[3, 2, 1, 0]]
    return corners
