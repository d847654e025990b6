"""Gate, tracker and pipeline on made-up scenes."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from tests.unit.engines.vision import clips

from varangian.engines.vision.gate import Always, Motion
from varangian.engines.vision.model import Detection, Event, Tracked
from varangian.engines.vision.pipeline import Habits, Pipeline
from varangian.engines.vision.sources.file import File
from varangian.engines.vision.tracker import ByteTracker, overlaps

pytest.importorskip("cv2")
pytest.importorskip("scipy")
FLOOR = np.full((192, 320), 150, np.uint8)


def person(x: float, y: float = 60, score: float = 0.9, kind: str = "person") -> Detection:
    return Detection((x, y, x + 40, y + 80), kind, score)


class Dark:
    """Finds the dark block of `clips`."""

    def detect(self, image: np.ndarray) -> list[Detection]:
        rows, columns = np.nonzero(image.sum(axis=2) < 250)
        if len(rows) < 500:
            return []
        box = columns.min(), rows.min(), columns.max(), rows.max()
        return [Detection(tuple(map(float, box)), "person", 0.9)]


def test_a_still_picture_does_not_open_the_gate() -> None:
    gate, rng = Motion(), np.random.default_rng(1)
    gate.moved(FLOOR)
    noisy = [np.clip(FLOOR + rng.normal(0, 3, FLOOR.shape), 0, 255) for _ in range(20)]
    assert not any(gate.moved(picture.astype(np.uint8)) for picture in noisy)


def test_something_that_comes_opens_the_gate() -> None:
    gate, picture = Motion(), FLOOR.copy()
    picture[::8] = 90
    gate.moved(picture)
    assert not gate.moved(picture)
    picture = picture.copy()
    picture[100:140, 50:70] = 20
    assert gate.moved(picture)


def test_infrared_is_looked_at_once_and_learnt() -> None:
    gate, day = Motion(), np.tile(np.linspace(40, 210, 320), (192, 1)).astype(np.uint8)
    gate.moved(day)
    night = (255 - day).astype(np.uint8)
    assert gate.moved(night)
    assert not gate.moved(night)


def test_one_walker_is_one_track_though_frames_are_lost() -> None:
    tracker, numbers = ByteTracker(), set()
    for k in range(60):
        seen = [] if k in (20, 21, 22, 40) else [person(5.0 * k)]
        numbers |= {t.track for t in tracker.follow(k / 5, seen)}
    assert numbers == {1}


def test_two_who_cross_keep_their_numbers() -> None:
    tracker, ends = ByteTracker(), {}
    for k in range(60):
        seen = [person(6.0 * k, 60), person(360 - 6.0 * k, 90)]
        for t in tracker.follow(k / 5, seen):
            ends[t.track] = t.box
    assert len(ends) == 2
    assert ends[1][0] > 300 > ends[2][0]


def test_a_doubtful_box_holds_a_track_and_begins_none() -> None:
    tracker = ByteTracker()
    assert not [t for k in range(9) for t in tracker.follow(k / 5, [person(50, score=0.3)])]
    for k in range(9, 14):
        tracker.follow(k / 5, [person(50)])
    held = tracker.follow(14 / 5, [person(51, score=0.25)])
    assert [t.track for t in held] == [1]


def test_a_flash_gets_no_number() -> None:
    tracker = ByteTracker()
    assert tracker.follow(0, [person(50)]) == []
    assert tracker.follow(5, []) == []
    assert tracker.follow(5.2, [person(50)]) == []


def test_a_person_is_never_joined_to_a_car() -> None:
    tracker = ByteTracker()
    for k in range(5):
        tracker.follow(k / 5, [person(50)])
    assert tracker.follow(1.0, [person(50, kind="car")]) == []


def test_a_van_told_bus_now_and_then_is_what_it_mostly_is() -> None:
    tracker = ByteTracker()
    kinds = ["truck", "truck", "bus", "truck", "bus", "truck"]
    told = [tracker.follow(k / 5, [person(50, kind=kind)]) for k, kind in enumerate(kinds)]
    assert [t.kind for t in told[-1]] == ["truck"]
    assert {t.track for now in told for t in now} == {1}


def test_uneven_frames_do_not_lose_a_runner() -> None:
    tracker, numbers, at = ByteTracker(), set(), 0.0
    for k in range(40):
        at += (0.1, 0.3, 0.2)[k % 3]
        numbers |= {t.track for t in tracker.follow(at, [person(70 * at)])}
    assert numbers == {1}


def test_overlap_of_boxes() -> None:
    first = np.array([[0, 0, 10, 10], [0, 0, 1, 1]], float)
    assert overlaps(first, np.array([[5.0, 0, 15, 10]]))[:, 0] == pytest.approx([1 / 3, 0])


class Watcher:
    def __init__(self) -> None:
        self.looks: list[tuple[float, int]] = []

    def look(self, at: float, tracked: Sequence[Tracked]) -> list[Event]:
        self.looks.append((at, len(tracked)))
        return [Event(at, "behaviour.test", tracked[0].track, {})] if len(self.looks) == 9 else []


def events(path: Path, gate=None, watcher: Watcher | None = None) -> tuple[list[Event], Pipeline]:
    line = Pipeline(
        File(path, fps=5),
        gate or Motion(),
        Dark(),
        ByteTracker(),
        [watcher] if watcher else (),
        habits=Habits(tell=1.0),
    )
    return list(line.run()), line


def test_a_walker_begins_is_told_and_ends(tmp_path: Path) -> None:
    pytest.importorskip("av")
    watcher = Watcher()
    told, line = events(clips.write(tmp_path / "a.mp4", 200), watcher=watcher)
    names = [event.name for event in told]
    assert names[0] == "track.begun"
    assert "source.ended" in names
    assert names[-1] == "track.ended"
    assert names.count("track.at") >= 3
    assert "behaviour.test" in names
    assert line.counts.frames == 40
    assert [event.at for event in told] == sorted(event.at for event in told)


def test_an_empty_scene_costs_no_detector(tmp_path: Path) -> None:
    pytest.importorskip("av")
    path = clips.write(tmp_path / "a.mp4", 500, quiet=range(60, 500))
    told, line = events(path)
    assert line.counts.looked < 0.5 * line.counts.frames
    everything, full = events(path, gate=Always())
    assert full.counts.looked == full.counts.frames
    begun = [e.name for e in everything].count("track.begun")
    assert [e.name for e in told].count("track.begun") == begun


class Standing:
    def items(self):
        from varangian.engines.vision.model import Frame

        image = np.full((192, 320, 3), 180, np.uint8)
        for k in range(150):
            now = image.copy()
            now[60:140, 100:140] = 20
            yield Frame(k / 5, image if k < 5 else now, (image if k < 5 else now)[:, :, 0].copy())


def test_someone_who_stands_still_is_not_forgotten() -> None:
    line = Pipeline(Standing(), Motion(), Dark(), ByteTracker(), habits=Habits(tell=0))
    told = list(line.run())
    assert [event.name for event in told] == ["track.begun", "track.ended"]
    assert told[1].detail["seconds"] > 25
    assert line.counts.looked < 0.6 * line.counts.frames
