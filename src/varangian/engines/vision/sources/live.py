"""A camera: it may die, lie and come back. Only the newest frame waits, so delay cannot grow."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from queue import Empty, Full, Queue
from threading import Event as Flag
from threading import Thread
from time import monotonic

from varangian.engines.vision.model import Event, Frame
from varangian.engines.vision.sources.address import shown
from varangian.engines.vision.sources.clock import SourceClock
from varangian.engines.vision.sources.decode import Decoder, SourceLost

FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
STEADY = 30.0  # seconds of pictures after which the next failure is a first one again
Item = Frame | Event


@dataclass(slots=True)
class BackOff:
    """Waits that double to a minute; a random part keeps cameras of one switch from one beat."""

    failures: int = 0

    def next(self) -> float:
        longest = min(LONGEST_WAIT, FIRST_WAIT * 2**self.failures)
        self.failures = min(self.failures + 1, 10)
        return longest * random.uniform(0.5, 1.0)  # noqa: S311


class Live:
    """Frames of a camera until ``stop`` is set. ``tries``: openings that may fail; None: no end."""

    def __init__(
        self, where: str, *, fps: float = 5.0, stop: Flag | None = None, tries: int | None = None
    ) -> None:
        self._where, self._fps, self._tries = where, fps, tries
        self.stop = stop or Flag()
        self.dropped = 0
        self._clock = SourceClock(live=True)
        self._frame: Queue[Frame] = Queue(1)
        self._news: Queue[Event] = Queue(100)
        self._done = Flag()
        self._heard: float | None = None

    def items(self) -> Iterator[Item]:
        reader = Thread(target=self._keep_open, name=f"camera {shown(self._where)}", daemon=True)
        reader.start()
        try:
            while not (self._done.is_set() and self._frame.empty()):
                try:
                    frame = self._frame.get(timeout=0.2)
                except Empty:
                    yield from self._told()
                    continue
                yield from self._told()
                yield frame
            yield from self._told()
        finally:
            self.stop.set()
            reader.join(timeout=15)

    def _told(self) -> Iterator[Event]:
        while not self._news.empty():
            yield self._news.get_nowait()

    def _keep_open(self) -> None:
        back_off, lost_at = BackOff(), None
        try:
            while not self.stop.is_set():
                begun = monotonic()
                reason = self._session(lost_at)
                if self.stop.is_set():
                    return
                lost_at = lost_at if self._silent(begun) else monotonic()
                if monotonic() - begun > STEADY:
                    back_off.failures = 0
                wait = back_off.next()
                last = self._tries is not None and back_off.failures >= self._tries
                told = {"reason": reason, "address": shown(self._where)}
                self._tell("source.lost", told | ({} if last else {"retry_in": round(wait, 1)}))
                if last or self.stop.wait(wait):
                    return
        finally:
            self._done.set()

    def _silent(self, begun: float) -> bool:
        return self._heard is None or self._heard < begun

    def _session(self, lost_at: float | None) -> str:
        """One opening; why it ended."""
        decoder = Decoder(self._where, True, self._clock, self._fps)
        if self._heard is not None:
            self._clock.renew(monotonic() - self._heard)
        first, lying = True, False
        try:
            for frame in decoder.frames():
                self._heard = monotonic()
                if first:
                    self._opened(decoder, lost_at)
                    first = False
                if self._clock.lies and not lying:
                    lying = True
                    self._tell("source.clock", {"reason": "its seconds are not ours"})
                self._put(frame)
                if self.stop.is_set():
                    break
        except SourceLost as lost:
            return str(lost)
        return "the stream ended"

    def _opened(self, decoder: Decoder, lost_at: float | None) -> None:
        seen = decoder.seen
        detail = {"size": [seen.width, seen.height], "codec": seen.codec}
        if lost_at is not None:
            detail["away"] = round(monotonic() - lost_at, 1)
        self._tell("source.opened", detail)

    def _put(self, frame: Frame) -> None:
        while True:
            try:
                self._frame.put_nowait(frame)
            except Full:
                try:
                    self._frame.get_nowait()
                    self.dropped += 1
                except Empty:
                    continue
            else:
                return

    def _tell(self, name: str, detail: dict) -> None:
        try:
            self._news.put_nowait(Event(max(self._clock.at, 0.0), name, None, detail))
        except Full:
            return
