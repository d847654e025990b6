"""The way out of the principal, against exact shortest ways and by sense."""

import heapq

import numpy as np
import pytest
from tests.unit.engines.crowdflow.plans import box, feature, hall, line, plan

from varangian.engines.crowdflow.flow import Film, Scenario, filmed, grid_of
from varangian.engines.crowdflow.principal import (
    advise,
    film_bytes,
    film_from,
    pace,
    rope_line,
    way_maps,
)
from varangian.engines.crowdflow.principal.advice import cell_at
from varangian.engines.crowdflow.venue import read_venue
from varangian.kernel.results import Refused


def venue(document):
    return read_venue(document).venue


def staged(**head):
    document = hall(**head)
    document["features"] += [
        feature("car", "vehicle", "Point", [46, 6]),
        feature("other", "vehicle", "Point", [-20, 6]),
        feature("room", "safe_room", "Point", [38, 23]),
    ]
    return venue(document)


def empty(place, h=0.8, moments=5):
    grid = grid_of(place, h)
    return Film(grid, 10.0, np.zeros((moments, grid.size), np.float32))


def test_an_empty_hall_is_crossed_at_a_fast_walk():
    place = venue(plan(
        box("a", "area", 0, 0, 40, 10), line("d", "door", (40, 4), (40, 6), leads="outside"),
        feature("car", "vehicle", "Point", [50, 5]),
    ))  # fmt: skip
    found = advise(way_maps(place, empty(place)), level=0, at=(2, 5))
    assert found.options[0].moving == pytest.approx((38 + 10) / 2, rel=0.06)
    assert found.options[0].in_crowd == 0 and found.first == found.calmest == 0


def test_pace_falls_with_the_crowd_and_never_to_nothing():
    speeds = pace(np.array([0, 0.5, 1, 2, 4, 6]))
    assert speeds[0] == pytest.approx(2, rel=0.01) and speeds[-1] == 0.25
    assert (np.diff(speeds) <= 0).all()


def forward(maps, goal, cell, leave):
    """Exact earliest arrival on the same graph: Dijkstra through the moving densities."""
    ends = dict(zip(maps.goals[goal].cells.tolist(), maps.goals[goal].left.tolist(), strict=True))
    best, heap = {cell: leave}, [(leave, cell)]
    arrived = np.inf
    while heap:
        now, k = heapq.heappop(heap)
        if now > best[k] or now >= arrived:
            continue
        if k in ends:
            arrived = min(arrived, now + ends[k])
        a, b, share = maps.between(now)
        slow = (1 - share) / maps.speed[a] + share / maps.speed[b]
        steps = [(o, m * (slow[k] + slow[o]) / 2) for o, m in maps.graph.neighbours(k)]
        steps += [(int(o), s) for there, s in maps.graph.doors.get(k, ()) for o in there]
        for other, cost in steps:
            if now + cost < best.get(other, np.inf):
                best[other] = now + cost
                heapq.heappush(heap, (now + cost, other))
    return arrived - leave


@pytest.fixture(scope="module")
def crowded():
    place = staged()
    _, film = filmed(place, 800, runs=3, cell=1.0)
    return place, film, way_maps(place, film)


def test_maps_tell_what_exact_ways_take(crowded):
    _, _, maps = crowded
    for at in ((20, 12), (5, 20), (30, 3), (20, -6)):
        for leave in (0.0, 30.0, 60.0):
            cell = cell_at(maps, 0, *at)
            for goal in range(len(maps.goals)):
                exact = forward(maps, goal, cell, leave)
                assert maps.look(goal, cell, leave) == pytest.approx(exact, rel=0.2, abs=3)


def test_what_arrives_first_and_what_is_calmest_stand_side_by_side(crowded):
    _, _, maps = crowded
    found = advise(maps, level=0, at=(20, 10))
    what = [option.what for option in found.options]
    assert what[0] == "go now" and "other vehicle" in what and "safe room" in what
    first, calmest = found.options[found.first], found.options[found.calmest]
    assert first.arrive == min(o.arrive for o in found.options)
    assert calmest.in_crowd == min(o.in_crowd for o in found.options)
    assert found.trade and all(o.way[0][1:] == found.options[0].way[0][1:] for o in found.options)


def test_a_kept_film_gives_the_same_advice(crowded):
    _, film, maps = crowded
    again, back = film_from(film_bytes(film, maps))
    assert np.abs(again.frames - film.frames).max() <= 0.011
    a, b = (advise(m, level=0, at=(20, 10)) for m in (maps, back))
    assert [o.what for o in a.options] == [o.what for o in b.options]
    assert [o.moving for o in b.options] == pytest.approx([o.moving for o in a.options], abs=0.3)


def test_a_shut_door_is_no_way(crowded):
    place, film, maps = crowded
    shut = way_maps(place, film, shut=frozenset(["east"]))
    cell = cell_at(maps, 0, 38, 6)
    assert shut.look(0, cell, 0) > maps.look(0, cell, 0) + 10


def test_bad_places_and_plans_are_told(crowded):
    _, _, maps = crowded
    with pytest.raises(Refused, match="no floor"):
        advise(maps, level=0, at=(400, 400))
    with pytest.raises(Refused, match="level 7"):
        advise(maps, level=7, at=(1, 1))
    bare = venue(hall())
    with pytest.raises(Refused, match="nowhere"):
        way_maps(bare, empty(bare))


def test_scenarios_reach_the_film():
    place = staged()
    calm, _ = filmed(place, 600, runs=4, cell=1.2)
    shut, _ = filmed(place, 600, runs=4, cell=1.2, scenario=Scenario(frozenset(["west"])))
    assert shut.t95.p50 > calm.t95.p50


def test_a_rope_line():
    found = rope_line(40, 200)
    assert found.pens == 4 and len(found.gaps) == 5 and found.people_a_pen == 50
    assert 1.2 < found.minutes[0] < found.minutes[1] < 2.3 and not found.notes
    assert found.farthest_from_gap < 6
    near = rope_line(40, 200, stand_off=0.3, depth=1.2)
    assert len(near.notes) == 2 and "critical" in near.notes[1]
    for bad in ((1, 10), (10, 0), (20, 900)):
        with pytest.raises(Refused):
            rope_line(*bad)
