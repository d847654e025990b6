"""Whatever is asked, the answer keeps the rules; the rules are those of ``cases.faults``."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.engines.rostering.cases import MONDAY, at, away, faults, officer, problem, shift

from varangian.engines.rostering import Duty, Holding, Need, repair, solve, why_not
from varangian.engines.rostering.check import has_weekly_rest
from varangian.engines.rostering.table import Table

ZONES = st.sampled_from(["Europe/Helsinki", "America/New_York", "Asia/Tokyo"])
NAMES = st.sampled_from(["lead", "driver"])
SLOW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
HOMES = {("far", "villa"): 70, ("far", "hall"): 20, ("near", "hall"): 15}


@st.composite
def people(draw, name):
    until = st.one_of(st.none(), st.integers(-1, 9).map(lambda d: MONDAY + timedelta(days=d)))
    held = draw(st.lists(st.tuples(NAMES, until), max_size=2))
    leave = draw(st.lists(st.integers(0, 8), max_size=2))
    prior = draw(st.lists(st.integers(1, 6), unique=True, max_size=5))
    duties = [
        (at(MONDAY - timedelta(days=d), 9), at(MONDAY - timedelta(days=d), 17)) for d in prior
    ]
    return officer(
        name,
        home=draw(st.sampled_from(["near", "far", ""])),
        holdings=tuple(Holding("skill", name, last) for name, last in held),
        unavailable=tuple(away(MONDAY + timedelta(d), MONDAY + timedelta(d)) for d in leave),
        prior=tuple(Duty(a, b, "Europe/Helsinki", "villa") for a, b in duties),
    )


@st.composite
def shifts(draw, name):
    needs = draw(
        st.lists(st.tuples(NAMES, st.integers(0, 1)), max_size=2, unique_by=lambda n: n[0])
    )
    return shift(
        name,
        draw(st.integers(0, 8)),
        draw(st.sampled_from([4, 6, 8, 14, 20, 22])),
        draw(st.sampled_from([4, 8, 10, 12])),
        zone=draw(ZONES),
        site=draw(st.sampled_from(["villa", "hall"])),
        wanted=draw(st.integers(1, 2)),
        needs=tuple(Need("skill", n, count) for n, count in needs),
        priority=draw(st.integers(1, 5)),
    )


@st.composite
def problems(draw):
    staff = [draw(people(f"o{k}")) for k in range(draw(st.integers(1, 4)))]
    work = [draw(shifts(f"s{k}")) for k in range(draw(st.integers(1, 14)))]
    return problem(staff, work, travel=HOMES)


@given(problems())
@SLOW
def test_no_answer_breaks_a_rule(task):
    answer = solve(task, seconds=2, fair_seconds=0.3, clash_seconds=0, workers=1)
    assert faults(task, answer.assignments) == []
    open_heads = {gap.shift: gap.missing for gap in answer.gaps}
    for each in task.shifts:
        on = sum(s == each.id for _, s in answer.assignments)
        assert on + open_heads.get(each.id, 0) == each.wanted


@given(problems(), st.integers(0, 8))
@SLOW
def test_no_repair_breaks_a_rule(task, day):
    before = solve(task, seconds=1, fair_seconds=0, clash_seconds=0, workers=1).assignments
    since = at(MONDAY, 24 * day)
    answer = repair(task, before, "o0", since, seconds=2, clash_seconds=0, workers=1)
    assert faults(task, answer.assignments) == []
    ends = {s.id: s.end for s in task.shifts}
    assert all(ends[s] <= since for o, s in answer.assignments if o == "o0")


@given(problems())
@SLOW
def test_a_pair_is_named_impossible_exactly_when_a_rule_is_broken(task):
    """The reasons of the engine against the rules written once more, and against its table."""
    table = Table(task)
    found = why_not(task, ())
    for o, person in enumerate(task.officers):
        for s, each in enumerate(task.shifts):
            broken = faults(task, [(person.id, each.id)])
            assert bool(broken) == ((person.id, each.id) in found), broken
            alone = has_weekly_rest(table, o, {s})
            assert (table.allowed[o, s] and alone) == ((person.id, each.id) not in found)
