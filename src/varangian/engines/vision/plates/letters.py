"""A cut-out line of text as characters, each with how sure the network is: PP-OCR's recogniser."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from varangian.engines.vision.catalogue import models
from varangian.engines.vision.libraries import library
from varangian.engines.vision.session import Network

from .voting import Read, read_of

HEIGHT, LEAST_WIDTH, MOST_WIDTH = 48, 96, 320
BLANK = 0


class LetterReader:
    """Lines of one call are read in one batch."""

    def __init__(self) -> None:
        self._network = Network(models()["ppocr5-letters"].verified())
        words = models()["ppocr5-alphabet"].verified().read_text("utf-8").splitlines()
        self._alphabet = ["", *words, " "]

    def read(self, strips: Sequence[np.ndarray]) -> list[Read]:
        """``strips``: H x W x 3 uint8, BGR, each a single line."""
        if not strips:
            return []
        fitted = [_fitted(strip) for strip in strips]
        widest = max(one.shape[2] for one in fitted)
        batch = np.zeros((len(fitted), 3, HEIGHT, widest), np.float32)
        for row, one in zip(batch, fitted, strict=True):
            row[:, :, : one.shape[2]] = one
        told = self._network.run(batch)[0]
        return [self._read(row) for row in told]

    def _read(self, steps: np.ndarray) -> Read:
        """A character is told where it begins; the same one after a blank is another."""
        best = steps.argmax(axis=1)
        begun = [0, *(k for k, (before, one) in enumerate(pairwise(best), 1) if one != before)]
        kept = [k for k in begun if best[k] not in (BLANK, len(self._alphabet))]
        text = [self._alphabet[int(best[k])] for k in kept]
        whole = [(one, float(steps[k, best[k]])) for one, k in zip(text, kept, strict=True)]
        return read_of([one for one, _ in whole], [p for _, p in whole])


def _fitted(strip: np.ndarray) -> np.ndarray:
    cv2 = library("cv2")
    high, wide = strip.shape[:2]
    width = min(MOST_WIDTH, max(LEAST_WIDTH, round(wide * HEIGHT / max(1, high) / 8) * 8))
    image = cv2.resize(strip, (width, HEIGHT), interpolation=cv2.INTER_LINEAR)
    return image.astype(np.float32).transpose(2, 0, 1) / 127.5 - 1
