"""Places and times where corridor matching usually goes wrong, with answers known beforehand."""

from datetime import UTC, datetime, timedelta

import pytest

from varangian.engines.corridor import Area, Box, Disc, Hazard, Leg, match
from varangian.kernel.geometry import haversine_km
from varangian.kernel.results import Refused
from varangian.kernel.windows import TimeWindow

T0 = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ALWAYS = TimeWindow(T0 - 100 * HOUR, T0 + 100 * HOUR)


def leg(*path, hours=10.0, buffer=0.0, start=T0):
    return Leg("leg", start, None if hours is None else start + hours * HOUR, path, buffer)


def hazard(shape, window=ALWAYS):
    return Hazard("hazard", "flood", window, shape)


def area(*rings):
    return Area((tuple(tuple((float(x), float(y)) for x, y in ring) for ring in rings),))


def one(a_leg, a_hazard):
    (found,) = match([a_leg], [a_hazard])
    return found


def test_nothing_in_nothing_out():
    assert match([], []) == match([leg((0, 0))], []) == match([], [hazard(Disc(0, 0, 1))]) == []


def test_a_long_flight_follows_the_great_circle_not_the_parallel():
    flight = leg((51.5, -0.45), (35.55, 139.78), hours=12, buffer=20)
    assert 9500 < haversine_km(*flight.path) < 9700
    over_siberia = one(flight, hazard(Disc(70.0, 70.0, 300)))
    assert over_siberia.basis == "position"
    assert T0 + 4 * HOUR < over_siberia.first_contact < T0 + 6 * HOUR
    assert match([flight], [hazard(Disc(47.0, 60.0, 300))]) == []


def test_minutes_on_the_equator():
    crossing = one(leg((0, 0), (0, 10)), hazard(Box(2, -1, 5, 1)))
    assert crossing.minutes == pytest.approx(180, abs=0.02)
    assert crossing.first_contact - T0 == pytest.approx(2 * HOUR, abs=timedelta(seconds=1))
    assert crossing.last_contact - T0 == pytest.approx(5 * HOUR, abs=timedelta(seconds=1))
    assert (crossing.distance_km, crossing.reason) == (0, "passes through the hazard area")


def test_the_window_of_the_hazard_clips_the_minutes():
    window = TimeWindow(T0 + 3 * HOUR, T0 + 4 * HOUR)
    assert one(leg((0, 0), (0, 10)), hazard(Box(2, -1, 5, 1), window)).minutes == pytest.approx(60)
    early = TimeWindow(T0, T0 + 1.5 * HOUR)
    assert match([leg((0, 0), (0, 10))], [hazard(Box(2, -1, 5, 1), early)]) == []


def test_windows_that_only_touch_do_not_meet():
    stay = leg((0, 0))
    assert match([stay], [hazard(Disc(0, 0, 5), TimeWindow(T0 + 10 * HOUR, None))]) == []
    assert match([stay], [hazard(Disc(0, 0, 5), TimeWindow(T0 - HOUR, T0))]) == []


def test_distance_and_nearest_point_of_a_pass():
    found = one(leg((0, 0), (0, 10), buffer=120), hazard(Disc(1.5, 5, 50)))
    assert found.distance_km == pytest.approx(1.5 * 111.195 - 50, abs=0.1)
    assert (found.lat, found.lon) == pytest.approx((0, 5), abs=1e-3)
    assert match([leg((0, 0), (0, 10), buffer=116)], [hazard(Disc(1.5, 5, 50))]) == []


def test_a_hole_is_outside():
    ring = area([(-3, -3), (3, -3), (3, 3), (-3, 3)], [(-1, -1), (1, -1), (1, 1), (-1, 1)])
    assert match([leg((0, 0))], [hazard(ring)]) == []
    assert one(leg((0, -5), (0, 5)), hazard(ring)).minutes == pytest.approx(240, abs=0.1)


def test_a_path_in_and_out_twice_counts_both_stretches():
    twice = leg((0, 0), (0, 2), (0, 0), (0, 2), hours=6)
    found = one(twice, hazard(Disc(0, 2, 111.195)))
    assert found.minutes == pytest.approx(180, abs=0.1)
    assert found.first_contact - T0 == pytest.approx(HOUR, abs=timedelta(seconds=2))


@pytest.mark.parametrize(
    "shape",
    [
        Box(179, -1, -179, 1),
        area([(179, -1), (-179, -1), (-179, 1), (179, 1)]),
        Area(
            (
                (((179.0, -1.0), (180.0, -1.0), (180.0, 1.0), (179.0, 1.0)),),
                (((-180.0, -1.0), (-179.0, -1.0), (-179.0, 1.0), (-180.0, 1.0)),),
            )
        ),
    ],
)
def test_over_the_antimeridian(shape):
    found = one(leg((0, 177), (0, -177), hours=6), hazard(shape))
    assert found.minutes == pytest.approx(120, abs=0.1)
    assert one(leg((0.5, 180)), hazard(shape)).distance_km == 0
    assert one(leg((0.5, -180)), hazard(shape)).distance_km == 0
    assert match([leg((0, 0))], [hazard(shape)]) == []


