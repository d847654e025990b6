"""No way leads through an avoided area, and an area that cannot be read is never left out."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("scipy")

from tests.unit.engines.routing.small import TRIED

from varangian.engines.routing import avoid, city, diverse, paths

TOWN = city.build()
CORE = np.flatnonzero(TOWN.core).tolist()


def square(lat, lon, size):
    ring = [[lon, lat], [lon + size, lat], [lon + size, lat + size], [lon, lat + size], [lon, lat]]
    return {"type": "Polygon", "coordinates": [ring]}


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


squares = st.builds(
    square, st.floats(54.52, 54.55), st.floats(11.02, 11.09), st.floats(0.0005, 0.01)
)


@TRIED
@given(squares, st.sampled_from(CORE), st.sampled_from(CORE))
def test_no_way_touches_an_avoided_area(area, start, goal):
    mask = avoid.edges_in(TOWN, area)
    try:
        found = diverse.routes(TOWN, start, goal, avoid=mask)
    except paths.NoWay:
        return
    inside = shapely.Polygon(area["coordinates"][0])
    for way in filter(None, found):
        assert not shapely.LineString(TOWN.course(way)).intersects(inside)
        assert avoid.crossed(TOWN.course(way), area) == []


@TRIED
@given(st.lists(squares, max_size=3))
def test_edges_are_those_whose_course_touches_a_polygon(areas):
    mask = avoid.edges_in(TOWN, {"type": "FeatureCollection", "features": map_features(areas)})
    shapes = [shapely.Polygon(area["coordinates"][0]) for area in areas]
    lines = [shapely.LineString(TOWN.course([edge])) for edge in range(len(TOWN.tail))]
    assert mask.tolist() == [any(line.intersects(s) for s in shapes) for line in lines]


def map_features(areas):
    return [feature(area) for area in areas]


def test_a_line_crosses_by_name():
    areas = {
        "type": "FeatureCollection",
        "features": [feature(square(1, 1, 1), name="Market"), feature(square(5, 5, 1))],
    }
    assert avoid.crossed([(0, 1.5), (3, 1.5)], areas) == ["Market"]
    assert avoid.crossed([(5.5, 5.5)], areas) == ["area 2"]
    assert avoid.crossed([], areas) == []


def test_collections_and_many_polygons_are_read():
    many = {"type": "MultiPolygon", "coordinates": [square(1, 1, 1)["coordinates"]]}
    found = avoid.areas({"type": "GeometryCollection", "geometries": [many, square(3, 3, 1)]})
    assert [name for name, _ in found] == ["area 1", "area 2"]


def test_a_polygon_that_crosses_itself_still_counts():
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}
    assert avoid.crossed([(0.2, 1), (0.5, 1)], bow) == ["area 1"]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("area", "no GeoJSON"),
        ({"type": "FeatureCollection"}, "no list of features"),
        ({"type": "Point", "coordinates": [1, 2]}, "Point is not an area"),
        (feature(None, name="Market"), "Market"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}, "cannot be read"),
        ({"type": "Polygon", "coordinates": []}, "no corners"),
        ({"type": "Polygon"}, "cannot be read"),
        (square(89.5, 0, 1), "outside the earth"),
        ({"type": "Polygon", "coordinates": [[["a", 0], [1, 1], [2, 2], ["a", 0]]]}, "read"),
    ],
)
def test_an_area_that_cannot_be_read_is_refused(value, told):
    with pytest.raises(avoid.BadArea) as refused:
        avoid.edges_in(TOWN, value)
    assert told in str(refused.value) and "polygons" in refused.value.mend
