"""``python -m varangian.surveillance.streams.child``: one camera, from its stream to messages.

What a camera sends is parsed here and nowhere else: in a process with limits, without a database,
without keys and without a file that it could write. Orders come as lines on standard input.
"""

import contextlib
import json
import os
import resource
import sys
import threading
import time
from collections.abc import Iterator
from typing import IO, Any

from varangian.engines.vision.libraries import library

MEMORY = 2 * 1024**3
PULSE = 1.0
LEAP = 5.0
BEHIND, DRIFT = 2.0, 1e-4
"""Seconds behind the stream from which nothing is judged until it is caught up with: a picture
that is shown late helps nobody. Clocks may differ by the other a frame."""
WIDEST, CLOSEST = 960, 1920
"""Pixels across of a picture that is looked at, and of one in which number plates are read."""
STILL_QUALITY = 82


def limits() -> None:
    """More memory than this, a written file or a core dump, and the child ends; nobody else."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    with contextlib.suppress(OSError):
        os.nice(5)


class Orders:
    """The newest order of the parent; its end is the end of the child."""

    def __init__(self, lines: IO[bytes]) -> None:
        self.now: dict[str, Any] = json.loads(lines.readline())
        threading.Thread(target=self._listen, args=(lines,), daemon=True).start()

    def _listen(self, lines: IO[bytes]) -> None:
        for line in lines:
            self.now = {**self.now, **json.loads(line)}
        os._exit(0)


class Reader:
    """Health, motion, and the picture for those who watch."""

    def __init__(self, orders: Orders, out: IO[bytes]) -> None:
        from .looking import Looker
        from .motion import Motion

        self.av = library("av")
        self.looker = Looker()
        self.orders, self.out = orders, out
        self.motion = Motion()
        self.frames = self.jumps = 0
        self.pulsed = time.monotonic()
        self.looked: float | None = None
        self.last: float | None = None
        self.live: Any = None
        self.opened = ""
        self.copies = False
        self.rate = self.clock = self.lag = 0.0
        self.best: float | None = None

    def say(self, head: dict[str, Any], body: bytes = b"") -> None:
        from .wire import send

        send(self.out, head, body)

    def run(self) -> None:
        from .opening import Unplayable, open_stream, why

        try:
            with open_stream(self.orders.now["source"], self.orders.now.get("files", "")) as found:
                self._opened(found)
                for packet in self._packets(found):
                    self._take(found.streams.video[0], packet)
                self.say({"say": "end", "reason": "The stream ended"})
        except Unplayable as error:
            self.say({"say": "end", "reason": str(error)})
        except MemoryError:
            self.say({"say": "end", "reason": "The picture needs more memory than a camera has"})
        except Exception as error:
            self.say({"say": "end", "reason": why(error)})

    def _opened(self, found: Any) -> None:
        video = found.streams.video[0]
        self.rate = float(video.average_rate or 0)
        self.copies = video.codec_context.name == "h264"
        self.say(
            {
                "say": "open",
                "size": 0,
                "picture": f"{video.width}x{video.height}",
                "codec": video.codec_context.name,
            }
        )

    def _packets(self, found: Any) -> Iterator[Any]:
        """A file is played at the speed of its own clock, again and again."""
        video = found.streams.video[0]
        if not self.orders.now["source"].startswith("file:"):
            yield from found.demux(video)
            return
        offset, length = 0, 0
        while True:
            for packet in found.demux(video):
                if packet.dts is None:
                    continue
                length = max(length, packet.dts + (packet.duration or 1))
                packet.dts += offset
                packet.pts = (packet.pts if packet.pts is not None else packet.dts) + (
                    offset if packet.pts is not None else 0
                )
                self._wait(float(packet.dts * packet.time_base))
                yield packet
            offset += length
            found.seek(0, stream=video)

    def _wait(self, at: float) -> None:
        if not self.clock:
            self.clock = time.monotonic() - at
        time.sleep(max(0.0, min(1.0, self.clock + at - time.monotonic())))

    def _take(self, video: Any, packet: Any) -> None:
        """Decoded before it is copied: the copy takes the packet over."""
        self._timed(packet)
        self.frames += 1
        if not self.orders.now.get("faces"):
            self.looker.facing.take(None)
        if not self.orders.now.get("plates"):
            self.looker.plating.take(None)
        try:
            pictures = packet.decode()
        except self.av.FFmpegError:  # a broken packet is passed over; the next key picture mends it
            pictures = []
        self._serve(video, packet)
        for picture in pictures:
            at = picture.time if picture.time is not None else self.last
            if at is not None:
                self._look(at, picture)
        self._pulse()

    def _timed(self, packet: Any) -> None:
        """The clock of the stream; a leap is counted and begins the parts anew."""
        if packet.dts is None:
            return
        at = float(packet.dts * packet.time_base)
        if self.last is not None and not -LEAP < at - self.last < LEAP:
            self.jumps += 1
            self.best = None
            self._stop_live()
        self.last = at
        ahead = at - time.monotonic()
        self.best = ahead if self.best is None else max(self.best - DRIFT, ahead)
        self.lag = self.best - ahead

    def _serve(self, video: Any, packet: Any) -> None:
        """Copied as it is where nothing is private and browsers play it; else encoded anew."""
        from .segments import Copier

        order = self.orders.now
        if not order.get("watched"):
            self._stop_live()
            return
        if order["masks"] or not self.copies:
            return
        if not isinstance(self.live, Copier):
            self.live = Copier(video, self._part, int(time.time()))
            self.opened = f"{time.time():.0f}c"
        self.live.take(packet)
        self.copies = not self.live.stuck

    def _look(self, at: float, picture: Any) -> None:
        from .masks import outlines, paint

        order = self.orders.now
        masks = outlines(order["masks"])
        again = order.get("watched") and (masks or not self.copies)
        due = self.looked is None or not 0 <= at - self.looked < self.looker.every
        due = due and self.lag < BEHIND
        if not (due or again or order.get("still")):
            return

        def shrunk(widest: int) -> Any:
            width = min(widest, picture.width) // 2 * 2
            height = round(picture.height * width / picture.width) // 2 * 2
            return paint(picture.reformat(width, height, "bgr24").to_ndarray(), masks)

        image = shrunk(WIDEST)
        if again:
            self._encode(at, image)
        if order.get("still"):
            self._still(image)
        if due:
            self.looked = at
            self._judge(at, image, lambda: shrunk(CLOSEST))

    def _encode(self, at: float, image: Any) -> None:
        from .segments import Encoder

        if not isinstance(self.live, Encoder):
            self.live = Encoder(self._part, self.rate or 15, int(time.time()))
            self.opened = f"{time.time():.0f}e"
        self.live.take(at, image)

    def _stop_live(self) -> None:
        self.live = None

    def _part(self, number: int, seconds: float, data: bytes) -> None:
        head = {"say": "part", "opened": self.opened, "number": number, "seconds": seconds}
        self.say(head, data)

    def _still(self, image: Any) -> None:
        cv2 = library("cv2")
        whole, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, STILL_QUALITY])
        if whole:
            self.orders.now = {**self.orders.now, "still": False}
            self.say({"say": "still"}, data.tobytes())

    def _judge(self, at: float, image: Any, closer: Any) -> None:
        cv2 = library("cv2")
        luma = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
        told = self.motion.look(at, luma)
        order = self.orders.now
        seen = self.looker.look(
            at, image, luma, order.get("behaviours", ""), order.get("faces"),
            keeps=bool(order.get("keeps_looks")), plates=order.get("plates"), closer=closer,
            tracks=bool(order.get("tracks")),
        )  # fmt: skip
        for name, detail in [*([told] if told else []), *seen]:
            wants = order.get("stills") and name.startswith("behaviour.")
            self.say({"say": "event", "name": name, "detail": detail}, _jpeg(image, wants))
        for head, body in [*self.looker.facing.drain(), *self.looker.noted(at)]:
            self.say(head, body)

    def _pulse(self) -> None:
        passed = time.monotonic() - self.pulsed
        if passed < PULSE:
            return
        self.say(
            {
                "say": "pulse",
                "frames": self.frames,
                "fps": round(self.frames / passed, 1),
                "jumps": self.jumps,
            }
        )
        self.frames, self.pulsed = 0, time.monotonic()


def _jpeg(image: Any, wanted: Any) -> bytes:
    """As it was looked at: private areas are painted over."""
    if not wanted:
        return b""
    cv2 = library("cv2")
    whole, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, STILL_QUALITY])
    return data.tobytes() if whole else b""


def main() -> None:
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not speak in our place
    orders = Orders(sys.stdin.buffer)
    limits()
    library("av").logging.set_level(None)
    Reader(orders, out).run()
    out.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
