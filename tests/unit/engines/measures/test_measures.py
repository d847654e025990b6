"""Which measures pay: against every set there is, and case by case."""

from dataclasses import replace

import pytest

from varangian.engines.measures import Limits, Measure, Problem, Risk, left_of, propose, residual
from varangian.kernel.results import Refused

from .cases import allowed, brute, cost, drawn

R1, R2 = Risk("R1", 4, 4), Risk("R2", 2, 3)


def measure(name: str, lowers=None, money=0, hours=10, discomfort=0, **more) -> Measure:
    return Measure(name, lowers or {"R1": (1, 0)}, money, hours, 1, discomfort, **more)


def problem(*measures: Measure, **more) -> Problem:
    return Problem((R1, R2), measures, **more)


@pytest.mark.parametrize("seed", range(25))
def test_the_set_is_the_best_of_all_sets(seed):
    given = drawn(seed, 10, 6, axis=("money", "hours")[seed % 2])
    found, truth = propose(given), brute(given)
    assert found.proven and found.best is not None
    assert allowed(given, found.best.chosen)
    assert (found.best.residual, cost(given, found.best.chosen)) == truth


@pytest.mark.parametrize("seed", range(12))
def test_no_point_of_the_frontier_is_beaten_and_each_may_be(seed):
    given = drawn(seed, 9, 5)
    found = propose(given)
    pairs = [(p.takes["money"], p.residual) for p in found.frontier]
    assert pairs == sorted(pairs) and len({r for _, r in pairs}) == len(pairs)
    assert [r for _, r in pairs] == sorted((r for _, r in pairs), reverse=True)
    assert found.frontier[-1].residual == found.best.residual
    for one in found.frontier:
        assert allowed(given, one.chosen)
        tight = replace(given.limits, money=one.takes["money"])
        # What is spent here cannot leave less.
        assert brute(replace(given, limits=tight))[0] == one.residual


def test_the_same_problem_has_the_same_answer():
    given = drawn(3, 30, 15)
    assert propose(given, seconds=60) == propose(given, seconds=60)


@pytest.mark.parametrize(
    ("steps", "left"),
    [([], (4, 4)), ([(1, 0), (1, 1)], (2, 3)), ([(2, 2), (2, 2)], (1, 2)), ([(4, 4)], (1, 2))],
)
def test_steps_add_up_to_a_most_and_no_axis_falls_below_one(steps, left):
    assert left_of(R1, steps, (3, 2)) == left


def test_residual_is_the_product_of_the_axes_summed():
    given = problem(measure("A", {"R1": (2, 1), "R2": (5, 0)}))
    assert residual(given, set()) == 22 and residual(given, {"A"}) == 2 * 3 + 1 * 3


def test_what_is_in_place_is_paid_and_its_discomfort_counts():
    old = measure("old", money=900, discomfort=2, kept=True)
    new = measure("new", {"R1": (0, 1)}, money=100, discomfort=1)
    found = propose(problem(old, new, limits=Limits(money=100, discomfort=3)))
    assert found.best.chosen == {"old", "new"} and found.best.takes["money"] == 100
    tight = propose(problem(old, new, limits=Limits(money=100, discomfort=2)))
    assert tight.best.chosen == {"old"}
    below = propose(problem(old, limits=Limits(discomfort=1)))
    assert below.best.chosen == {"old"} and "brings discomfort 2" in below.notes[-1]


def test_unknown_is_not_zero():
    dear = measure("dear", {"R1": (2, 2)}, money=None)
    found = propose(problem(dear, measure("cheap"), limits=Limits(money=100)))
    assert found.best.chosen == {"cheap"}
    why = {r.id: r.words for r in found.reasons}
    assert why["dear"] == "Out: nobody has said what it takes in money, and money is limited."
    free = propose(problem(dear, limits=Limits()))
    assert free.best.chosen == {"dear"} and free.best.unknown["money"] == 1
    assert "1 measures do not say what they take in money" in free.notes


