"""Cameras a core can watch: the pipeline beside one that detects in every frame. Prints JSON.

One camera in five has somebody in it (the clip of VARANGIAN_SHARED_DATA/vision, or a generated
walker when it is absent), four show an empty scene with the noise of a sensor, at 432 lines and
five looks a second. Processor time of one thread; cores for twelve cameras follow from the mixture.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from varangian.engines.vision.catalogue import detector
from varangian.engines.vision.gate import Always, Motion
from varangian.engines.vision.model import Event, Frame
from varangian.engines.vision.pipeline import Habits, Pipeline
from varangian.engines.vision.sources.file import File
from varangian.engines.vision.tracker import ByteTracker

CLIP = "vision/one-by-one-person-detection.mp4"
SECONDS = 24.0
CAMERAS, ACTIVE = 12, 0.2
RATE = 10


class Cut:
    """The first ``SECONDS`` of a file, and how long each look at it took."""

    def __init__(self, path: Path, fps: float) -> None:
        self._file = File(path, fps=fps)
        self.seconds = 0.0

    def items(self) -> Iterator[Frame | Event]:
        for item in self._file.items():
            if item.at > SECONDS:
                return
            self.seconds = max(self.seconds, item.at)
            yield item


def film(path: Path, *, walker: bool) -> Path:
    """A floor at dusk with sensor noise; with a dark block that walks."""
    rng = np.random.default_rng(4)
    room = np.tile(np.linspace(70, 150, 768), (432, 1))[:, :, None].repeat(3, axis=2)
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = 768, 432, "yuv420p"
        for step in range(int(SECONDS * RATE)):
            image = room + rng.normal(0, 2.5, room.shape)
            if walker:
                x = 12 * step % 700
                image[150:380, x : x + 60] = 25
            shot = av.VideoFrame.from_ndarray(np.clip(image, 0, 255).astype(np.uint8), "rgb24")
            shot.pts, shot.time_base = step, Fraction(1, RATE)
            for packet in stream.encode(shot):
                out.mux(packet)
        for packet in stream.encode():
            out.mux(packet)
    return path


def watched(path: Path, *, plain: bool) -> dict[str, float]:
    """Processor milliseconds a second of film, and the share of frames that were looked at."""
    source = Cut(path, 0 if plain else 5)
    gate = Always() if plain else Motion()
    line = Pipeline(source, gate, detector(least=0.2), ByteTracker(), habits=Habits(tell=0))
    begun = time.process_time()
    events = list(line.run())
    spent = time.process_time() - begun
    return {
        "ms_a_second": 1000 * spent / source.seconds,
        "looked": line.counts.looked / line.counts.frames,
        "tracks": sum(event.name == "track.begun" for event in events),
    }


def slowest_look(path: Path) -> float:
    """95 % of the looks at a frame, detector to events, in processor milliseconds."""
    line = Pipeline(Cut(path, 5), Motion(), detector(least=0.2), ByteTracker())
    spent = []
    for item in Cut(path, 5).items():
        if isinstance(item, Frame):
            begun = time.process_time()
            list(line.look(item))
            spent.append((time.process_time() - begun) * 1e3)
    return float(np.percentile(spent, 95))


def main() -> int:
    clip = Path(os.environ.get("VARANGIAN_SHARED_DATA", "")) / CLIP
    with tempfile.TemporaryDirectory() as folder:
        real = clip.is_file()
        active = clip if real else film(Path(folder) / "active.mp4", walker=True)
        idle = film(Path(folder) / "idle.mp4", walker=False)
        ours = {"active": watched(active, plain=False), "idle": watched(idle, plain=False)}
        peer = {"active": watched(active, plain=True), "idle": watched(idle, plain=True)}
        look = slowest_look(active)
    mixed = {
        name: ACTIVE * found["active"]["ms_a_second"] + (1 - ACTIVE) * found["idle"]["ms_a_second"]
        for name, found in (("ours", ours), ("peer", peer))
    }
    report = {
        "clip": "real" if real else "generated: VARANGIAN_SHARED_DATA holds no clip",
        "ours": {name: {k: round(v, 2) for k, v in found.items()} for name, found in ours.items()},
        "every_frame": {
            name: {k: round(v, 2) for k, v in found.items()} for name, found in peer.items()
        },
        "ratio_one_in_five_active": round(mixed["peer"] / mixed["ours"], 2),
        "ratio_active": round(peer["active"]["ms_a_second"] / ours["active"]["ms_a_second"], 2),
        "cameras_a_core_one_in_five_active": round(1000 / mixed["ours"], 1),
        "cameras_a_core_all_active": round(1000 / ours["active"]["ms_a_second"], 1),
        "cores_for_12_cameras": round(CAMERAS * mixed["ours"] / 1000, 2),
        "look_cpu_ms_p95": round(look, 1),
        "load": round(os.getloadavg()[0], 1),
    }
    print(json.dumps(report))
    return 0 if report["cores_for_12_cameras"] < 2 else 1


if __name__ == "__main__":
    sys.exit(main())
