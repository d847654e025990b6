"""The engine's steps against a discrete-event model that takes people one by one."""

from dataclasses import replace
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.engines.crowdflow.discrete import evening

from varangian.engines.crowdflow.queues import Arrivals, Doubt, Lanes, lanes_for, queue
from varangian.engines.crowdflow.queues.simulate import run
from varangian.kernel.results import Refused

SURE = Doubt(0, 0, 0)
CASES = [(5000, 8, 400), (5000, 14, 400), (2000, 6, 300), (800, 2, 350)]


@pytest.mark.parametrize(("people", "lanes", "rate"), CASES)
def test_as_the_discrete_event_model(people, lanes, rate):
    judged = [evening(people, 40, 20, lanes, rate, seed=k) for k in range(25)]
    ours = queue(Arrivals(people, 40, 20), Lanes(lanes, rate), runs=100, doubt=SURE)
    expected = median(j.longest_queue for j in judged)
    assert ours.longest_queue.p50 == pytest.approx(expected, rel=0.1, abs=15)
    assert ours.longest_wait.p50 == pytest.approx(
        median(j.longest_wait for j in judged), rel=0.1, abs=0.5
    )
    assert ours.mean_wait.p50 == pytest.approx(
        median(j.mean_wait for j in judged), rel=0.12, abs=0.25
    )
    assert ours.at_start.p50 == pytest.approx(median(j.at_start for j in judged), rel=0.1, abs=25)


def test_a_second_search_and_people_who_leave_as_judged():
    more = {"second": 0.2, "desks": 9, "desk_hour": 60.0, "patience": 8.0}
    judged = [evening(3000, 40, 20, 6, 400, seed=k, **more) for k in range(25)]
    lanes = Lanes(6, 400, 0.2, 9, 60.0, patience=8.0)
    ours = queue(Arrivals(3000, 40, 20), lanes, runs=100, doubt=SURE)
    away = median(j.turned_away for j in judged)
    assert ours.turned_away.p50 == pytest.approx(away, rel=0.15) and away > 50
    waited = median(j.second_wait for j in judged)
    assert ours.second_wait.p50 == pytest.approx(waited, rel=0.2, abs=0.7)


def test_the_case_of_the_brief():
    """5,000 guests, bell of 20 minutes: 8 x 400 an hour wait minutes where Erlang says seconds."""
    few = queue(Arrivals(5000, 40, 20), Lanes(8, 400), runs=100, doubt=SURE)
    assert few.longest_queue.p50 == pytest.approx(1384, rel=0.08)
    assert few.longest_wait.p50 == pytest.approx(26, rel=0.08)
    many = queue(Arrivals(5000, 40, 20), Lanes(14, 400), runs=100, doubt=SURE)
    assert many.longest_wait.p50 < 2 and many.longest_queue.p50 < 150


def test_the_fewest_lanes():
    arrivals, lanes = Arrivals(3000), Lanes(1, 400)
    found = lanes_for(arrivals, lanes, 10, runs=60)
    assert found.longest_wait.p90 <= 10
    fewer = queue(arrivals, replace(lanes, lanes=found.lanes - 1), runs=60)
    assert fewer.longest_wait.p90 > 10


def test_people_who_give_up_do_not_shorten_the_lanes():
    arrivals = Arrivals(3000)
    plain = lanes_for(arrivals, Lanes(1, 400), 10, runs=40)
    assert lanes_for(arrivals, Lanes(1, 400, patience=3), 10, runs=40).lanes == plain.lanes


def test_the_seed_decides():
    arrivals, lanes = Arrivals(2000), Lanes(5, 400)
    assert queue(arrivals, lanes, runs=30, seed=4) == queue(arrivals, lanes, runs=30, seed=4)
    assert queue(arrivals, lanes, runs=30, seed=4) != queue(arrivals, lanes, runs=30, seed=5)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 3000), st.integers(1, 20), st.floats(20, 900), st.floats(0, 90))
def test_nobody_is_lost_and_more_lanes_never_wait_longer(people, lanes, rate, opens):
    arrivals = Arrivals(people, 40, 20)
    some = Lanes(lanes, rate, opens_before=opens)
    one = queue(arrivals, some, runs=12, doubt=SURE)
    two = queue(arrivals, replace(some, lanes=2 * lanes), runs=12, doubt=SURE)
    assert one.unfinished == 0 or people > lanes * rate * 20
    assert two.longest_wait.p50 <= one.longest_wait.p50 + 1
    history = run(arrivals, some, 12, 1, SURE)
    inside, left = history.served.sum(axis=0), history.standing[-1]
    assert (history.joined.sum(axis=0) == inside + left).all()


def test_a_profile_instead_of_a_bell():
    late = Arrivals(1000, profile=((-30, 0), (-1, 1), (0, 1), (5, 0)))
    early = Arrivals(1000, profile=((-90, 0), (-80, 1), (-50, 1), (-45, 0)))
    lanes = Lanes(3, 400)
    assert (
        queue(late, lanes, runs=20).at_start.p50 > queue(early, lanes, runs=20).at_start.p50 + 200
    )


def test_nobody_gets_in_before_the_doors_open():
    late = queue(Arrivals(1000, 40, 10), Lanes(10, 400, opens_before=20), runs=20, doubt=SURE)
    closed = [band for at, band in zip(late.minutes, late.queue, strict=True) if -26 < at < -20]
    assert closed and closed[0].p10 > 850


@pytest.mark.parametrize(
    "make",
    [
        lambda: Arrivals(0),
        lambda: Arrivals(10**7),
        lambda: Arrivals(10, spread=0),
        lambda: Arrivals(10, profile=((0, 1), (0, 1))),
        lambda: Arrivals(10, profile=((0, -1), (1, 1))),
        lambda: Lanes(0, 400),
        lambda: Lanes(1, 0),
        lambda: Lanes(1, 400, second_share=0.2),
        lambda: Lanes(1, 400, patience=0),
        lambda: lanes_for(Arrivals(10), Lanes(1, 400), 0),
        lambda: queue(Arrivals(10), Lanes(1, 400), runs=0),
    ],
    ids=range(11),
)
def test_what_makes_no_sense_is_refused(make):
    with pytest.raises(Refused) as refused:
        make()
    assert refused.value.mend
