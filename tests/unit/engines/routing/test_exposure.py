"""A profile adds up to its route, and each driver is seen where it is and nowhere else."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("scipy")

from tests.unit.engines.routing.small import TRIED, both, dijkstra, line, net, networks

from varangian.engines.routing import city, diverse, exposure, havens, paths, risk
from varangian.engines.routing.graph import BRIDGE, OVERLOOK, SIGNAL, TUNNEL, Site
from varangian.kernel.results import Refused

TOWN = city.build()
CORE = np.flatnonzero(TOWN.core).tolist()
HAVENS = havens.by_kind(TOWN, [s for s in TOWN.sites if s.kind in {"police", "hospital"}])


@TRIED
@given(st.sampled_from(CORE), st.sampled_from(CORE))
def test_it_adds_up_to_the_metres_and_seconds_of_the_route(start, goal):
    way = paths.shortest(TOWN, start, goal)
    found = exposure.profile(TOWN, way, HAVENS)
    assert found.metres == pytest.approx(TOWN.metres[way].sum())
    assert found.seconds == pytest.approx(TOWN.seconds[way].sum())
    assert sum(part.to_m - part.from_m for part in found.along) == pytest.approx(found.metres)
    assert sum(part.seconds for part in found.along) == pytest.approx(found.seconds)
    assert all(a.to_m == b.from_m for a, b in zip(found.along, found.along[1:], strict=False))
    shares = [driver.share for driver in found.drivers]
    assert shares == sorted(shares, reverse=True) and sum(shares) == pytest.approx(
        float(bool(shares))
    )
    assert 0 <= found.weight < 1
    json.dumps(found.shape(), allow_nan=False)


@TRIED
@given(networks(), st.data())
def test_haven_seconds_are_those_of_going_on_from_the_worst_point(graph, data):
    node = st.integers(0, len(graph.lon) - 1)
    start, goal, haven = data.draw(node), data.draw(node), data.draw(node)
    try:
        way = paths.shortest(graph, start, goal)
    except paths.NoWay:
        return
    away, _ = havens.seconds_to_nodes(graph, [haven])
    found = exposure.profile(graph, way, {"police": away})
    for part in found.along:
        best = dijkstra(graph, int(graph.head[part.edge]))[haven] + graph.seconds[part.edge]
        assert part.havens["police"] == (pytest.approx(best) if np.isfinite(best) else None)
    if way:
        worst = [part.havens["police"] for part in found.along]
        assert found.gap.seconds == (None if None in worst else max(worst))


@TRIED
@given(networks(), st.data())
def test_the_turn_is_where_going_on_becomes_the_shorter(graph, data):
    node = st.integers(0, len(graph.lon) - 1)
    start, goal = data.draw(node), data.draw(node)
    if start == goal or not np.isfinite(dijkstra(graph, start)[goal]):
        return
    way = paths.shortest(graph, start, goal)
    turn = exposure.profile(graph, way, {}).turn
    at = 0.0
    for edge in way:
        back = dijkstra(graph, int(graph.tail[edge]))[start]
        on = graph.seconds[way].sum() - at
        if at >= turn.at_s:
            assert back >= on - 1e-9
            break
        assert back < on
        at += graph.seconds[edge]


def test_flags_are_said_in_words():
    flags = {(0, 1): TUNNEL, (1, 2): BRIDGE | SIGNAL, (2, 3): OVERLOOK}
    graph = net(line(4), [(0, 1, 9.0), (1, 2, 9.0), (2, 3, 9.0)], flags=flags, lanes=1)
    parts = exposure.profile(graph, [0, 1, 2], {}).along
    assert [set(part.flags) for part in parts] == [
        {"tunnel", "narrow", "one way"},
        {"bridge", "lights", "narrow", "one way"},
        {"overlook", "narrow", "one way"},
    ]


def ladder(side_at):
    """A road of 400 m stretches, a parallel one, and rungs between them at some corners."""
    top = [(0.5, 0.5 + 0.004 * i) for i in range(6)]
    low = [(0.49, 0.5 + 0.004 * i) for i in range(6)]
    rows = [(i, i + 1, 20.0) for i in range(5)] + [(6 + i, 7 + i, 20.0) for i in range(5)]
    rows += [(i, 6 + i, 20.0) for i in side_at]
    return net([*top, *low], both(rows))


def test_single_exit_is_a_part_without_a_turning_off():
    graph = ladder((0, 3, 5))
    way = paths.shortest(graph, 0, 5)
    found = exposure.profile(graph, way, {})
    assert [part.shut_m for part in found.along] == [600, 600, 600, 400, 400]
    assert all(part.single_exit for part in found.along)
    assert "longest 600 m from the start" in found.drivers[0].words
    assert not any(p.single_exit for p in exposure.profile(ladder(range(6)), way, {}).along)
    assert (risk.chains(graph)[way[:3]] == 600).all() or (risk.chains(graph)[way[:3]] > 600).all()


def test_a_dead_end_is_no_turning_off():
    graph = ladder((0, 5))
    known = zip(graph.tail.tolist(), graph.head.tolist(), graph.seconds, strict=True)
    corners = [*zip(graph.lat, graph.lon, strict=True), (0.51, 0.508)]
    stub = net(corners, [*known, *both([(2, 12, 20.0)])])
    way = paths.shortest(stub, 0, 5)
    assert {part.shut_m for part in exposure.profile(stub, way, {}).along} == {1000}


def test_far_from_a_haven_is_a_driver_and_no_haven_is_unknown():
    graph = net(line(3), both([(0, 1, 200.0), (1, 2, 200.0)]))
    away, _ = havens.seconds_to_nodes(graph, [2])
    found = exposure.profile(graph, [0, 2], {"police": away})
    assert [("far from a haven" in part.flags) for part in found.along] == [True, False]
    assert found.gap.words.startswith("6 min 40 s to the nearest haven on a residential street")
    unknown = exposure.profile(graph, [0, 2], {})
    assert unknown.gap is None and unknown.gaps == {}
    assert any("unknown" in driver.words for driver in unknown.drivers)


def test_a_haven_that_cannot_be_reached_is_none_not_near():
    graph = net(line(3), [(0, 1, 9.0), (1, 2, 9.0)])
    away, _ = havens.seconds_to_nodes(graph, [0])
    found = exposure.profile(graph, [0, 1], {"fire_station": away})
    assert [part.havens["fire_station"] for part in found.along] == [None, None]
    assert found.gaps["fire_station"].words.startswith("No fire station can be reached on")
    assert found.turn.words.endswith("no way leads back: go on")


def test_cover_is_a_note_and_else_empty():
    graph = net(line(3), both([(0, 1, 10.0), (1, 2, 10.0)]))
    notes = [exposure.Cover(150, 400, "none under the hill")]
    found = exposure.profile(graph, [0, 2], {}, cover=notes).along
    assert [part.cover for part in found] == ["", "none under the hill"]


def test_an_empty_route_exposes_to_nothing():
    found = exposure.profile(TOWN, [], HAVENS)
    assert (found.metres, found.seconds, found.weight, found.along) == (0, 0, 0, ())
    assert found.turn is None and found.gap is None
    json.dumps(found.shape())


def test_edges_that_do_not_follow_each_other_have_no_profile():
    with pytest.raises(Refused, match="do not follow"):
        exposure.profile(TOWN, [0, 0], HAVENS)


def test_the_worse_of_two_equal_ways_weighs_more_and_other_points_change_it():
    plain = net(line(2), both([(0, 1, 60.0)]))
    tunnel = net(line(2), both([(0, 1, 60.0)]), flags={(0, 1): TUNNEL})
    a, b = (exposure.profile(g, [0], {}).weight for g in (plain, tunnel))
    assert a < b < exposure.profile(tunnel, [0], {}, points={"tunnel": 9.0}).weight


@TRIED
@given(st.floats(0, 5))
def test_factors_follow_the_formula_and_its_bounds(beta):
    rate = exposure.rates(TOWN, np.min(list(HAVENS.values()), axis=0))
    factor = exposure.factors(TOWN, rate, beta)
    expected = np.clip(1 + beta * rate / np.median(rate), 0.5, 5)
    assert np.allclose(factor, expected) and (rate >= 1).all()
    assert np.argmax(rate) in np.flatnonzero(factor == factor.max())


def test_factors_go_to_valhalla_as_encoded_lines():
    edges = diverse.routes(TOWN, CORE[0], CORE[-1])[0][:3]
    found = exposure.linear(TOWN, exposure.factors(TOWN), edges)
    assert [set(row) for row in found] == [{"shape", "factor"}] * 3
    assert len(exposure.linear(TOWN, exposure.factors(TOWN), edges, most=2)) == 2


@TRIED
@given(st.sets(st.integers(0, 30)))
def test_lines_that_the_router_cannot_walk_are_found(bad):
    rows = [{"shape": str(number), "factor": 2.0} for number in range(20)]
    good, refused = risk.walkable(rows, lambda some: not {int(r["shape"]) for r in some} & bad)
    assert {int(row["shape"]) for row in refused} == bad & set(range(20))
    assert good == [row for row in rows if row not in refused]


def test_the_encoded_line_is_the_one_of_the_published_example():
    """The three points of Google's description, with six digits instead of five."""
    points = np.array([[-120.2, 38.5], [-120.95, 40.7], [-126.453, 43.252]])
    assert risk.polyline(points) == "_izlhA~rlgdF_{geC~ywl@_kwzCn`{nI"


def test_sites_of_the_city_are_havens_in_words():
    site = Site("police", "Harbour police station", *map(float, (TOWN.lat[5], TOWN.lon[5])))
    away, _ = havens.seconds_to(TOWN, [site])
    assert away[5] == 0
