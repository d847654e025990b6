"""A position finds its road, or hears why not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("scipy")

from tests.unit.engines.routing.small import TRIED, both, line, net

from varangian.engines.routing import city
from varangian.engines.routing.snap import NoRoad, bounds, snap, spot
from varangian.kernel.geometry import haversine_km

TOWN = city.build()


def to_segment_m(graph, edge, lat, lon):
    """Metres to the straight course of an edge, by trying 400 points of it."""
    (x1, y1), (x2, y2) = graph.shape[graph.bends[edge]], graph.shape[graph.bends[edge + 1] - 1]
    return min(
        haversine_km((lat, lon), (y1 + (y2 - y1) * t, x1 + (x2 - x1) * t)) * 1000
        for t in np.linspace(0, 1, 400)
    )


@TRIED
@given(st.floats(54.521, 54.553), st.floats(11.02, 11.095))
def test_the_road_found_is_the_nearest_of_the_core(lat, lon):
    found = spot(TOWN, lat, lon, within_m=2000)
    assert TOWN.core[found.node] and found.node in (TOWN.tail[found.edge], TOWN.head[found.edge])
    assert to_segment_m(TOWN, found.edge, lat, lon) == pytest.approx(found.off_m, abs=1.5)
    assert haversine_km((lat, lon), (found.lat, found.lon)) * 1000 == pytest.approx(
        found.off_m, abs=0.5
    )
    ends = TOWN.core[TOWN.tail] & TOWN.core[TOWN.head]
    middle = (TOWN.shape[TOWN.bends[:-1]] + TOWN.shape[TOWN.bends[1:] - 1]) / 2
    closest = np.argsort(np.hypot((middle[:, 0] - lon) * 0.58, middle[:, 1] - lat))[:24]
    for edge in closest[ends[closest]]:
        assert to_segment_m(TOWN, edge, lat, lon) >= found.off_m - 1.5


def test_a_point_amid_a_long_road_is_on_it_and_goes_to_the_nearer_end():
    graph = net(line(2, step=0.2), both([(0, 1, 2000.0)]))
    found = spot(graph, 0.5005, 0.65)
    assert found.node == 1 and found.off_m == pytest.approx(55.6, abs=1)
    assert snap(graph, 0.5, 0.55) == 0


def test_it_snaps_across_the_antimeridian():
    graph = net([(10.0, 179.999), (10.0, -179.999)], both([(0, 1, 20.0)]))
    assert snap(graph, 10.0, -179.9991) == 1
    assert bounds(graph) == (179.999, 10.0, -179.999, 10.0)
    with pytest.raises(NoRoad, match="outside"):
        snap(graph, 10.0, 0.5)


def refusal(lat, lon, graph=TOWN, **more):
    with pytest.raises(NoRoad) as told:
        snap(graph, lat, lon, **more)
    return told.value


def test_outside_the_extract_its_bounds_and_the_distance_are_told():
    told = refusal(54.60, 11.05)
    assert "outside invented city 7" in told.what and "° N" in told.what and "° E" in told.what
    assert "km to the north of the nearest road" in told.what


def test_swapped_numbers_are_noticed():
    assert "swapped" in refusal(11.05, 54.53).mend


def test_too_far_gives_the_distance_and_the_nearest_road():
    graph = net(line(2), both([(0, 1, 100.0)]), names={(0, 1): "Mill Lane", (1, 0): "Mill Lane"})
    told = refusal(0.502, 0.505, graph, within_m=100)
    wide = net([*line(2), (0.6, 0.5), (0.6, 0.51)], both([(0, 1, 100.0), (1, 3, 99.0), (2, 3, 99)]))
    assert "No road within 100 m" in refusal(0.55, 0.5, wide, within_m=100).what
    assert "outside" in told.what
    told = refusal(0.55, 0.505, wide)
    assert "is 560 m to the east" in told.what and "water" in told.what


def test_a_road_that_is_cut_off_is_told_as_such():
    points = [*line(3), (0.55, 0.5), (0.55, 0.501)]
    graph = net(points, both([(0, 1, 9.0), (1, 2, 9.0), (3, 4, 9.0)]))
    assert "cut off" in refusal(0.55, 0.5, graph).what


def test_impossible_and_empty_positions():
    assert "no position on the earth" in refusal(95, 1).what
    assert "no position on the earth" in refusal(float("nan"), 1).what
    assert "not known" in refusal(0, 0).what


def test_a_map_without_roads():
    graph = net(line(2), [(0, 1, 5.0)])
    assert "no roads" in refusal(0.5, 0.5, graph).what
