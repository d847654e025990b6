"""What each stage of the pipeline must be able to do: one method each."""

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np

from varangian.engines.vision.model import Detection, Event, Frame, Tracked


class Source(Protocol):
    def items(self) -> Iterator[Frame | Event]:
        """Frames in the order of their clock; an Event where the source itself has news."""
        ...


class Gate(Protocol):
    def moved(self, luma: np.ndarray) -> bool:
        """Whether this picture is worth a detector's time. ``luma``: H x W uint8."""
        ...


class Detector(Protocol):
    def detect(self, image: np.ndarray) -> list[Detection]:
        """What is seen. ``image``: H x W x 3 uint8, BGR; boxes in its pixels."""
        ...


class Tracker(Protocol):
    def follow(self, at: float, seen: Sequence[Detection]) -> list[Tracked]:
        """The same things with the numbers of their tracks; those seen now only."""
        ...


class Faces(Protocol):
    def look(self, frame: Frame, tracked: Sequence[Tracked]) -> list[Event]:
        """Faces of tracked persons: events of the tracks whose best shots are chosen."""
        ...


class Plates(Protocol):
    def look(self, frame: Frame, tracked: Sequence[Tracked]) -> list[Event]:
        """Number plates of tracked vehicles: one event a track whose shots agree."""
        ...
