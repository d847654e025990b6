"""Shifts across time zones, and the nights in which clocks change."""

from datetime import date, datetime, timedelta, timezone

import pytest
from tests.unit.engines.rostering.cases import HELSINKI, at, officer, problem, shift

from varangian.engines.rostering import Shift, solve, why_not
from varangian.engines.rostering.civil import day_of, instant, night_minutes, zone_named
from varangian.engines.rostering.table import Table
from varangian.kernel.results import Refused

SPRING, AUTUMN = date(2027, 3, 27), date(2027, 10, 30)


def hours_of(task) -> float:
    answer = solve(task, seconds=2, fair_seconds=1, workers=1)
    assert len(answer.assignments) == len(task.shifts)
    return answer.fatigue[0].hours


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 7), (AUTUMN, 9), (date(2027, 5, 1), 8)])
def test_the_night_in_which_clocks_change_has_the_hours_that_pass(day, hours):
    night = shift("n", 0, 22, 8, monday=day)
    assert night.start == at(day, 22) and night.end == at(day + timedelta(1), 6)
    assert hours_of(problem([officer("one")], [night])) == hours


def test_rest_over_the_change_is_counted_in_hours_that_pass():
    """19:00 to 06:00 are eleven hours on the clock and ten in the spring."""
    for day, rule in ((SPRING, {"daily_rest"}), (AUTUMN, set()), (date(2027, 5, 1), set())):
        evening = shift("a", 0, 11, 8, monday=day)
        morning = shift("b", 1, 6, 6, monday=day)
        found = why_not(problem([officer("one")], [evening, morning]), [("one", "a")], None, ["b"])
        assert {r.rule for r in found.get(("one", "b"), ())} == rule, day


@pytest.mark.parametrize(
    ("day", "minutes"), [(SPRING, 360), (AUTUMN, 480), (date(2027, 5, 1), 420)]
)
def test_minutes_of_night(day, minutes):
    nights = at(day, 20), at(day + timedelta(1), 8)
    begin, end = datetime(1, 1, 1, 23).time(), datetime(1, 1, 1, 6).time()
    assert night_minutes(*nights, HELSINKI, begin, end) == minutes


def test_a_time_the_clock_skips_or_shows_twice_is_refused():
    with pytest.raises(Refused, match="03:30 on 2027-03-28 is skipped"):
        instant(datetime(2027, 3, 28, 3, 30), HELSINKI)
    with pytest.raises(Refused, match="03:30 on 2027-10-31 comes twice") as refused:
        instant(datetime(2027, 10, 31, 3, 30), HELSINKI)
    assert "+03:00 or +02:00" in refused.value.mend
    aware = datetime(2027, 10, 31, 3, 30, tzinfo=timezone(timedelta(hours=2)))
    assert instant(aware, HELSINKI).hour == 1
    with pytest.raises(Refused, match="no such time zone"):
        zone_named("Europe/Atlantis")


def flight(name: str, start: datetime, end: datetime, zone: str, end_zone: str) -> Shift:
    return Shift(name, "party", "air", start, end, zone, end_zone=end_zone)


def test_a_shift_that_crosses_zones_is_judged_by_instants():
    """Leaves London 10:00, lands in New York 13:00 on that clock: eight hours."""
    day = date(2027, 5, 4)
    start, end = at(day, 10, "Europe/London"), at(day, 13, "America/New_York")
    over = flight("over", start, end, "Europe/London", "America/New_York")
    early = shift("early", 0, 23, 6, monday=day, zone="America/New_York")
    late = shift("late", 1, 1, 6, monday=day, zone="America/New_York")
    task = problem([officer("one", zone="Europe/London")], [over, early, late])
    found = why_not(task, [("one", "over")], None, ["early", "late"])
    assert {r.rule for r in found["one", "early"]} == {"daily_rest", "one_duty_a_day"}
    assert ("one", "late") not in found
    assert hours_of(problem([officer("one")], [over])) == 8


def test_the_night_is_that_of_the_shifts_own_zone():
    """22:00 to 06:00 in Tokyo is an afternoon in London."""
    day = date(2027, 5, 4)
    tokyo = shift("tokyo", 0, 22, 8, monday=day, zone="Asia/Tokyo")
    london = flight("london", tokyo.start, tokyo.end, "Europe/London", "")
    table = Table(problem([officer("one")], [tokyo, london]))
    assert table.night.tolist() == [True, False]
    assert day_of(tokyo.start, "Asia/Tokyo") == day
