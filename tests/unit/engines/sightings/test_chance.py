"""The tails against sums that are known."""

from itertools import product
from math import exp, factorial, log

import numpy as np
import pytest

from varangian.engines.sightings.chance import negative_binomial_tail, together, trials_tail
from varangian.engines.sightings.mixing import best
from varangian.engines.sightings.plates import canonical, one_slip


def test_without_dispersion_it_is_poisson():
    mean, count = 1.7, 4
    expected = 1 - sum(exp(-mean) * mean**k / factorial(k) for k in range(count))
    found = negative_binomial_tail(np.array([count]), np.array([mean]), 0.0)
    assert found[0] == pytest.approx(expected, rel=1e-5)


def test_with_dispersion_one_it_is_geometric():
    """Mean m and size 1: P(X >= k) = (m / (1 + m))^k."""
    counts, mean = np.array([0, 1, 5, 40]), 0.4
    found = negative_binomial_tail(counts, np.full(4, mean), 1.0)
    assert found == pytest.approx((mean / (1 + mean)) ** counts, rel=1e-5)


def test_a_tail_far_below_one_in_a_billion_keeps_its_digits():
    found = negative_binomial_tail(np.array([12]), np.array([0.01]), 0.0)
    assert found[0] == pytest.approx(0.01**12 / factorial(12), rel=0.02)


def test_trials_of_different_chances_by_enumeration():
    chances = np.array([[0.1, 0.5, 0.9, 0.3]])
    for hits in range(5):
        expected = 0.0
        for ends in product((0, 1), repeat=4):
            if sum(ends) >= hits:
                parts = [p if end else 1 - p for p, end in zip(chances[0], ends, strict=True)]
                expected += float(np.prod(parts))
        assert trials_tail(np.array([hits]), chances)[0] == pytest.approx(expected)


def test_independent_tails_joined_are_uniform_again():
    rng = np.random.default_rng(3)
    logs = np.log(rng.random((20_000, 3)))
    joint = np.exp(together(logs))
    for level in (0.01, 0.1, 0.5):
        assert (joint < level).mean() == pytest.approx(level, rel=0.15)


def test_an_aspect_nobody_knows_changes_nothing():
    logs = np.array([[log(0.02), np.nan, np.nan]])
    assert np.exp(together(logs))[0] == pytest.approx(0.02)


@pytest.mark.parametrize(
    ("given", "plain"),
    [("abc-123", "A8C123"), ("O0 QD", "0000"), ("A1", ""), ("", ""), ("Ä-9 zz 1", "A9221")],
)
def test_plates_have_one_form(given, plain):
    assert canonical(given) == plain


def test_one_slip_is_one_character_of_the_same_length():
    others = np.array(["A8C123", "A8C124", "A8C1234", "", "A9C124", "X8C123"])
    assert one_slip("A8C123", others).tolist() == [False, True, False, False, False, True]


@pytest.mark.parametrize("dispersion", [1e-9, 0.5])
def test_the_price_of_several_rings_holds_and_is_below_that_of_as_many_tests(dispersion):
    rng = np.random.default_rng(5)
    by_ring = np.array([0.9, 0.6, 0.5, 0.3, 0.2, 0.1, 0.05, 0.02])
    many = 60_000
    mean = np.tile(np.cumsum(by_ring[::-1])[::-1], (many, 1))
    mobility = rng.gamma(1 / dispersion, dispersion, (many, 1)) if dispersion > 1e-6 else 1.0
    met = np.cumsum(rng.poisson(by_ring * mobility, (many, 8))[:, ::-1], axis=1)[:, ::-1]
    found = best(met.astype(float), mean, np.full(many, dispersion), np.ones((many, 8)))
    for level in (0.01, 0.003, 0.001):
        assert (found.p <= level).mean() <= level * 1.15 + 3 * np.sqrt(level / many)
    tails = negative_binomial_tail(met, mean, dispersion)
    least = np.where(met > 0, tails, 1).min(axis=1)
    low = found.p <= 0.005
    assert (found.p[low] <= 8 * least[low] * (1 + 1e-9)).all()
    assert np.median(found.p[low] / least[low]) < 5
