"""What a track leaves: colours by vote, a crop without a head; what a search asks of cameras."""

import numpy as np
import pytest
from tests.unit.engines.appearance.garments import LIGHTS, scene

from varangian.engines.vision.appearance import Looks, of_camera
from varangian.engines.vision.appearance.noting import HEAD, MOST_HIGH, MOST_WIDE
from varangian.engines.vision.model import Frame, Tracked
from varangian.kernel.results import Refused

FACE = (1, 2, 250)


def yard(person=None, left=100, top=40):
    """A grey frame with somebody in it, whose head is of one colour that is nowhere else."""
    frame = scene("red", "blue", LIGHTS["daylight"], 1)[1]
    image = np.full((300, 400, 3), frame[:40].mean(axis=(0, 1)), np.uint8)
    if person is not None:
        high, wide = person.shape[:2]
        drawn = person.copy()
        drawn[: int(0.18 * high)] = FACE
        image[top : top + high, left : left + wide] = drawn
    return image


def played(image, boxes, kind="person", seconds=4.0):
    looks = Looks()
    for step in range(int(seconds * 5)):
        at = step / 5
        looks.frame = Frame(at, image, image[:, :, 0])
        looks.look(at, [Tracked(k, at, kind, box, 0.9) for k, box in enumerate(boxes)])
    looks.look(at + 10, [])
    return looks.taken()


def box_of(crop, left=100, top=40):
    return (float(left), float(top), float(left + crop.shape[1]), float(top + crop.shape[0]))


def test_somebody_leaves_colours_and_a_crop_without_a_head():
    crop, _ = scene("red", "blue", LIGHTS["daylight"], 1)
    (one,) = played(yard(crop), [box_of(crop)])
    assert one.looks == {"coat": "red", "trousers": "blue"} and one.ended - one.begun > 3
    assert one.crop is not None
    assert one.crop.shape[0] <= MOST_HIGH and one.crop.shape[1] <= MOST_WIDE
    assert not (np.abs(one.crop.astype(int) - FACE).sum(axis=2) < 60).any()


def test_whoever_stoops_or_stands_behind_a_head_or_at_the_edge_has_no_crop():
    crop, _ = scene("red", "blue", LIGHTS["daylight"], 1)
    x0, y0, x1, y1 = box_of(crop)
    (stooped,) = played(yard(crop), [(x0, y0, x0 + (y1 - y0), y1)])
    assert stooped.crop is None and stooped.looks == {}
    half = (y1 - y0) / 2
    behind = played(yard(crop), [(x0, y0, x1, y1), (x0, y0 + half, x1, y1 + half)])
    assert [one.crop is None for one in behind] == [True, False]
    (edge,) = played(yard(crop, left=0), [box_of(crop, left=0)])
    assert edge.crop is None


def test_a_glimpse_leaves_nothing_and_a_bag_is_told():
    crop, _ = scene("red", "blue", LIGHTS["daylight"], 1)
    assert played(yard(crop), [box_of(crop)], seconds=0.8) == []
    looks, image, box = Looks(), yard(crop), box_of(crop)
    bag = (box[2] - 20, box[1] + 50, box[2] + 6, box[1] + 80)
    image[int(bag[1]) : int(bag[3]), int(bag[0]) : int(bag[2])] = (40, 160, 40)
    for step in range(20):
        looks.frame = Frame(step / 5, image, image[:, :, 0])
        tracked = [Tracked(1, step / 5, "person", box, 0.9), Tracked(2, step / 5, "bag", bag, 0.6)]
        looks.look(step / 5, tracked)
    looks.look(60, [])
    (one,) = looks.taken()
    assert one.looks["bag"] == "green"


def test_a_vehicle_has_one_colour_and_a_two_wheeler_no_crop():
    image = yard()
    image[100:200, 100:300] = (30, 30, 190)
    (car,) = played(image, [(100.0, 100.0, 300.0, 200.0)], "truck")
    assert (car.kind, car.looks) == ("lorry", {"colour": "red"}) and car.crop is not None
    (ridden,) = played(image, [(100.0, 100.0, 300.0, 200.0)], "motorcycle")
    assert ridden.crop is None


@pytest.mark.parametrize(
    ("text", "kinds", "looks"),
    [
        ("grey hoodie, red suitcase", {"person"}, {"coat": "grey", "bag": "red"}),
        ("a silver van after 14:00", {"car", "lorry", "bus"}, {"colour": "silver"}),
        ("any cars", {"car", "lorry", "bus"}, {}),
        ("somebody in white", {"person"}, {"": "white"}),
    ],
)
def test_words_of_a_search(text, kinds, looks):
    found, asked = of_camera(text)
    assert found == kinds and dict(asked.looks) == looks


@pytest.mark.parametrize("text", ["", "red hat", "glasses and a beard", "grey coat after 25:00"])
def test_what_cannot_be_asked_is_refused(text):
    with pytest.raises(Refused):
        of_camera(text)


def test_the_share_that_is_cut_off_holds_a_head():
    assert HEAD >= 1 / 5
