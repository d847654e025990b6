"""From posts and legs to stretches of duty: pure."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest

from varangian.planning.roster_rules import LegTimes, Stretch, by_day, pieces

HANDOVER = (time(7), time(15), time(23))
HELSINKI = "Europe/Helsinki"


def at(day: int, hour: float, month: int = 3) -> datetime:
    return datetime(2027, month, day, tzinfo=UTC) + timedelta(hours=hour)


def lengths(made: list[Stretch]) -> list[float]:
    return [(one.end - one.start).total_seconds() / 3600 for one in made]


@pytest.mark.parametrize(
    ("day", "month", "night"), [(10, 3, 8.0), (28, 3, 7.0), (31, 10, 9.0)],
    ids=["any night", "clocks go forward", "clocks go back"],
)  # fmt: skip
def test_the_night_has_the_hours_that_pass(day, month, night):
    start = datetime(2027, month, day, tzinfo=UTC) - timedelta(hours=11)
    made = pieces(Stretch(start, start + timedelta(hours=40), HELSINKI), HANDOVER)
    assert night in lengths(made)
    assert all(a.end == b.start for a, b in pairwise(made))
    assert sum(lengths(made)) == 40


def test_a_sliver_goes_to_its_neighbour():
    made = pieces(Stretch(at(10, 4), at(10, 14), HELSINKI), HANDOVER)
    assert lengths(made) == [10.0], "one hour before the handover at 15:00 and one after"


def test_a_short_stretch_is_one_piece():
    made = pieces(Stretch(at(10, 12.5), at(10, 13.5), HELSINKI), HANDOVER)
    assert lengths(made) == [1.0]


def test_days_of_legs_and_a_leg_without_an_end():
    legs = [
        LegTimes(at(10, 8), at(10, 9), HELSINKI),
        LegTimes(at(10, 12), None, HELSINKI),
        LegTimes(at(11, 10), at(11, 18), "America/New_York"),
    ]
    first, second = by_day(legs, timedelta(hours=1), HELSINKI)
    assert (first.start, first.end) == (at(10, 7), at(10, 13)), "an unknown end is no guess"
    assert second.end_zone == "America/New_York"


def test_days_that_touch_are_one_stretch():
    legs = [
        LegTimes(at(10, 18), at(10, 21.5), HELSINKI),
        LegTimes(at(10, 22.5), at(11, 1), HELSINKI),
    ]
    [whole] = by_day(legs, timedelta(hours=1), HELSINKI)
    assert (whole.start, whole.end) == (at(10, 17), at(11, 2))
