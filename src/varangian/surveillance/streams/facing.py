"""Faces before one camera: compared while the house says so, forgotten the moment it does not.

Shots, qualities and vectors of whoever matches nothing leave this process in no form.
"""

import base64
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from varangian.engines.vision.faces.gallery import Gallery, Template
from varangian.engines.vision.faces.model import Embedder, FaceFinder, Vector
from varangian.engines.vision.faces.watch import FaceWatch, Shot
from varangian.engines.vision.libraries import library
from varangian.engines.vision.model import Event, Frame, Tracked
from varangian.kernel.results import Refused

MOST_SHOTS, WIDEST, QUALITY = 5, 320, 90
Networks = Callable[[], tuple[FaceFinder, Embedder]]
Match = tuple[dict[str, Any], bytes]


def networks() -> tuple[FaceFinder, Embedder]:
    """Raises Refused where they are not installed."""
    from varangian.engines.vision.faces.centerface import CenterFace
    from varangian.engines.vision.faces.dlib_resnet import DlibResNet

    return CenterFace(), DlibResNet()


class Facing:
    """The stage `Faces` of a pipeline, with nothing to compare until it is given templates."""

    def __init__(self, load: Networks = networks) -> None:
        self._load = load
        self._networks: tuple[FaceFinder, Embedder] | None = None
        self._watch: FaceWatch | None = None
        self._stamp = ""
        self._found: list[Match] = []

    def take(self, order: dict[str, Any] | None, *, able: bool = True) -> str:
        """What the house wants compared now. Returns in words what keeps it from being done."""
        stamp = order["stamp"] if order else ""
        if stamp == self._stamp:
            return ""
        self._stamp = stamp
        if order is None:
            self._watch, self._found = None, []
            return ""
        try:
            if not able:
                raise Refused("this worker cannot look: it needs varangian[vision]")
            self._hold(order)
        except Refused as refused:
            self._watch = None
            return str(refused)
        return ""

    def _hold(self, order: dict[str, Any]) -> None:
        """What is known of the tracks in view stays: they are not told of twice."""
        self._networks = self._networks or self._load()
        finder, embedder = self._networks
        embedder.limits = replace(embedder.limits, threshold=float(order["threshold"]))
        name, sha256 = str(order["model"]), str(order["sha256"])
        kept = [_template(one, name, sha256) for one in order["templates"]]
        gallery = Gallery(kept, embedder.limits.metric)
        not_this = [_template(one, name, sha256) for one in order["not_this"]]
        if self._watch is None:
            self._watch = FaceWatch(finder, embedder, gallery, not_this)
        else:
            self._watch.gallery, self._watch.not_this = gallery, not_this

    def look(self, frame: Frame, tracked: Sequence[Tracked]) -> list[Event]:
        """Tells no event: a match goes to the house by `drain`, and all else nowhere."""
        if self._watch is None:
            return []
        for event in self._watch.look(frame, tracked):
            if event.name == "face.candidate" and event.track is not None:
                self._found.append(packed(event.detail, self._watch.shots(event.track)))
        return []

    def drain(self) -> list[Match]:
        found, self._found = self._found, []
        return found


def packed(detail: dict[str, Any], shots: Sequence[Shot]) -> Match:
    """Head and body of a message: the crops as JPEG, best first, and their vectors."""
    kept = [shot for shot in shots if shot.vector is not None][:MOST_SHOTS]
    crops = [_jpeg(shot.crop) for shot in kept]
    times = [shot.at for shot in kept]
    head = {
        "say": "match",
        "entry": detail["entry"],
        "similarity": detail["similarity"],
        "agreeing": detail["agreeing_shots"],
        "quality": detail["quality"],
        "seconds": round(max(times) - min(times), 2) if times else 0.0,
        "sizes": [len(crop) for crop in crops],
        "vectors": [_text(shot.vector.values) for shot in kept if shot.vector is not None],
    }
    return head, b"".join(crops)


def _template(pair: Sequence[str], name: str, sha256: str) -> Template:
    values = np.frombuffer(base64.b64decode(pair[1]), "<f4")
    return Template(str(pair[0]), Vector(values, name, sha256))


def _text(values: Any) -> str:
    return base64.b64encode(np.asarray(values, "<f4").tobytes()).decode()


def _jpeg(crop: Any) -> bytes:
    cv2 = library("cv2")
    high, wide = crop.shape[:2]
    if max(high, wide) > WIDEST:
        share = WIDEST / max(high, wide)
        size = (max(1, round(wide * share)), max(1, round(high * share)))
        crop = cv2.resize(crop, size, interpolation=cv2.INTER_AREA)
    whole, data = cv2.imencode(".jpg", crop, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return data.tobytes() if whole else b""
