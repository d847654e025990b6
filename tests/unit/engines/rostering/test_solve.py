"""Rosters that are found, in cases small enough to know the answer."""

from datetime import timedelta

import pytest
from tests.unit.engines.rostering.cases import (
    MONDAY,
    at,
    away,
    faults,
    officer,
    problem,
    shift,
    skill,
    utc,
)

from varangian.engines import rostering
from varangian.engines.rostering import Duty, Holding, Need, Wish, solve, why_not
from varangian.kernel.results import NotFound, Refused

QUICK = {"seconds": 3, "fair_seconds": 1, "clash_seconds": 3, "workers": 1}
LEAD = Holding("skill", "lead")


def rules(task, person, *shifts, roster=()):
    found = why_not(task, roster, [person], shifts or None)
    return {reason.rule for why in found.values() for reason in why}


def test_a_week_of_two_posts_is_filled_by_the_rules():
    people = [officer(f"o{k}", holdings=(LEAD,) if k % 2 else ()) for k in range(6)]
    shifts = [
        shift(f"{name}{day}", day, begin, needs=(skill("lead"),) if name == "day" else ())
        for day in range(7)
        for name, begin in (("day", 8), ("night", 20))
    ]
    task = problem(people, shifts)
    answer = solve(task, **QUICK)
    assert answer.gaps == () and answer.proven_cover and answer.clashes == ()
    assert len(answer.assignments) == 14
    assert faults(task, answer.assignments) == []


def test_what_is_wanted_among_those_on_a_shift():
    one, two, three = officer("one"), officer("two"), officer("lead", holdings=(LEAD,))
    task = problem([one, two, three], [shift("a", wanted=2, needs=(skill("lead", 1),))])
    for seed in range(3):
        answer = solve(task, seed=seed, **QUICK)
        assert ("lead", "a") in answer.assignments and len(answer.assignments) == 2


def test_the_more_important_shift_is_filled_first():
    task = problem([officer("one")], [shift("a", priority=4), shift("b", priority=1)])
    answer = solve(task, **QUICK)
    assert answer.assignments == (("one", "b"),)
    assert [gap.shift for gap in answer.gaps] == ["a"] and answer.proven_cover


def test_a_licence_that_expires_during_the_roster():
    until = MONDAY + timedelta(days=2)
    armed = officer("one", holdings=(Holding("firearms", "pistol", until),))
    shifts = [shift(f"d{day}", day, needs=(Need("firearms", "pistol"),)) for day in range(5)]
    shifts.append(shift("eve", 2, 16, 8, needs=(Need("firearms", "pistol"),)))
    shifts.append(shift("over", 2, 18, 8, needs=(Need("firearms", "pistol"),)))
    task = problem([armed], shifts)
    assert rules(task, "one", "d2", "eve") == set()
    assert rules(task, "one", "d3", "d4", "over") == {"firearms_expired"}
    answer = solve(task, **QUICK)
    assert {s for _, s in answer.assignments} <= {"d0", "d1", "d2", "eve"}
    words = why_not(task, (), ["one"], ["over"])["one", "over"][0].words
    assert words == (
        "firearms pistol expires on 2027-05-05, before the shift is over on 2027-05-06"
    )


def test_a_higher_medical_level_meets_a_lower_need():
    paramedic = officer("one", holdings=(Holding("medical", "paramedic"),))
    needs = (Need("medical", "first_aid"),)
    task = problem([paramedic], [shift("a", needs=needs)])
    assert rules(task, "one", "a") == set()
    aider = officer("one", holdings=(Holding("medical", "first_aid"),))
    task = problem([aider], [shift("a", needs=(Need("medical", "paramedic"),))])
    assert rules(task, "one", "a") == {"medical_missing"}


