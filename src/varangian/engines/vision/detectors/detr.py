"""D-FINE and RF-DETR as their projects export them to ONNX: queries, no grid, no suppression."""

from pathlib import Path

import numpy as np

from varangian.engines.vision.detectors import boxes
from varangian.engines.vision.detectors.boxes import COCO
from varangian.engines.vision.model import Detection
from varangian.engines.vision.session import Network

# RF-DETR answers in the sparse numbers of COCO's own files, 1 to 90.
SPARSE = {1: "person", 2: "bicycle", 3: "car", 4: "motorcycle", 6: "bus", 8: "truck"} | {
    27: "bag",
    31: "bag",
    33: "bag",
}
MEAN = np.array([0.485, 0.456, 0.406], np.float32)
SPREAD = np.array([0.229, 0.224, 0.225], np.float32)
Winner = tuple[np.ndarray, str, float]


def _side(network: Network, usual: int) -> int:
    side = network.shapes[0][-1]
    return side if isinstance(side, int) else usual


def _picture(image: np.ndarray) -> np.ndarray:
    """H x W x 3 BGR to 1 x 3 x H x W RGB, 0 to 1."""
    return np.ascontiguousarray(image[:, :, ::-1].transpose(2, 0, 1)[None], np.float32) / 255


class DFine:
    """Inputs: picture and its size; outputs: labels (dense), boxes (corners), scores."""

    def __init__(self, path: Path, *, least: float = 0.3) -> None:
        self._network, self._least = Network(path), least
        self._side = _side(self._network, 640)

    def detect(self, image: np.ndarray) -> list[Detection]:
        fitted = boxes.fit(image, self._side, self._side)
        size = np.array([[self._side, self._side]], np.int64)
        told = self._network.run(
            _picture(fitted.image), size, outputs=("labels", "boxes", "scores")
        )
        labels, corners, scores = (part[0] for part in told)
        return boxes.detections(
            named(labels, corners, scores, COCO, self._least), fitted.scale, image.shape
        )


class RfDetr:
    """Input: picture normalised as ImageNet; outputs: boxes (centre, size, 0 to 1), logits."""

    def __init__(self, path: Path, *, least: float = 0.35) -> None:
        self._network, self._least = Network(path), least
        self._side = _side(self._network, 560)

    def detect(self, image: np.ndarray) -> list[Detection]:
        fitted = boxes.fit(image, self._side, self._side)
        picture = _picture(fitted.image)
        picture = (picture - MEAN[None, :, None, None]) / SPREAD[None, :, None, None]
        sizes, logits = (part[0] for part in self._network.run(picture)[:2])
        half = sizes[:, 2:] / 2
        corners = np.hstack([sizes[:, :2] - half, sizes[:, :2] + half]) * self._side
        scores = 1 / (1 + np.exp(-logits))
        winners = named(scores.argmax(axis=1), corners, scores.max(axis=1), SPARSE, self._least)
        return boxes.detections(winners, fitted.scale, image.shape)


def named(
    labels: np.ndarray,
    corners: np.ndarray,
    scores: np.ndarray,
    names: dict[int, str],
    least: float,
) -> list[Winner]:
    """Queries sure enough and of a kind that is of use, best first."""
    kept = [i for i in np.argsort(-scores) if scores[i] >= least and int(labels[i]) in names]
    return [(corners[i], names[int(labels[i])], float(scores[i])) for i in kept]
