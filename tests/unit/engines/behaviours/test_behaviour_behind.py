"""One walk behind the principal by the track of a phone, and where a ground lies on the map."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from varangian.engines.vision.behaviours import Earth, GroundTrack, Walks, read
from varangian.engines.vision.behaviours.behind import behind, claimed
from varangian.engines.vision.model import Tracked

from .test_behaviour_following import CAMERAS, strangers, walked

RULES = """format: 1
picture: [768, 432]
ground:
  - {picture: [60, 402], metres: [0, 0]}
  - {picture: [702, 398], metres: [8, 0]}
  - {picture: [521, 201], metres: [8, 14]}
  - {picture: [236, 203], metres: [0, 14]}
earth: {zero: [60.17, 24.94], y_bearing: 90}
rules:
  - {id: all, rule: zone, area: [[0, 0], [700, 0], [700, 400], [0, 400]]}
"""


def phone(tracks, *, late: float = 0.0, seed: int = 5) -> GroundTrack:
    """Every five seconds, two metres wrong, between the cameras as well."""
    rng = np.random.default_rng(seed)
    at, x, y = (np.concatenate([getattr(t, n) for t in tracks]) for n in ("at", "x", "y"))
    moments = np.arange(at[0], at[-1], 5.0) + late
    spots = [np.interp(moments, at, axis) + rng.normal(0, 2, len(moments)) for axis in (x, y)]
    return GroundTrack("phone", "", moments, *spots)


OWN = walked("own", 1000, seed=2)


@pytest.mark.parametrize("lag", [12, 25, 40])
def test_who_waits_out_the_stop_is_found(lag):
    tail = walked("tail", 1000 + lag, seed=lag)
    found = behind(phone(OWN), [], [*strangers(60), *OWN, *tail])
    assert [name for _, name in found[0].tracks] == [one.name for one in tail]
    assert found[0].stops == 1 and found[0].cameras == 3


def test_who_does_not_wait_is_a_commuter():
    others = [one for n in range(6) for one in walked(f"c{n}", 1008 + 9 * n, wait=0, seed=n)]
    assert behind(phone(OWN), [], [*OWN, *others]) == []


def test_a_device_of_the_team_claims_its_own_track():
    rear = walked("rear", 1009, seed=4)
    seen = [*strangers(30), *OWN, *rear]
    assert behind(phone(OWN), [], seen) and not behind(phone(OWN), [phone(rear, seed=8)], seen)
    own, theirs = claimed([phone(OWN), phone(rear, seed=8)], seen)
    assert {one.camera for one in own} == set(CAMERAS) == {one.camera for one in theirs}


def test_a_silent_phone_says_nothing():
    nobody = GroundTrack("phone", "", np.array([]), np.array([]), np.array([]))
    assert behind(nobody, [], [*OWN, *walked("tail", 1020)]) == []


@given(st.floats(-300, 300), st.floats(-300, 300), st.floats(0, 360))
def test_metres_to_the_map_and_back(x, y, turn):
    earth = Earth(60.17, 24.94, turn)
    assert earth.metres(*earth.degrees(x, y)) == pytest.approx((x, y), abs=1e-6)


def test_a_ground_lies_on_the_map_the_way_it_was_turned():
    lat, lon = Earth(60.17, 24.94, 90).degrees(0, 100)
    assert lat == pytest.approx(60.17) and lon > 24.94


def test_places_are_taken_once_a_second_and_are_nobodys():
    rules = read(RULES, (768, 432))
    walks = Walks(rules[0].frame.scene)
    for step in range(50):
        at, x = step / 5, 200 + step
        boxes = [Tracked(7, at, "person", (x, 200, x + 40, 320), 0.9)]
        boxes += [Tracked(8, at, "car", (400, 200, 500, 300), 0.9)]
        walks.look(at, boxes)
    ((name, points),) = walks.taken().items()
    assert name != "7" and len(points) == 10 and walks.taken() == {}
    assert all(60.1 < lat < 60.2 and 24.9 < lon < 25 for _, lat, lon in points)
