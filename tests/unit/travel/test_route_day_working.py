"""Legs of a day become stops with doors; what a car is promised for is cut out of its day."""

from datetime import UTC, datetime, timedelta

import pytest

pytest.importorskip("scipy")
pytest.importorskip("shapely")

from varangian.engines.routing import city
from varangian.travel.route_day_working import CarWish, DayWish, LegWish, _free, _stops

TOWN = city.build()
MIDNIGHT = datetime(2027, 5, 4, tzinfo=UTC)


def at(hour, minute=0):
    return MIDNIGHT + timedelta(hours=hour, minutes=minute)


def door(node, name=""):
    return name, (float(TOWN.lat[node]), float(TOWN.lon[node]))


def leg(start, goal, opens, ends, doors=((26, ""), (404, ""))):
    (a, first), (b, last) = doors
    return LegWish(None, start, goal, [door(a, first)], [door(b, last)], opens, ends)  # pyright: ignore


def test_legs_that_meet_share_a_stop_and_a_walk_parts_the_others():
    legs = [
        leg("Hotel", "Court", at(8), at(9)),
        leg("Court", "Hotel", at(11), None),
        leg("Mill", "Court", at(14), at(15)),
    ]
    stops = _stops(TOWN, DayWish(MIDNIGHT, legs, [], window_s=600))
    assert [(stop.name, stop.driven) for stop in stops] == [
        ("Hotel", True), ("Court", True), ("Hotel", False), ("Mill", True), ("Court", False),
    ]  # fmt: skip
    assert stops[0].leave == (8 * 3600, 8 * 3600 + 600)
    assert stops[1].arrive_by == 9 * 3600 and stops[1].leave[0] == 11 * 3600


def test_doors_at_one_corner_are_one_door():
    doors = [door(26, "north"), door(26, "porch")]
    only = LegWish(None, "A", "B", doors, [door(404)], at(8), None)  # pyright: ignore
    (first, _) = _stops(TOWN, DayWish(MIDNIGHT, [only], []))
    assert [one.name for one in first.doors] == ["north"]


def test_a_car_is_free_between_what_it_is_promised_for():
    busy = [(at(12), at(13)), (at(-1), at(2)), (at(12, 30), at(14))]
    assert _free(CarWish("a", "A", busy), MIDNIGHT) == (
        (2 * 3600, 12 * 3600), (14 * 3600, 48 * 3600),
    )  # fmt: skip
    assert _free(CarWish("a", "A"), MIDNIGHT) == ()
