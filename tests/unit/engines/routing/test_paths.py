"""Ways follow their edges, cost what Dijkstra says, and say in words where there is none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("scipy")

from tests.unit.engines.routing.small import TRIED, both, dijkstra, follows, line, net, networks

from varangian.engines.routing import city, network, paths
from varangian.engines.routing.graph import Site
from varangian.kernel.results import Refused


@TRIED
@given(networks(), st.data())
def test_a_way_is_as_short_as_dijkstra_says_and_its_edges_follow_each_other(graph, data):
    node = st.integers(0, len(graph.lon) - 1)
    start, goal = data.draw(node), data.draw(node)
    price = st.one_of(st.floats(0.5, 50), st.just(float("inf")))
    size = len(graph.tail)
    cost = np.array(data.draw(st.lists(price, min_size=size, max_size=size)))
    best = dijkstra(graph, start, cost)
    assert np.allclose(paths.from_start(graph, start, cost), best)
    assert paths.to_goal(graph, goal, cost)[start] == pytest.approx(best[goal])
    if not np.isfinite(best[goal]):
        with pytest.raises(paths.NoWay):
            paths.shortest(graph, start, goal, cost)
        return
    way = paths.shortest(graph, start, goal, cost)
    assert follows(graph, way, start, goal)
    assert cost[way].sum() == pytest.approx(best[goal])


def test_of_two_streets_between_the_same_corners_the_cheaper_is_driven():
    graph = net(line(2), [(0, 1, 9.0), (0, 1, 4.0)])
    assert paths.shortest(graph, 0, 1) == [1]
    assert paths.shortest(graph, 0, 1, np.array([1.0, 2.0])) == [0]


def test_no_edges_lead_to_where_one_stands():
    assert paths.shortest(city.build(), 5, 5) == []


def test_a_gap_names_the_nearest_place_that_can_be_reached():
    names = {(0, 1): "Mill Lane", (1, 0): "Mill Lane", (2, 3): "Far Road", (3, 2): "Far Road"}
    sites = [Site("hotel", "Hotel Amber", 0.5, 0.511)]
    graph = net(line(4), both([(0, 1, 5.0), (2, 3, 5.0)]), names=names, sites=sites)
    with pytest.raises(paths.NoWay) as told:
        paths.shortest(graph, 0, 3)
    assert told.value.nearest == 1
    assert "No road of this map leads to Far Road" in told.value.what
    assert "Mill Lane by Hotel Amber" in told.value.what
    assert "2.2 km to the east" in told.value.what
    assert "gap" in told.value.mend


def test_a_closed_road_is_told_from_a_gap():
    graph = net(line(3), both([(0, 1, 5.0), (1, 2, 5.0)]))
    cost = paths.closed(graph, np.array([False, False, True, True]))
    with pytest.raises(paths.NoWay, match="closed or avoided"):
        paths.shortest(graph, 0, 2, cost)


def test_a_start_without_a_way_out_says_so():
    graph = net(line(2), [(1, 0, 5.0)])
    with pytest.raises(paths.NoWay, match="no way out of"):
        paths.shortest(graph, 0, 1)


def test_a_start_that_lies_nearest_itself_is_not_called_a_trap():
    graph = net(line(4), both([(1, 0, 5.0), (2, 3, 5.0)]))
    with pytest.raises(paths.NoWay, match="nearest place that can be reached") as told:
        paths.shortest(graph, 1, 2)
    assert told.value.nearest == 1


def test_nothing_avoided_costs_nothing():
    graph = city.build()
    assert paths.closed(graph, None) is None
    assert paths.closed(graph, np.zeros(len(graph.tail), dtype=bool)) is None


def test_edges_that_do_not_follow_each_other_are_refused():
    graph = net(line(3), both([(0, 1, 5.0), (1, 2, 5.0)]))
    paths.follow(graph, np.array([0, 2]))
    with pytest.raises(Refused, match="do not follow"):
        paths.follow(graph, np.array([0, 3]))
    with pytest.raises(Refused, match="not of this map"):
        paths.follow(graph, np.array([0, 4]))


def test_without_scipy_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "scipy.sparse", None)
    with pytest.raises(Refused, match="extra travel"):
        network.csgraph()
