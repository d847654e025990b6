"""Rosters that cannot be: the smallest set of needs that conflict."""

from datetime import timedelta

import pytest
from tests.unit.engines.rostering.cases import MONDAY, away, officer, problem, shift, skill

from varangian.engines.rostering import Holding, Need, solve

QUICK = {"seconds": 3, "fair_seconds": 0.5, "clash_seconds": 20, "workers": 1}
MEDIC = Holding("medical", "paramedic")


def clashing(task):
    answer = solve(task, **QUICK)
    assert answer.proven_cover
    return answer.clashes


def test_a_need_that_nobody_meets():
    people = [
        officer("one"),
        officer("two", holdings=(MEDIC,), unavailable=(away(MONDAY, MONDAY),)),
    ]
    asked = Need("medical", "paramedic", 1)
    task = problem(people, [shift("a", needs=(asked,)), shift("b", 1, needs=(asked,))])
    (clash,) = clashing(task)
    assert clash.smallest and clash.needs == (("a", asked),)
    assert clash.words == (
        "This cannot be met: gate at villa, 2027-05-03 08:00 to 05-03 16:00: "
        "1 with medical paramedic (nobody can)."
    )


def test_two_shifts_that_need_the_same_officer_at_once():
    needs = (skill("lead"),)
    people = [officer("lead", holdings=(Holding("skill", "lead"),)), *map(officer, "abc")]
    shifts = [
        shift("gate", needs=needs),
        shift("hall", 0, 10, needs=needs),
        shift("yard", 0, 9),
        shift("later", 2, needs=needs),
    ]
    (clash,) = clashing(problem(people, shifts))
    assert clash.smallest and clash.needs == (("gate", None), ("hall", None))
    assert clash.words.startswith("These 2 needs cannot all be met: gate at villa")
    assert "1 wanted, each with skill lead (could: lead)" in clash.words


def test_days_that_leave_the_only_medic_no_weekly_rest():
    """Monday and Sunday off are 34 hours each, so that five days in the middle already conflict."""
    asked = Need("medical", "paramedic", 1)
    people = [officer("medic", holdings=(MEDIC,)), *map(officer, "abc")]
    shifts = [shift(f"d{k}", k, 10, 4, wanted=2, needs=(asked,)) for k in range(7)]
    (clash,) = clashing(problem(people, shifts))
    assert clash.smallest and clash.needs == tuple((f"d{k}", asked) for k in range(1, 6))


@pytest.mark.parametrize(("hours", "size"), [(8, 3), (10, 3)])
def test_more_heads_than_people(hours, size):
    """Two officers, three shifts at once: all three conflict, no two of them do."""
    shifts = [shift(f"s{k}", 0, 8 + k, hours) for k in range(3)]
    (clash,) = clashing(problem(map(officer, "ab"), shifts))
    assert clash.smallest and len(clash.needs) == size


def test_what_can_be_met_is_no_conflict():
    until = MONDAY + timedelta(days=9)
    people = [officer(n, holdings=(Holding("firearms", "pistol", until),)) for n in "abc"]
    needs = (Need("firearms", "pistol"),)
    assert clashing(problem(people, [shift(f"d{k}", k, needs=needs) for k in range(9)])) == ()
