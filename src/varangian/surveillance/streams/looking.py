"""The engine that looks, where it and its network are installed; without them motion is told alone.

Which faces, if any, are looked for is not decided here: without templates from the house, none.
Nor is whether number plates are read: without an order of the house, none.
"""

import time
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from varangian.engines.vision.behaviours import read
from varangian.engines.vision.model import Event, Frame
from varangian.kernel.results import Refused

from .facing import Facing
from .noting import Message, Notes
from .plating import Plating

ENGINE = "varangian.engines.vision"
QUIET = frozenset({"track.at", "track.ended"})
DOUBTFUL = 0.2
"""Score of boxes that hold a track and begin none."""
OFTEN, SELDOM = 0.2, 0.5
"""Seconds between two looks, with the engine and without."""
Told = tuple[str, dict[str, Any]]


class Looker:
    """``engine`` makes a pipeline of behaviours, faces and plates; None where nothing can look."""

    def __init__(
        self, engine: Any = None, facing: Facing | None = None, plating: Plating | None = None
    ) -> None:
        self.engine = engine or _engine()
        self.facing = facing or Facing()
        self.plating = plating or Plating()
        self.every = OFTEN if self.engine else SELDOM
        self.rules: str | None = None
        self.pipeline: Any = None
        self.notes: Notes | None = None

    def look(
        self, at: float, image: Any, luma: Any, rules: str = "", faces: Any = None, *,
        keeps: bool = False, plates: Any = None, closer: Any = None, tracks: bool = False,
    ) -> Iterator[Told]:  # fmt: skip
        """Names and details of events; ``image`` is masked already. Changed rules begin anew.
        ``faces``: what may be compared now, as the house sends it. ``keeps``: how people and
        vehicles looked is noted as well. ``plates``: whose number plates are read, if any;
        ``closer`` makes the same picture with more pixels, masked as well. ``tracks``: where people
        walk is told as places on the map."""
        if trouble := self.facing.take(faces, able=self.engine is not None):
            yield "faces.unable", {"words": trouble}
        if trouble := self.plating.take(plates, able=self.engine is not None):
            yield "plates.unable", {"words": trouble}
        if self.engine is None:
            return
        if rules != self.rules:
            self.rules = rules
            yield from self._begin(at, rules, (image.shape[1], image.shape[0]))
        frame = Frame(at, image, luma, closer)
        if self.notes is not None:
            self.notes.frame(frame, keeps=keeps, tracks=tracks)
        for event in self.pipeline.look(frame):
            if event.name not in QUIET:
                yield event.name, _told(event)

    def _begin(self, at: float, rules: str, size: tuple[int, int]) -> Iterator[Told]:
        """Rules that were drawn for another picture are told of, and the camera looks on."""
        behaviours = []
        try:
            behaviours = read(rules, size, began=time.time() - at) if rules else []
        except Refused as refused:
            yield "rules.unfit", {"words": refused.what}
        self.notes = Notes(behaviours, size) if behaviours else None
        noted = [*behaviours, *([self.notes] if self.notes else [])]
        self.pipeline = self.engine(noted, self.facing, self.plating)

    def noted(self, at: float) -> Iterator[Message]:
        """What the camera is asked to keep beside events, since the last call."""
        if self.notes is not None:
            yield from self.notes.messages(at)


def _told(event: Event) -> dict[str, Any]:
    """What began is named in words; where in the picture is left out."""
    if event.name == "track.begun":
        return {"words": str(event.detail.get("kind", "")), "score": event.detail.get("score")}
    return event.detail


def _engine() -> Any:
    try:
        made, gate, tracker, catalogue = (
            import_module(f"{ENGINE}.{name}")
            for name in ("pipeline", "gate", "tracker", "catalogue")
        )
        detector = catalogue.detector(least=DOUBTFUL)
    except (ImportError, Refused):
        return None
    return lambda behaviours, faces, plates: made.Pipeline(
        None, gate.Motion(), detector, tracker.ByteTracker(), behaviours, faces, plates=plates
    )
