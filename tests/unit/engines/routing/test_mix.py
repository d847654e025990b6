"""Mixed plans in the invented city: bound and words, refusals, draws, seals, drift, attackers."""

import json
import random
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("scipy")

from tests.unit.engines.routing.towns import town as small_town

from varangian.engines.routing import city, mix
from varangian.engines.routing.mix import engine
from varangian.engines.routing.mix.places import Places
from varangian.kernel.results import Refused


@pytest.fixture(scope="module")
def city_graph():
    return city.build()


@pytest.fixture(scope="module")
def crossing(city_graph):
    """From the south-west to the north-east, over the river."""
    return mix.plan(city_graph, 26, 24 * 16 + 20)


@pytest.fixture(scope="module")
def timed(city_graph):
    return mix.plan(city_graph, 26, 24 * 16 + 20, window_s=3600)


def test_the_river_town_has_three_ways_over_and_the_plan_uses_them(crossing):
    assert 0.3 < crossing.bound < 0.6
    assert crossing.bound_unstaffed == crossing.bound == crossing.bound_all_day
    assert crossing.floor <= crossing.bound <= crossing.floor + 0.05
    assert crossing.time_ratio <= 1.2 + 1e-6
    assert not crossing.forced and crossing.at_ends == pytest.approx(1)


def test_a_plan_is_plain_json_and_says_what_it_does_not_promise(crossing):
    shape = json.loads(json.dumps(crossing.shape(), allow_nan=False))
    assert shape["source"]["data_date"] == "2026-01-01"
    assert "Both ends need people" in shape["words"]
    assert "minute of departure is fixed" in shape["words"]
    assert [len(row["geometry"]) > 2 for row in shape["routes"]] == [True] * len(shape["routes"])


def test_a_window_divides_the_chance_by_how_often_the_observer_could_have_stayed(crossing, timed):
    assert timed.bound < crossing.bound / 2
    assert timed.bound_all_day == pytest.approx(crossing.bound, abs=0.02)
    assert timed.at_ends == pytest.approx(1 / 3, abs=0.02)
    assert len({d.at_s for d in timed.departures}) > 2


def test_the_worst_window_is_the_worst_of_all_moments(timed):
    """Counted by hand at the named spot, for windows that begin at any minute."""
    graph = city.build()
    places = Places(graph)
    worst = 0.0
    for since in np.arange(-1800, 7200, 60.0):
        met = 0.0
        for departure in timed.departures:
            into, out = _stay(places, timed.routes[departure.route], departure.at_s, timed.worst)
            met += departure.probability * (into <= since + timed.hold_s and out >= since)
        worst = max(worst, met)
    assert timed.worst.chance == timed.bound
    assert timed.bound - 1e-6 <= worst <= timed.bound + 1e-9


def _stay(places, route, at_s, spot):
    """When a route is in the cell whose middle is the spot; never: an empty stay."""
    edges = np.array(route.edges)
    rows, cells, _ = places.touched(edges)
    mine = [cell for cell in np.unique(cells) if places.middle(cell) == (spot.lat, spot.lon)]
    inside = rows[np.isin(cells, mine)]
    if not len(inside):
        return np.inf, -np.inf
    until = at_s + np.cumsum(places.graph.seconds[edges])
    return until[inside.min()] - places.graph.seconds[edges[inside.min()]], until[inside.max()]


def test_every_spot_lies_with_all_around_it_in_one_cell():
    graph = city.build()
    places, rng = Places(graph), np.random.default_rng(3)
    lon = rng.uniform(graph.lon.min(), graph.lon.max(), 50)
    lat = rng.uniform(graph.lat.min(), graph.lat.max(), 50)
    flat = places._flat(lon, lat)
    for centre in flat:
        angle = np.linspace(0, 2 * np.pi, 40)
        ring = centre + 99.9 * np.stack([np.cos(angle), np.sin(angle)], 1)
        assert any(len(set(places._numbers(ring, grid).tolist())) == 1 for grid in range(4))


@pytest.mark.parametrize("pair", [(26, 404), (50, 380), (100, 350)])
def test_columns_find_what_the_whole_flow_finds(city_graph, pair):
    whole, single = (mix.plan(city_graph, *pair, method=way) for way in ("flow", "columns"))
    assert (whole.method, single.method) == ("flow", "columns")
    assert single.bound == pytest.approx(whole.bound, abs=0.02)


def test_a_big_net_is_done_by_columns(monkeypatch):
    monkeypatch.setattr(engine, "BIG", 10_000)
    graph = city.build(columns=80, rows=50, bridges=(8, 30, 50, 72))
    found = mix.plan(graph, 81, graph.size[0] - 100)
    assert found.method == "columns" and graph.size[1] > 12_000
    assert found.bound <= 0.5 and found.bound - found.floor < 0.1


