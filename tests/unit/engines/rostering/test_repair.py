"""After a sick call as little changes as can be."""

from datetime import timedelta

import pytest
from tests.unit.engines.rostering.cases import MONDAY, at, faults, officer, problem, shift, skill

from varangian.engines.rostering import Holding, repair, solve
from varangian.kernel.results import NotFound

QUICK = {"seconds": 4, "clash_seconds": 5, "workers": 1}
LEAD = (Holding("skill", "lead"),)


def test_only_the_sick_officers_shifts_change_hands():
    people = [officer(f"o{k}") for k in range(5)]
    shifts = [
        shift(f"{name}{day}", day, begin)
        for day in range(7)
        for name, begin in (("day", 8), ("night", 20))
    ]
    task = problem(people, shifts)
    before = solve(task, seconds=3, fair_seconds=1, workers=1).assignments
    since = at(MONDAY, 24)
    answer = repair(task, before, "o0", since, **QUICK)
    gone = {s for o, s in before if o == "o0" and shift_of(task, s).end > since}
    assert gone and answer.gaps == () and answer.proven_cover
    assert {(o, s) for o, s, what in answer.changes if what == "taken off"} == {
        ("o0", s) for s in gone
    }
    assert len(answer.changes) == 2 * len(gone)
    assert faults(task, answer.assignments) == []
    kept = set(before) - {("o0", s) for s in gone}
    assert kept <= set(answer.assignments)


def shift_of(task, name):
    return next(s for s in task.shifts if s.id == name)


def test_an_exchange_when_nobody_is_free():
    """The other leader is on the yard; only a plain officer can relieve them there."""
    people = [officer("lead1", holdings=LEAD), officer("lead2", holdings=LEAD), officer("plain")]
    task = problem(people, [shift("gate", needs=(skill("lead"),)), shift("yard")])
    before = [("lead1", "gate"), ("lead2", "yard")]
    answer = repair(task, before, "lead1", at(MONDAY, 0), **QUICK)
    assert set(answer.assignments) == {("lead2", "gate"), ("plain", "yard")}
    assert len(answer.changes) == 4 and answer.gaps == ()


def test_back_on_duty_when_well_again():
    task = problem([officer("one"), officer("two")], [shift(f"d{k}", k) for k in (0, 1, 2)])
    before = [("one", f"d{k}") for k in (0, 1, 2)]
    until = at(MONDAY, 48)
    answer = repair(task, before, "one", at(MONDAY, 24), until, **QUICK)
    assert set(answer.assignments) == {("one", "d0"), ("two", "d1"), ("one", "d2")}


def test_what_has_begun_stays():
    people = [officer("one"), officer("two"), officer("three", holdings=LEAD)]
    shifts = [shift("a", 0, 6, 8), shift("b", 0, 15, 8, needs=(skill("lead"),))]
    before = [("three", "a"), ("two", "b")]
    task = problem([people[0], officer("two", holdings=LEAD), people[2]], shifts)
    answer = repair(task, before, "two", at(MONDAY, 12), **QUICK)
    assert ("three", "a") in answer.assignments
    assert [gap.shift for gap in answer.gaps] == ["b"]
    assert answer.clashes and answer.clashes[0].needs == (("b", None),)


def test_someone_who_has_no_duties_or_is_unknown():
    task = problem([officer("one"), officer("two")], [shift("a")])
    answer = repair(task, [("one", "a")], "two", at(MONDAY, 0), **QUICK)
    assert answer.changes == () and answer.assignments == (("one", "a"),)
    with pytest.raises(NotFound, match="no such officer"):
        repair(task, (), "nobody", at(MONDAY, 0) + timedelta(hours=1))
