"""Seeded faults are found, each at its place; a sound plan is not blamed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.engines.crowdflow.plans import (
    box,
    feature,
    get,
    hall,
    line,
    plan,
    ring,
    scaled,
)

from varangian.engines.crowdflow.venue import check, read_venue
from varangian.kernel.results import Refused

FEW = settings(max_examples=25, deadline=None)
SIZES = st.tuples(st.floats(20, 80), st.floats(18, 60), st.floats(1.5, 3.0))


def looked(document):
    read = read_venue(document)
    return [*read.findings, *check(read.venue)]


def codes(document):
    return {finding.code for finding in looked(document)}


def without(document, *names):
    kept = [f for f in document["features"] if f["id"] not in names]
    return {**document, "features": kept}


def plus(document, *more):
    return {**document, "features": [*document["features"], *more]}


@FEW
@given(SIZES)
def test_a_sound_hall_has_no_finding(size):
    assert looked(hall(*size)) == []


def test_degrees_are_read_on_the_ellipsoid():
    """At 60 degrees north a degree has 55.800 km by 111.412 km (tables of WGS 84)."""
    there = scaled(hall(), 1.0)
    for one in there["features"]:
        one["geometry"]["coordinates"] = _placed(one["geometry"]["coordinates"])
    read = read_venue({**there, "units": "degrees"})
    area = next(i for i in read.venue.items if i.id == "hall").shape.area
    assert area == pytest.approx(1000, rel=2e-3)
    assert check(read.venue) == []
    west, south, *_ = read.venue.of("area")[0].shape.bounds
    assert read.venue.frame.lonlat(west, south) == pytest.approx((24.9, 60.0), abs=2e-6)


def _placed(value):
    if isinstance(value[0], list):
        return [_placed(v) for v in value]
    return [24.9 + value[0] / 55_800.0, 60.0 + value[1] / 111_412.0]


def test_a_plan_with_an_origin_says_where_on_the_globe():
    venue = read_venue(hall(origin=[24.9, 60.17], bearing=90)).venue
    lon, lat = venue.frame.lonlat(0, 100)
    assert lat == pytest.approx(60.17, abs=1e-6) and lon == pytest.approx(24.9018, abs=1e-4)


UNITS = [("millimetres", 1000.0), ("centimetres", 100.0), ("degrees", 1 / 111_000)]


@FEW
@given(SIZES, st.sampled_from(UNITS))
def test_wrong_units_are_found_and_named(size, unit):
    name, factor = unit
    found = looked(scaled(hall(*size), factor))
    assert [f.code for f in found] == ["units"] and name in found[0].mend


@FEW
@given(SIZES, st.sampled_from(UNITS[:2]))
def test_said_units_are_read(size, unit):
    assert looked({**scaled(hall(*size), unit[1]), "units": unit[0]}) == []


def test_missing_units_are_refused_with_a_guess():
    document = scaled(hall(), 1000.0)
    del document["units"]
    with pytest.raises(Refused) as refused:
        read_venue(document)
    assert "looks like millimetres" in refused.value.mend


def test_degrees_off_the_globe():
    with pytest.raises(Refused, match="off the globe"):
        read_venue({**scaled(hall(), 1000), "units": "degrees"})


@FEW
@given(SIZES, st.floats(0.1, 0.46))
def test_an_exit_behind_a_gap_too_small_for_a_body_is_found(size, gap):
    """A room before the west exit whose only way in is narrower than a body."""
    y0, y1 = 3.0, 5 + size[2] + 1
    document = hall(*size)
    get(document, "floor")["geometry"]["coordinates"] = [ring(5, 1, size[0] - 1, size[1] - 6)]
    closed = plus(
        document,
        line("w1", "wall", (0, y0), (3, y0)),
        line("w2", "wall", (3, y0), (3, y1 - gap)),
        line("w3", "wall", (0, y1), (3, y1)),
    )
    found = [f for f in looked(closed) if f.code == "exit_cut_off"]
    assert [f.where for f in found] == ["west"]


@FEW
@given(SIZES)
def test_a_room_without_a_door_has_no_way_out(size):
    shut = plus(without(hall(*size), "west", "east", "between"))
    found = [f for f in looked(shut) if f.code == "no_way_out"]
    assert found and found[0].at is not None
    assert "zone_cut_off" in codes(shut)


def test_the_gap_is_told_where_it_is():
    wall = line("wall", "wall", (0, 12), (39.6, 12))
    found = [f for f in looked(plus(hall(), wall)) if f.code == "no_way_out"]
    assert len(found) == 1
    x, y = found[0].at
    assert x == pytest.approx(39.7, abs=0.5) and y == pytest.approx(12, abs=0.6)


@FEW
@given(SIZES, st.floats(0.005, 0.07))
def test_a_thin_wall_is_found(size, thickness):
    y = size[1] - 5.5
    thin = line("thin", "wall", (2, y), (size[0] - 4, y), thickness_m=thickness)
    found = [f for f in looked(plus(hall(*size), thin)) if f.code == "thin_wall"]
    assert len(found) == 1 and abs(found[0].at[1] - y) < 0.1
    thick = line("thick", "wall", (2, y), (size[0] - 4, y), thickness_m=thickness + 0.08)
    assert "thin_wall" not in codes(plus(hall(*size), thick))


@FEW
@given(SIZES, st.floats(0.0, 0.8))
def test_overlapping_doors_are_found(size, share):
    shift = size[2] * share
    twin = line("twin", "door", (0, 5 + shift), (0, 5 + size[2] + shift), leads="outside")
    found = [f for f in looked(plus(hall(*size), twin)) if f.code == "doors_overlap"]
    assert len(found) == 1 and "west" in found[0].where and "twin" in found[0].where


def test_doors_side_by_side_do_not_overlap():
    twin = line("twin", "door", (0, 7.4), (0, 9.8), leads="outside")
    assert "doors_overlap" not in codes(plus(hall(), twin))


@FEW
@given(st.floats(3, 30), st.floats(3, 15))
def test_a_door_outside_its_wall_is_found(x, y):
    inside = line("lost", "door", (x, y), (x + 2, y))
    found = [f for f in looked(plus(hall(), inside)) if f.code == "door_off_wall"]
    assert [f.where for f in found] == ["lost"]
    out = line("lost", "door", (x + 100, y), (x + 102, y), leads="outside")
    assert "door_off_wall" in codes(plus(hall(), out))


def test_a_gate_opens_its_barrier_and_a_barrier_before_a_door_shuts_it():
    fence = line("fence", "barrier", (0, 12), (40, 12))
    gate = line("gate", "gate", (20, 12), (23, 12))
    assert codes(plus(without(hall(), "between"), fence, gate)) == set()
    shut = plus(
        hall(), box("pile", "barrier", 0.0, 4, 0.2, 9), box("heap", "barrier", 0.2, 4, 0.9, 9)
    )
    assert "exit_cut_off" in codes(shut)


def test_unreachable_seats_are_counted():
    seats = [[x, 15] for x in range(5, 15)]
    reached = feature("row", "seats", "MultiPoint", seats)
    assert codes(plus(hall(), reached)) == set()
    pit = [line(f"p{k}", "wall", a, b) for k, (a, b) in enumerate(
        [((3, 13), (9.5, 13)), ((9.5, 13), (9.5, 17)), ((9.5, 17), (3, 17)), ((3, 17), (3, 13))]
    )]  # fmt: skip
    found = [f for f in looked(plus(hall(), reached, *pit)) if f.code == "seats_cut_off"]
    assert len(found) == 1 and found[0].what.startswith("5 of 10 seats")


def test_levels():
    up = box("gallery", "area", 0, 30, 40, 40, level=1)
    stair = line("stair", "stair", (30, 20), (30, 31), to_level=1, width_m=1.6)
    high = box("seats", "zone", 5, 31, 20, 39, level=1)
    assert codes(plus(hall(), up, stair, high)) == {"wheelchair"}
    assert "no_way_out" in codes(plus(hall(), up, high))
    short = line("stair", "stair", (30, 20), (30, 28), to_level=1, width_m=1.6)
    assert "stair" in codes(plus(hall(), up, short))
    assert "level" in codes(plus(hall(), box("lost", "zone", 5, 5, 9, 9, level=4)))
    twice = plus(hall(), box("second", "area", 2, 2, 30, 20))
    assert "areas_overlap" in codes(twice)


def test_people_that_cannot_be():
    assert "too_many" in codes(hall(people=1_000_000))
    assert "zero_people" in codes(hall(people=0))
    full = hall()
    get(full, "floor")["properties"]["people"] = 50_000
    assert "too_many" in codes(full)


def test_widths_that_cannot_be():
    wide = hall()
    get(wide, "west")["properties"]["width_m"] = 4.0
    assert "door_width" in codes(wide)
    get(wide, "west")["properties"]["width_m"] = 0.4
    assert {"door_narrow"} <= codes(wide)


def test_no_exit_at_all():
    assert "no_exit" in codes(without(hall(), "west", "east", "front"))
    locked = hall()
    for name in ("west", "east", "front"):
        get(locked, name)["properties"]["locked"] = True
    assert "no_exit" in codes(locked)


def test_a_crossing_outline_is_told_at_the_crossing():
    bow = feature("bow", "zone", "Polygon", [[[5, 5], [15, 15], [15, 5], [5, 15], [5, 5]]])
    found = looked(plus(without(hall(), "floor"), bow))
    assert [(f.code, f.at) for f in found] == [("outline", (10.0, 10.0))]


def test_zones_off_the_floor_and_on_each_other():
    assert "zone_off_floor" in codes(plus(hall(), box("z", "zone", 30, 20, 60, 24)))
    assert "zones_overlap" in codes(plus(hall(), box("z", "zone", 2, 2, 20, 15)))


def test_an_arena_that_is_valid_but_in_pieces():
    """Validity says nothing: a ring of rooms with gaps of 40 cm is one polygon, and eight parts."""
    rooms = [box(f"r{k}", "area", 6 * k, 0, 6 * k + 5.6, 10) for k in range(6)]
    links = [box(f"l{k}", "area", 6 * k + 5.6, 4, 6 * k + 6, 4.4) for k in range(5)]
    door = line("out", "door", (0, 2), (0, 4), leads="outside")
    document = plan(*rooms, *links, door)
    found = [f for f in looked(document) if f.code == "no_way_out"]
    assert len(found) == 5


def test_an_empty_plan():
    document = plan(line("w", "wall", (0, 0), (20, 0)))
    assert codes(document) == {"no_area"}