def test_forced_stretches_are_named_with_their_bridge(city_graph):
    shut = np.zeros(city_graph.size[1], bool)
    for column in (11, 19):
        south, north = 8 * 24 + column, 9 * 24 + column
        shut |= (city_graph.tail == south) & (city_graph.head == north)
        shut |= (city_graph.tail == north) & (city_graph.head == south)
    found = mix.plan(city_graph, 26, 24 * 16 + 20, forbid=shut)
    assert found.forced and "bridge" in found.forced[0].why
    assert found.bound_unstaffed == pytest.approx(1) and found.bound < 1
    assert "staff them" in found.words()
    assert not any(shut[list(route.edges)].any() for route in found.routes)


def test_what_cannot_be_planned_is_refused_in_words(city_graph):
    for wishes, words in (
        ({"budget": 0.9}, "budget of 0.9"),
        ({"budget": float("nan")}, "budget"),
        ({"window_s": -60}, "ends before it opens"),
        ({"routes": 0}, "0 routes"),
        ({"hold_s": -1}, "less than no time"),
        ({"method": "guess"}, "no such method"),
    ):
        with pytest.raises(Refused, match=words):
            mix.plan(city_graph, 26, 404, **wishes)
    with pytest.raises(Refused, match="same place"):
        mix.plan(city_graph, 26, 26)
    with pytest.raises(Refused, match="not in this network"):
        mix.plan(city_graph, 26, 10**6)
    with pytest.raises(Refused, match="leave no way"):
        mix.plan(city_graph, 26, 404, forbid=np.ones(city_graph.size[1], bool))


def test_a_gap_in_the_network_is_told_with_place_and_width():
    graph = small_town(3, 2, [30] * 9, missing={2, 4, 6})
    with pytest.raises(Refused) as told:
        mix.plan(graph, 0, 2)
    assert "gap of about" in told.value.what and told.value.where.startswith("54.")


def test_a_journey_that_is_all_ends_is_not_called_safe():
    graph = small_town(2, 2, [20] * 5)
    found = mix.plan(graph, 0, 1)
    assert found.bound == found.bound_unstaffed == pytest.approx(1)
    assert "nothing can vary" in found.words()


def test_fewer_routes_when_so_wished(city_graph):
    found = mix.plan(city_graph, 26, 404, routes=2)
    assert len(found.routes) <= 2 and found.bound >= 0.5 - 1e-9
    assert mix.plan(city_graph, 26, 404, routes=1).bound == pytest.approx(1)


def test_no_random_number_falls_beside_the_plan(timed):
    class Edge:
        def __init__(self, value):
            self.value = value

        def random(self):
            return self.value

    keys = {(timed.routes[d.route].key, d.at_s) for d in timed.departures}
    for value in (0.0, 0.5, 1 - 2**-53):
        choice = mix.draw(timed, Edge(value))
        assert (choice.route, choice.at_s) in keys and choice.plan == timed.key


def test_a_seal_opens_for_the_choice_that_was_sealed_and_no_other(timed):
    choice = mix.draw(timed, random.SystemRandom()).shape()
    kept = mix.seal(choice)
    again = json.loads(json.dumps(choice))
    assert mix.opens(kept.digest, again, kept.nonce)
    assert mix.seal(choice).digest != kept.digest, "the nonce is new each time"
    assert not mix.opens(kept.digest, {**choice, "at_s": choice["at_s"] + 1}, kept.nonce)
    assert not mix.opens(kept.digest, choice, "00" * 32)
    assert not mix.opens(kept.digest, choice, "no hex") and not mix.opens(kept.digest, choice, "")
    with pytest.raises(Refused):
        mix.seal(choice, b"short")


def test_a_month_as_drawn_is_no_drift(crossing):
    rng, warned = random.Random(5), 0
    for _ in range(100):
        history = [mix.draw(crossing, rng).route for _ in range(30)]
        warned += bool(mix.drift(history, crossing).warning)
    assert warned <= 5


def test_the_favourite_is_warned_of_and_few_journeys_are_unknown(crossing):
    favourite = max(crossing.routes, key=lambda r: r.probability).key
    found = mix.drift([favourite] * 12, crossing)
    assert found.most == 1 and found.favourite == favourite and found.gap > 0.5
    assert "Habit is back" in found.warning
    assert json.dumps(found.shape())
    few = mix.drift([favourite] * 3, crossing)
    assert few.most is None and "Not enough to say" in few.warning
    strange = mix.drift(["somewhere else"] * 8, crossing)
    assert strange.outside == 8 and "does not have" in strange.warning


@pytest.mark.parametrize("attacker", mix.ATTACKERS)
@pytest.mark.parametrize("seed", [1, 2])
def test_no_learner_beats_the_bound(crossing, attacker, seed):
    trial = mix.month(crossing, attacker, months=20, seed=seed)
    assert not trial.beaten and trial.attempts == 600
    assert trial.hits > 0


def test_the_check_would_notice_a_bound_that_is_too_low(crossing):
    habit = replace(crossing, routes=(replace(crossing.routes[0], probability=1.0),))
    assert mix.month(habit, "frequency", months=3, bound=0.5).beaten
    with pytest.raises(Refused, match="no such attacker"):
        mix.month(crossing, "oracle")
