"""Files and cameras that do not keep their word."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from tests.unit.engines.vision import clips

from varangian.engines.vision.model import Event, Frame
from varangian.engines.vision.sources import address
from varangian.engines.vision.sources.clock import SourceClock
from varangian.engines.vision.sources.decode import size_of
from varangian.engines.vision.sources.file import File
from varangian.engines.vision.sources.live import BackOff, Live
from varangian.kernel.results import Refused

pytest.importorskip("av")


def read(path: Path, fps: float = 0) -> tuple[list[Frame], Event]:
    *frames, last = File(path, fps=fps).items()
    return frames, last


def times(frames: list[Frame]) -> list[float]:
    return [frame.at for frame in frames]


def test_a_file_gives_its_frames_with_their_times(tmp_path: Path) -> None:
    frames, last = read(clips.write(tmp_path / "a.mp4"))
    assert len(frames) == 50
    assert times(frames) == pytest.approx([k / 25 for k in range(50)], abs=1e-3)
    assert frames[0].image.shape == (192, 320, 3)
    assert frames[0].luma.shape == (192, 320)
    assert frames[0].luma.dtype == np.uint8
    assert last.name == "source.ended"
    assert last.detail["size"] == [320, 192]


def test_only_the_wanted_frames_leave(tmp_path: Path) -> None:
    frames, last = read(clips.write(tmp_path / "a.mp4", 100), fps=5)
    assert len(frames) == 20
    assert np.diff(times(frames)) == pytest.approx(0.2, abs=0.01)
    assert last.detail["frames"] == 100


def test_the_y_plane_is_the_grey_of_the_picture(tmp_path: Path) -> None:
    frame = read(clips.write(tmp_path / "a.mp4", 2))[0][1]
    floor, block = frame.luma[20, 300], frame.luma[100, 30]
    assert floor > block + 60
    assert abs(int(frame.image[20, 300].mean()) - 180) < 12


def test_damaged_bytes_cost_frames_but_not_the_run(tmp_path: Path) -> None:
    path = clips.write(tmp_path / "a.mkv", 200)
    content = bytearray(path.read_bytes())
    noise = np.random.default_rng(3).integers(0, 256, 40, np.uint8).tobytes()
    for at in range(len(content) // 4, len(content) * 3 // 4, 900):
        content[at : at + 40] = noise
    path.write_bytes(content)
    frames, last = read(path)
    assert len(frames) > 20
    assert times(frames) == sorted(times(frames))
    assert last.name.startswith("source.")


def test_a_file_cut_short_gives_what_there_is(tmp_path: Path) -> None:
    path = clips.write(tmp_path / "a.mkv", 200)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    frames, last = read(path)
    assert 20 < len(frames) < 200
    assert last.at == pytest.approx(frames[-1].at)


@pytest.mark.parametrize("content", [b"", b"no video at all" * 99, b"\x00\x00\x00\x18ftypmp42"])
def test_what_is_no_video_is_said_in_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(content)
    frames, last = read(path)
    assert not frames
    assert last.name == "source.failed"
    assert last.detail["reason"]
    with pytest.raises(Refused, match="cannot be opened"):
        size_of(str(path))


def test_stamps_that_jump_back_never_turn_the_clock(tmp_path: Path) -> None:
    stamps = [*range(30), *range(5, 25)]
    path = clips.write(tmp_path / "a.avi", 50)
    frames, _ = read(path)
    clock = SourceClock()
    told = [clock.tick(stamp / 25, k) for k, stamp in enumerate(stamps)]
    assert told == sorted(told)
    assert clock.jumps == 1
    assert told[-1] == pytest.approx(49 / 25, abs=0.01)
    assert times(frames) == sorted(times(frames))


def test_a_leap_of_an_hour_is_one_step() -> None:
    clock = SourceClock()
    clock.tick(0, 0)
    assert clock.tick(3600, 1) == pytest.approx(0.04)
    assert clock.tick(3600.5, 2) == pytest.approx(0.54)
    assert clock.jumps == 1


def test_frames_without_stamps_take_the_usual_step() -> None:
    clock = SourceClock()
    assert [clock.tick(None, k) for k in range(3)] == pytest.approx([0, 0.04, 0.08])


def test_a_camera_whose_seconds_are_not_ours_is_not_believed() -> None:
    clock = SourceClock(live=True)
    for k in range(400):
        clock.tick(k * 0.5, k * 0.1)  # says half a second each tenth
    assert clock.lies
    begun = clock.at
    clock.tick(400 * 0.5, 400 * 0.1)
    assert clock.at - begun == pytest.approx(0.1)


def test_an_honest_camera_keeps_its_own_clock() -> None:
    clock = SourceClock(live=True)
    for k in range(400):
        clock.tick(k * 0.04, k * 0.04 + (k % 5) * 0.01)
    assert not clock.lies
    assert clock.at == pytest.approx(399 * 0.04, abs=0.01)


def test_the_clock_goes_on_after_a_camera_was_away() -> None:
    clock = SourceClock(live=True)
    for k in range(10):
        clock.tick(1000 + k * 0.1, k * 0.1)
    clock.renew(30)
    assert clock.tick(5, 31) == pytest.approx(0.9 + 30, abs=0.2)


def test_waits_double_to_a_minute_and_differ() -> None:
    back_off = BackOff()
    waits = [back_off.next() for _ in range(12)]
    assert 0.5 <= waits[0] <= 1
    assert 30 <= waits[-1] <= 60
    assert len(set(waits)) == 12


def test_addresses_are_shown_without_their_passwords() -> None:
    assert (
        address.shown("rtsp://guard:secret@10.0.0.9:554/live?key=1") == "rtsp://10.0.0.9:554/live"
    )
    assert "file" not in address.REMOTE.split(",")


@pytest.mark.parametrize("where", ["concat:a|b", "ftp://host/a.mp4", "file:///etc/passwd", "none"])
def test_other_ways_to_a_source_are_refused(where: str) -> None:
    with pytest.raises(Refused):
        address.is_live(where)


class Camera(BaseHTTPRequestHandler):
    """Serves a clip, then cuts the line: once in the middle, then whole."""

    content = b""
    served = 0

    def do_GET(self) -> None:
        type(self).served += 1
        self.send_response(200)
        self.send_header("Content-Type", "video/x-matroska")
        self.end_headers()
        part = self.content[: len(self.content) // 2] if self.served == 1 else self.content
        self.wfile.write(part)

    def log_message(self, *args: object) -> None:
        return


@pytest.fixture
def camera(tmp_path: Path) -> Iterator[str]:
    Camera.content, Camera.served = clips.write(tmp_path / "a.mkv", 100).read_bytes(), 0
    server = ThreadingHTTPServer(("127.0.0.1", 0), Camera)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/live.mkv"
    server.shutdown()


def test_a_camera_that_dies_is_opened_again(camera: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("varangian.engines.vision.sources.live.FIRST_WAIT", 0.05)
    items = list(Live(camera, fps=0, tries=2).items())
    news = [item.name for item in items if isinstance(item, Event)]
    assert news.count("source.lost") == 2
    assert news.count("source.opened") == 2
    frames = [item for item in items if isinstance(item, Frame)]
    assert frames
    assert [f.at for f in frames] == sorted(f.at for f in frames)
    lost = [i for i in items if isinstance(i, Event) and i.name == "source.lost"]
    assert "retry_in" in lost[0].detail
    assert "retry_in" not in lost[1].detail


def test_a_camera_that_is_not_there_ends_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("varangian.engines.vision.sources.live.FIRST_WAIT", 0.01)
    items = list(Live("rtsp://user:word@127.0.0.1:9/none", tries=2).items())
    assert [item.name for item in items if isinstance(item, Event)] == ["source.lost"] * 2
    assert all("word" not in str(item.detail) for item in items if isinstance(item, Event))


def test_a_slow_reader_gets_the_newest_frame(camera: str) -> None:
    Camera.served = 1
    live = Live(camera, fps=0, tries=1)
    for _ in range(400):
        live._put(Frame(float(_), np.zeros((2, 2, 3), np.uint8), np.zeros((2, 2), np.uint8)))
    assert live.dropped == 399
    assert live._frame.get().at == 399


def test_large_pictures_are_made_smaller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from varangian.engines.vision.sources.decode import Decoder

    path = clips.write(tmp_path / "a.mp4", 3)
    decoder = Decoder(str(path), False, SourceClock(), 0, widest=160)
    frame = next(decoder.frames())
    assert frame.image.shape == (96, 160, 3)
    assert frame.luma.shape == (96, 160)


def test_pictures_beyond_all_measure_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("varangian.engines.vision.sources.decode.MOST_PIXELS", 1000)
    _, last = read(clips.write(tmp_path / "a.mp4", 3))
    assert last.name == "source.failed"
    assert "320 x 192" in last.detail["reason"]
