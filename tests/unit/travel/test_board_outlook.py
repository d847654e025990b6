"""Times of a leg on the clock of its zone, and ways on a small invented town."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from varangian.engines.routing import match
from varangian.engines.routing.timing import Part
from varangian.travel.board import outlook, ways
from varangian.travel.board.marks import Mark, parts

FLAT = (1.0,) * 24
HELSINKI = "Europe/Helsinki"
MIDNIGHT = datetime(2027, 1, 11, tzinfo=UTC)


def fixed(minutes):
    return (Part("arrival", minutes * 60.0, law="fixed"),)


def test_the_traffic_is_that_of_the_local_hour():
    rush = tuple(2.0 if hour == 8 else 1.0 for hour in range(24))
    leaves = datetime(2027, 1, 11, 8, 0, tzinfo=ZoneInfo(HELSINKI))
    slow = outlook.before(fixed(10), rush, 0.0, leaves, None, HELSINKI)
    assert slow.p50 == leaves + timedelta(minutes=20)
    assert slow.on_time is None and slow.latest is None
    quick = outlook.before(fixed(10), rush, 0.0, leaves - timedelta(hours=2), None, HELSINKI)
    assert quick.p50 == leaves - timedelta(hours=2) + timedelta(minutes=10)


def test_a_night_of_a_time_change_is_as_long_as_it_is():
    leaves = datetime(2027, 3, 28, 0, 30, tzinfo=UTC)
    due = datetime(2027, 3, 28, 2, 30, tzinfo=UTC)
    seen = outlook.before(fixed(90), FLAT, 0.0, leaves, due, HELSINKI)
    assert seen.p50 == leaves + timedelta(minutes=90) and seen.on_time == 1.0
    assert abs(seen.latest - (due - timedelta(minutes=90))) <= timedelta(seconds=1)


def test_the_chance_falls_as_the_departure_nears_the_end():
    leaves = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
    made = (Part("arrival", 1800.0, spread=0.12),)
    seen = [
        outlook.before(made, FLAT, 0.2, leaves, leaves + timedelta(minutes=m), "UTC").on_time
        for m in (25, 30, 40, 60)
    ]
    assert seen == sorted(seen) and seen[1] == pytest.approx(0.5, abs=0.02) and seen[3] > 0.99


def test_under_way_the_pace_decides():
    at, due = datetime(2027, 1, 11, 9, 0, tzinfo=UTC), datetime(2027, 1, 11, 9, 12, tzinfo=UTC)
    made = fixed(20)
    eta, chance = outlook.under_way(made, FLAT, 0.0, at, 600.0, 1.0, due, "UTC")
    assert (eta, chance) == (at + timedelta(minutes=10), 1.0)
    eta, chance = outlook.under_way(made, FLAT, 0.0, at, 600.0, 1.5, due, "UTC")
    assert (eta, chance) == (at + timedelta(minutes=15), 0.0)
    assert outlook.under_way(made, FLAT, 0.0, at, 1200.0, 1.0, due, "UTC") == (at, 1.0)
    assert outlook.under_way(made, FLAT, 0.0, at, 1200.0, 1.0, None, "UTC") == (at, None)


@pytest.fixture(scope="module")
def town():
    pytest.importorskip("scipy")
    from varangian.engines.routing import city

    return city.build(columns=16, rows=10, bridges=(4, 8, 13))


def ends(town):
    from varangian.engines.routing import paths

    start, goal = 17, len(town.lon) - 18
    return start, goal, paths.shortest(town, start, goal)


def test_the_line_of_a_route_has_the_times_of_its_edges(town):
    start, goal, edges = ends(town)
    made = ways.line_of(town, edges)
    assert made["at_s"][0] == 0 and made["at_s"] == sorted(made["at_s"])
    assert made["seconds"] == pytest.approx(sum(town.seconds[edges]), rel=1e-3)
    assert made["metres"] == pytest.approx(sum(town.metres[edges]), rel=0.01)
    line = match.line(made["line"], made["at_s"])
    assert line.seconds == made["at_s"][-1]
    row = {"edges": edges, "geometry": made["line"], "seconds": made["seconds"]}
    assert ways.of_route(town, row) == made
    other = ways.of_route(None, row)
    assert other["seconds"] == pytest.approx(made["seconds"]) and other["line"] == made["line"]
    stale = ways.of_route(town, row | {"edges": [10**6]})
    assert stale == other, "edges of a map that was built anew are not taken"


def test_from_beside_a_route_onto_it(town):
    import numpy as np

    start, goal, edges = ends(town)
    way = ways.onto(town, 20, edges)
    assert way["line"][-1] == pytest.approx([town.lon[goal], town.lat[goal]], abs=1e-5)
    assert way["cues"] and way["seconds"] > 0
    closed = np.zeros(town.size[1], dtype=bool)
    closed[edges[1]] = True
    around = ways.onto(town, start, edges, closed)
    assert around is not None and edges[1] not in around["edges"]
    closed[:] = True
    assert ways.onto(town, start, edges, closed) is None
    assert ways.onto(town, start, []) is None


def test_where_no_road_is_known_the_way_is_guessed():
    made = ways.crow((54.5, 11.0), (54.51, 11.0))
    assert made["guessed"] and made["cues"] == [] and len(made["line"]) == 2
    assert made["seconds"] == pytest.approx(1.112 * 1.4 / 25 * 3600, rel=0.01)
    assert ways.crow((54.5, 11.0), (54.5, 11.0))["seconds"] >= 1
    legs = match.line(made["line"], made["at_s"])
    assert parts(legs, [Mark("m1", "report", "Half", 500)], 0, 0.2, MIDNIGHT)[0].name == "m1"
