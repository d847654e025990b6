"""Ways that differ keep the time, the likeness and the avoided areas."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("scipy")

from tests.unit.engines.routing.small import TRIED, both, dijkstra, follows, line, net, networks

from varangian.engines.routing import city, diverse, paths

TOWN = city.build()
CORE = np.flatnonzero(TOWN.core).tolist()


def holds(graph, found, start, goal, *, stretch=1.4, overlap=0.6, avoid=None):
    shut = None if avoid is None else np.where(avoid, np.inf, graph.seconds)
    best = dijkstra(graph, start, shut)[goal]
    times = [graph.seconds[way].sum() for way in found]
    assert times[0] == pytest.approx(best) and times == sorted(times)
    assert all(time <= best * stretch + 1e-6 for time in times)
    assert all(follows(graph, way, start, goal) for way in found)
    for a, b in combinations(found, 2):
        assert diverse.overlap(graph, a, b) <= overlap + 1e-6
    assert avoid is None or not any(avoid[way].any() for way in found)


@TRIED
@given(st.sampled_from(CORE), st.sampled_from(CORE), st.floats(1, 2), st.floats(0, 1), st.data())
def test_in_the_city_every_bound_is_kept(start, goal, stretch, overlap, data):
    if start == goal:
        return
    avoid = np.zeros(len(TOWN.tail), dtype=bool)
    avoid[data.draw(st.lists(st.integers(0, len(avoid) - 1), max_size=200))] = True
    try:
        found = diverse.routes(TOWN, start, goal, 6, stretch, overlap, avoid)
    except paths.NoWay:
        assert not np.isfinite(dijkstra(TOWN, start, np.where(avoid, np.inf, TOWN.seconds))[goal])
        return
    assert 1 <= len(found) <= 6
    holds(TOWN, found, start, goal, stretch=stretch, overlap=overlap, avoid=avoid)


@TRIED
@given(networks(), st.data())
def test_on_any_network_every_bound_is_kept(graph, data):
    node = st.integers(0, len(graph.lon) - 1)
    start, goal = data.draw(node), data.draw(node)
    if start == goal or not np.isfinite(dijkstra(graph, start)[goal]):
        return
    holds(graph, diverse.routes(graph, start, goal), start, goal)


def test_all_of_three_separate_ways_are_found_the_fastest_first():
    rows = [(0, i, 10.0 + i) for i in (1, 2, 3)] + [(i, 4, 10.0) for i in (1, 2, 3)]
    graph = net(line(5), both(rows))
    found = diverse.routes(graph, 0, 4)
    assert [int(graph.head[way[0]]) for way in found] == [1, 2, 3]


def test_a_street_driven_the_other_way_counts_as_the_same_street():
    graph = net(line(3), both([(0, 1, 10.0), (1, 2, 10.0)]))
    assert diverse.overlap(graph, [0, 2], [3, 1]) == pytest.approx(1.0)


def test_one_way_where_one_is_all_there_is():
    graph = net(line(3), both([(0, 1, 10.0), (1, 2, 10.0)]))
    assert diverse.routes(graph, 0, 2) == [[0, 2]]
    assert diverse.routes(graph, 1, 1) == [[]]


def test_across_the_city_there_are_six():
    assert len(diverse.routes(TOWN, CORE[0], CORE[-1])) == 6
