"""Parts of a live picture as MPEG-TS, each one playable by itself, made in memory."""

from collections.abc import Callable
from fractions import Fraction
from io import BytesIO
from typing import Any

from varangian.engines.vision.libraries import library

av = library("av")
TARGET_S = 1.0
LONGEST_S = 8.0
"""A camera whose key pictures are further apart than this is encoded anew."""
CLOCK = Fraction(1, 90_000)
Sink = Callable[[int, float, bytes], None]


class Copier:
    """Packets of H.264 as they come, cut where a key picture begins."""

    def __init__(self, stream: Any, sink: Sink, first: int) -> None:
        self.template, self.sink = stream, sink
        self.number = first
        self._open: tuple[Any, Any, BytesIO] | None = None
        self._begun = self._last = 0.0

    def take(self, packet: Any) -> None:
        if packet.dts is None:
            return
        at = float((packet.pts if packet.pts is not None else packet.dts) * packet.time_base)
        if packet.is_keyframe and (self._open is None or at - self._begun >= TARGET_S):
            self.cut(at)
            out = BytesIO()
            made = av.open(out, "w", format="mpegts")
            self._open = (made, made.add_stream_from_template(self.template), out)
            self._begun = at
        if self._open is None:
            return
        packet.stream = self._open[1]
        self._open[0].mux(packet)
        self._last = at

    def cut(self, at: float) -> None:
        if self._open is None:
            return
        self._open[0].close()
        data = self._open[2].getvalue()
        self._open = None
        seconds = at - self._begun
        if 0 < seconds <= LONGEST_S * 2:
            self.sink(self.number, seconds, data)
            self.number += 1

    @property
    def stuck(self) -> bool:
        """No key picture for too long."""
        return self._open is not None and self._last - self._begun > LONGEST_S


class Encoder:
    """Pictures encoded anew: where there are masks, or a codec that browsers do not play."""

    def __init__(self, sink: Sink, fps: float, first: int) -> None:
        self.sink, self.fps = sink, max(1, min(30, round(fps)))
        self.number = first
        self._open: tuple[Any, Any, BytesIO] | None = None
        self._begun = 0.0
        self._last = float("-inf")

    def take(self, at: float, image: Any) -> None:
        """``image``: H x W x 3 BGR, already masked; its sides are even."""
        if at <= self._last:
            return
        self._last = at
        if self._open is None or at - self._begun >= TARGET_S:
            self.cut(at)
            self._start(image.shape[1], image.shape[0])
            self._begun = at
        if self._open is None:
            return
        made, stream, _ = self._open
        frame = av.VideoFrame.from_ndarray(image, format="bgr24")
        frame.pts, frame.time_base = round(at * 90_000), CLOCK
        for packet in stream.encode(frame):
            made.mux(packet)

    def _start(self, width: int, height: int) -> None:
        out = BytesIO()
        made = av.open(out, "w", format="mpegts")
        stream: Any = made.add_stream("libx264", rate=self.fps)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.codec_context.time_base = CLOCK
        stream.options = {
            "preset": "ultrafast", "tune": "zerolatency", "crf": "26", "profile": "baseline",
            "threads": "1", "g": "600",
        }  # fmt: skip
        self._open = (made, stream, out)

    def cut(self, at: float) -> None:
        if self._open is None:
            return
        made, stream, out = self._open
        for packet in stream.encode(None):
            made.mux(packet)
        made.close()
        self._open = None
        if at > self._begun:
            self.sink(self.number, at - self._begun, out.getvalue())
            self.number += 1
