"""One opening of a file or stream, decoded with PyAV until it ends or fails."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import numpy as np

from varangian.engines.vision.libraries import library
from varangian.engines.vision.model import Frame
from varangian.engines.vision.sources import address
from varangian.engines.vision.sources.clock import SourceClock
from varangian.kernel.results import Refused

WIDEST = 1920  # pixels of a frame that leaves here; larger pictures are made smaller
MOST_PIXELS = 50_000_000
MOST_DAMAGED = 250  # packets in a row
PATIENCE = 10.0  # seconds to open, and between two packets


class SourceLost(Exception):
    """The source cannot be opened or has failed; the words say why."""


@dataclass(slots=True)
class Seen:
    """What is known of a source while it runs."""

    width: int = 0
    height: int = 0
    codec: str = ""
    frames: int = 0
    damaged: int = 0


@dataclass(slots=True)
class Decoder:
    """Frames of one source, at most ``fps`` a second by its own clock."""

    where: str
    live: bool
    clock: SourceClock
    fps: float
    seen: Seen = field(default_factory=Seen)
    widest: int = WIDEST
    _next: float = 0.0

    def frames(self) -> Iterator[Frame]:
        """Raises SourceLost when it fails; ends at the end of a file."""
        av = library("av")
        try:
            with av.open(
                self.where, options=address.options(self.live), timeout=(PATIENCE, PATIENCE)
            ) as container:
                yield from self._read(av, container)
        except av.FFmpegError as error:
            raise SourceLost(words(error)) from error
        except (OSError, ValueError, MemoryError) as error:
            raise SourceLost(str(error) or type(error).__name__) from error

    def _read(self, av: Any, container: Any) -> Iterator[Frame]:
        if not container.streams.video:
            raise SourceLost("it has no pictures")
        stream = container.streams.video[0]
        context = stream.codec_context
        if context is None:
            raise SourceLost("its codec is not known here")
        context.thread_count = 1  # a camera has one core at most
        self.seen.codec = context.name
        in_a_row = 0
        for packet in container.demux(stream):
            try:
                pictures = packet.decode()
            except av.FFmpegError:
                self.seen.damaged += 1
                in_a_row += 1
                if in_a_row > MOST_DAMAGED:
                    raise SourceLost(f"{in_a_row} damaged packets in a row") from None
                continue
            for picture in pictures:
                in_a_row = 0
                frame = self._taken(picture)
                if frame is not None:
                    yield frame

    def _taken(self, picture: Any) -> Frame | None:
        """The frame when its turn has come. The clock sees every picture."""
        if picture.width * picture.height > MOST_PIXELS:
            raise SourceLost(f"its pictures have {picture.width} x {picture.height} pixels")
        at = self.clock.tick(picture.time, monotonic())
        self.seen.frames += 1
        self.seen.width, self.seen.height = picture.width, picture.height
        if self.fps and at + 1e-6 < self._next:
            return None
        if self.fps:
            turn = 1 / self.fps
            self._next = self._next + turn if at - self._next < turn else at + turn
        return frame_of(picture, at, self.widest)


def frame_of(picture: Any, at: float, widest: int) -> Frame:
    """BGR and the Y plane, at most ``widest`` pixels wide."""
    width, height = picture.width, picture.height
    if width > widest:
        width, height = widest, max(2, round(height * widest / width / 2) * 2)
        picture = picture.reformat(width=width, height=height, format="yuv420p")
    image = picture.to_ndarray(format="bgr24")
    return Frame(at, image, _luma(picture))


def _luma(picture: Any) -> np.ndarray:
    if not picture.format.name.startswith(("yuv4", "yuvj4", "nv12", "nv21", "gray8")):
        return picture.to_ndarray(format="gray")
    if picture.format.components[0].bits != 8:
        return picture.to_ndarray(format="gray")
    plane = picture.planes[0]
    rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
    return rows[: picture.height, : picture.width].copy()


def words(error: Exception) -> str:
    """FFmpeg's reason without the address, which may hold a password."""
    told = getattr(error, "strerror", "") or type(error).__name__
    return "no answer in time" if "xit" in told and "mmediate" in told else told


def size_of(where: str) -> tuple[int, int]:
    """Width and height of the frames a source gives. Raises Refused when it cannot open."""
    live = address.is_live(where)
    decoder = Decoder(where, live, SourceClock(live=live), 0)
    try:
        frame = next(decoder.frames(), None)
    except SourceLost as lost:
        raise Refused(
            f"The source cannot be opened: {lost}",
            where=address.shown(where),
            mend="Check it with another player.",
        ) from lost
    if frame is None:
        raise Refused("The source has no pictures", where=address.shown(where))
    return frame.image.shape[1], frame.image.shape[0]
