"""``varangian vision ...`` from files, without a database."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.unit.engines.vision import clips

from varangian.cli import main, needs_database
from varangian.engines.vision import catalogue
from varangian.engines.vision.faces.model import Face, Vector
from varangian.engines.vision.model import Detection, Event
from varangian.vision.commands import faces

pytest.importorskip("cv2")
pytest.importorskip("av")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main(["vision", *words])
        told = capsys.readouterr()
        return int(end.value.code or 0), told.out, told.err

    return call


class Block:
    def detect(self, image: np.ndarray) -> list[Detection]:
        rows, columns = np.nonzero(image.sum(axis=2) < 250)
        box = columns.min(), rows.min(), columns.max(), rows.max()
        return [Detection(tuple(map(float, box)), "person", 0.9)]


class Painted:
    """A face is a red square of the picture."""

    def find(self, image: np.ndarray) -> list[Face]:
        import cv2

        red = ((image[:, :, 2] > 200) & (image[:, :, 1] < 80)).astype(np.uint8)
        boxes = cv2.connectedComponentsWithStats(red)[2][1:]
        out = []
        for x, y, width, height, _ in boxes:
            spots = np.array([[0.3, 0.4], [0.7, 0.4], [0.5, 0.6], [0.35, 0.8], [0.65, 0.8]])
            points = spots * width + np.array([x, y])
            box = tuple(map(float, (x, y, x + width, y + height)))
            out.append(Face(box, points, 0.9))
        return out


class Blue:
    """A face's vector is how blue its square is."""

    limits = catalogue.FaceLimits("distance", 0.5, 40, 0, 0.45, "drawn squares")

    def embed(self, image: np.ndarray, face: Face) -> Vector:
        x, y = (int(side) + 3 for side in face.box[:2])
        return Vector(np.array([image[y, x, 0] / 100, 0], np.float32), "squares", "f" * 64)


def photo(path: Path, *squares: int, blue: int = 0, size: int = 200) -> Path:
    image = np.full((size, size, 3), 120, np.uint8)
    for x in squares:
        image[40:90, x : x + 50] = (255, 20, blue)
    path.parent.mkdir(exist_ok=True)
    Image.fromarray(image).save(path)
    return path


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faces, "networks", lambda: (Painted(), Blue()))


def test_no_database_is_needed() -> None:
    assert not needs_database(["vision", "run", "a.mp4"])


def test_events_come_one_a_line(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "detector", lambda *a, **k: Block())
    path = clips.write(tmp_path / "a.mp4", 100)
    code, out, err = run("run", str(path), "--json", "--fps", "5")
    told = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert set(told[0]) == set(Event.__dataclass_fields__)
    assert [told[0]["name"], told[-1]["name"]] == ["track.begun", "track.ended"]
    assert "20 frames" in err


def test_a_source_that_fails_is_an_exit_code_and_words(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"nothing of a film" * 50)
    code, out, err = run("run", str(path), "--json")
    assert code == 1
    assert json.loads(out)["name"] == "source.failed"
    assert "has failed" in err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["missing.mp4"], "no such file"),
        (["ftp://host/a"], "not taken from ftp"),
        ([__file__, "--detector", "sonar"], "no detector"),
    ],
)
def test_wrong_words_are_answered(run: Run, words: list[str], told: str) -> None:
    code, _, err = run("run", *words)
    assert code == 1
    assert told in err