def test_what_the_principal_refuses_is_a_wall_and_takes_along_what_needs_it():
    walled = measure("vest", wall="the principal does not accept it")
    leaning = measure("carrier", needs=frozenset({"vest"}))
    found = propose(problem(walled, leaning))
    assert not found.best.chosen
    why = {r.id: r.words for r in found.reasons}
    assert why["vest"] == "Out: the principal does not accept it."
    assert why["carrier"] == "Out: it needs vest, which cannot be in."


def test_too_much_discomfort_of_one_measure_is_a_wall():
    found = propose(problem(measure("hard", discomfort=3), limits=Limits(each=1)))
    assert found.reasons[0].words == "Out: its discomfort is 3, and the principal accepts 1."


def test_each_reason_says_what_would_stand_higher():
    base = measure("base", {"R1": (0, 1)})
    top = measure("top", {"R1": (2, 0)}, needs=frozenset({"base"}))
    spare = measure("spare", {"R2": (1, 0)}, money=500)
    found = propose(problem(base, top, spare, limits=Limits(money=100)))
    why = {r.id: (r.chosen, r.gain, r.words) for r in found.reasons}
    assert why["top"] == (True, 6, "Without it R1 would stand at 12 instead of 6.")
    assert why["base"] == (
        True,
        10,
        "Without it R1 would stand at 16 instead of 6; top would go with it.",
    )
    assert why["spare"][0] is False and why["spare"][1] == 3
    assert "limit on money is spent" in why["spare"][2]


def test_what_is_lowered_already_is_out_for_that():
    twice = [measure(f"M{n}", {"R2": (1, 0)}, hours=n) for n in (1, 2)]
    found = propose(problem(*twice, axis="hours"))
    assert found.best.chosen == {"M1"}
    assert found.reasons[1].words == "Out: what it lowers is lowered already."


def test_measures_that_exclude_each_other():
    a = measure("a", {"R1": (1, 0)}, excludes=frozenset({"b"}))
    b = measure("b", {"R1": (2, 0)})
    found = propose(problem(a, b))
    assert found.best.chosen == {"b"}
    assert "does not go with b" in found.reasons[0].words
    kept = propose(problem(replace(a, kept=True), replace(b, excludes=frozenset({"a"}), kept=True)))
    assert kept.best.chosen == {"a", "b"}


def test_the_fewest_wishes_that_clash_are_named():
    a, b, c = measure("a", money=60), measure("b", money=60), measure("c", money=10)
    limits = Limits(money=100, hours=1_000, discomfort=9)
    found = propose(problem(a, b, c, must=frozenset("abc"), limits=limits))
    assert found.best is None
    assert found.conflict.wishes == ("money at most 1.00", "a must be in", "b must be in")


def test_a_must_that_cannot_be_is_said_with_its_wall():
    vest = measure("vest", wall="the principal does not accept it")
    found = propose(problem(vest, must=frozenset({"vest"})))
    assert found.conflict.wishes[1] == "vest cannot be: the principal does not accept it"


def test_musts_are_in_even_when_they_lower_nothing_more():
    found = propose(problem(measure("m", {"R2": (1, 0)}, money=5), must=frozenset("m")))
    assert found.best.chosen == {"m"} and found.reasons[0].words.startswith("Wished in.")
    assert found.frontier[0].chosen == {"m"}


def test_nothing_to_choose_from():
    found = propose(Problem((R1,), ()))
    assert found.best.residual == found.before == 16 and len(found.frontier) == 1
    assert propose(Problem((), (Measure("m", {}),))).best.residual == 0


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (problem(measure("a"), measure("a")), "named twice"),
        (problem(measure("a", {"R9": (1, 0)})), "not there"),
        (problem(measure("a", needs=frozenset("z"))), "not there"),
        (problem(measure("a", money=-1)), "below zero"),
        (problem(must=frozenset("z")), "no such measure"),
        (Problem((Risk("R", 6, 1),), ()), "outside of the matrix"),
    ],
)
def test_a_problem_that_contradicts_itself_is_refused(given, says):
    with pytest.raises(Refused, match=says):
        propose(given)
