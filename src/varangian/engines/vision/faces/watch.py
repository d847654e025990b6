"""Faces of tracked persons: a few best shots a track, compared once there are enough.

What matches nothing lives in memory until its track ends, and is never told with its vector.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from varangian.engines.vision.faces.gallery import Candidate, Gallery, Template, candidate
from varangian.engines.vision.faces.model import Embedder, Face, FaceFinder, Quality, Vector
from varangian.engines.vision.faces.quality import quality, rank
from varangian.engines.vision.model import Event, Frame, Tracked

HEAD = 0.55  # upper part of a standing person's box in which the face is looked for
BESIDE = 0.15


@dataclass(slots=True)
class Shot:
    """A face with the piece of the frame around it (BGR)."""

    at: float
    crop: np.ndarray
    face: Face  # in pixels of the crop
    quality: Quality
    vector: Vector | None = None


@dataclass(slots=True)
class _Seen:
    looked: float
    seen: float
    shots: list[Shot] = field(default_factory=list)
    told: set[str] = field(default_factory=set)
    waiting: bool = False


@dataclass(slots=True)
class FaceWatch:
    """``every``: seconds between two looks at one track; ``keep``: shots kept of it;
    ``enough``: shots before they are compared; ``forget``: seconds unseen until all is dropped.
    Without a gallery shots are judged and told, and no vector is made."""

    finder: FaceFinder
    embedder: Embedder
    gallery: Gallery | None = None
    not_this: Sequence[Template] = ()
    every: float = 0.4
    keep: int = 5
    enough: int = 3
    agree: int = 2
    forget: float = 5.0
    _tracks: dict[int, _Seen] = field(default_factory=dict)

    def look(self, frame: Frame, tracked: Sequence[Tracked]) -> list[Event]:
        out: list[Event] = []
        for person in tracked:
            if person.kind != "person":
                continue
            kept = self._tracks.setdefault(person.track, _Seen(float("-inf"), frame.at))
            kept.seen = frame.at
            if frame.at - kept.looked >= self.every - 1e-6:
                kept.looked = frame.at
                out += self._shot(frame, person, kept)
        for track in [n for n, s in self._tracks.items() if frame.at - s.seen > self.forget]:
            del self._tracks[track]
        return out

    def shots(self, track: int) -> list[Shot]:
        """Best shots of a track that is still remembered, best first."""
        return list(self._tracks[track].shots) if track in self._tracks else []

    def _shot(self, frame: Frame, person: Tracked, kept: _Seen) -> list[Event]:
        crop = head(frame.image, person.box)
        faces = self.finder.find(crop) if min(crop.shape[:2]) >= 16 else []
        if not faces:
            return []
        face = max(faces, key=lambda f: (f.box[2] - f.box[0]) * f.score)
        shot = Shot(frame.at, crop.copy(), face, quality(crop, face))
        faults = shot.quality.faults(self.embedder.limits)
        detail: dict[str, Any] = {"quality": shot.quality.plain(), "faults": faults}
        better = not kept.shots or rank(shot.quality) > rank(kept.shots[0].quality)
        told = [Event(frame.at, "face.shot", person.track, detail)] if better else []
        if not faults:
            kept.waiting = self._kept(kept, shot)
        elif not kept.shots:
            return told
        return told + self._compared(frame.at, person.track, kept)

    def _kept(self, kept: _Seen, shot: Shot) -> bool:
        """Whether the shot is among the best now."""
        kept.shots.append(shot)
        kept.shots.sort(key=lambda s: -rank(s.quality))
        del kept.shots[self.keep :]
        return any(s is shot for s in kept.shots)

    def _compared(self, at: float, track: int, kept: _Seen) -> list[Event]:
        if self.gallery is None or not kept.waiting or len(kept.shots) < self.enough:
            return []
        kept.waiting = False
        vectors = [self._vector(shot) for shot in kept.shots]
        found = candidate(
            vectors,
            self.gallery,
            threshold=self.embedder.limits.threshold,
            agree=self.agree,
            not_this=self.not_this,
        )
        if found is None or found.entry in kept.told:
            return []
        kept.told.add(found.entry)
        return [Event(at, "face.candidate", track, self._detail(found, kept, vectors[0]))]

    def _vector(self, shot: Shot) -> Vector:
        if shot.vector is None:
            shot.vector = self.embedder.embed(shot.crop, shot.face)
        return shot.vector

    def _detail(self, found: Candidate, kept: _Seen, vector: Vector) -> dict[str, Any]:
        return {
            "entry": found.entry,
            "similarity": round(found.similarity, 3),
            "threshold": self.embedder.limits.threshold,
            "agreeing_shots": found.agreeing,
            "shots": found.shots,
            "quality": kept.shots[0].quality.plain(),
            "model": vector.model,
            "model_sha256": vector.sha256,
        }


def head(image: np.ndarray, box: tuple[float, float, float, float]) -> np.ndarray:
    """The part of the frame where a person's face would be. A view of ``image``."""
    height, width = image.shape[:2]
    x0, y0, x1, y1 = box
    beside, above = (x1 - x0) * BESIDE, (y1 - y0) * 0.05
    tall = max((y1 - y0) * HEAD, min(y1 - y0, x1 - x0))
    left, right = max(0, int(x0 - beside)), min(width, int(x1 + beside) + 1)
    top, bottom = max(0, int(y0 - above)), min(height, int(y0 + tall) + 1)
    return image[top:bottom, left:right]
