"""Pictures into networks and boxes out of them, whatever the family."""

from dataclasses import dataclass

import numpy as np

from varangian.engines.vision.libraries import library
from varangian.engines.vision.model import Detection

# Classes of COCO that a protection team has a use for; the three kinds of luggage are one.
COCO = {0: "person", 1: "bicycle", 2: "car", 3: "motorcycle", 5: "bus", 7: "truck"} | {
    24: "bag",
    26: "bag",
    28: "bag",
}
# Vehicles that small networks mistake for each other are one thing when boxes compete.
RIVALS = {"person": 0, "bag": 1, "bicycle": 2, "motorcycle": 2, "car": 3, "bus": 3, "truck": 3}


@dataclass(frozen=True, slots=True)
class Fitted:
    """A picture inside the network's input: pixels of the input = pixels of the picture x scale."""

    image: np.ndarray  # h x w x 3 uint8
    scale: float


def fit(image: np.ndarray, width: int, height: int, *, step: int = 0, fill: int = 114) -> Fitted:
    """``image`` scaled to fit, at the top left of width x height.

    With ``step`` the side that is not filled is cut to the next multiple of it: a wide picture
    costs a wide network little more than its own area.
    """
    cv2 = library("cv2")
    rows, columns = image.shape[:2]
    scale = min(width / columns, height / rows)
    inner = max(1, round(columns * scale)), max(1, round(rows * scale))
    small = cv2.resize(image, inner, interpolation=cv2.INTER_LINEAR)
    if step:
        width, height = (-(-side // step) * step for side in inner)
    out = np.full((height, width, 3), fill, np.uint8)
    out[: inner[1], : inner[0]] = small
    return Fitted(out, scale)


def chosen(
    boxes: np.ndarray, scores: np.ndarray, *, least: float, overlap: float
) -> list[tuple[np.ndarray, str, float]]:
    """Boxes that win among overlapping ones of like kind.

    ``boxes``: N x 4 corners; ``scores``: N x 80, classes of COCO. Each box speaks for its best
    useful class.
    """
    wanted = np.array(sorted(COCO))
    best = scores[:, wanted].argmax(axis=1)
    score = scores[np.arange(len(scores)), wanted[best]]
    kept = np.flatnonzero(score >= least)
    if not len(kept):
        return []
    kinds = [COCO[int(wanted[i])] for i in best[kept]]
    groups = np.array([RIVALS[kind] for kind in kinds])
    index = library("cv2").dnn.NMSBoxesBatched(
        _sides(boxes[kept]), score[kept].astype(float).tolist(), groups.tolist(), least, overlap
    )
    return [(boxes[kept[i]], kinds[i], float(score[kept[i]])) for i in index]


def _sides(boxes: np.ndarray) -> list[list[float]]:
    """Corner, width, height, as OpenCV wants them."""
    return np.hstack([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]]).astype(float).tolist()


def detections(
    winners: list[tuple[np.ndarray, str, float]], scale: float, shape: tuple[int, ...]
) -> list[Detection]:
    """Winners in pixels of the picture, cut at its edges; slivers are left out."""
    height, width = shape[:2]
    out = []
    for box, kind, score in winners:
        x0, y0, x1, y1 = (box / scale).tolist()
        inside = max(0.0, x0), max(0.0, y0), min(float(width), x1), min(float(height), y1)
        if inside[2] - inside[0] >= 2 and inside[3] - inside[1] >= 2:
            out.append(Detection(inside, kind, score))
    return out
