"""Times of a movement against the closed forms that there are, and against plain sense."""

from math import exp, sqrt
from statistics import NormalDist

import numpy as np
import pytest

from varangian.engines.routing import timing
from varangian.engines.routing.timing import Part
from varangian.kernel.results import Refused

Z = NormalDist()
NINE = 9 * 3600.0


def drive(minutes, **fields):
    return Part("drive", minutes * 60, **fields)


def test_a_sum_of_normals():
    parts = [drive(20, law="normal", spread=120.0), drive(30, law="normal", spread=300.0),
             Part("gate", 300, kind="wait", law="normal", spread=60.0)]  # fmt: skip
    drawn = timing.sample(parts, draws=200_000)
    mean, deviation = 3300.0, sqrt(120**2 + 300**2 + 60**2)
    last = timing.spans(drawn, NINE)[-1]
    for share, value in ((0.1, last.p10), (0.5, last.p50), (0.9, last.p90)):
        wanted = NINE + mean + deviation * Z.inv_cdf(share)
        assert abs(value - wanted) < 0.01 * deviation + 3
    due = NINE + mean + deviation
    assert timing.on_time(drawn, NINE, due) == pytest.approx(Z.cdf(1), abs=0.003)
    latest = timing.latest_departure(drawn, due, 0.95)
    assert latest == pytest.approx(due - mean - deviation * Z.inv_cdf(0.95), abs=6)


def test_a_lognormal_drive_and_the_factor_of_the_day():
    drawn = timing.sample([drive(40, spread=0.3)], common=0.4, draws=200_000)
    sigma = sqrt(0.3**2 + 0.4**2)
    (span,) = timing.spans(drawn, 0.0)
    for share, value in ((0.1, span.p10), (0.5, span.p50), (0.9, span.p90)):
        assert value == pytest.approx(2400 * exp(sigma * Z.inv_cdf(share)), rel=0.01)
    due = 2400 * exp(sigma * 0.7)
    assert timing.on_time(drawn, 0.0, due) == pytest.approx(Z.cdf(0.7), abs=0.003)


def test_the_day_makes_many_drives_less_sure_than_they_look():
    parts = [drive(5, spread=0.3) for _ in range(10)]
    alone, shared = (timing.sample(parts, common=c) for c in (0.0, 0.3))
    wide = [timing.spans(one, 0.0)[-1] for one in (alone, shared)]
    assert wide[1].p90 - wide[1].p10 > 2 * (wide[0].p90 - wide[0].p10)


def test_a_triangular_estimate():
    part = Part("load", 300, kind="load", law="triangular", least_s=120, most_s=900)
    drawn = timing.sample([part], draws=200_000)
    assert drawn.lengths.mean() == pytest.approx((120 + 300 + 900) / 3, rel=0.01)
    below = (300 - 120) ** 2 / ((900 - 120) * (300 - 120))
    assert timing.on_time(drawn, 0.0, 300) == pytest.approx(below, abs=0.004)


def test_the_hour_slows_the_drive():
    traffic = [1.0] * 24
    traffic[8] = 2.0
    drawn = timing.sample([drive(10, law="fixed")], traffic=traffic, draws=100)
    at = lambda hours: timing.spans(drawn, hours * 3600)[-1].p50 - hours * 3600  # noqa: E731
    assert at(5) == 600 and at(8) == 1200 and at(7.5) == 900
    assert timing.factor(traffic, 23.5 * 3600) == 1.0 and timing.factor(traffic, 32 * 3600) == 2.0
    long = timing.sample([drive(120, law="fixed")], traffic=traffic, draws=100)
    assert 7200 < timing.spans(long, 7 * 3600)[-1].p50 - 7 * 3600 < 2 * 7200


def test_the_latest_departure_keeps_its_word():
    traffic = [1.0] * 7 + [1.5, 1.8, 1.4] + [1.0] * 14
    parts = [drive(25, spread=0.2), Part("hold", 120, kind="wait", law="fixed"), drive(10)]
    drawn = timing.sample(parts, traffic=traffic, common=0.15, draws=5000)
    for level in (0.5, 0.9, 0.95, 0.99):
        at = timing.latest_departure(drawn, NINE, level)
        assert timing.on_time(drawn, at, NINE) >= level
        assert timing.on_time(drawn, at + 31, NINE) < level


def test_a_hold_takes_up_delay_and_may_make_it_impossible():
    hold = Part("gate opens", 0, kind="wait", law="fixed", not_before_s=NINE)
    drawn = timing.sample([drive(10, spread=0.3), hold, Part("yard", 60, law="fixed")])
    early = timing.spans(drawn, NINE - 3600)[-1]
    assert early.p10 == early.p90 == NINE + 60
    assert timing.on_time(drawn, NINE - 3600, NINE + 60) == 1.0
    assert timing.latest_departure(drawn, NINE + 59) is None


def test_the_same_seed_is_the_same_sample():
    parts = [drive(12, spread=0.25), Part("load", 60, law="triangular", least_s=30, most_s=200)]
    one, same, other = (timing.sample(parts, seed=seed) for seed in (4, 4, 5))
    assert np.array_equal(one.lengths, same.lengths)
    assert not np.array_equal(one.lengths, other.lengths)


def test_what_is_left_of_a_movement():
    parts = [drive(10), Part("hold", 300, kind="wait", law="fixed"), drive(5)]
    left = timing.remaining(parts, 300, pace=2.0)
    assert [part.likely_s for part in left] == [600, 300, 600]
    assert [part.likely_s for part in timing.remaining(parts, 750, pace=2.0)] == [150, 600]
    assert timing.remaining(parts, 1200) == []


@pytest.mark.parametrize(
    ("parts", "fields", "words"),
    [
        ([], {}, "at least one part"),
        ([Part("a", -1)], {}, "part 1, a"),
        ([Part("a", float("nan"))], {}, "negative or no number"),
        ([Part("a", 60, spread=9)], {}, "no driving time"),
        ([Part("a", 60, law="triangular", least_s=90, most_s=99)], {}, "not in order"),
        ([Part("a", 60)], {"traffic": [1.0] * 23}, "24 factors"),
        ([Part("a", 60)], {"traffic": [0.0] * 24}, "24 factors"),
        ([Part("a", 60)], {"draws": 3}, "say nothing"),
    ],
)
def test_nonsense_is_refused(parts, fields, words):
    with pytest.raises(Refused, match=words):
        timing.sample(parts, **fields)


def test_a_level_is_a_chance():
    drawn = timing.sample([drive(10)])
    with pytest.raises(Refused, match="between 0 and 1"):
        timing.latest_departure(drawn, NINE, 1.0)
