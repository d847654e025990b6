"""Seconds to the nearest haven, against a search from every node."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("scipy")

from tests.unit.engines.routing.small import TRIED, dijkstra, networks

from varangian.engines.routing import city, havens
from varangian.engines.routing.graph import Site

TOWN = city.build()


@TRIED
@given(networks(), st.data())
def test_each_node_drives_as_long_as_its_own_search_says(graph, data):
    place = st.one_of(st.none(), st.integers(0, len(graph.lon) - 1))
    nodes = data.draw(st.lists(place, max_size=5))
    seconds, nearest = havens.seconds_to_nodes(graph, nodes)
    for node in range(len(graph.lon)):
        own = dijkstra(graph, node)
        best = min((own[goal] for goal in nodes if goal is not None), default=np.inf)
        assert seconds[node] == pytest.approx(best)
        if np.isfinite(best):
            assert own[nodes[nearest[node]]] == pytest.approx(best)
        else:
            assert nearest[node] == -1


def test_the_way_to_a_haven_is_meant_not_the_way_from_it():
    seconds, nearest = havens.seconds_to(TOWN, TOWN.sites)
    alone = int(np.flatnonzero(nearest == 3)[-1])
    goal = int(np.flatnonzero((nearest == 3) & (seconds == 0))[0])
    assert seconds[alone] == pytest.approx(dijkstra(TOWN, alone)[goal])


def test_a_site_at_no_road_is_left_out_and_named():
    sites = [Site("police", "At sea", 10.0, 10.0), TOWN.sites[0]]
    seconds, nearest = havens.seconds_to(TOWN, sites)
    assert havens.unreached(TOWN, sites) == [0]
    assert set(nearest[np.isfinite(seconds)].tolist()) == {1}


def test_without_sites_nothing_is_near():
    seconds, nearest = havens.seconds_to(TOWN, [])
    assert np.isinf(seconds).all() and (nearest == -1).all()


def test_kinds_are_kept_apart():
    found = havens.by_kind(TOWN, TOWN.sites)
    assert list(found) == sorted({site.kind for site in TOWN.sites})
    police = [site for site in TOWN.sites if site.kind == "police"]
    assert np.array_equal(found["police"], havens.seconds_to(TOWN, police)[0])
