"""A day of many stops as one game, and what is left of it when a road closes."""

import json
import random
from collections import Counter

import numpy as np
import pytest

pytest.importorskip("scipy")

from varangian.engines.routing import city, mix
from varangian.engines.routing.mix import Car, Door, Stop
from varangian.kernel.results import Refused

HOUR = 3600.0
NODES = (26, 404, 60, 350, 110, 380, 33, 330)


def stops(count=8, width=HOUR, nodes=NODES):
    return [
        Stop(
            f"stop {i}",
            (Door("front", nodes[i]), Door("back", nodes[i] + 2)),
            (8 * HOUR + i * 1.6 * HOUR, 8 * HOUR + i * 1.6 * HOUR + width),
        )
        for i in range(count)
    ]


CARS = [Car("A"), Car("B"), Car("C")]


@pytest.fixture(scope="module")
def graph():
    return city.build()


@pytest.fixture(scope="module")
def planned(graph):
    return mix.day(graph, stops(), CARS)


def test_the_bound_holds_at_every_place_in_every_window(graph, planned):
    """Counted anew over all legs, for windows that begin each half minute."""
    met = {}
    for leg in planned.legs:
        for departure in leg.departures:
            route = leg.routes[departure.route]
            until = departure.at_s + np.cumsum(graph.seconds[list(route.edges)])
            since = until - graph.seconds[list(route.edges)]
            rows, cells, _ = mix.places_of(graph, planned.wish, route.edges)
            for cell in set(route.places):
                inside = rows[cells == cell]
                stay = (since[inside.min()], until[inside.max()], departure.probability, leg.number)
                met.setdefault(cell, []).append(stay)
    worst = max(_worst(stays, planned.wish.hold_s) for stays in met.values())
    assert worst <= planned.bound + 1e-6
    assert worst >= planned.bound - 0.02


def _worst(stays, hold_s):
    into, out, chance, leg = (np.array(part) for part in zip(*stays, strict=True))
    since = np.concatenate([np.arange(into.min() - hold_s, out.max(), 60.0), out])[:, None]
    meets = (into <= since + hold_s) & (out >= since)
    missed = np.ones(len(since))
    for number in np.unique(leg):
        missed *= 1 - np.minimum((meets * chance)[:, leg == number].sum(axis=1), 1)
    return float((1 - missed).max())


def test_a_day_keeps_budget_times_and_doors(planned):
    assert planned.bound < 0.5 and planned.bound_one_car == pytest.approx(planned.bound / 3)
    assert planned.bound <= planned.bound_unstaffed and planned.bound <= planned.bound_all_day
    assert planned.time_ratio <= 1.2 + 1e-6
    for index, leg in enumerate(planned.legs):
        assert leg.mean_s <= 1.2 * leg.fastest_s + 1e-3
        assert sum(d.probability for d in leg.departures) == pytest.approx(1)
        opens, shuts = planned.wish.stops[index].leave
        for departure in leg.departures:
            arrives = departure.at_s + leg.routes[departure.route].seconds
            assert opens <= departure.at_s <= shuts
            assert arrives <= planned.wish.stops[index + 1].leave[0]
        assert {door for route in leg.routes for door in route.doors} <= {"front", "back"}
    both = [len({route.doors for route in leg.routes}) > 1 for leg in planned.legs]
    assert sum(both) >= len(both) - 1
    assert json.dumps(planned.shape(), allow_nan=False)
    assert "driving time" in planned.words()


def test_a_day_is_drawn_leg_by_leg_and_cars_evenly(planned):
    rng = random.Random(4)
    drawn = [mix.draw_day(planned, rng) for _ in range(300)]
    assert all([c.leg for c in choices] == [1, 2, 3, 4, 5, 6, 7] for choices in drawn)
    cars = Counter(c.car for choices in drawn for c in choices)
    assert set(cars) == {"A", "B", "C"} and min(cars.values()) > 550


