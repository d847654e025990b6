"""CenterFace (Xu et al. 2019): a heat map of face middles with sizes, offsets and five points."""

from pathlib import Path

import numpy as np

from varangian.engines.vision.catalogue import models
from varangian.engines.vision.detectors import boxes
from varangian.engines.vision.faces.model import Face
from varangian.engines.vision.libraries import library
from varangian.engines.vision.session import Network

STRIDE = 4
STEP = 32


class CenterFace:
    """``side``: longest side of the network's input; pictures are not made larger than they are."""

    def __init__(self, path: Path | None = None, *, least: float = 0.5, side: int = 640) -> None:
        self._network = Network(path or models()["centerface"].verified())
        self._least, self._side = least, side

    def find(self, image: np.ndarray) -> list[Face]:
        longest = min(self._side, max(image.shape[:2]))
        fitted = boxes.fit(image, longest, longest, step=STEP, fill=0)
        # The network was trained on RGB as it comes, without a mean.
        picture = np.ascontiguousarray(
            fitted.image[:, :, ::-1].transpose(2, 0, 1)[None], np.float32
        )
        heat, size, offset, points = (part[0] for part in self._network.run(picture))
        found = decode(heat[0], size, offset, points, self._least)
        kept = library("cv2").dnn.NMSBoxes(
            [[f[0], f[1], f[2] - f[0], f[3] - f[1]] for f, _, _ in found],
            [score for _, _, score in found],
            self._least,
            0.3,
        )
        faces = [found[int(i)] for i in np.array(kept).ravel()]
        return [
            Face(tuple((box / fitted.scale).tolist()), spots / fitted.scale, score)
            for box, spots, score in sorted(faces, key=lambda face: -face[2])
        ]


def decode(
    heat: np.ndarray, size: np.ndarray, offset: np.ndarray, points: np.ndarray, least: float
) -> list[tuple[np.ndarray, np.ndarray, float]]:
    """Maps (rows x columns, with 1, 2, 2 and 10 channels) to corners, points and score."""
    out = []
    for row, column in np.argwhere(heat > least):
        height, width = np.exp(size[:, row, column]) * STRIDE
        dy, dx = offset[:, row, column]
        x = (column + dx + 0.5) * STRIDE - width / 2
        y = (row + dy + 0.5) * STRIDE - height / 2
        spots = points[:, row, column].reshape(5, 2)[:, ::-1] * [width, height] + [x, y]
        box = np.array([x, y, x + width, y + height])
        out.append((box, spots, float(heat[row, column])))
    return out
