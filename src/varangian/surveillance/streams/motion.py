"""Is there motion in the picture? A running mean of small grey pictures, as recorders do it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from varangian.engines.vision.libraries import library

cv2 = library("cv2")

SIDE = (160, 90)
RATE = 0.08
LEVEL = 22
BEGINS, LEAVES = 0.004, 0.0015
"""Shares of the picture that differ from its mean."""
WHOLE = 0.6
"""More than this is light, infrared or a moved camera, and no motion in the scene."""
CALM_S = 3.0


@dataclass
class Motion:
    mean: Any = None
    moving: bool = False
    since: float = 0.0
    last: float = 0.0

    def look(self, at: float, luma: Any) -> tuple[str, dict[str, Any]] | None:
        """``luma``: H x W uint8. Returns an event when motion begins or has ended."""
        small = cv2.blur(cv2.resize(luma, SIDE, interpolation=cv2.INTER_AREA), (3, 3))
        grey = small.astype(np.float32)
        if self.mean is None:
            self.mean = grey
            return None
        share = float((np.abs(grey - self.mean) > LEVEL).mean())
        if share > WHOLE:
            self.mean = grey
            return None
        self.mean += RATE * (grey - self.mean)
        return self._step(at, share)

    def _step(self, at: float, share: float) -> tuple[str, dict[str, Any]] | None:
        if share >= (LEAVES if self.moving else BEGINS):
            self.last = at
            if not self.moving:
                self.moving, self.since = True, at
                return "motion.begun", {"share": round(share, 4)}
        elif self.moving and at - self.last >= CALM_S:
            self.moving = False
            return "motion.ended", {"seconds": round(self.last - self.since, 1)}
        return None
