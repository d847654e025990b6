"""Progress on a line: hand-made lines, noisy fixes, crossings, gaps and ways back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from varangian.engines.routing import match
from varangian.engines.routing.match import Fix
from varangian.kernel.results import Refused

LAT, LON = 54.5, 11.0
NORTH = 111_195.0
EAST = NORTH * np.cos(np.radians(LAT))


def lonlat(x, y):
    return LON + x / EAST, LAT + y / NORTH


def route(*corners, seconds=None):
    return match.line([lonlat(x, y) for x, y in corners], seconds)


def follow(line, places, accuracy=8.0, every=5.0):
    """Progress after each of these places in metres, one fix every few seconds."""
    found, last = [], None
    for number, (x, y) in enumerate(places):
        last = match.advance(line, last, Fix(number * every, *lonlat(x, y), accuracy))
        found.append(last)
    return found


BEND = [(0, 0), (1000, 0), (1000, 1000)]


def test_along_a_bend():
    line = route(*BEND)
    assert line.metres == pytest.approx(2000, rel=1e-3)
    places = [(x, 4) for x in range(0, 1000, 100)] + [(1004, y) for y in range(0, 1001, 100)]
    seen = follow(line, places)
    assert [round(one.along_m, -2) for one in seen] == list(range(0, 1000, 100)) + list(
        range(1000, 2001, 100)
    )
    assert all(one.on and one.off_m < 6 for one in seen)


def test_off_the_line_progress_waits():
    line = route(*BEND)
    seen = follow(line, [(400, 0), (500, 0), (500, 150), (500, 300), (700, 300), (1000, 310)])
    assert [one.on for one in seen] == [True, True, False, False, False, True]
    assert [round(one.off_m) for one in seen[2:5]] == pytest.approx([150, 300, 300], abs=3)
    assert seen[4].along_m == pytest.approx(500, abs=2)
    assert seen[5].along_m == pytest.approx(1310, abs=3)


def test_a_crossing_is_no_shortcut():
    """Over the crossing at (500, 0) twice, 2,000 m apart."""
    line = route((0, 0), (1000, 0), (1000, 500), (500, 500), (500, -500))
    places = [(x, 0) for x in range(400, 601, 20)]
    seen = follow(line, places)
    assert [one.along_m for one in seen] == pytest.approx([x for x, _ in places], abs=3)
    later = follow(line, [*places, (1000, 250), (750, 500), (500, 100), (500, 20), (500, -60)])
    assert later[-1].along_m == pytest.approx(2560, abs=5)


def test_out_and_back_on_the_same_road():
    line = route((0, 0), (600, 0), (0, 1))
    places = [(x, 0) for x in range(0, 600, 50)] + [(x, 0) for x in range(600, -1, -50)]
    seen = follow(line, places)
    assert [one.along_m for one in seen] == pytest.approx(
        [*range(0, 600, 50), *range(600, 1201, 50)], abs=6
    )


def test_a_gap_of_the_receiver():
    line = route(*BEND)
    first = match.advance(line, None, Fix(0, *lonlat(100, 0), 5))
    after = match.advance(line, first, Fix(240, *lonlat(1000, 800), 5))
    assert after.on and after.along_m == pytest.approx(1800, abs=3)


def test_driving_back_is_told_and_costs_no_progress():
    line = route(*BEND)
    seen = follow(line, [(600, 0), (700, 0), (500, 0), (300, 0), (200, 0)])
    assert [round(one.along_m) for one in seen] == pytest.approx([600] + [700] * 4, abs=2)
    assert [round(one.behind_m) for one in seen] == pytest.approx([0, 0, 200, 400, 500], abs=3)
    forward = follow(line, [(600, 0), (700, 0), (500, 0), (720, 0), (760, 0)])
    assert forward[-1].along_m == pytest.approx(760, abs=2) and forward[-1].behind_m == 0


def test_the_first_fix_may_be_anywhere():
    line = route(*BEND)
    middle = match.advance(line, None, Fix(0, *lonlat(1002, 500), 5))
    assert middle.along_m == pytest.approx(1500, abs=3) and middle.on
    away = match.advance(line, None, Fix(0, *lonlat(300, -900), 5))
    assert not away.on and away.along_m == 0 and away.off_m == pytest.approx(900, rel=0.01)


def test_a_coarse_fix_is_given_room_and_an_old_one_says_nothing():
    line = route(*BEND)
    first = match.advance(line, None, Fix(100, *lonlat(100, 0), 5))
    assert match.advance(line, first, Fix(105, *lonlat(200, 60), 50)).on
    assert not match.advance(line, first, Fix(105, *lonlat(200, 60), 5)).on
    assert match.advance(line, first, Fix(99, *lonlat(900, 0), 5)) is first


def test_over_the_date_line():
    line = match.line([(179.99, 0.0), (-179.99, 0.0)])
    assert line.metres == pytest.approx(0.02 * NORTH, rel=1e-3)
    seen = match.advance(line, None, Fix(0, -179.995, 0.0, 5))
    assert seen.along_m == pytest.approx(0.015 * NORTH, rel=1e-3)


def test_time_left_by_the_routes_own_timing():
    line = route(*BEND, seconds=[0, 60, 300])
    assert match.seconds_at(line, 500) == pytest.approx(30, abs=0.5)
    assert match.remaining_s(line, 1500) == pytest.approx(120, abs=1)
    slow = match.pace(line, 0, 2000, took_s=600)
    assert slow == pytest.approx((600 + 120) / (300 + 120), rel=0.01)
    assert match.remaining_s(line, 1500, slow) == pytest.approx(120 * slow, abs=2)
    assert match.pace(line, 0, 10, took_s=0) > 0.95
    assert match.pace(line, 0, 10, took_s=9000) == match.SLOWEST
    lon, lat = match.place_at(line, 1500)
    assert match.locate(line, lon, lat)[0] == pytest.approx(1500, abs=1)
    assert match.off_m(line, *lonlat(500, 70)) == pytest.approx(70, abs=1)


@pytest.mark.parametrize(
    ("points", "seconds", "words"),
    [
        ([(1, 2)], None, "two corners"),
        ([(1, 2), (float("nan"), 2)], None, "no place on earth"),
        ([(1, 2), (1, 2)], None, "no length"),
        ([(1, 2), (1, 2.1)], [0.0], "do not fit"),
        ([(1, 2), (1, 2.1)], [1.0, 2.0], "do not fit"),
    ],
)
def test_a_bad_line_is_refused(points, seconds, words):
    with pytest.raises(Refused, match=words):
        match.line(points, seconds)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), sigma=st.floats(1, 12), speed=st.floats(3, 30))
def test_forward_driving_never_goes_back_and_stays_true(seed, sigma, speed):
    """A winding line with right angles, fixes every two seconds with noise of ``sigma``."""
    rng = np.random.default_rng(seed)
    corners, here = [(0.0, 0.0)], np.zeros(2)
    for number in range(12):
        here = here + ((rng.uniform(150, 500), 0) if number % 2 else (0, rng.uniform(150, 500)))
        corners.append(tuple(here))
    line = route(*corners)
    truth = np.arange(0, line.metres, speed * 2)
    last, before = None, -1.0
    for number, along in enumerate(truth):
        lon, lat = match.place_at(line, along)
        noise = rng.normal(0, sigma, 2)
        fix = Fix(number * 2.0, lon + noise[0] / EAST, lat + noise[1] / NORTH, sigma)
        last = match.advance(line, last, fix)
        assert last.along_m >= before
        held = 0 if last.on else 2 * speed  # a fix beside the line leaves the place as it was
        assert abs(last.along_m - along) <= 6 * sigma + 25 + held
        before = last.along_m
