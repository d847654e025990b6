"""The words of the engine: frames, detections, tracks and events."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np


@dataclass(frozen=True, slots=True)
class Frame:
    """One decoded picture."""

    at: float  # seconds, the source's own clock, never goes backwards
    image: np.ndarray  # H x W x 3 uint8, BGR
    luma: np.ndarray  # H x W uint8
    closer: Callable[[], np.ndarray] | None = None  # the same with more pixels, made when asked for


@dataclass(frozen=True, slots=True)
class Detection:
    """One thing seen in one frame."""

    box: tuple[float, float, float, float]  # x0, y0, x1, y1 in pixels of the frame
    kind: str  # "person", "car", "bicycle", "motorcycle", "bus", "truck", "bag", ...
    score: float


@dataclass(frozen=True, slots=True)
class Tracked:
    """A detection with the number of its track in this run of this camera."""

    track: int
    at: float
    kind: str
    box: tuple[float, float, float, float]
    score: float


@dataclass(frozen=True, slots=True)
class Event:
    """What a pipeline says; `detail` is plain JSON."""

    at: float
    name: str  # "track.begun", "track.ended", "face.shot", "behaviour.zone", "source.lost", ...
    track: int | None
    detail: dict[str, Any]


class Behaviour(Protocol):
    """A rule that watches the tracks of one camera."""

    def look(self, at: float, tracked: Sequence[Tracked]) -> Iterable[Event]: ...
