"""Numbers of people without anybody's number."""

import json

import numpy as np
import pytest
from tests.unit.engines.behaviours.behaviour_scenes import (
    QUIET,
    SIZE,
    Actor,
    Noise,
    Play,
    project,
    rules_text,
    walk,
)

from varangian.engines.vision.behaviours import look_over
from varangian.engines.vision.counts import Counter, Occupancy, counter_of
from varangian.engines.vision.model import Tracked
from varangian.kernel.results import Refused

ZONE = [project(x, y) for x, y in ((-4, 9), (3, 9), (3, 14), (-4, 14))]
DOOR = (project(-4.5, 17), project(-2.5, 17))


def counter() -> Counter:
    ground = look_over(rules_text()).behaviours[0].frame.scene.ground
    return Counter(size=SIZE, zones={"court": ZONE}, doors={"staff": DOOR}, ground=ground)


def played(play: Play) -> Counter:
    found = counter()
    for at, seen in play.frames():
        found.look(at, seen)
    return found


def test_people_in_a_zone_are_counted_through_a_noisy_detector():
    rng = np.random.default_rng(2)
    spots = zip(rng.uniform(-3.5, 2.5, 20), rng.uniform(9.5, 13.5, 20), strict=True)
    (zone,) = played(Play([Actor(((0, x, y), (60, x, y))) for x, y in spots], 30)).zone_counts()
    assert zone.people == pytest.approx(20, abs=1) and zone.most >= zone.people
    assert zone.per_m2 == pytest.approx(zone.people / 35, rel=0.03) and not zone.under_counted


@pytest.mark.parametrize("seed", range(3))
def test_passages_of_a_door_are_counted_each_way(seed):
    actors = [walk(4 * k, [(-3.5, 12), (-3.5, 21)], 1.2) for k in range(30)]
    actors += [walk(2 + 8 * k, [(-3.3, 21), (-3.3, 12)], 1.2) for k in range(12)]
    (door,) = played(Play(actors, 140, Noise(switch_a_s=0.01), seed)).door_counts()
    assert door.left == pytest.approx(30, abs=2) and door.entered == pytest.approx(12, abs=2)
    assert 4 <= door.per_minute <= 25


def test_what_is_given_away_holds_no_identity():
    found = played(Play([walk(0, [(0, 9), (0, 13, 30)])], 20, QUIET)).counts()
    assert set(found) == {"at", "zones", "doors"} and json.dumps(found)
    assert "track" not in json.dumps(found)


def test_a_new_period_begins_at_nothing():
    found = played(Play([walk(0, [(-3.5, 12), (-3.5, 21)], 1.2)], 12, QUIET))
    assert found.door_counts()[0].left == 1
    found.reset()
    assert found.door_counts()[0].left == 0 and found.zone_counts()[0].most == 0


def test_the_clock_may_jump_and_boxes_may_be_none():
    found = counter()
    nan = float("nan")
    for at in (5.0, 1e6, 3.0, nan, 4.0):
        found.look(at, [Tracked(1, at, "person", (nan, 1, 2, 3), 0.5)])
        found.look(at, [])
    assert found.zone_counts()[0].people == 0


def test_zones_and_doors_without_sense_are_refused():
    with pytest.raises(Refused):
        Counter(size=SIZE, zones={"x": [(0, 0), (1, 1)]})
    with pytest.raises(Refused):
        Counter(size=SIZE, doors={"x": ((0, 0), (0, 0))})


def test_the_band_of_an_occupancy_holds_the_truth_nine_times_in_ten():
    rng, held = np.random.default_rng(4), 0
    for _ in range(400):
        occupancy, inside = Occupancy(missed=0.06, twice=0.01), 0
        for _ in range(60):
            come, go = rng.poisson(20), min(rng.poisson(15), inside)
            inside += come - go
            seen = [n - rng.binomial(n, 0.06) + rng.binomial(n, 0.01) for n in (come, go)]
            occupancy.add(*seen)
        low, _, high = occupancy.band
        held += low <= inside <= high
    assert 0.85 <= held / 400 <= 0.96


def test_a_count_by_hand_narrows_the_band_and_tells_the_drift():
    occupancy = Occupancy()
    occupancy.add(500, 200)
    wide = occupancy.band[2] - occupancy.band[0]
    drift = occupancy.set(290, within=5)
    assert drift == pytest.approx(300 / 0.96 - 290) and occupancy.people == 290
    assert occupancy.band == (285, 290, 295) and wide > 10
    occupancy.add(0, 1000)
    assert occupancy.band[0] == 0 == occupancy.people
    with pytest.raises(Refused):
        Occupancy(missed=0.6)


def test_who_comes_into_a_zone_and_who_leaves_it_is_counted():
    actors = [walk(3 * k, [(-3, 4), (-3, 11), (2, 11), (2, 4)], 1.3) for k in range(10)]
    (zone,) = played(Play(actors, 60, QUIET)).zone_counts()
    assert (zone.entered, zone.left) == (10, 10) and zone.people == 0
    stay = played(Play([Actor(((0, 0, 11), (30, 0, 11)))], 30, QUIET)).zone_counts()[0]
    assert (stay.entered, stay.left, stay.people) == (1, 0, 1)


def test_zones_and_doors_are_those_of_the_rules_and_the_whole_picture():
    rules = look_over(rules_text()).behaviours
    found = counter_of(rules, SIZE)
    assert "picture" in found.zones and found.square["picture"] is None
    assert counter_of([], SIZE).zone_counts()[0].zone == "picture"
    for at, seen in Play([Actor(((0, 0, 11), (30, 0, 11)))], 30, QUIET).frames():
        found.look(at, seen)
    whole = next(one for one in found.zone_counts() if one.zone == "picture")
    assert (whole.people, whole.entered, whole.per_m2) == (1, 1, None)
