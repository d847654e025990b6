"""YOLOX (Ge et al. 2021): one row a cell: centre, size, objectness, class scores."""

from pathlib import Path

import numpy as np

from varangian.engines.vision.detectors import boxes
from varangian.engines.vision.model import Detection
from varangian.engines.vision.session import Network

STRIDES = (8, 16, 32)


class YoloX:
    """Any export of YOLOX with 80 classes of COCO and its grid not yet decoded (the usual one)."""

    def __init__(self, path: Path, *, least: float = 0.3, overlap: float = 0.5) -> None:
        self._network = Network(path)
        height, width = self._network.shapes[0][2:]
        self._size = (width, height) if isinstance(width, int) else (416, 416)
        self._least, self._overlap = least, overlap

    def detect(self, image: np.ndarray) -> list[Detection]:
        fitted = boxes.fit(image, *self._size)
        picture = fitted.image.astype(np.float32).transpose(2, 0, 1)[None]
        rows = self._network.run(np.ascontiguousarray(picture))[0][0]
        scores = rows[:, 4:5] * rows[:, 5:85]
        corners = decode(rows[:, :4], self._size)
        winners = boxes.chosen(corners, scores, least=self._least, overlap=self._overlap)
        return boxes.detections(winners, fitted.scale, image.shape)


def decode(rows: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """N x 4 of (offset in cells, logarithm of size in cells) to N x 4 corners in pixels."""
    cells, strides = [], []
    for stride in STRIDES:
        y, x = np.mgrid[: size[1] // stride, : size[0] // stride]
        cells.append(np.stack([x, y], axis=-1).reshape(-1, 2))
        strides.append(np.full((x.size, 1), stride))
    stride = np.concatenate(strides)
    middle = (rows[:, :2] + np.concatenate(cells)) * stride
    half = np.exp(rows[:, 2:4]) * stride / 2
    return np.hstack([middle - half, middle + half])
