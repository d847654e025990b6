"""Driving hours by the worked examples that a transport manager would do on paper."""

from datetime import UTC, datetime, timedelta

import pytest

from varangian.travel.fleet.hours import Span, leg, reckon
from varangian.travel.fleet.library import driving_hours

MONDAY = datetime(2026, 11, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(hours: float, day: int = 0) -> datetime:
    return MONDAY + timedelta(days=day, hours=hours)


def drive(start: float, end: float, day: int = 0) -> Span:
    return Span("driving", at(start, day), at(end, day))


def duty(start: float, end: float, day: int = 0) -> Span:
    return Span("duty", at(start, day), at(end, day))


def told(spans, moment):
    return reckon(spans, moment, driving_hours())


def rules(breaches):
    return [one.rule for one in breaches]


def test_a_rested_driver_has_all_hours():
    hours = told([], at(8))
    assert hours.drive_left == 4.5 * HOUR
    assert (hours.day_left, hours.week_left, hours.fortnight_left) == (
        9 * HOUR,
        56 * HOUR,
        90 * HOUR,
    )
    assert hours.duty_until is None and not hours.breaches


def test_four_and_a_half_hours_then_a_break():
    hours = told([drive(8, 12.5)], at(12.5))
    assert hours.drive_left == timedelta() and hours.since_break == 4.5 * HOUR
    assert not hours.breaches, "at the limit is not over it"
    assert told([drive(8, 12.5)], at(13.25)).drive_left == 4.5 * HOUR, "45 min off begin anew"
    assert told([drive(8, 12.5)], at(13)).drive_left == timedelta(), "30 min do not"


def test_fifteen_then_thirty_is_a_whole_break_and_thirty_then_fifteen_is_not():
    split = [drive(8, 10), drive(10.25, 12.75)]
    assert told(split, at(13.25)).drive_left == 4.5 * HOUR
    wrong = [drive(8, 10), drive(10.5, 12.5), drive(12.75, 13.25)]
    hours = told(wrong, at(13.25))
    assert hours.since_break == 4.5 * HOUR


def test_waiting_is_duty_and_no_break():
    waiting = [drive(8, 10), Span("waiting", at(10), at(12)), drive(12, 14.5)]
    assert told(waiting, at(14.5)).since_break == 4.5 * HOUR
    assert rules(told([*waiting, drive(14.5, 15)], at(15)).breaches) == ["break"]
    on_duty = [duty(8, 16), drive(8, 10), drive(12, 14.5)]
    assert told(on_duty, at(14.5)).since_break == 4.5 * HOUR, "on duty between is no break"
    rested = [*on_duty, Span("break", at(10), at(11))]
    assert told(rested, at(14.5)).since_break == 2.5 * HOUR, "a break that was written down is one"


def test_nine_hours_a_day_and_ten_twice_a_week():
    nine = [drive(6, 10.5), drive(11.25, 15.75)]
    hours = told(nine, at(16.5))
    assert hours.day_left == timedelta() and hours.extended_left == 2
    assert hours.drive_left == HOUR, "one hour more, as this day may be a long one"
    ten = [*nine, drive(16.5, 17.5)]
    week = [
        Span(s.kind, s.starts + d, s.ends + d)
        for n in range(2)
        for d in [timedelta(days=n)]
        for s in ten
    ]
    third = [Span(s.kind, s.starts + timedelta(days=2), s.ends + timedelta(days=2)) for s in nine]
    hours = told([*week, *third], at(16.5, 2))
    assert hours.extended_left == 0 and hours.drive_left == timedelta()
    assert rules(leg([*week, *third], at(16.5, 2), at(17, 2), driving_hours())) == ["day"]


def test_fifty_six_a_week_and_ninety_in_two():
    def week(first: int, each: list[float]):
        return [
            span
            for n, hours in enumerate(each)
            for span in (drive(6, 6 + hours / 2, first + n), drive(12, 12 + hours / 2, first + n))
        ]

    full = week(0, [9, 9, 9, 9, 9, 9])
    hours = told(full, at(20, 5))
    assert hours.driven_week == 54 * HOUR and hours.week_left == 2 * HOUR
    both = [*full, *week(7, [9, 9, 9, 8])]
    hours = told(both, at(20, 10))
    assert hours.driven_fortnight == 89 * HOUR and hours.fortnight_left == HOUR
    assert "fortnight" in rules(leg(both, at(6, 11), at(8, 11), driving_hours()))


def test_the_daily_rest_bounds_the_day_on_duty():
    hours = told([duty(6, 14)], at(14))
    assert hours.duty_until == at(21) and hours.reduced_left == 3, "24 h less a short rest of 9"
    assert rules(told([duty(6, 22)], at(22)).breaches) == ["rest"]


def test_a_short_rest_is_counted_and_after_three_the_long_one_is_due():
    spans = [duty(6, 20, n) for n in range(4)]
    hours = told(spans, at(12, 3))
    assert hours.reduced_left == 0
    assert hours.duty_until == at(19, 3), "24 h less 11"
    assert told([*spans[:3], duty(6, 12, 5)], at(12, 5)).reduced_left == 3, "a day off wipes it"


def test_a_night_without_rest_belongs_to_the_day_before():
    spans = [duty(8, 20), duty(26, 30)]
    hours = told(spans, at(30))
    assert hours.day_began == at(8)
    assert "rest" in rules(hours.breaches)


def test_a_leg_says_what_it_would_break_and_by_how_much():
    (breach,) = leg([drive(8, 12)], at(12), at(13.5), driving_hours())
    assert breach.rule == "break" and breach.words.startswith("1 h 00 min over")
    assert leg([drive(8, 12)], at(12.75), at(14), driving_hours()) == []


def test_who_is_on_duty_now_may_rest_before_a_leg_tomorrow_but_not_before_one_soon():
    on = [Span("duty", at(7))]
    assert leg(on, at(34), at(36), driving_hours(), now=at(12)) == []
    late = leg(on, at(20), at(22.5), driving_hours(), now=at(12))
    assert rules(late) == ["rest"], "the waiting between is duty"
    driving = [Span("driving", at(10))]
    assert leg(driving, at(14), at(16), driving_hours(), now=at(12)) == [], "it is not driven on"


@pytest.mark.parametrize(("zone", "left"), [("UTC", 56), ("Pacific/Auckland", 53)])
def test_the_week_begins_on_monday_where_the_operation_is(zone, left):
    """Sunday 20:00 to 23:00 UTC is Monday morning in Auckland."""
    hours = reckon([drive(-4, -1)], at(2), driving_hours(), zone)
    assert hours.week_left == left * HOUR


def test_what_goes_on_now_counts_until_now():
    assert told([Span("driving", at(8))], at(10)).driven_day == 2 * HOUR
