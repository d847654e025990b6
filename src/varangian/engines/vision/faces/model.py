"""The words of faces."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from varangian.engines.vision.catalogue import FaceLimits


@dataclass(frozen=True, slots=True)
class Face:
    """A face in a picture. ``points``: 5 x 2 (eyes, nose, corners of the mouth), picture's left
    first; all in pixels of the picture."""

    box: tuple[float, float, float, float]
    points: np.ndarray
    score: float


@dataclass(frozen=True, slots=True)
class Quality:
    """What decides whether a face may be compared at all."""

    width: float  # pixels in the frame
    sharpness: float  # fine detail at a common size (`quality`)
    yaw: float  # 0 to the camera, 0.5 about half in profile; in eye distances
    roll: float  # degrees

    def faults(self, limits: FaceLimits) -> list[str]:
        """Why it is too poor, in words; none when it is good enough."""
        out = []
        if self.width < limits.least_width:
            out.append(f"the face is {self.width:.0f} pixels wide, at least {limits.least_width:g}")
        if self.sharpness < limits.least_sharpness:
            out.append("it is blurred")
        if abs(self.yaw) > limits.most_yaw:
            out.append("it is turned away")
        return out

    def plain(self) -> dict[str, Any]:
        return {
            "width": round(self.width, 1),
            "sharpness": round(self.sharpness, 1),
            "yaw": round(self.yaw, 2),
            "roll": round(self.roll, 1),
        }


@dataclass(frozen=True, slots=True)
class Vector:
    """A face as an embedding network sees it; comparable only within one network's hash."""

    values: np.ndarray  # float32
    model: str
    sha256: str


class FaceFinder(Protocol):
    def find(self, image: np.ndarray) -> list[Face]:
        """Faces of a picture (H x W x 3 uint8, BGR), surest first."""
        ...


class Embedder(Protocol):
    limits: FaceLimits

    def embed(self, image: np.ndarray, face: Face) -> Vector:
        """The face of this picture as a vector."""
        ...
