"""How good a shot of a face is: width, sharpness, pose from five points."""

import numpy as np

from varangian.engines.vision.faces.model import Face, Quality
from varangian.engines.vision.libraries import library

SIZE, CONTRAST = 32, 40.0


def quality(image: np.ndarray, face: Face) -> Quality:
    """``image``: H x W x 3 uint8, BGR; ``face``: in its pixels."""
    eyes, nose = face.points[:2], face.points[2]
    across = eyes[1] - eyes[0]
    apart = max(float(np.hypot(*across)), 1e-6)
    off = float(np.dot(nose - eyes.mean(axis=0), across) / apart**2)
    roll = float(np.degrees(np.arctan2(across[1], across[0])))
    return Quality(face.box[2] - face.box[0], sharpness(image, face), off, roll)


def sharpness(image: np.ndarray, face: Face) -> float:
    """Fine detail of the face at 32 x 32, its contrast brought to one level.

    Variance of the second difference, along rows or columns, whichever has less: motion blurs one
    direction only. So small that sensor noise is averaged out; small faces count as soft.
    """
    cv2 = library("cv2")
    height, width = image.shape[:2]
    x0, y0, x1, y1 = (round(side) for side in face.box)
    part = image[max(0, y0) : min(height, y1), max(0, x0) : min(width, x1)]
    if min(part.shape[:2]) < 4:
        return 0.0
    grey = cv2.cvtColor(part, cv2.COLOR_BGR2GRAY)
    shrinks = min(part.shape[:2]) > SIZE
    way = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    small = cv2.resize(grey, (SIZE, SIZE), interpolation=way).astype(np.float32)
    small *= CONTRAST / max(float(small.std()), CONTRAST / 5)
    return min(float(np.diff(small, n=2, axis=axis).var()) for axis in (0, 1))


def rank(shot: Quality) -> float:
    """Which of a track's own shots is best; says nothing about a person."""
    facing = max(0.0, 1 - 1.5 * abs(shot.yaw)) * max(0.0, 1 - abs(shot.roll) / 90)
    return min(shot.width, 160) / 160 * min(shot.sharpness, 300) / 300 * (0.1 + facing)
