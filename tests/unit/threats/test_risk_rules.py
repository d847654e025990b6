import itertools
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varangian.kernel.results import Refused
from varangian.threats.library import BANDS
from varangian.threats.rules import acceptance_authority, inherent, residual


@dataclass(frozen=True)
class Applied:
    state: str
    likelihood: int = 0
    impact: int = 0


STEP = st.integers(1, 5)
APPLIED = st.builds(
    Applied,
    state=st.sampled_from(["proposed", "agreed", "in_place", "dropped"]),
    likelihood=st.integers(-2, 4),
    impact=st.integers(-2, 4),
)


def rank(band: str) -> int:
    return BANDS.index(band)


@pytest.mark.parametrize(
    ("likelihood", "impact", "band"),
    [(1, 1, "low"), (1, 5, "moderate"), (3, 3, "moderate"), (4, 4, "high"), (5, 5, "extreme")],
)
def test_inherent(likelihood, impact, band):
    assert inherent(likelihood, impact) == band


@pytest.mark.parametrize(("likelihood", "impact"), [(0, 1), (6, 1), (1, 0), (1, 6), (-1, 3)])
def test_step_off_the_matrix_is_refused(likelihood, impact):
    with pytest.raises(Refused, match="not on the matrix"):
        inherent(likelihood, impact)
    with pytest.raises(Refused):
        residual(likelihood, impact, [])


def test_nothing_done_nothing_lowered():
    assert residual(4, 5, []) == (4, 5, "extreme")


def test_only_what_is_in_place_counts_now_and_agreed_counts_for_the_target():
    measures = [
        Applied("in_place", likelihood=1),
        Applied("agreed", impact=1),
        Applied("proposed", likelihood=1),
        Applied("dropped", likelihood=1),
    ]
    assert residual(4, 4, measures) == (3, 4, "high")
    assert residual(4, 4, measures, "target") == (3, 3, "moderate")


def test_floor_is_one():
    assert residual(2, 1, [Applied("in_place", 2, 2)] * 3) == (1, 1, "low")


def test_many_measures_do_not_argue_a_certain_death_away():
    likelihood, impact, band = residual(5, 5, [Applied("in_place", 1, 1)] * 20)
    assert (likelihood, impact) == (2, 3)
    assert band != "low"


@given(STEP, STEP, st.lists(APPLIED, max_size=6), APPLIED, st.sampled_from(["current", "target"]))
def test_one_more_measure_never_raises_what_is_left(likelihood, impact, measures, extra, view):
    before = residual(likelihood, impact, measures, view)
    after = residual(likelihood, impact, [*measures, extra], view)
    assert after[0] <= before[0] <= likelihood
    assert after[1] <= before[1] <= impact
    assert rank(after[2]) <= rank(before[2]) <= rank(inherent(likelihood, impact))
    assert min(after[:2]) >= 1


@given(STEP, STEP, st.lists(APPLIED, max_size=6))
def test_target_is_never_worse_than_current(likelihood, impact, measures):
    now = residual(likelihood, impact, measures)
    then = residual(likelihood, impact, measures, "target")
    assert then[0] <= now[0]
    assert then[1] <= now[1]


@given(STEP, STEP, STEP, STEP)
def test_worse_steps_never_give_a_milder_band(likelihood, impact, other_likelihood, other_impact):
    worse = inherent(max(likelihood, other_likelihood), max(impact, other_impact))
    assert rank(worse) >= rank(inherent(likelihood, impact))


def test_the_graver_the_band_the_more_must_sign_and_the_shorter_it_holds():
    grades = [acceptance_authority(band) for band in BANDS]
    for milder, graver in itertools.pairwise(grades):
        assert set(milder.signed_by) <= set(graver.signed_by)
        assert graver.valid_for_hours < milder.valid_for_hours
    assert "client" in acceptance_authority("high").signed_by


def test_unknown_band_is_refused():
    with pytest.raises(Refused):
        acceptance_authority("medium")
