"""Programme indicators: values with their inputs, trends, weeks; nothing known is not zero."""

from datetime import date, timedelta

import pytest

from varangian.planning.indicators import RULES, Day, indicators, p90, shown, spark

MONDAY = date(2026, 10, 5)
END = MONDAY + timedelta(days=27)
HELD = {"posts_needed": 4, "posts_held": 4}


def day(offset=0, **fields):
    return Day(slug=f"op-{offset}", date=MONDAY + timedelta(days=offset), **fields)


def one(days, name, start=MONDAY, end=END):
    return next(row for row in indicators(days, start, end) if row.rule.id == name)


def test_an_empty_period_is_unknown_in_every_indicator():
    for row in indicators([], MONDAY, END):
        assert row.now.value is None and row.trend == "unknown" and row.words == "not known"
        assert [value for _, value in row.weeks] == [None] * 4
        assert shown(row.now.value, row.rule.unit) == "unknown"


def test_an_operation_without_records_is_unknown_too():
    for row in indicators([day()], MONDAY, END):
        assert row.now.value is None, row.rule.id


def test_coverage_is_of_the_posts_needed_and_says_what_nobody_knows():
    days = [
        day(0, posts_needed=8, posts_held=6, posts_unknown=2),
        day(9, posts_needed=2, posts_held=2),
    ]
    found = one(days, "coverage")
    assert found.now.value == 80
    assert found.now.inputs == "8 of 10 posts at legs in 2 operations; of 2 more nobody knows"
    assert [value for _, value in found.weeks] == [75, 100, None, None]


def test_median_and_nine_of_ten_are_measured_times():
    values = [float(n) for n in range(1, 11)]
    days = [day(alerts=values, alerts_waiting=2)]
    assert one(days, "alert_median").now.value == 5.5
    assert one(days, "alert_p90").now.value == 9
    assert one(days, "alert_p90").now.inputs == "10 of 12 alerts answered"
    assert p90([3.0]) == 3.0 and p90([]) is None


def test_changes_count_only_where_there_was_a_plan():
    days = [day(0, planned=True, legs=3, moved=2), day(1, planned=False, legs=4, moved=0)]
    found = one(days, "changes")
    assert found.now.value == 2 and found.now.inputs == "2 of 3 legs in 1 operation with an order"


def test_near_misses_are_unknown_until_a_hot_wash_was_signed():
    assert one([day(near_misses=None)], "near_misses").now.value is None
    found = one([day(0, near_misses=0), day(1, near_misses=2), day(2)], "near_misses")
    assert found.now.value == 2 and found.now.inputs == "2 hot washes; 1 without a hot wash"
    assert one([day(near_misses=0)], "near_misses").now.value == 0


def test_hours_leave_out_what_nobody_reported_and_say_so():
    found = one([day(0, hours_worked=12.5), day(1)], "hours_worked")
    assert found.now.value == 12.5 and found.now.inputs.endswith("; 1 not over or not known")


@pytest.mark.parametrize(
    ("name", "before", "now", "trend"),
    [
        ("coverage", {"posts_needed": 4, "posts_held": 2}, HELD, "better"),
        ("alert_median", {"alerts": [60.0]}, {"alerts": [90.0]}, "worse"),
        ("alert_median", {"alerts": [60.0]}, {"alerts": [60.0]}, "same"),
        ("near_misses", {"near_misses": 1}, {"near_misses": 4}, "changed"),
        ("coverage", {}, HELD, "unknown"),
    ],
)
def test_trends_against_a_period_as_long(name, before, now, trend):
    found = one([day(-28, **before), day(0, **now)], name)
    assert found.trend == trend
    outside = one([day(-29, **before), day(0, **now)], name)
    assert outside.before.value is None


def test_no_indicator_is_about_a_person():
    words = " ".join(rule.title + rule.definition for rule in RULES).lower()
    assert "officer" not in words
    assert not {"person", "holder", "user"} & set(Day.__dataclass_fields__)


def test_the_line_breaks_where_a_week_is_unknown():
    days = [day(0, alerts=[60.0]), day(7, alerts=[120.0]), day(21, alerts=[30.0])]
    drawn = spark(one(days, "alert_median"))
    assert (len(drawn.lines), len(drawn.gaps), len(drawn.dots)) == (1, 1, 3)
    assert "19 Oct unknown" in drawn.words and "12 Oct 2.0 min" in drawn.words
    assert spark(one([], "alert_median")).dots == []


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (42.0, "seconds", "42 s"),
        (95.0, "seconds", "1.6 min"),
        (1500.0, "seconds", "25 min"),
        (9000.0, "seconds", "2.5 h"),
        (87.5, "percent", "88 %"),
        (99.53, "percent", "99.5 %"),
        (100.0, "percent", "100 %"),
        (1.25, "per_operation", "1.2 per operation"),
        (30.4, "hours", "30 h"),
    ],
)
def test_values_in_words(value, unit, words):
    assert shown(value, unit) == words
