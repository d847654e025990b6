"""A safe room that lies off the floor is told, not dropped."""

import pytest
from tests.unit.engines.crowdflow.plans import box, feature, hall, text

from varangian.engines.crowdflow.venue import check, read_venue


def told(*rooms):
    document = hall()
    document["features"] += rooms
    return [f for f in check(read_venue(text(document)).venue) if f.code == "safe_room_off_floor"]


@pytest.mark.parametrize(
    "room",
    [
        feature("room", "safe_room", "Point", [42, 12]),
        box("room", "safe_room", 40.6, 10, 44, 14),
    ],
)
def test_off_the_floor_is_a_fault_with_its_place(room):
    (found,) = told(room)
    assert found.severity == "fault" and found.where == "room" and found.at and found.mend
    assert "no way out leads to it" in found.what


@pytest.mark.parametrize(
    "room",
    [
        feature("room", "safe_room", "Point", [38, 12]),
        feature("room", "safe_room", "Point", [41, 12]),
        box("room", "safe_room", 36, 10, 39, 14),
    ],
)
def test_on_the_floor_or_a_step_beside_it_is_none(room):
    assert told(room) == []
