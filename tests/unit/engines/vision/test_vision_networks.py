"""Decoding of each family, and the packaged networks themselves on drawn pictures."""

from pathlib import Path

import numpy as np
import pytest

from varangian.engines.vision import catalogue
from varangian.engines.vision.detectors import boxes, detr, nanodet, yolox
from varangian.engines.vision.libraries import library
from varangian.kernel.results import Refused

pytest.importorskip("cv2")
pytest.importorskip("onnxruntime")


def scores(rows: int, *found: tuple[int, int, float]) -> np.ndarray:
    out = np.zeros((rows, 80), np.float32)
    for row, kind, score in found:
        out[row, kind] = score
    return out


def test_nanodet_sides_are_means_of_distributions() -> None:
    sides = np.full((1, 44), -20, np.float32)
    for side, step in enumerate((1, 2, 3, 4)):
        sides[0, side * 11 + step] = 20
    corners = nanodet.decode(sides, np.array([[100.0, 100.0]]), np.array([16]))
    assert corners[0] == pytest.approx([84, 68, 148, 164], abs=0.01)
    halfway = np.full((1, 44), -20, np.float32)
    halfway[0, [2, 3, 13, 14, 24, 25, 35, 36]] = 20
    assert nanodet.decode(halfway, np.zeros((1, 2)), np.array([8]))[0, 2] == pytest.approx(20)


def test_nanodet_grid_begins_in_the_middle_of_cells() -> None:
    points, strides = nanodet.grid_points((256, 416))
    assert len(points) == 32 * 52 + 16 * 26 + 8 * 13
    assert points[0].tolist() == [4, 4]
    assert points[-1].tolist() == [400, 240]
    assert strides[-1] == 32


def test_yolox_rows_are_cells_and_logarithms() -> None:
    rows = np.zeros((52 * 52 + 26 * 26 + 13 * 13, 4), np.float32)
    rows[1] = 0.5, 0.5, np.log(4), np.log(2)
    assert yolox.decode(rows, (416, 416))[1] == pytest.approx([-4, -4, 28, 12], abs=0.01)


def test_queries_are_named_and_sorted() -> None:
    labels, corners = np.array([1, 44, 3]), np.arange(12.0).reshape(3, 4)
    told = detr.named(labels, corners, np.array([0.5, 0.9, 0.8]), detr.SPARSE, 0.4)
    assert [(kind, score) for _, kind, score in told] == [("car", 0.8), ("person", 0.5)]


def test_of_two_boxes_on_one_car_the_better_stays() -> None:
    corners = np.array([[0, 0, 50, 50], [2, 0, 52, 50], [0, 0, 50, 50.0]])
    told = boxes.chosen(
        corners, scores(3, (0, 2, 0.6), (1, 7, 0.9), (2, 0, 0.7)), least=0.3, overlap=0.5
    )
    assert sorted(kind for _, kind, _ in told) == ["person", "truck"]


def test_kinds_of_no_use_are_left_out() -> None:
    told = boxes.chosen(
        np.array([[0, 0, 9, 9.0]]), scores(1, (0, 67, 0.94)), least=0.3, overlap=0.5
    )
    assert told == []


def test_boxes_come_back_in_pixels_of_the_picture() -> None:
    image = np.zeros((432, 768, 3), np.uint8)
    fitted = boxes.fit(image, 416, 416, step=32)
    assert fitted.image.shape == (256, 416, 3)
    box = np.array([10, 10, 500, 100.0])
    told = boxes.detections([(box, "person", 0.9)], fitted.scale, image.shape)
    assert told[0].box == pytest.approx((18.46, 18.46, 768, 184.6), abs=0.1)


@pytest.mark.parametrize("name", ["nanodet", "centerface"])
def test_packaged_networks_are_the_examined_ones(name: str) -> None:
    model = catalogue.models()[name]
    assert model.verified().stat().st_size < 5_000_000
    assert (model.path.parent / "LICENSE").is_file()


def test_every_network_says_where_it_comes_from() -> None:
    for model in catalogue.models().values():
        assert model.licence
        assert model.origin
        assert model.trained_on
        assert len(model.sha256) == 64


def test_a_changed_file_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "FOLDER", tmp_path)
    (tmp_path / "nanodet").mkdir()
    (tmp_path / "nanodet" / "nanodet.onnx").write_bytes(b"other")
    with pytest.raises(Refused, match="not the one"):
        catalogue.Model(
            "nanodet", "detector", "nanodet", "nanodet/nanodet.onnx", "0", "", "", "", ""
        ).verified()


@pytest.mark.parametrize("words", ["yolov9", "yolox", "rfdetr:", "sonar:/tmp/a.onnx"])
def test_unknown_detectors_are_refused(words: str) -> None:
    with pytest.raises(Refused, match="no detector"):
        catalogue.detector(words)


def test_a_file_that_is_no_network_is_said_in_words(tmp_path: Path) -> None:
    path = tmp_path / "a.onnx"
    path.write_bytes(b"nothing")
    with pytest.raises(Refused, match="cannot be read"):
        catalogue.detector(f"yolox:{path}")


def test_a_missing_library_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "av", None)
    with pytest.raises(Refused, match=r"varangian\[vision\]"):
        library("av")


@pytest.mark.parametrize("size", [(432, 768), (100, 60), (1080, 1920)])
def test_the_packaged_detector_sees_nobody_in_an_empty_room(size: tuple[int, int]) -> None:
    room = np.full((*size, 3), 170, np.uint8)
    assert catalogue.detector(least=0.45).detect(room) == []


def test_the_packaged_detector_finds_the_walker(shared_data: Path) -> None:
    av = pytest.importorskip("av")
    clip = shared_data / "vision" / "one-by-one-person-detection.mp4"
    if not clip.is_file():
        pytest.skip("the clip is not there")
    with av.open(str(clip)) as container:
        container.seek(8_000_000)
        frame = next(container.decode(video=0)).to_ndarray(format="bgr24")
    found = catalogue.detector(least=0.45).detect(frame)
    assert [d.kind for d in found] == ["person"]
    assert found[0].score > 0.7


def test_the_packaged_face_finder_finds_none_in_a_wall() -> None:
    from varangian.engines.vision.faces.centerface import CenterFace, decode

    wall = np.full((200, 300, 3), 140, np.uint8)
    assert CenterFace().find(wall) == []
    heat = np.zeros((8, 8))
    heat[2, 3] = 0.9
    size, offset = np.full((2, 8, 8), np.log(10)), np.zeros((2, 8, 8))
    ((box, points, score),) = decode(heat, size, offset, np.full((10, 8, 8), 0.5), 0.5)
    assert box.tolist() == pytest.approx([-6, -10, 34, 30])
    assert points[0].tolist() == pytest.approx([14, 10])
    assert score == pytest.approx(0.9)
