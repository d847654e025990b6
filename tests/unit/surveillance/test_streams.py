"""The child that reads a stream: copied, encoded anew, masked, and ended by bad input alone."""

import json
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path

import pytest

av = pytest.importorskip("av")
np = pytest.importorskip("numpy")
pytest.importorskip("cv2")

from tests.clips import clip  # noqa: E402

from varangian.surveillance.streams import masks, opening  # noqa: E402
from varangian.surveillance.streams.motion import Motion  # noqa: E402
from varangian.surveillance.streams.wire import head_of  # noqa: E402

SQUARE = [[0.0, 0.0], [0.5, 0.0], [0.5, 0.5], [0.0, 0.5]]


class Child:
    def __init__(self, folder: Path, **order) -> None:
        given = {"source": "file:///a.mp4", "files": str(folder), "masks": [], "watched": True}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "varangian.surveillance.streams.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PYTHONPATH": "src", "PATH": "/usr/bin"},
        )
        self.tell({**given, **order})

    def tell(self, order) -> None:
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        self.process.stdin.flush()

    def until(self, *says: str, seconds: float = 30):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            line = self.process.stdout.readline()
            if not line:
                return None, b""
            head = head_of(line)
            body = self.process.stdout.read(head["size"])
            if head["say"] in says:
                return head, body
        raise AssertionError(f"no {says}")

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


@pytest.fixture
def child(tmp_path):
    made = []

    def start(**order):
        made.append(Child(tmp_path, **order))
        return made[-1]

    yield start
    for one in made:
        one.close()


def pictures(data: bytes):
    with av.open(BytesIO(data)) as found:
        return [frame.to_ndarray(format="bgr24") for frame in found.decode(video=0)]


def test_h264_is_copied_in_parts_that_play_alone(tmp_path, child):
    clip(tmp_path / "a.mp4", seconds=4)
    one = child()
    assert one.until("open")[0]["codec"] == "h264"
    first, data = one.until("part")
    second, _ = one.until("part")
    assert second["number"] == first["number"] + 1 and first["opened"].endswith("c")
    assert len(pictures(data)) == pytest.approx(15, abs=1)


def test_what_is_private_is_grey_in_parts_and_stills(tmp_path, child):
    clip(tmp_path / "a.mp4", seconds=4, moving=False)
    one = child(masks=[SQUARE], still=True)
    head, data = one.until("part")
    assert head["opened"].endswith("e")
    picture = pictures(data)[-1]
    assert np.abs(picture[20:150, 20:290].astype(int) - masks.GREY).max() < 12
    assert np.abs(picture[200:, 400:].astype(int) - masks.GREY).min() > 12


def test_what_no_browser_plays_is_encoded_anew(tmp_path, child):
    clip(tmp_path / "a.mp4", seconds=3, codec="mpeg4")
    one = child()
    _, data = one.until("part")
    with av.open(BytesIO(data)) as found:
        assert found.streams.video[0].codec_context.name == "h264"


def test_nobody_watches_and_nothing_of_the_picture_leaves(tmp_path, child):
    clip(tmp_path / "a.mp4", seconds=4)
    one = child(watched=False)
    says = []
    for _ in range(6):
        head, body = one.until("open", "pulse", "event", "part", "still")
        says.append(head["say"])
        assert body == b""
    assert "part" not in says and "pulse" in says
    one.tell({"watched": True})
    assert one.until("part")[1]


def test_motion_is_told_and_its_end(tmp_path, child):
    clip(tmp_path / "a.mp4", seconds=14, still_until=3, moving_until=7)
    one = child(watched=False)
    assert one.until("event")[0]["name"] == "motion.begun"
    assert one.until("event")[0]["name"] == "motion.ended"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no picture"),
        (b"\x00" * 5000, "no picture"),
        (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "no picture"),
    ],
)
def test_what_is_no_video_ends_the_child_in_words(tmp_path, child, content, words):
    (tmp_path / "a.mp4").write_bytes(content)
    head, _ = child().until("end")
    assert words in head["reason"].lower() and "etc" not in head["reason"]


def test_a_file_outside_of_the_folder_is_none(tmp_path):
    (tmp_path / "in").mkdir()
    clip(tmp_path / "out.mp4", seconds=1)
    (tmp_path / "in" / "link.mp4").symlink_to(tmp_path / "out.mp4")
    for source in ("file:///link.mp4", "file:///%2e%2e/out.mp4", "file:///none.mp4"):
        with pytest.raises(opening.Unplayable):
            opening.file_of(source, str(tmp_path / "in"))


def test_a_broken_stream_goes_on_at_the_next_key_picture(tmp_path, child):
    path = tmp_path / "a.ts"
    clip(path, seconds=6)
    data = bytearray(path.read_bytes())
    data[len(data) // 3 : len(data) // 3 + 2000] = b"\xff" * 2000
    path.write_bytes(data)
    one = child(source="file:///a.ts", watched=False)
    assert one.until("open")[0]
    for _ in range(4):
        assert one.until("pulse")[0]["frames"] > 0


def test_light_that_changes_everywhere_is_no_motion():
    motion = Motion()
    dark, light = np.full((360, 640), 40, np.uint8), np.full((360, 640), 190, np.uint8)
    told = [motion.look(n * 0.5, dark if n < 4 else light) for n in range(10)]
    assert told == [None] * 10


def test_a_child_has_neither_keys_nor_files_to_write(tmp_path, child):
    clip(tmp_path / "a.mp4", seconds=3)
    one = child()
    one.until("open")
    limits = Path(f"/proc/{one.process.pid}/limits").read_text()
    assert "Max file size             0" in limits
    assert b"VARANGIAN" not in Path(f"/proc/{one.process.pid}/environ").read_bytes()


def test_rtsp_with_masks_is_encoded_from_its_first_picture_on(tmp_path, child):
    from tests.rtsp import Rtsp

    camera = Rtsp()
    try:
        one = child(source=camera.url, masks=[SQUARE])
        assert one.until("open")[0]["picture"] == "640x360"
        first, _ = one.until("part", "end")
        second, data = one.until("part", "end")
        assert (first["say"], second["say"]) == ("part", "part") and pictures(data)
        wrong = child(source=camera.url.replace("of-the-test", "guessed"))
        reason = wrong.until("end")[0]["reason"]
        assert reason == "The camera refused user or password" and "guessed" not in reason
        camera.unplug()
        assert one.until("end")[0]["reason"]
    finally:
        camera.close()
