"""From the picture that shows somebody to the alert, with twelve cameras on one house. Prints JSON.

Three of the cameras are RTSP and show people who enter a forbidden area (the clip of
VARANGIAN_SHARED_DATA/vision; without it there is nothing to see and the bench says so), nine show
an empty scene with the noise of a sensor, all at 432 lines. When somebody is in the area, and from
which picture on, is asked of a pipeline that looks at every picture beforehand. An alert is late by
the seconds since that picture left the camera; the wait for five looks a second is in it.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import psycopg
from bench.vision import CLIP, film
from tests.cameras import dsn_of, register
from tests.rtsp import Rtsp, units
from tests.stack import Stack, team, until

from varangian.engines.vision.behaviours import read
from varangian.engines.vision.catalogue import detector
from varangian.engines.vision.gate import Always
from varangian.engines.vision.model import Frame
from varangian.engines.vision.pipeline import Habits, Pipeline
from varangian.engines.vision.tracker import ByteTracker

CAMERAS, ACTIVE, RATE = 12, 3, 10
FILM_S, WATCHED_S = 60, 180
AGREES_S = 6.0
BUDGET_S = 1.5
AREA = [[0, 200], [767, 200], [767, 431], [0, 431]]
RULES = f"""format: 1
camera: Gate
picture: [768, 432]
rules:
  - {{id: yard, title: Somebody in the yard, rule: zone, area: {AREA}, again_s: 3}}
"""
TOLD = """select place, extract(epoch from raised_at), extract(epoch from notified_at)
from alerts_alert where source = 'surveillance' order by raised_at"""


def pictures(path: Path) -> Iterator[Any]:
    with av.open(str(path)) as found:
        for number, picture in enumerate(found.decode(video=0)):
            if number == FILM_S * RATE:
                return
            yield picture.reformat(768, 432, "bgr24").to_ndarray()


def encoded(images: list[Any]) -> list[list[bytes]]:
    codec: Any = av.CodecContext.create("libx264", "w")
    codec.width, codec.height, codec.pix_fmt, codec.framerate = 768, 432, "yuv420p", RATE
    codec.options = {"g": str(RATE), "preset": "veryfast", "tune": "zerolatency"}
    packets = []
    for number, image in enumerate(images):
        frame = av.VideoFrame.from_ndarray(image, format="bgr24")
        frame.pts = number
        packets += codec.encode(frame)
    packets += codec.encode(None)
    return [units(bytes(packet)) for packet in packets]


def sightings(images: list[Any]) -> list[float]:
    """Seconds of the film at which somebody who was not there is in the area."""
    import cv2

    rules = read(RULES.replace("again_s", "frames: 1, again_s"), (768, 432))
    line = Pipeline(
        None, Always(), detector(least=0.2), ByteTracker(), rules, habits=Habits(tell=0)
    )  # fmt: skip
    found = []
    for number, image in enumerate(images):
        frame = Frame(number / RATE, image, cv2.cvtColor(image, cv2.COLOR_BGR2GRAY))
        found += [e.at for e in line.look(frame) if e.name.startswith("behaviour.")]
    return found


def watched(cameras: list[Rtsp], folder: Path) -> tuple[list[tuple], float]:
    """Alerts (camera, raised, reached somebody) of ``WATCHED_S`` seconds, and the load then."""
    house = Stack(folder / "home", VARANGIAN_VISION="1", VARANGIAN_CAMERA_FILES=str(folder))
    try:
        house.start()
        made = team(house)
        names = []
        for number, camera in enumerate(cameras):
            names.append(
                register(house, made.leader, made.operation, f"{number}", camera.url)["id"]
            )
        for number in range(ACTIVE, CAMERAS):
            register(house, made.leader, made.operation, f"{number}", "file:///idle.mp4")
        (folder / "rules.yaml").write_text(RULES)
        for pk in names:
            house.cli("camera", "rules", pk, str(folder / "rules.yaml"), actor=made.leader)
        words = ("event-rule", "add", made.operation, "behaviour.*", "--quiet", "0")
        house.cli(*words, actor=made.leader)
        until(lambda: all(one.began for one in cameras), 120)
        time.sleep(WATCHED_S)
        load = os.getloadavg()[0]
        with psycopg.connect(dsn_of(house)) as connection:
            return connection.execute(TOLD).fetchall(), load
    finally:
        house.kill()


def lateness(camera: Rtsp, seen: list[float], told: list[float]) -> tuple[list[float], int, int]:
    """Seconds from a sighting to its alert; sightings nobody was told of; alerts of none."""
    end = time.time() - AGREES_S
    rounds = range(int((end - camera.began) // FILM_S) + 1)
    due = [camera.began + FILM_S * turn + at for turn in rounds for at in seen]
    due = [at for at in due if at < end]
    late, left = [], list(told)
    for at in due:
        answer = next((one for one in left if 0 <= one - at <= AGREES_S), None)
        if answer is not None:
            left.remove(answer)
            late.append(answer - at)
    return late, len(due) - len(late), len(left)


def main() -> int:
    clip = Path(os.environ.get("VARANGIAN_SHARED_DATA", "")) / CLIP
    if not clip.is_file():
        print(json.dumps({"skipped": "VARANGIAN_SHARED_DATA holds no clip"}))
        return 0
    images = list(pictures(clip))
    seen, shown = sightings(images), encoded(images)
    with tempfile.TemporaryDirectory(prefix="varangian-bench-") as made:
        folder = Path(made)
        film(folder / "idle.mp4", walker=False)
        cameras = [Rtsp(film=shown, rate=RATE) for _ in range(ACTIVE)]
        told, load = watched(cameras, folder)
        late, missed, extra, reached = [], 0, 0, []
        for number, camera in enumerate(cameras):
            mine = [(float(r), float(n)) for name, r, n in told if name == f"{number}" and n]
            found = lateness(camera, seen, [raised for raised, _ in mine])
            late, missed, extra = late + found[0], missed + found[1], extra + found[2]
            reached += [n - r for r, n in mine]
            camera.close()
    report = {
        "cameras": CAMERAS, "with_people": ACTIVE, "sightings": len(late) + missed,
        "missed": missed, "alerts_of_no_sighting": extra,
        "sighting_to_alert_s": {str(q): round(float(np.percentile(late, q)), 2) for q in (50, 95)},
        "alert_to_person_s_p95": round(float(np.percentile(reached, 95)), 2),
        "ratio_to_budget": round(float(np.percentile(late, 95)) / BUDGET_S, 2),
        "load": round(load, 1), "cores": os.cpu_count(),
    }  # fmt: skip
    print(json.dumps(report))
    return 0 if report["ratio_to_budget"] < 1 and missed <= 0.05 * report["sightings"] else 1


if __name__ == "__main__":
    sys.exit(main())
