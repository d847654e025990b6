"""dlib's residual network (Davis King, CC0): 128 numbers a face, compared by distance."""

import numpy as np

from varangian.engines.vision.catalogue import FaceLimits, models
from varangian.engines.vision.faces.model import Face, Vector
from varangian.engines.vision.libraries import library

CHIP, PADDING = 150, 0.25  # as the network was trained
SIDE = 1.3  # of the square for the points, in widths of the found face


class DlibResNet:
    """Points by the five-point predictor only: the other one's training data bars trade."""

    def __init__(self) -> None:
        dlib = library("dlib")
        known = models()["dlib-resnet"]
        assert known.face is not None
        self.limits: FaceLimits = known.face
        self._name, self._hash = known.name, known.sha256
        self._network = dlib.face_recognition_model_v1(str(known.verified()))
        self._points = dlib.shape_predictor(str(models()["dlib-points-5"].verified()))
        self._dlib = dlib

    def embed(self, image: np.ndarray, face: Face) -> Vector:
        rgb = np.ascontiguousarray(image[:, :, ::-1])
        shape = self._points(rgb, self._dlib.rectangle(*square(face)))
        chip = self._dlib.get_face_chip(rgb, shape, size=CHIP, padding=PADDING)
        values = np.asarray(self._network.compute_face_descriptor(chip), np.float32)
        return Vector(values, self._name, self._hash)


def square(face: Face) -> tuple[int, int, int, int]:
    """The box that dlib's own detector would have drawn: about from brow to chin, as wide as high.

    Around the middle of the five points, which both detectors agree on.
    """
    x, y = face.points.mean(axis=0)
    side = face.box[2] - face.box[0]
    half = side * SIDE / 2
    return round(x - half), round(y - half), round(x + half), round(y + half)