def test_rules_join_the_run(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("varangian.engines.vision.behaviours")
    monkeypatch.setattr(catalogue, "detector", lambda *a, **k: Block())
    rules = tmp_path / "rules.yaml"
    rules.write_text(
        "format: 1\ncamera: Yard\npicture: [320, 192]\nrules:\n"
        "  - {id: yard, rule: zone, area: [[1, 40], [318, 40], [318, 190], [1, 190]]}\n"
    )
    clip = clips.write(tmp_path / "a.mp4", 100)
    code, out, _ = run("run", str(clip), "--rules", str(rules), "--json")
    assert code == 0
    assert "behaviour.zone" in [json.loads(line)["name"] for line in out.splitlines()]


def test_rules_that_are_not_there(run: Run, tmp_path: Path) -> None:
    clip = clips.write(tmp_path / "a.mp4", 5)
    code, _, err = run("run", str(clip), "--rules", str(tmp_path / "none.yaml"))
    assert code == 1
    assert "no such file" in err


def test_every_network_is_listed_with_its_licence(run: Run) -> None:
    code, out, _ = run("models", "--json")
    rows = json.loads(out)
    assert code == 0
    assert {row["name"] for row in rows} >= {"nanodet", "centerface", "dlib-resnet"}
    assert all(row["licence"] and row["sha256"] and "installed" in row for row in rows)
    assert "CC0" in run("models")[1]


@pytest.mark.usefixtures("drawn")
def test_photos_are_compared_with_what_decides(run: Run, tmp_path: Path) -> None:
    first, second = photo(tmp_path / "a.png", 60), photo(tmp_path / "b.png", 60, blue=20)
    code, out, _ = run("faces", "compare", str(first), str(second), "--json")
    told = json.loads(out)
    assert code == 0
    assert told["similarity"] == pytest.approx(0.8)
    assert told["decision"] == "alike"
    assert told["quality"]["first"]["width"] == 50
    far = photo(tmp_path / "c.png", 60, blue=70)
    assert "Not alike" in run("faces", "compare", str(first), str(far))[1]


@pytest.mark.usefixtures("drawn")
def test_a_poor_photo_is_never_alike(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = catalogue.FaceLimits("distance", 0.5, 64, 0, 0.45, "")
    monkeypatch.setattr(Blue, "limits", strict)
    path = str(photo(tmp_path / "a.png", 60))
    told = json.loads(run("faces", "compare", path, path, "--json")[1])
    assert told["similarity"] == pytest.approx(1)
    assert told["decision"] == "cannot_tell"
    assert "50 pixels" in told["quality"]["first"]["faults"][0]


@pytest.mark.usefixtures("drawn")
@pytest.mark.parametrize(("squares", "told"), [((), "No face"), ((0, 70, 140), "3 faces")])
def test_none_and_three_are_said(
    run: Run, tmp_path: Path, squares: tuple[int, ...], told: str
) -> None:
    good, bad = photo(tmp_path / "a.png", 60), photo(tmp_path / "b.png", *squares)
    code, _, err = run("faces", "compare", str(good), str(bad), "--json")
    assert code == 1
    assert told in err
    assert "b.png" in err


@pytest.mark.usefixtures("drawn")
def test_a_batch_goes_on_past_photos_that_fail(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    photo(folder / "good.png", 60)
    photo(folder / "empty.png")
    photo(folder / "two.png", 0, 100)
    (folder / "corrupt.jpg").write_bytes(b"\xff\xd8\xff" + b"x" * 200)
    out = tmp_path / "out.npz"
    code, told, _ = run("faces", "embed", str(folder), "--out", str(out), "--json")
    shape = json.loads(told)
    assert code == 1
    assert shape["made"] == 1
    assert [row["photo"] for row in shape["failed"]] == ["corrupt.jpg", "empty.png", "two.png"]
    with np.load(out) as kept:
        assert kept["names"].tolist() == ["good.png"]
        assert kept["vectors"].shape == (1, 2)
        assert str(kept["sha256"]) == "f" * 64


@pytest.mark.usefixtures("drawn")
def test_a_folder_without_one_usable_photo_writes_nothing(run: Run, tmp_path: Path) -> None:
    photo(tmp_path / "in" / "a.png")
    out = tmp_path / "out.npz"
    code, _, err = run("faces", "embed", str(tmp_path / "in"), "--out", str(out))
    assert code == 1
    assert "None of 1 photos" in err
    assert not out.exists()


@pytest.mark.usefixtures("drawn")
def test_the_study_tells_what_it_cannot_say(run: Run, tmp_path: Path) -> None:
    for person in range(4):
        for k in range(3):
            photo(tmp_path / f"p{person}" / f"{k}.png", 60, blue=50 * person + k)
    photo(tmp_path / "p0" / "none.png")
    code, out, _ = run("faces", "study", str(tmp_path), "--json")
    told = json.loads(out)
    assert code == 0
    assert (told["people"], told["pictures"], told["genuine_pairs"]) == (4, 12, 12)
    assert told["impostor_pairs"] == 54
    assert all(row["threshold"] is None for row in told["thresholds"])
    assert told["skipped"][0]["picture"] == "p0/none.png"
    assert "by_size" not in told
