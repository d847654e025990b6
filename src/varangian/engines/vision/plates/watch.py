"""Plates of tracked vehicles: a few looks a track, one answer once two of them agree.

What was read lives in memory until its track has an answer or has gone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from varangian.engines.vision.model import Event, Frame, Tracked

from .countries import Country
from .place import KINDS, LEAST_WIDTH, Box
from .reader import Look
from .voting import Answer, vote


class Reader(Protocol):
    among: Sequence[Country]

    def look(self, image: np.ndarray, box: Box, kind: str) -> Look | None: ...


@dataclass(slots=True)
class _Seen:
    looked: float
    seen: float
    left: int
    width: float = 0.0
    looks: list[Look] = field(default_factory=list)
    over: bool = False


@dataclass(slots=True)
class PlateWatch:
    """``every``: seconds between two looks at one track; ``most``: looks at it, and one more each
    time that it has grown by a quarter; ``forget``: seconds unseen until all is dropped."""

    reader: Reader
    every: float = 0.4
    most: int = 8
    forget: float = 2.0
    agree: int = 2
    looks: int = 0
    _tracks: dict[int, _Seen] = field(default_factory=dict)

    def look(self, frame: Frame, tracked: Sequence[Tracked]) -> list[Event]:
        """``plate.read``, once a track. A piece of a plate is told when nothing more can come."""
        out: list[Event] = []
        for one in tracked:
            if one.kind in KINDS:
                out += self._vehicle(frame, one)
        for track in [n for n, s in self._tracks.items() if frame.at - s.seen > self.forget]:
            out += self._told(frame.at, track, self._tracks.pop(track), last=True)
        return out

    def end(self, at: float) -> list[Event]:
        """What the tracks in view have said so far, when no picture comes any more."""
        out = [e for n, s in self._tracks.items() for e in self._told(at, n, s, last=True)]
        self._tracks.clear()
        return out

    def _vehicle(self, frame: Frame, one: Tracked) -> list[Event]:
        kept = self._tracks.setdefault(one.track, _Seen(float("-inf"), frame.at, self.most))
        kept.seen = frame.at
        width = one.box[2] - one.box[0]
        if width > 1.25 * kept.width and not kept.over:
            kept.left += bool(kept.width)
        elif kept.left <= 0:
            return []
        due = frame.at - kept.looked >= self.every - 1e-6
        if kept.over or not due or kept.left <= 0 or width < LEAST_WIDTH:
            return []
        kept.looked, kept.width = frame.at, max(width, kept.width)
        kept.left -= 1
        self.looks += 1
        image, scale = closer(frame)
        found = self.reader.look(image, scaled(one.box, scale), one.kind)
        if found is None:
            return []
        kept.looks.append(found)
        return self._told(frame.at, one.track, kept, last=kept.left <= 0)

    def _told(self, at: float, track: int, kept: _Seen, *, last: bool) -> list[Event]:
        if kept.over or len(kept.looks) < self.agree:
            return []
        answer = vote([look.read for look in kept.looks], self.reader.among, agree=self.agree)
        if answer is None or not (answer.whole or last):
            return []
        kept.over = True
        height = max(look.height for look in kept.looks)
        kept.looks.clear()
        return [Event(at, "plate.read", track, plain_answer(answer, height))]


def plain_answer(answer: Answer, height: float) -> dict[str, object]:
    return {
        "plate": answer.plate,
        "country": answer.country,
        "confidence": answer.confidence,
        "agreeing_shots": answer.agreeing,
        "shots": answer.shots,
        "whole": answer.whole,
        "height": round(height, 1),
    }


def closer(frame: Frame) -> tuple[np.ndarray, float]:
    """The picture with as many pixels as there are, and how many to one of the frame's."""
    if frame.closer is None:
        return frame.image, 1.0
    image = frame.closer()
    return image, image.shape[1] / frame.image.shape[1]


def scaled(box: Box, scale: float) -> Box:
    x0, y0, x1, y1 = (side * scale for side in box)
    return x0, y0, x1, y1
