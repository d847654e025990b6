"""What a preview of rules leaves behind: stills in a folder, or a clip with what was told."""

from collections import deque
from fractions import Fraction
from pathlib import Path
from typing import Any

from varangian.engines.vision.libraries import library
from varangian.engines.vision.model import Event
from varangian.engines.vision.trial import Step
from varangian.kernel.results import Refused

SHOWN_S = 2.0
"""How long an event goes on standing in the clip."""
MOST_STILLS = 500


class Stills:
    """``FOLDER/0001-12.4s-hedge.jpg`` and so on."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.count = folder, 0
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Refused("This folder cannot be made", str(folder)) from error

    def take(self, step: Step) -> None:
        if not step.events or self.count >= MOST_STILLS:
            return
        self.count += 1
        name = f"{self.count:04d}-{step.at:.1f}s-{step.events[0].detail['rule']}.jpg"
        whole, data = library("cv2").imencode(".jpg", step.picture())
        if whole:
            (self.folder / name).write_bytes(data.tobytes())

    def close(self) -> str:
        return f"{self.count} stills in {self.folder}"


class Clip:
    """Every frame that was looked at, at its own time."""

    def __init__(self, file: Path) -> None:
        self.av, self.file = library("av"), file
        self.told: deque[Event] = deque()
        self.made: Any = None
        self.stream: Any = None

    def take(self, step: Step) -> None:
        while self.told and step.at - self.told[0].at > SHOWN_S:
            self.told.popleft()
        image = step.picture(tuple(self.told))
        self.told.extend(step.events)
        image = image[: image.shape[0] // 2 * 2, : image.shape[1] // 2 * 2].copy()
        made = self.made or self._open(image.shape[1], image.shape[0])
        frame = self.av.VideoFrame.from_ndarray(image, format="bgr24")
        frame.time_base, frame.pts = Fraction(1, 1000), round(step.at * 1000)
        made.mux(self.stream.encode(frame))

    def _open(self, wide: int, high: int) -> Any:
        try:
            made = self.av.open(str(self.file), "w")
        except OSError as error:
            raise Refused("This clip cannot be written", str(self.file)) from error
        self.made, self.stream = made, made.add_stream("libx264", rate=30)
        self.stream.width, self.stream.height, self.stream.pix_fmt = wide, high, "yuv420p"
        self.stream.codec_context.time_base = Fraction(1, 1000)
        return made

    def close(self) -> str:
        if self.made is not None:
            self.made.mux(self.stream.encode(None))
            self.made.close()
        return str(self.file)


def keeper(out: Path) -> Stills | Clip:
    """A clip for a name that ends in .mp4, else a folder."""
    return Clip(out) if out.suffix.lower() == ".mp4" else Stills(out)
