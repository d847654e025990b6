"""Motion: which pictures are worth a detector's time.

As Frigate does it: a small grey picture, stretched in contrast, against a running mean. A picture
that has changed nearly everywhere (light switched on, infrared, another view) is looked at and
becomes the new mean at once.
"""

import numpy as np

from varangian.engines.vision.libraries import library

HEIGHT = 108  # rows of the small picture; a person of 5 % of the frame has 5 of them
DIFFERENT = 22  # grey levels after the stretch
EVERYWHERE = 0.6
MOST_GAIN = 1.5


class Always:
    """No gate: every picture is looked at."""

    def moved(self, luma: np.ndarray) -> bool:  # noqa: ARG002
        return True


class Motion:
    """``least``: share of the picture that must differ; ``learning``: weight of a new picture."""

    def __init__(self, *, least: float = 0.0012, learning: float = 0.08) -> None:
        self._least, self._learning = least, learning
        self._mean: np.ndarray | None = None
        self._cv2 = library("cv2")

    def moved(self, luma: np.ndarray) -> bool:
        cv2 = self._cv2
        width = max(8, round(luma.shape[1] * HEIGHT / luma.shape[0]))
        small = cv2.resize(luma, (width, HEIGHT), interpolation=cv2.INTER_AREA)
        small = cv2.GaussianBlur(stretched(small), (3, 3), 0)
        if self._mean is None or self._mean.shape != small.shape:
            self._mean = small.astype(np.float32)
            return True
        apart = cv2.absdiff(small, cv2.convertScaleAbs(self._mean))
        share = float(np.count_nonzero(apart > DIFFERENT)) / apart.size
        if share > EVERYWHERE:
            self._mean = small.astype(np.float32)
            return True
        cv2.accumulateWeighted(small, self._mean, self._learning)
        return share >= self._least


def stretched(grey: np.ndarray) -> np.ndarray:
    """Contrast spread towards the whole range, so that night and fog count as day.

    At most ``MOST_GAIN`` times: on a nearly flat picture more would make motion out of noise.
    """
    low, high = (float(level) for level in np.percentile(grey[::2, ::2], (4, 96)))
    gain = min(MOST_GAIN, 255 / max(high - low, 1.0))
    return np.clip((grey - np.float32(low)) * np.float32(gain), 0, 255).astype(np.uint8)
