"""The arrays of a road network fit each other, and the invented city is one that cars can use."""

import numpy as np
import pytest

pytest.importorskip("scipy")

from varangian.engines.routing import city
from varangian.engines.routing.graph import BRIDGE, TUNNEL


@pytest.fixture(scope="module")
def town():
    return city.build()


def test_the_same_seed_makes_the_same_city(town):
    again = city.build()
    assert np.array_equal(again.seconds, town.seconds) and np.array_equal(again.lon, town.lon)
    assert not np.array_equal(city.build(seed=8).lon, town.lon)


def test_nearly_all_of_it_reaches_all_of_it(town):
    assert town.core.mean() > 0.95


def test_the_way_back_is_the_same_road_turned_round(town):
    both = np.flatnonzero(town.back >= 0)
    back = town.back[both]
    assert np.array_equal(town.tail[both], town.head[back])
    assert np.allclose(town.metres[both], town.metres[back])
    assert 0 < (town.back < 0).sum() < len(both)


def test_the_river_is_crossed_where_there_is_a_bridge_or_the_tunnel(town):
    assert (town.flags & BRIDGE > 0).sum() == 4
    assert (town.flags & TUNNEL > 0).sum() == 2


def test_a_course_begins_and_ends_at_its_nodes(town):
    first = int(np.flatnonzero(town.back >= 0)[0])
    line = town.course([first, int(town.back[first])])
    start = (town.lon[town.tail[first]], town.lat[town.tail[first]])
    assert tuple(line[0]) == tuple(line[-1]) == start
    assert town.course([]).shape == (0, 2)


def test_of_parallel_edges_the_cheapest_counts(town):
    cost = np.arange(1, len(town.tail) + 1, dtype=float)
    matrix = town.matrix(cost)
    assert matrix.nnz == len(town.cheapest(cost))
    assert matrix.max() <= len(cost)