def test_a_closure_changes_the_legs_that_used_the_road(graph, planned):
    closed = np.zeros(graph.size[1], bool)
    edge = planned.legs[3].routes[0].edges[len(planned.legs[3].routes[0].edges) // 2]
    closed[[edge, graph.back[edge]] if graph.back[edge] >= 0 else [edge]] = True
    after = mix.resolve(graph, planned, closed, done=2)
    assert after.legs[:2] == planned.legs[:2]
    for leg in after.legs[2:]:
        assert not any(closed[list(route.edges)].any() for route in leg.routes)
        assert sum(d.probability for d in leg.departures) == pytest.approx(1)
    for before, leg in zip(planned.legs[2:], after.legs[2:], strict=True):
        if not any(closed[list(route.edges)].any() for route in before.routes):
            assert closed[_fastest(graph, before)].any() or leg == before, "its draw still holds"
    under_way = mix.resolve(graph, planned, closed, done=3, at_node=180, now_s=13 * HOUR)
    assert under_way.legs[3].routes[0].edges[0] in np.flatnonzero(graph.tail == 180)
    assert {d.at_s for d in under_way.legs[3].departures} == {13 * HOUR}
    assert mix.resolve(graph, _without_warmth(planned), closed).bound < 0.6


def _fastest(graph, leg):
    return list(min(leg.pool, key=lambda way: graph.seconds[list(way)].sum()))


def _without_warmth(planned):
    from dataclasses import replace

    return replace(planned, warm=None)


def test_a_leg_without_a_way_is_told_and_the_rest_is_planned(graph, planned):
    shut = np.isin(graph.head, [404, 406]) | np.isin(graph.tail, [404, 406])
    after = mix.resolve(graph, planned, shut)
    assert [bool(leg.blocked) for leg in after.legs] == [True, True, *[False] * 5]
    assert "blocked" in after.words() and len(mix.draw_day(after, random.Random(1))) == 5


def test_zero_width_windows_are_planned_and_told(graph):
    found = mix.day(graph, stops(4, width=0.0), CARS)
    assert "timing gives no protection" in found.words()
    assert found.bound_unstaffed <= 1


def test_what_cannot_be_is_refused(graph):
    with pytest.raises(Refused, match="too late"):
        early = [stops(2)[0], Stop("court", (Door("gate", 404),), arrive_by=8 * HOUR + 60)]
        mix.day(graph, early, CARS)
    with pytest.raises(Refused, match="No car is free"):
        mix.day(graph, stops(3), [Car("A", free=((6 * HOUR, 9 * HOUR),))])
    with pytest.raises(Refused, match="fewer than two"):
        mix.day(graph, stops(1), CARS)
    with pytest.raises(Refused, match="before it opens"):
        mix.day(graph, [Stop("a", (Door("x", 26),), (10, 5)), *stops(3)[1:]], CARS)
    with pytest.raises(Refused, match="without a door"):
        mix.day(graph, [Stop("a", (), (0, 5)), *stops(3)[1:]], CARS)


def test_a_driver_with_few_hours_leaves_the_long_legs_to_others(graph):
    found = mix.day(graph, stops(), [Car("A", most_s=20 * 60), Car("B")])
    longest = {}
    for leg in found.legs:
        slow = max(route.seconds for route in leg.routes)
        for name in leg.cars:
            longest[name] = longest.get(name, 0) + slow
    assert longest["A"] <= 20 * 60 + 1 and longest["B"] > longest["A"]


def _kept(leg):
    """As a record keeps it: edges and rounded chances, nothing else."""
    shares = [
        mix.Departure(one.route, round(one.at_s, 1), round(one.probability, 6))
        for one in leg.departures
    ]
    return mix.Kept([route.edges for route in leg.routes], shares)


def _users(planned, edge):
    return {leg.number for leg in planned.legs for r in leg.routes if edge in r.edges}


def test_a_day_read_back_from_a_record_is_planned_anew_round_a_closure(graph, planned):
    """Legs that are kept stay as they were drawn from; the others are mixed with them."""
    read = mix.recorded(graph, planned.wish, [_kept(leg) for leg in planned.legs])
    closed = np.zeros(graph.size[1], bool)
    edge = min(planned.legs[3].routes[0].edges, key=lambda e: len(_users(planned, e)))
    closed[edge] = True
    open_ = [leg.number for leg in planned.legs if leg.number not in _users(planned, edge)]
    after = mix.resolve(graph, read, closed, keep=open_)
    assert open_ and 4 not in open_ and after.seconds < 4
    for leg in planned.legs:
        made = after.legs[leg.number - 1]
        assert not any(closed[list(route.edges)].any() for route in made.routes)
        if leg.number in open_:
            assert {r.key for r in made.routes} == {r.key for r in leg.routes}
            assert made.mean_s == pytest.approx(leg.mean_s, abs=0.1)
    assert after.bound <= 0.6 and after.time_ratio <= 1.3
    anew = mix.resolve(graph, read, np.zeros(graph.size[1], bool), keep=[])
    assert anew.bound <= planned.bound + 0.1


def test_routes_of_another_network_are_no_start(graph, planned):
    strange = mix.Kept([(graph.size[1] + 5,)], [mix.Departure(0, 0.0, 1.0)])
    legs = [strange, mix.Kept(), *[_kept(leg) for leg in planned.legs[2:]]]
    read = mix.recorded(graph, planned.wish, legs)
    assert [leg.pool == () for leg in read.legs[:3]] == [True, True, False]
    after = mix.resolve(graph, read, np.zeros(graph.size[1], bool), keep=range(1, 8))
    assert all(leg.routes for leg in after.legs)