def test_over_the_pole():
    over = leg((80, 0), (80, 180), hours=2)
    assert one(over, hazard(Disc(90, 0, 111.195))).minutes == pytest.approx(12, abs=0.05)
    cap = area([(0, 85), (90, 85), (180, 85), (-90, 85)])
    assert one(over, hazard(cap)).minutes == pytest.approx(60, abs=0.1)
    band = Box(-180, 85, 180, 90)
    assert one(over, hazard(band)).minutes == pytest.approx(60, abs=0.1)
    south = area([(0, -60), (90, -60), (180, -60), (-90, -60)])
    assert one(leg((-90, 0)), hazard(south)).distance_km == 0
    assert match([leg((0, 0))], [hazard(south)]) == []


@pytest.mark.parametrize(
    "world",
    [
        Box(-180, -90, 180, 90),
        area([(-180, -90), (180, -90), (180, 90), (-180, 90)]),
        Disc(12, 34, 20015.2),
    ],
)
def test_the_whole_world_touches_everything(world):
    for path in (((0, 0),), ((90, 0),), ((10, 179), (-10, -179)), ((-12, -146),)):
        found = one(leg(*path), hazard(world))
        assert found.minutes == pytest.approx(600)
        assert found.distance_km < 0.01


def test_a_wide_box_goes_the_long_way():
    wide = Box(-100, -10, 100, 10)
    assert one(leg((0, 0)), hazard(wide)).distance_km == 0
    assert match([leg((0, 180))], [hazard(wide)]) == []


def test_a_stay_inside_beside_and_outside():
    square = area([(0, 0), (1, 0), (1, 1), (0, 1)])
    inside = one(leg((0.5, 0.5), hours=2), hazard(square))
    assert (inside.minutes, inside.distance_km, inside.basis) == (120, 0, "stay")
    assert inside.reason == "inside the hazard area"
    near_the_edge = one(leg((0.5, 0.95), hours=2, buffer=20), hazard(square))
    assert near_the_edge.distance_km == 0
    beside = one(leg((0.5, 1.1), hours=2, buffer=12), hazard(square))
    assert beside.distance_km == pytest.approx(11.12, abs=0.01)
    assert match([leg((0.5, 1.1), hours=2, buffer=11)], [hazard(square)]) == []


def test_unknown_ends_stay_unknown():
    stay = one(leg((0, 0), hours=None), hazard(Disc(0, 0, 5), TimeWindow(T0 + HOUR, None)))
    assert (stay.minutes, stay.last_contact, stay.overlap.end) == (None, None, None)
    assert stay.first_contact == T0 + HOUR
    assert "end of the leg is unknown" in stay.reason
    closed = one(leg((0, 0), hours=None), hazard(Disc(0, 0, 5), TimeWindow(T0, T0 + HOUR)))
    assert closed.minutes == 60


def test_a_move_without_a_known_end_counts_its_whole_corridor():
    move = leg((0, 0), (0, 10), hours=None)
    found = one(move, hazard(Box(2, -1, 5, 1), TimeWindow(T0, T0 + HOUR)))
    assert (found.basis, found.minutes) == ("corridor", 60)
    assert "whole path counts" in found.reason


def test_a_moment():
    moment = Leg("leg", T0, T0, ((0, 0),), 0)
    found = one(moment, hazard(Disc(0, 0, 5)))
    assert (found.minutes, found.first_contact) == (0, T0)


def test_sorted_by_first_contact():
    later = hazard(Box(6, -1, 7, 1))
    sooner = Hazard("sooner", "flood", ALWAYS, Box(1, -1, 2, 1))
    assert [m.hazard_id for m in match([leg((0, 0), (0, 10))], [later, sooner])] == [
        "sooner",
        "hazard",
    ]


@pytest.mark.parametrize(
    "make",
    [
        lambda: leg(),
        lambda: leg((91, 0)),
        lambda: leg((0, float("nan"))),
        lambda: leg((0, 0), buffer=-1),
        lambda: leg((0, 0), buffer=2001),
        lambda: leg((0, 0), hours=-1),
        lambda: leg((0, 0), start=datetime(2026, 5, 1)),
        lambda: Disc(0, 0, float("nan")),
        lambda: Disc(0, 200, 1),
        lambda: Box(0, 5, 1, 4),
        lambda: Area(()),
        lambda: area([(0, 0), (1, 1)]),
        lambda: match([leg((0, 0), (0, 180))], [hazard(Disc(0, 0, 1))]),
    ],
)
def test_refusals(make):
    with pytest.raises(Refused):
        make()
