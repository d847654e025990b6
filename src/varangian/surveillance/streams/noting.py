"""What the reader of a camera notes beside events: how things looked, and how many there were.

Both belong to cameras with rules; looks only where the record of the camera says that they are
kept. Neither holds a number of a track, nor anything of a face. Where people walk is noted only
while the house asks for it, and what was noted is forgotten the moment it does not.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from varangian.engines.vision.appearance import Looked, Looks
from varangian.engines.vision.behaviours import Walks
from varangian.engines.vision.counts import counter_of
from varangian.engines.vision.libraries import library
from varangian.engines.vision.model import Frame

EVERY_S = 10.0
WALKS_S = 5.0
QUALITY = 75
Message = tuple[dict[str, Any], bytes]


class Notes:
    """A behaviour of the pipeline; its messages are fetched after each look."""

    def __init__(self, behaviours: Sequence[Any], size: tuple[int, int]) -> None:
        self.counter = counter_of(behaviours, size)
        self.looks = Looks()
        self.keeps = False
        self.told: float | None = None
        scene = behaviours[0].frame.scene if behaviours else None
        self.walks = Walks(scene) if scene is not None and scene.earth is not None else None
        self.tracks = False
        self.handed = 0.0

    def frame(self, frame: Frame, *, keeps: bool, tracks: bool = False) -> None:
        self.looks.frame = frame if keeps else None
        self.keeps = keeps
        if self.walks is not None and not tracks:
            self.walks.taken()
        self.tracks = tracks and self.walks is not None

    def look(self, at: float, tracked: Sequence[Any]) -> Sequence[Any]:
        self.counter.look(at, tracked)
        if self.keeps:
            self.looks.look(at, tracked)
        if self.tracks and self.walks is not None:
            self.walks.look(at, tracked)
        return ()

    def messages(self, at: float) -> Iterator[Message]:
        for one in self.looks.taken():
            if self.keeps:
                yield _looked(one, at)
        yield from self._walked(at)
        if self.told is None or not 0 <= at - self.told < EVERY_S:
            if self.told is not None:
                yield {"say": "counts", "rows": self._rows()}, b""
            self.told = at

    def _walked(self, at: float) -> Iterator[Message]:
        if not self.tracks or self.walks is None or 0 <= at - self.handed < WALKS_S:
            return
        self.handed = at
        if kept := self.walks.taken():
            rows = {
                name: [[round(max(0.0, at - when), 2), lat, lon] for when, lat, lon in points]
                for name, points in kept.items()
            }
            yield {"say": "walks", "rows": rows}, b""

    def _rows(self) -> list[dict[str, Any]]:
        zones = [
            {
                "zone": one.zone, "door": False, "entered": one.entered, "left": one.left,
                "inside": one.people, "most": one.most, "per_m2": one.per_m2,
            }
            for one in self.counter.zone_counts()
        ]  # fmt: skip
        doors = [
            {"zone": one.door, "door": True, "entered": one.entered, "left": one.left}
            for one in self.counter.door_counts()
        ]
        self.counter.reset()
        return zones + doors


def _looked(one: Looked, at: float) -> Message:
    """Times as seconds ago: the clock of a stream is no clock of the house."""
    data = b""
    if one.crop is not None:
        cv2 = library("cv2")
        whole, made = cv2.imencode(".jpg", one.crop, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
        data = made.tobytes() if whole else b""
    head = {
        "say": "looks", "kind": one.kind, "looks": one.looks,
        "began_ago": max(0.0, at - one.begun), "ended_ago": max(0.0, at - one.ended),
    }  # fmt: skip
    return head, data
