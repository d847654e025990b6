"""Forced edges against taking each edge away; shares against counting every way."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

pytest.importorskip("scipy")

from tests.unit.engines.routing.small import TRIED, both, dijkstra, line, net, networks

from varangian.engines.routing import choke, city, paths
from varangian.engines.routing.graph import BRIDGE, TUNNEL


def by_removal(graph, start, goal, avoid=None):
    cost = graph.seconds if avoid is None else np.where(avoid, np.inf, graph.seconds)
    return {
        edge
        for edge in range(len(graph.tail))
        if not np.isfinite(dijkstra(graph, start, cost, without=edge)[goal])
    }


@TRIED
@given(networks(), st.data())
def test_forced_are_those_whose_loss_parts_goal_from_start(graph, data):
    node = st.integers(0, len(graph.lon) - 1)
    start, goal = data.draw(node), data.draw(node)
    size = len(graph.tail)
    avoid = np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)))
    avoid &= np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)))
    cost = np.where(avoid, np.inf, graph.seconds)
    assume(np.isfinite(dijkstra(graph, start, cost)[goal]))
    found = choke.forced(graph, start, goal, avoid)
    expected = by_removal(graph, start, goal, avoid) - set(np.flatnonzero(avoid).tolist())
    assert set(found) == expected and len(found) == len(set(found))
    way = paths.shortest(graph, start, goal, cost)
    assert found == [edge for edge in way if edge in expected]


def every_way(graph, start, goal, stretch):
    """Ways over edges of the corridor that come nearer with each edge, with their weight."""
    away = np.array(dijkstra(graph, start))
    left = np.array([dijkstra(graph, node)[goal] for node in range(len(graph.lon))])
    best, found = away[goal], []

    def go(here, way):
        if here == goal:
            loss = graph.seconds[way].sum() - best
            found.append((way, np.exp(-3 * loss / (best * (stretch - 1)))))
            return
        for edge in np.flatnonzero(graph.tail == here):
            there = graph.head[edge]
            total = away[here] + graph.seconds[edge] + left[there]
            if left[there] < left[here] and total <= best * stretch * (1 + 1e-9):
                go(int(there), [*way, int(edge)])

    go(start, [])
    return found


@TRIED
@given(networks(6), st.data(), st.floats(1.05, 2))
def test_shares_are_those_of_all_ways_counted_one_by_one(graph, data, stretch):
    node = st.integers(0, len(graph.lon) - 1)
    start, goal = data.draw(node), data.draw(node)
    assume(start != goal and np.isfinite(dijkstra(graph, start)[goal]))
    ways = every_way(graph, start, goal, stretch)
    expected = np.zeros(len(graph.tail))
    for way, weight in ways:
        expected[way] += weight
    expected /= sum(weight for _, weight in ways)
    share = choke.corridor(graph, start, goal, stretch)
    assert np.allclose(share, expected)
    assert np.allclose(share[choke.forced(graph, start, goal)], 1)


@TRIED
@given(networks())
def test_bridges_are_streets_whose_loss_cuts_the_network(graph):
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    def parts(kept):
        ends = (graph.tail[kept], graph.head[kept])
        shape = (len(graph.lon),) * 2
        joined = coo_matrix((np.ones(int(kept.sum())), ends), shape=shape)
        return connected_components(joined, directed=False)[0]

    found, whole = choke.bridges(graph), parts(np.ones(len(graph.tail), dtype=bool))
    for edge in range(len(graph.tail)):
        kept = np.ones(len(graph.tail), dtype=bool)
        kept[[edge, graph.back[edge] if graph.back[edge] >= 0 else edge]] = False
        assert found[edge] == (parts(kept) > whole)


def test_a_river_with_one_bridge_forces_it():
    town = city.build(bridges=(11,))
    core = np.flatnonzero(town.core)
    found = choke.forced(town, int(core[3]), int(core[-4]))
    spans = [edge for edge in found if town.flags[edge] & (BRIDGE | TUNNEL)]
    assert len(spans) == 1
    tunnel = next(p for p in choke.places(town, found) if spans[0] in p.edges)
    assert tunnel.words.startswith("Tunnel: ") and tunnel.edges == (spans[0],)
    assert tunnel.metres == pytest.approx(town.metres[spans[0]])
    assert tunnel.shape()["edges"] == list(tunnel.edges)


def test_forced_edges_that_follow_each_other_are_one_place():
    names = {(0, 1): "Mill Lane", (1, 2): "Mill Lane", (5, 6): "Quay"}
    middle = [(2, 3, 5.0), (2, 4, 5.0), (3, 5, 5.0), (4, 5, 5.0)]
    graph = net(line(7), [(0, 1, 9.0), (1, 2, 9.0), *middle, (5, 6, 9.0)], names=names)
    places = choke.places(graph, choke.forced(graph, 0, 6))
    assert [place.words for place in places] == ["Road: Mill Lane, 180 m", "Road: Quay, 90 m"]


def test_no_way_is_said_by_all():
    graph = net(line(4), both([(0, 1, 5.0), (2, 3, 5.0)]))
    for ask in (choke.forced, choke.corridor):
        with pytest.raises(paths.NoWay):
            ask(graph, 0, 3)
    assert choke.forced(graph, 1, 1) == [] and not choke.corridor(graph, 1, 1).any()
