"""Live counts: faults are named and bridged, bands hold the truth, forecasts earn their place."""

import json

import numpy as np
import pytest
from tests.unit.engines.crowdflow.evenings import DOORS, EVERY, ZONES, evening

from varangian.engines.crowdflow.live import Ahead, Door, Eye, Room, Skill
from varangian.engines.crowdflow.live.counters import Counting
from varangian.kernel.results import Refused

GATE = Door("gate", "", "hall", period=10)


def heard(*told, door=GATE):
    """Each ``(at, entered, left)`` in turn; what became of it."""
    one = Counting()
    return [one.hear(door, *row) for row in told], one


def played(seed, *, totals=True, dead=(), counted_every=0.0):
    """A whole evening through a room: share of looks whose band holds the truth, and the room."""
    night = evening(seed)
    room = Room([Door(d.id, d.behind, d.into, period=EVERY, totals=totals) for d in DOORS], ZONES)
    sums = {d.id: [0, 0] for d in DOORS}
    inside = looks = 0
    for at in sorted(night.truth):
        for _, door, entered, left in (r for r in night.rows if r[0] == at):
            sums[door] = [sums[door][0] + entered, sums[door][1] + left]
            if not any(d == door and a <= at < b for d, a, b in dead):
                told = sums[door] if totals else (entered, left)
                room.hear(door, at, *told)
        if counted_every and at % counted_every == 0:
            room.counted("hall", at, night.truth[at]["hall"] + 4, 12)
        zones, _ = room.look(at)
        for zone in zones:
            looks += 1
            inside += zone.low - 1 <= night.truth[at][zone.zone] <= zone.high + 1
    return inside / looks, room, night


def test_totals_become_passages():
    found, _ = heard((0, 100, 40), (10, 112, 41), (20, 112, 45))
    assert [(h.entered, h.left, h.fault) for h in found] == [(0, 0, ""), (12, 1, ""), (0, 4, "")]


def test_a_total_that_goes_backwards_is_no_exit():
    found, one = heard((0, 100, 0), (10, 97, 0), (20, 104, 0))
    assert [h.fault for h in found] == ["", "backwards", ""]
    assert sum(h.entered for h in found) == 4 and found[1].off[0] == 3
    assert one.fault == "backwards"


def test_a_reset_goes_on_from_nothing_and_widens():
    found, _ = heard((0, 500, 200), (10, 520, 205), (20, 540, 210), (30, 12, 2), (40, 20, 3))
    assert found[3].fault == "reset" and found[3].entered >= 12 and found[3].off[0] >= 1
    assert found[4].fault == "" and found[4].entered == 8


def test_a_counter_that_rolls_over_loses_nobody():
    found, _ = heard((0, 65_530, 9_998), (10, 4, 3))
    assert found[1].fault == "rolled over" and (found[1].entered, found[1].left) == (10, 5)


def test_more_than_the_door_lets_pass_is_no_count():
    found, _ = heard((0, 0, 0), (10, 20, 0), (20, 40, 0), (30, 9000, 0), (40, 9020, 0))
    assert found[3].fault == "leapt" and found[3].entered < 60 and found[3].off[0] > 20
    assert found[4].entered == 20


def test_late_and_negative_words():
    found, _ = heard((0, 10, 0), (10, 20, 0), (5, 15, 0))
    assert found[2].fault == "late" and not found[2].entered
    found, _ = heard((0, 10, 0), (10, -4, 0), door=Door("g", "", "hall", totals=False))
    assert found[1].fault == "negative" and found[1].entered == 0


def test_a_dead_counter_is_named_and_bridged_and_its_return_tells_the_rest():
    room = Room([GATE], ["hall"])
    for k in range(61):
        room.hear("gate", k * 10.0, 10 * k, 0)
    before = room.look(600.0)[0][0]
    zones, counters = room.look(700.0)
    assert counters[0].silent and counters[0].fault == "silent"
    assert zones[0].bridged and 60 < zones[0].people - before.people < 140
    assert zones[0].high - zones[0].low > before.high - before.low
    room.hear("gate", 710.0, 650, 0)
    back = room.look(710.0)[0][0]
    assert not back.bridged and abs(back.people - 650 / 0.98) < 1
    assert back.high - back.low < zones[0].high - zones[0].low


def test_a_counter_never_heard_is_told():
    zones, counters = Room([GATE], ["hall"]).look(100.0)
    assert zones[0].open == ("gate",) and counters[0].heard is None


@pytest.mark.parametrize("totals", [True, False])
def test_the_band_holds_the_truth(totals):
    shares = [played(seed, totals=totals)[0] for seed in range(8)]
    assert np.mean(shares) > 0.85


def test_the_band_holds_while_a_counter_is_dead():
    """The north door is silent for twenty minutes in the middle of the arrivals."""
    shares = [played(seed, dead=[("north", 2400, 3600)])[0] for seed in range(6)]
    assert np.mean(shares) > 0.85