@pytest.mark.parametrize(
    ("others", "asked", "rule"),
    [
        ([("a", 0, 8, 8)], ("x", 0, 12, 8), "double_booking"),
        ([("a", 0, 14, 8)], ("x", 1, 8, 8), "daily_rest"),
        ([("a", 0, 0, 4)], ("x", 0, 16, 4), "one_duty_a_day"),
        ([(f"d{k}", k, 8, 4) for k in range(6)], ("x", 6, 8, 4), "days_in_row"),
        ([(f"d{k}", k, 8, 10) for k in range(5)], ("x", 5, 8, 11), "week"),
        ([(f"n{k}", k, 22, 8) for k in range(4)], ("x", 4, 22, 8), "nights_in_row"),
        ([(f"n{k}", 2 * k, 22, 8) for k in range(5)], ("x", 11, 22, 8), "nights"),
        ([("a", 0, 22, 8)], ("x", 3, 20, 11), "longest_night"),
        ([("a", 0, 8, 8)], ("x", 3, 6, 14), "longest_duty"),
    ],
)
def test_each_rule_is_named(others, asked, rule):
    """A shift three weeks later, which nobody has, keeps the mean week out of it."""
    shifts = [shift(*each) for each in (*others, asked, ("later", 20))]
    task = problem([officer("one")], shifts)
    assert rule in rules(task, "one", "x", roster=[("one", each[0]) for each in others])
    if len(others) > 1:
        fewer = [("one", each[0]) for each in others[1:]]
        assert rule not in rules(task, "one", "x", roster=fewer)


def test_the_weekly_rest_is_unbroken():
    """Six duties, the free day too short because of what lies beside it."""
    late = [shift(f"d{k}", k, 14, 4) for k in range(5)]
    task = problem([officer("one")], [*late, shift("x", 6, 6, 4), shift("y", 6, 14, 4)])
    held = [("one", s.id) for s in late]
    assert "weekly_rest" not in rules(task, "one", "y", roster=held)
    early = [shift("e", 0, 0, 4), *[shift(f"d{k}", k, 14, 4) for k in (1, 2, 3, 5)]]
    task = problem([officer("one")], [*early, shift("x", 6, 6, 4), shift("y", 4, 14, 4)])
    assert "weekly_rest" in rules(task, "one", "y", roster=[("one", s.id) for s in early])


def test_leave_and_work_before_the_roster_count():
    on_leave = officer("one", unavailable=(away(MONDAY, MONDAY),))
    worked = officer("two", prior=(Duty(at(MONDAY, -6), at(MONDAY, 2), "Europe/Helsinki"),))
    task = problem([on_leave, worked], [shift("a"), shift("b", 1)])
    assert rules(task, "one", "a") == {"leave"}
    assert rules(task, "two", "a") == {"daily_rest"}
    assert rules(task, "one", "b") | rules(task, "two", "b") == set()


def test_nights_and_days_before_the_roster_count():
    prior = tuple(
        Duty(at(MONDAY, 24 * day - 2), at(MONDAY, 24 * day + 6), "Europe/Helsinki")
        for day in (-3, -2, -1, 0)
    )
    task = problem([officer("one", prior=prior)], [shift("n0", 0, 22), shift("n2", 2, 22)])
    assert "nights_in_row" in rules(task, "one", "n0")
    assert rules(task, "one", "n2") == set()


def test_the_mean_week_counts_history_and_leaves_leave_out():
    days = [shift(f"d{k}", k, 8, 10) for k in range(7)]
    held = [("one", f"d{k}") for k in range(4)]
    hard = officer("one", history=(49.5 * 16, 112))
    easy = officer("one", history=(30.0 * 16, 112))
    assert "mean_week" in rules(problem([hard], days), "one", "d5", roster=held)
    assert "mean_week" not in rules(problem([easy], days), "one", "d4", roster=held)
    absent = officer("one", unavailable=(away(MONDAY + timedelta(4), MONDAY + timedelta(6)),))
    assert "mean_week" in rules(problem([absent], days), "one", "d3", roster=held[:3])


def test_the_way_counts_as_work_and_shortens_rest():
    task = problem(
        [officer("near", home="here"), officer("far", home="there")],
        [shift("a", 0, 8, 8), shift("b", 1, 4, 8)],
        travel={("here", "villa"): 10, ("there", "villa"): 45},
    )
    assert rules(task, "near", "b", roster=[("near", "a")]) == set()
    assert rules(task, "far", "b", roster=[("far", "a")]) == {"daily_rest"}
    answer = solve(problem([officer("far", home="there")], [shift("a")], travel=task.travel))
    assert answer.fatigue[0].hours == 9.5 and answer.fatigue[0].travel_hours == 1.5


