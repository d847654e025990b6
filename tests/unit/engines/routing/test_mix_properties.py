"""Whatever the town: a plan is a flow within its budget, and its bound is neither more nor less
than what the game allows. The game is solved a second time over all simple ways."""

import random
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

pytest.importorskip("scipy")

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare
from tests.unit.engines.routing.towns import road, simple_ways, towns, value

from varangian.engines.routing import mix
from varangian.kernel.results import Refused

SLOW = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
STRETCH = 3.0
LOSS = 0.03
"""What a plan may give away: to have fewer routes, and where columns stop."""
BUDGETS = st.sampled_from([1.05, 1.2, 1.5])
METHODS = st.sampled_from(["flow", "columns"])


def planned(graph, budget, method="auto", **more):
    """From corner to corner, each road a place, no ends."""
    wishes = {"ends_s": 0.0, "cell_m": 0.0, "stretch": STRETCH, "routes": 60} | more
    try:
        return mix.plan(graph, 0, graph.size[0] - 1, budget, method=method, **wishes)
    except Refused as refused:
        assume("No road leads" not in refused.what)
        raise


def everything(graph, found):
    return simple_ways(graph, 0, graph.size[0] - 1, found.fastest_s * STRETCH + 1)


@given(towns(), BUDGETS, METHODS)
@SLOW
def test_a_plan_is_a_flow_within_its_budget(graph, budget, method):
    found = planned(graph, budget, method)
    net = np.zeros(graph.size[0])
    for route in found.routes:
        edges = np.array(route.edges)
        assert np.array_equal(graph.head[edges[:-1]], graph.tail[edges[1:]])
        np.add.at(net, graph.tail[edges], route.probability)
        np.add.at(net, graph.head[edges], -route.probability)
        assert len(set(graph.head[edges].tolist())) == len(edges)
        assert route.seconds <= STRETCH * found.fastest_s + 1
    assert net[0] == pytest.approx(1) and net[-1] == pytest.approx(-1)
    assert np.allclose(net[1:-1], 0, atol=1e-9)
    assert sum(route.probability for route in found.routes) == pytest.approx(1)
    mean = sum(route.probability * route.seconds for route in found.routes)
    assert 1 - 1e-9 <= mean / found.fastest_s <= budget + 1e-6
    assert found.time_ratio == pytest.approx(mean / found.fastest_s)


@given(towns(), BUDGETS, METHODS)
@SLOW
def test_the_bound_is_the_chance_of_the_worst_road_and_the_best_there_is(graph, budget, method):
    found = planned(graph, budget, method)
    ways = everything(graph, found)
    best, forced = value(graph, ways, budget)
    assert {road(graph, e) for f in found.forced for e in f.edges} == forced
    chance = Counter()
    for route in found.routes:
        for place in {road(graph, e) for e in route.edges} - forced:
            chance[place] += route.probability
    if best is None:
        assert found.bound == found.bound_unstaffed == 1
        return
    assert found.bound == pytest.approx(max(chance.values()))
    assert best - 1e-6 <= found.bound <= best + LOSS
    assert found.floor <= best + 1e-6
    assert found.bound <= 1 + 1e-9, "never worse than the one best route"


@given(towns(), BUDGETS)
@SLOW
def test_unstaffed_the_bound_is_one_just_when_a_road_cannot_be_avoided(graph, budget):
    found = planned(graph, budget)
    _, forced = value(graph, everything(graph, found), budget)
    assert (found.bound_unstaffed > 1 - 1e-9) == bool(forced)


@given(towns(), METHODS)
@SLOW
def test_more_time_never_makes_it_worse(graph, method):
    bounds = [planned(graph, budget, method).bound for budget in (1.0, 1.1, 1.3, 1.6)]
    for tight, wide in pairwise(bounds):
        assert wide <= tight + LOSS


@given(towns(), BUDGETS)
@SLOW
def test_cells_hold_what_roads_hold(graph, budget):
    """Every cell that is not staffed is passed with at most the bound."""
    found = planned(graph, budget, cell_m=400.0)
    chance = Counter()
    for route in found.routes:
        for place in set(route.places):
            chance[place] += route.probability
    if chance:
        assert max(chance.values()) == pytest.approx(found.bound)


@given(towns(), st.integers(0, 10**6), st.sampled_from([0.0, 1800.0]))
@settings(SLOW, max_examples=12)
def test_draws_match_the_plan(graph, seed, window_s):
    found = planned(graph, 1.5, window_s=window_s)
    rng = random.Random(seed)
    chances = {
        (found.routes[d.route].key, d.at_s): d.probability for d in found.departures
    }  # fmt: skip
    assert sum(chances.values()) == pytest.approx(1)
    often = {cell: p for cell, p in chances.items() if p * 4000 >= 5}
    drawn = Counter((c.route, c.at_s) for c in (mix.draw(found, rng) for _ in range(4000)))
    assert set(drawn) <= set(chances)
    if len(often) > 1 and len(often) == len(chances):
        counts = [drawn[cell] for cell in often]
        share = np.array(list(often.values()))
        assert chisquare(counts, share / share.sum() * sum(counts)).pvalue > 1e-6
