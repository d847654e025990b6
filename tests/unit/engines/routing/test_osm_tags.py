"""What tags mean for a driver."""

import pytest

from varangian.engines.routing import osm_tags as rules

STREET = {"highway": "residential"}


@pytest.mark.parametrize(
    ("said", "kmh"),
    [
        ("50", 50), ("30 mph", 48.3), ("30mph", 48.3), ("20 knots", 37.0), ("DE:urban", 50),
        ("DE:zone:30", 30), ("DE:zone30", 30), ("GB:30", 30), ("walk", 7), ("none", 130),
        ("100;80", 80), ("signals", None), ("fast", None), ("", None), ("XX:moon", None),
    ],
)  # fmt: skip
def test_posted_speeds(said, kmh):
    found = rules.posted_speed(said)
    assert found == (kmh if kmh is None else pytest.approx(kmh, abs=0.1))


def test_where_nothing_is_posted_the_usual_speed_stands_in():
    assert rules.speed(STREET) == 30
    assert rules.speed({**STREET, "maxspeed": "40", "maxspeed:backward": "20"}, "backward") == 20
    assert rules.speed({**STREET, "maxspeed": "900"}) == rules.FASTEST


@pytest.mark.parametrize(
    ("tags", "ways"),
    [
        ({}, (True, True)),
        ({"oneway": "yes"}, (True, False)),
        ({"oneway": "-1"}, (False, True)),
        ({"junction": "roundabout"}, (True, False)),
        ({"highway": "motorway"}, (True, False)),
        ({"highway": "motorway", "oneway": "no"}, (True, True)),
        ({"oneway": "alternating"}, (True, True)),
    ],
)
def test_directions(tags, ways):
    assert rules.directions({**STREET, **tags}) == ways


@pytest.mark.parametrize(
    ("tags", "open_"),
    [
        ({}, True),
        ({"access": "no"}, False),
        ({"access": "private", "motorcar": "yes"}, True),
        ({"vehicle": "no"}, False),
        ({"access": "destination"}, True),
        ({"highway": "footway"}, False),
        ({"highway": "service", "service": "parking_aisle"}, False),
        ({"area": "yes"}, False),
    ],
)
def test_who_may_drive(tags, open_):
    assert rules.drivable({**STREET, **tags}) is open_


def test_a_bollard_stops_cars_and_an_open_gate_does_not():
    assert rules.stops_cars({"barrier": "bollard"})
    assert not rules.stops_cars({"barrier": "bollard", "motor_vehicle": "yes"})
    assert not rules.stops_cars({"barrier": "gate"})
    assert rules.stops_cars({"barrier": "gate", "access": "private"})
    assert not rules.stops_cars({"barrier": "toll_booth"})


def test_lanes_of_one_direction():
    assert rules.lanes({"lanes": "4"}, "forward", both=True) == 2
    assert rules.lanes({"lanes": "3", "lanes:backward": "1"}, "backward", both=True) == 1
    assert rules.lanes({"lanes": "2"}, "forward", both=False) == 2
    assert rules.lanes({"lanes": "many"}, "forward", both=False) == 0