def test_wishes_are_met_when_cover_allows():
    hates = Wish(False, 1, post="gate")
    likes = Wish(True, 1, shift="b")
    people = [officer("one", wishes=(hates, likes)), officer("two")]
    task = problem(people, [shift("a", post="gate"), shift("b", post="hall")])
    assert set(solve(task, **QUICK).assignments) == {("two", "a"), ("one", "b")}


def test_hours_follow_contracts():
    people = [officer("half", contract_hours=20), officer("full", contract_hours=40)]
    task = problem(people, [shift(f"d{k}", k) for k in (0, 1, 3, 4, 7, 8)])
    hours = {row.officer: row.hours for row in solve(task, **QUICK).fatigue}
    assert hours == {"half": 16, "full": 32}


def test_locked_duties_stay_and_broken_ones_are_told():
    task = problem(
        [officer("one"), officer("two", unavailable=(away(MONDAY, MONDAY),))],
        [shift("a"), shift("b", 1)],
        locked=frozenset({("one", "a"), ("two", "a")}),
    )
    answer = solve(task, **QUICK)
    assert ("one", "a") in answer.assignments
    assert [(o, s, why[0].rule) for o, s, why in answer.broken] == [("two", "a", "leave")]


def test_fatigue_facts():
    held = [("one", "a"), ("one", "n"), ("one", "c")]
    shifts = [shift("a", 4, 8), shift("n", 5, 22), shift("c", 7, 8)]
    row = solve(problem([officer("one")], shifts), held, **QUICK).fatigue[0]
    assert (row.hours, row.nights, row.days_in_row, row.weekends) == (24, 1, 2, 1)
    assert row.shortest_rest_hours == 26 and row.longest_rest_hours == 30
    assert row.busiest_week_hours == 24 and row.nights_in_row == 1


def test_progress_is_told_and_a_stop_is_heard():
    steps, task = [], problem([officer("one")], [shift("a"), shift("b")])
    solve(task, tell=steps.append, stop=lambda: True, **QUICK)
    assert [(s.stage, s.open) for s in steps] == [("first", 1)]


@pytest.mark.parametrize(
    "wrong",
    [{"wanted": 0}, {"priority": 6}, {"hours": 40}, {"needs": (skill("lead", 2),)}],
)
def test_shifts_that_make_no_sense_are_refused(wrong):
    with pytest.raises(Refused, match=r"hours|officers|Priority|lead"):
        shift("a", **wrong)


def test_ids_that_stand_twice_or_are_unknown():
    with pytest.raises(Refused, match="officer id stands twice"):
        problem([officer("one"), officer("one")], [shift("a")])
    with pytest.raises(NotFound, match="no such shift"):
        why_not(problem([officer("one")], [shift("a")]), (), ["one"], ["nope"])
    with pytest.raises(Refused, match="ends before"):
        Duty(utc(2027, 5, 1), utc(2027, 4, 1), "UTC")


def test_without_the_solver_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(rostering, "find_spec", lambda name: None)
    with pytest.raises(Refused, match="not installed") as refused:
        solve(problem([officer("one")], [shift("a")]))
    assert "EXTRAS=planning" in refused.value.mend


def test_a_look_changes_nothing_and_tells_what_stands_against_a_rule():
    task = problem([officer("a"), officer("b")], [shift("x", 0, 8), shift("y", 0, 12)])
    answer = rostering.look(task, [("a", "x"), ("a", "y")])
    assert answer.assignments == (("a", "x"), ("a", "y")) and answer.gaps == ()
    assert {(o, s) for o, s, _ in answer.broken} == {("a", "x"), ("a", "y")}
    assert "double_booking" in {reason.rule for reason in answer.broken[0][2]}
    assert answer.steps == () and not answer.proven_cover
    empty = rostering.look(task, [])
    assert [gap.shift for gap in empty.gaps] == ["x", "y"] and empty.broken == ()
