"""``python -m varangian.surveillance.streams.trying``: rules tried on one recording.

The recording comes by standard input and is parsed here and nowhere else, within the limits of the
reader of a camera.
"""

import io
import json
import os
import sys
from collections.abc import Iterator
from time import monotonic
from typing import IO, Any

from varangian.engines.vision import catalogue
from varangian.engines.vision.libraries import library
from varangian.engines.vision.model import Event, Frame
from varangian.engines.vision.sources.clock import SourceClock
from varangian.engines.vision.sources.decode import frame_of
from varangian.engines.vision.trial import Step, trial
from varangian.kernel.results import Refused

from .child import limits
from .looking import DOUBTFUL
from .opening import FORMATS, MOST_PIXELS, why
from .wire import send

FPS, MOST_S = 3.0, 180.0
"""Looks a second, and how much of a recording is looked at."""
MOST_EVENTS, MOST_STILLS = 200, 12
WIDEST, QUALITY = 640, 80


class Recording:
    """A source of frames from bytes; tells how far it is."""

    def __init__(self, data: bytes, out: IO[bytes]) -> None:
        self.data, self.out, self.told = data, out, 0.0

    def items(self) -> Iterator[Frame | Event]:
        av = library("av")
        with av.open(io.BytesIO(self.data), options={"format_whitelist": FORMATS}) as found:
            if not found.streams.video:
                raise Refused("The recording has no pictures")
            video = found.streams.video[0]
            if video.width * video.height > MOST_PIXELS:
                raise Refused("The picture is larger than 3840 x 2160")
            length = float(found.duration / av.time_base) if found.duration else MOST_S
            clock, due = SourceClock(), 0.0
            for picture in found.decode(video):
                at = clock.tick(picture.time, monotonic())
                if at > MOST_S:
                    return
                if at + 1e-6 < due:
                    continue
                due = at + 1 / FPS
                self._tell(min(1.0, at / max(0.1, min(length, MOST_S))))
                yield frame_of(picture, at, WIDEST)

    def _tell(self, share: float) -> None:
        if monotonic() - self.told > 0.5:
            self.told = monotonic()
            send(self.out, {"say": "step", "share": round(share, 3)})


def tried(data: bytes, rules: str, out: IO[bytes], detector: Any) -> None:
    events = stills = 0
    for step in trial(Recording(data, out), rules, detector):
        for event in step.events[: MOST_EVENTS - events]:
            events += 1
            picture = _jpeg(step) if stills < MOST_STILLS else b""
            stills += bool(picture)
            head = {"say": "event", "at": round(step.at, 2), "name": event.name}
            send(
                out, head | {"rule": event.detail["rule"], "words": event.detail["words"]}, picture
            )
        if events >= MOST_EVENTS:
            break


def _jpeg(step: Step) -> bytes:
    cv2 = library("cv2")
    whole, data = cv2.imencode(".jpg", step.picture(), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return data.tobytes() if whole else b""


def main() -> None:
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    head = json.loads(sys.stdin.buffer.readline())
    limits()
    reason = ""
    try:
        library("av").logging.set_level(None)
        data = sys.stdin.buffer.read(int(head["bytes"]))
        tried(data, head["rules"], out, catalogue.detector(least=DOUBTFUL))
    except Refused as refused:
        reason = str(refused)
    except MemoryError:
        reason = "The recording needs more memory than a camera has"
    except Exception as error:
        reason = why(error)
    send(out, {"say": "end", "reason": reason[:200]})
    out.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
