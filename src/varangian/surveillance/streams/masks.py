"""Private areas, painted over in the decoder."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from varangian.engines.vision.libraries import library

cv2 = library("cv2")

GREY = 96
Outline = tuple[tuple[float, float], ...]


def outlines(given: Sequence[Sequence[Sequence[float]]]) -> tuple[Outline, ...]:
    return tuple(tuple((float(x), float(y)) for x, y in one) for one in given)


@lru_cache(maxsize=4)
def cover(masks: tuple[Outline, ...], height: int, width: int) -> Any:
    """H x W of bool: what is private. A pixel that an outline touches is private as a whole."""
    sheet = np.zeros((height, width), np.uint8)
    for one in masks:
        points = np.array([[x * (width - 1), y * (height - 1)] for x, y in one])
        cv2.fillPoly(sheet, [np.round(points).astype(np.int32)], 1)
    return cv2.dilate(sheet, np.ones((3, 3), np.uint8)).astype(bool)


def paint(image: Any, masks: tuple[Outline, ...]) -> Any:
    """``image``: H x W x 3 or H x W, uint8; painted in place and returned."""
    if masks:
        image[cover(masks, image.shape[0], image.shape[1])] = GREY
    return image
