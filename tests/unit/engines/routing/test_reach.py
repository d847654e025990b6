"""Standby cars: no other choice of as many places covers more of the route."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("scipy")

from tests.unit.engines.routing.small import TRIED, both, dijkstra, line, net, networks

from varangian.engines.routing import city, paths, reach

TOWN = city.build()
CORE = np.flatnonzero(TOWN.core).tolist()


@TRIED
@given(networks(), st.data(), st.integers(1, 3), st.integers(0, 40))
def test_no_other_places_cover_more(graph, data, cars, within):
    node = st.integers(0, len(graph.lon) - 1)
    start, goal = data.draw(node), data.draw(node)
    try:
        way = paths.shortest(graph, start, goal)
    except paths.NoWay:
        return
    if not way:
        return
    places = data.draw(st.lists(node, min_size=1, max_size=5, unique=True))
    found = reach.stand(graph, way, cars, within, places=places)
    away = {place: dijkstra(graph, place) for place in places}
    total = graph.seconds[way].sum()

    def covered(chosen):
        return sum(
            graph.seconds[edge]
            for edge in way
            if any(away[place][graph.head[edge]] <= within for place in chosen)
        )

    best = max(
        covered(chosen)
        for count in range(min(cars, len(places)) + 1)
        for chosen in combinations(places, count)
    )
    assert found.proven and len(found.stands) <= cars
    assert found.share * total == pytest.approx(best)
    assert covered([stand.node for stand in found.stands]) == pytest.approx(best)
    bare = sum(graph.seconds[edge] for edge in found.bare)
    assert bare == pytest.approx(total - best)


def test_two_cars_cover_more_than_one_and_say_what_each_is_for():
    way = paths.shortest(TOWN, CORE[0], CORE[-1])
    one, two = (reach.stand(TOWN, way, cars, 180) for cars in (1, 2))
    assert one.share < two.share <= 1
    assert sum(stand.alone_s for stand in two.stands) <= TOWN.seconds[way].sum()
    assert "of the driving time is within 3 min of a car" in two.words
    assert two.shape()["stands"][0]["words"]


def test_the_wait_at_the_worst_point_is_told_or_unknown():
    graph = net(line(4), both([(0, 1, 60.0), (1, 2, 60.0), (2, 3, 60.0)]))
    way = paths.shortest(graph, 0, 3)
    assert reach.stand(graph, way, 1, 60, places=[2]).worst_s == 60
    cut = net(line(4), [(0, 1, 60.0), (1, 2, 60.0), (2, 3, 60.0)])
    assert reach.stand(cut, way := paths.shortest(cut, 0, 3), 1, 60, places=[2]).worst_s is None
    assert reach.stand(cut, way, 1, 60, places=[2]).share == pytest.approx(2 / 3)


def test_no_car_and_no_route():
    way = paths.shortest(TOWN, CORE[0], CORE[-1])
    none = reach.stand(TOWN, way, 0, 180)
    assert none.share == 0 and set(none.bare) == set(way) and "No car" in none.words
    assert reach.stand(TOWN, [], 2, 180).share == 1


def test_the_plain_choice_stands_in_when_time_runs_out():
    covers = np.array([[True, True, False], [False, True, True], [True, False, False]])
    assert reach._greedy(covers, np.array([1.0, 2.0, 4.0]), 2) == [1, 0]
