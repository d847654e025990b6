"""NanoDet (github.com/RangiLyu/nanodet, release of 2021): generalised focal loss head.

Each cell of three grids says 80 class scores and, for each side of its box, a distribution over 0
to 10 strides, whose mean is the distance of that side (Li et al. 2020, Generalized Focal Loss).
"""

from pathlib import Path

import numpy as np

from varangian.engines.vision.detectors import boxes
from varangian.engines.vision.model import Detection
from varangian.engines.vision.session import Network

STRIDES = (8, 16, 32)
STEPS = np.arange(11, dtype=np.float32)
MEAN = np.array([103.53, 116.28, 123.675], np.float32)  # BGR, ImageNet
SPREAD = np.array([57.375, 57.12, 58.395], np.float32)


class NanoDet:
    """``side``: longest side of the network's input, a multiple of 32."""

    def __init__(
        self, path: Path, *, least: float = 0.35, overlap: float = 0.55, side: int = 416
    ) -> None:
        self._network = Network(path)
        self._least, self._overlap, self._side = least, overlap, side

    def detect(self, image: np.ndarray) -> list[Detection]:
        fitted = boxes.fit(image, self._side, self._side, step=STRIDES[-1])
        picture = ((fitted.image.astype(np.float32) - MEAN) / SPREAD).transpose(2, 0, 1)[None]
        told = self._network.run(np.ascontiguousarray(picture))
        scores = np.concatenate([grid[0] for grid in told[:3]])
        sides = np.concatenate([grid[0] for grid in told[3:]])
        likely = np.flatnonzero(scores[:, list(boxes.COCO)].max(axis=1) >= self._least)
        points, strides = grid_points(picture.shape[2:])
        corners = decode(sides[likely], points[likely], strides[likely])
        winners = boxes.chosen(corners, scores[likely], least=self._least, overlap=self._overlap)
        return boxes.detections(winners, fitted.scale, image.shape)


def grid_points(shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Middle of every cell (N x 2, pixels of the input) and its stride (N)."""
    points, strides = [], []
    for stride in STRIDES:
        rows, columns = (side // stride for side in shape)
        y, x = np.mgrid[:rows, :columns]
        points.append((np.stack([x, y], axis=-1).reshape(-1, 2) + 0.5) * stride)
        strides.append(np.full(rows * columns, stride))
    return np.concatenate(points), np.concatenate(strides)


def decode(sides: np.ndarray, points: np.ndarray, strides: np.ndarray) -> np.ndarray:
    """N x 44 logits to N x 4 corners."""
    logits = sides.reshape(-1, 4, len(STEPS))
    weights = np.exp(logits - logits.max(axis=2, keepdims=True))
    reach = (weights @ STEPS) / weights.sum(axis=2) * strides[:, None]
    return np.hstack([points - reach[:, :2], points + reach[:, 2:]])
