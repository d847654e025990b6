import math
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from varangian.kernel.geometry import (
    EARTH_RADIUS_KM,
    BoundingBox,
    bearing,
    box_around,
    box_of,
    circle_ring,
    destination,
    haversine_km,
    interpolate,
    valid_lat_lon,
    wrap_lon,
)

points = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
DEGREE = math.pi * EARTH_RADIUS_KM / 180


def test_known_distances():
    assert haversine_km((0, 0), (0, 1)) == pytest.approx(DEGREE)
    assert haversine_km((0, 179.5), (0, -179.5)) == pytest.approx(DEGREE)
    assert haversine_km((0, 0), (0, 180)) == pytest.approx(180 * DEGREE)
    assert haversine_km((90, 13), (90, -150)) == pytest.approx(0, abs=1e-9)
    assert haversine_km((51.4775, -0.4614), (40.6398, -73.7789)) == pytest.approx(5540, rel=0.002)


@pytest.mark.parametrize(
    ("end", "degrees"), [((1, 0), 0), ((0, 1), 90), ((-1, 0), 180), ((0, -1), 270), ((0, 0), 0)]
)
def test_bearing(end, degrees):
    assert bearing((0, 0), end) == pytest.approx(degrees)


@given(points, st.floats(0, 360), st.floats(0, 20000))
def test_destination_lies_as_far_as_told(start, towards, km):
    assert haversine_km(start, destination(start, towards, km)) == pytest.approx(km, abs=1e-3)


@given(points, points, st.floats(0, 1))
def test_interpolation_divides_the_distance(a, b, fraction):
    whole = haversine_km(a, b)
    assume(whole < 20000)
    between = interpolate(a, b, fraction)
    assert haversine_km(a, between) == pytest.approx(whole * fraction, abs=1e-3)
    assert haversine_km(between, b) == pytest.approx(whole * (1 - fraction), abs=1e-3)


def test_antipodes_have_no_single_great_circle():
    with pytest.raises(ValueError, match="antipodes"):
        interpolate((10, 20), (-10, -160), 0.5)


@given(points, st.floats(0, 15000), st.floats(0, 360))
def test_a_box_around_a_disc_holds_it(centre, km, towards):
    box = box_around(centre, km)
    lat, lon = destination(centre, towards, km * 0.999)
    assert box.south - 1e-6 <= lat <= box.north + 1e-6
    assert (lon - box.west + 1e-6) % 360 <= box.width + 2e-6


def test_box_of_takes_the_narrow_way():
    assert box_of([(1, 179), (-1, -179)]) == BoundingBox(179, -1, -179, 1)
    assert box_of([(1, -10), (5, 10)]) == BoundingBox(-10, 1, 10, 5)
    assert box_of([(1, 2)]) == BoundingBox(2, 1, 2, 1)
    with pytest.raises(ValueError, match="at least one"):
        box_of([])


@given(st.lists(points, min_size=1, max_size=6))
def test_box_of_holds_its_points(several):
    box = box_of(several)
    for lat, lon in several:
        assert box.south <= lat <= box.north
        assert (wrap_lon(lon) - box.west + 1e-9) % 360 <= box.width + 2e-9


def test_box_contains_over_the_antimeridian():
    box = BoundingBox(170, -10, -170, 10)
    assert box.width == 20
    assert box.contains((0, 180)) and box.contains((0, -175))
    assert not box.contains((0, 0)) and not box.contains((11, 180))


@pytest.mark.parametrize("km", [0.5, 15, 900])
def test_a_ring_about_a_circle_stays_outside_it(km):
    ring = circle_ring((47, 179.9), km)
    assert ring[0] == ring[-1] and len(ring) == 65
    middles = [interpolate(a, b, 0.5) for a, b in pairwise(ring)]
    assert min(haversine_km((47, 179.9), m) for m in middles) == pytest.approx(km, rel=1e-6)


@pytest.mark.parametrize(
    ("lat", "lon", "valid"),
    [
        (0, 0, True),
        (90, -180, True),
        (90.1, 0, False),
        (0, 180.1, False),
        (math.nan, 0, False),
        (0, math.inf, False),
        ("1", 2, False),
        (None, 2, False),
        (True, 2, False),
    ],
)
def test_valid_lat_lon(lat, lon, valid):
    assert valid_lat_lon(lat, lon) is valid
