"""A recording: every chosen frame is looked at, as fast as the machine can."""

from collections.abc import Iterator
from pathlib import Path

from varangian.engines.vision.model import Event, Frame
from varangian.engines.vision.sources.clock import SourceClock
from varangian.engines.vision.sources.decode import Decoder, SourceLost


class File:
    """``fps``: frames to look at a second of the recording; 0 for all."""

    def __init__(self, path: str | Path, *, fps: float = 5.0) -> None:
        self._path, self._fps = str(path), fps

    def items(self) -> Iterator[Frame | Event]:
        clock = SourceClock()
        decoder = Decoder(self._path, False, clock, self._fps)
        failed = ""
        try:
            yield from decoder.frames()
        except SourceLost as lost:
            failed = str(lost)
        seen = decoder.seen
        detail = {
            "frames": seen.frames,
            "size": [seen.width, seen.height],
            "damaged_packets": seen.damaged,
            "time_jumps": clock.jumps,
        }
        if failed:
            yield Event(max(clock.at, 0.0), "source.failed", None, {"reason": failed, **detail})
        else:
            yield Event(max(clock.at, 0.0), "source.ended", None, detail)
