"""Where a leg waits: on the way, apart from its ends, known places first; the clock lets it go."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from varangian.engines.routing import match
from varangian.kernel.results import Refused
from varangian.travel.board import holds, outlook
from varangian.travel.board import marks as marking
from varangian.travel.board.holds import Spot
from varangian.travel.board.marks import Mark

LAT, LON = 54.5, 11.0
NORTH = 111_195.0
EAST = NORTH * np.cos(np.radians(LAT))
LINE = match.line([(LON, LAT), (LON + 6000 / EAST, LAT)], 600.0)
LEAVES = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
READY = LEAVES + timedelta(minutes=30)
FLAT = (1.0,) * 24


def spot(name, x, y=0.0, sure=True):
    return Spot(name, LAT + y / NORTH, LON + x / EAST, "haven", sure)


def proposed(*spots, marks=()):
    arrives = LEAVES + timedelta(minutes=10)
    return holds.propose(LINE, list(marks), spots, 0.2, arrives, READY)


def test_known_places_come_first_and_then_those_nearest_to_the_destination():
    found = proposed(
        spot("Far off", 3000, 400), spot("Map only", 5000, sure=False), spot("Early", 1500),
        spot("Late", 4500, 60), spot("At the door", 5900), spot("At the start", 100),
    )  # fmt: skip
    assert [one.name for one in found] == ["Late", "Early", "Map only"]
    late = found[0]
    assert late.shape()["km"] == 4.5 and late.until < READY
    assert late.until == READY - timedelta(seconds=150 * np.exp(-1.2816 * 0.2))
    assert late.wait_s == pytest.approx((late.until - LEAVES).total_seconds() - 450, abs=1)


def test_one_place_is_proposed_once_and_not_where_a_hold_is():
    hold = Mark("m1", "hold", "Square", 4500.0)
    twins = [spot("Yard", 2000), spot("Yard again", 2040)]
    assert [one.name for one in proposed(spot("Late", 4500), *twins, marks=[hold])] == ["Yard"]


def test_a_hold_until_a_moment_makes_the_leg_come_when_its_goal_is_ready():
    (place,) = proposed(spot("Late", 4500))
    mark = Mark("m1", "hold", place.name, place.along_m, "", place.wait_s, place.until.isoformat())
    midnight = outlook.midnight_of(LEAVES, "UTC")

    def early(marks, departs=LEAVES):
        parts = marking.parts(LINE, marks, 0.0, 0.2, midnight)
        return outlook.before(parts, FLAT, 0.2, departs, None, "UTC", ready=READY)

    assert early([]).early > 0.99 and early([mark]).early < 0.2
    assert READY <= early([mark]).p50 <= READY + timedelta(minutes=2)
    late = early([mark], LEAVES + timedelta(minutes=25)).p50
    assert late < LEAVES + timedelta(minutes=37), "who is late does not wait on top of it"


def test_the_moment_of_a_hold_has_its_zone():
    row = {"name": "Yard", "kind": "hold", "km": 2, "until": "2027-01-11T09:20+00:00"}
    (mark,) = marking.checked(LINE, [row])
    assert mark.until == "2027-01-11T09:20:00+00:00" and marking.sure_s(mark) == 0
    for text, words in (("soon", "no time"), ("2027-01-11T09:20", "no zone")):
        with pytest.raises(Refused, match=words):
            marking.checked(LINE, [{**row, "until": text}])
