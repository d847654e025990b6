"""What the driver hears: angles become words, and distances add up."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("scipy")

from tests.unit.engines.routing.small import TRIED, both, net

from varangian.engines.routing import city, paths, turns
from varangian.engines.routing.graph import BRIDGE, ROADS, SIGNAL, TUNNEL, Site

TOWN = city.build()
CORE = np.flatnonzero(TOWN.core).tolist()
MIDDLE, NORTH, EAST, SOUTH, WEST, NORTH_EAST = range(6)
STEP = 0.002


def cross(**more):
    """Roads from the middle to the four winds and one between."""
    points = [(0.5, 0.5), (0.5 + STEP, 0.5), (0.5, 0.5 + STEP), (0.5 - STEP, 0.5)]
    points += [(0.5, 0.5 - STEP), (0.5 + STEP, 0.5 + STEP * 0.9)]
    names = {SOUTH: "South Road", NORTH: "North Road", EAST: "East Road", WEST: "West Road"}
    named = {(MIDDLE, k): name for k, name in names.items()}
    named |= {(k, MIDDLE): name for k, name in names.items()}
    rows = [(MIDDLE, k, 20.0) for k in range(1, 6)]
    return net(points, both(rows), names=named, **more)


def says(start, goal, graph=None):
    graph = graph or cross()
    return [cue.words for cue in turns.cues(graph, paths.shortest(graph, start, goal))]


@pytest.mark.parametrize(
    ("goal", "told"),
    [
        (WEST, "Turn left into West Road"),
        (EAST, "Turn right into East Road"),
        (NORTH, "Keep straight on into North Road"),
        (NORTH_EAST, "Keep right into a residential street"),
    ],
)
def test_angles_and_names_become_words(goal, told):
    assert says(SOUTH, goal)[:2] == ["Start north on South Road", told]


def test_a_sharp_turn_and_a_u_turn():
    assert says(EAST, NORTH_EAST)[1] == "Turn sharp right into a residential street"
    graph = cross()
    out = paths.shortest(graph, SOUTH, MIDDLE)
    back = [int(graph.back[out[0]])]
    cue = turns.cues(graph, out + back)[1]
    assert cue.words == "U-turn on South Road" and abs(cue.turn) == 180


def test_lights_are_named():
    graph = cross(flags={(SOUTH, MIDDLE): SIGNAL})
    assert says(SOUTH, WEST, graph)[1] == "At the lights turn left into West Road"


def test_where_there_is_no_choice_nothing_is_said_but_tunnel_and_bridge_are():
    points = [(0.5, 0.5), (0.5, 0.502), (0.502, 0.502), (0.504, 0.502)]
    rows = both([(0, 1, 20.0), (1, 2, 20.0), (2, 3, 20.0)])
    graph = net(points, rows)
    assert len(turns.cues(graph, [0, 2, 4])) == 2
    under = net(points, rows, flags={(1, 2): TUNNEL, (2, 3): BRIDGE})
    assert [cue.words for cue in turns.cues(under, [0, 2, 4])][1:3] == [
        "Keep on into the tunnel on a residential street",
        "Keep on over the bridge on a residential street",
    ]


def test_the_arrival_names_what_stands_there():
    site = Site("hotel", "Hotel Amber", 0.5, 0.5 - STEP)
    assert says(SOUTH, WEST, cross(sites=[site]))[-1] == "Arrive on West Road by Hotel Amber"


def test_what_is_heard_comes_in_time_and_pairs_what_is_close():
    cues = turns.cues(cross(), paths.shortest(cross(), SOUTH, WEST))
    assert cues[0].ahead == "" and cues[0].now == "Start north on South Road."
    assert cues[1].ahead == "In 200 metres, turn left into West Road."
    short = net(
        [
            (0.5, 0.5),
            (0.5, 0.502),
            (0.5005, 0.502),
            (0.5005, 0.504),
            (0.498, 0.502),
            (0.502, 0.502),
        ],
        both([(0, 1, 20.0), (1, 2, 5.0), (2, 3, 20.0), (1, 4, 20.0), (2, 5, 20.0)]),
    )
    cue = turns.cues(short, paths.shortest(short, 0, 3))[1]
    assert cue.now == (
        "Turn left into a residential street, then at once turn right into a residential street."
    )


@TRIED
@given(st.sampled_from(CORE), st.sampled_from(CORE))
def test_distances_and_times_of_the_cues_add_up(start, goal):
    way = paths.shortest(TOWN, start, goal)
    cues = turns.cues(TOWN, way)
    assert sum(cue.metres for cue in cues) == pytest.approx(TOWN.metres[way].sum())
    assert sum(cue.seconds for cue in cues) == pytest.approx(TOWN.seconds[way].sum())
    assert all(-180 < cue.turn <= 180 for cue in cues)
    assert [cue.at_m for cue in cues] == sorted(cue.at_m for cue in cues)
    assert not cues or (cues[-1].words.startswith("Arrive") and cues[-1].metres == 0)


def test_a_cue_has_a_shape_for_json():
    cue = turns.cues(cross(), paths.shortest(cross(), SOUTH, WEST))[1]
    assert cue.shape()["turn"] == pytest.approx(-90, abs=0.1)
    assert turns.cues(TOWN, []) == []


def fork(*kinds):
    """A motorway from the south that parts into two roads, ten degrees from each other."""
    points = [(0.5, 0.5), (0.5 + STEP, 0.5), (0.5 + 2 * STEP, 0.5), (0.5 + 2 * STEP, 0.5004)]
    points += [(0.5 + 4 * STEP, 0.5005)]
    graph = net(points, [(0, 1, 20.0), (1, 2, 20.0), (1, 3, 20.0), (3, 4, 20.0)])
    road = np.array([ROADS.index(kind) for kind in kinds], dtype=np.int8)
    return replace(graph, road=road)


def test_a_slip_road_is_taken_by_its_side_though_it_hardly_bends():
    graph = fork("motorway", "motorway", "motorway_link", "motorway")
    assert [cue.words for cue in turns.cues(graph, [0, 2, 3])] == [
        "Start north on a motorway",
        "Keep right into a slip road",
        "Join a motorway",
        "Arrive on a motorway",
    ]
    assert len(turns.cues(graph, [0, 1])) == 2


def test_bearing_away_where_nothing_goes_straight_on():
    points = [(0.5, 0.5), (0.5 + STEP, 0.5), (0.5 + 2 * STEP, 0.5 + STEP * 0.8), (0.502, 0.497)]
    graph = net(points, both([(0, 1, 20.0), (1, 2, 20.0), (1, 3, 20.0)]))
    assert says(0, 2, graph)[1] == "Bear right into a residential street"