def test_counts_by_hand_teach_the_doors():
    with_counts, room, night = played(3, counted_every=1800)
    at = max(night.truth)
    zones, _ = room.look(at)
    free = played(3)[1].look(at)[0]
    assert with_counts > 0.85
    assert zones[0].high - zones[0].low < 0.5 * (free[0].high - free[0].low)
    assert "hall" in room.drifted


def test_fewer_than_nobody_is_drift():
    room = Room([Door("gate", "", "hall", period=10, totals=False)], ["hall"])
    room.hear("gate", 10, 5, 0)
    room.hear("gate", 20, 0, 60)
    zone = room.look(20)[0][0]
    assert zone.low == 0 and zone.people <= 4 and "hall" in room.drifted


def test_people_are_conserved_between_zones():
    room = Room(DOORS, ZONES)
    room.hear("north", 0, 0, 0)
    room.hear("inner", 0, 0, 0)
    room.hear("north", 10, 50, 0)
    room.hear("inner", 10, 20, 0)
    hall, bar = room.look(10)[0]
    assert abs(hall.people + bar.people - 50 / 0.98) < 0.1 and abs(bar.people - 20 / 0.98) < 0.1


def test_it_is_kept_and_taken_up_again_with_another_counter():
    _, room, night = played(1)
    kept = json.loads(json.dumps(room.plain()))
    doors = [*DOORS, Door("west", "", "bar")]
    again = Room(doors, [*ZONES, "yard"])
    again.load(kept)
    at = max(night.truth)
    for old, new in zip(room.look(at)[0], again.look(at)[0], strict=False):
        assert (old.low, old.people, old.high) == pytest.approx((new.low, new.people, new.high))
    assert again.look(at)[0][2].people == 0


def test_a_counter_joins_two_places():
    with pytest.raises(Refused, match="no two places"):
        Room([Door("x", "cellar", "hall")], ["hall"])


EYE = Eye("eye", "hall")


def test_a_camera_alone_is_all_that_is_known_of_a_zone():
    room = Room([], ["hall"], [EYE])
    assert room.look(0)[0][0].open == ("eye",)
    for at, people in ((10, 80), (20, 120)):
        room.see("eye", at, people, 12)
    (zone,), (eye,) = room.look(30)
    assert (zone.low, zone.people, zone.high) == pytest.approx((108, 120, 132))
    assert not eye.silent and not zone.bridged
    (zone,), (eye,) = room.look(20 + 180)
    assert eye.silent and zone.bridged and zone.low == 0 and zone.people == 120
    again = Room([], ["hall"], [EYE])
    again.load(json.loads(json.dumps(room.plain())))
    assert again.look(200)[1] == room.look(200)[1]
    again.see("eye", 10, 3, 1)
    assert again.look(200)[0] == room.look(200)[0], "a word that comes late is none"


def test_what_a_camera_misses_it_goes_on_missing():
    """90 words within a quarter of an hour say as much as one, so doors that run well stand."""
    room = Room([GATE], ["hall"], [EYE])
    for k in range(1, 91):
        room.hear("gate", 10 * k, 12 * k, 0)
        room.see("eye", 10.0 * k + 1, 12 * k * 0.8, 12 * k * 0.15)
    (zone,), _ = room.look(901)
    assert zone.low < 1080 < zone.high and zone.people > 950


def test_a_count_by_hand_where_nothing_else_counts():
    room = Room([], ["hall"])
    room.counted("hall", 5, 200, 10)
    (zone,), _ = room.look(6)
    assert (zone.low, zone.high) == pytest.approx((190, 210))


def test_time_until_a_threshold():
    ahead = Ahead(10, expected=2000)
    for _ in range(30):
        ahead.step(20, 0)
    found = ahead.when(900)
    assert found.early <= found.middle <= found.late and 120 < found.middle < 180
    assert ahead.when(500).middle == 0 and ahead.when(5000).share < 0.05
    assert not np.isfinite(ahead.when(5000).middle)


def test_with_those_expected_there_the_rise_ends():
    ahead = Ahead(10, expected=600, give=0.02)
    for _ in range(30):
        ahead.step(20, 0)
    assert ahead.when(900).share < 0.05
    again = Ahead.of(json.loads(json.dumps(ahead.plain())))
    assert again.soon(60).people == pytest.approx(ahead.soon(60).people, abs=8)


def test_a_forecast_is_shown_only_where_it_was_better():
    good, bad = Skill(), Skill()
    for k in range(30):
        at, people = 10.0 * k, 10.0 * k
        good.came_true(at, people)
        bad.came_true(at, people)
        good.told(at, 30, people + 30, people)
        bad.told(at, 30, people - 40, people)
        if k < 10:
            assert not good.shown(30)
    assert good.shown(30) and good.farthest() == 30 and good.better(30) == 1
    assert not bad.shown(30) and bad.farthest() == 0
    assert Skill.of(json.loads(json.dumps(good.plain()))).better(30) == 1


def test_a_standing_crowd_shows_no_forecast():
    """Nothing changes: nothing can be better than saying so."""
    skill = Skill()
    for k in range(30):
        skill.came_true(10.0 * k, 50)
        skill.told(10.0 * k, 30, 50, 50)
    assert not skill.shown(30)
