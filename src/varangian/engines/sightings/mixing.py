"""How many vehicles of one place are met at another by nothing but a town's own traffic.

Gravity: of ``n_a`` vehicles known at a and ``n_b`` known at b, ``n_a * n_b * rate(ring)`` are
expected to be the same, with one rate for each ring of distance, learnt from all vehicles but the
one that is judged. Some (taxis, deliveries) go everywhere: each has a mobility of its own, gamma
distributed with a spread learnt by moments. What was seen of a vehicle away from the principal
tells its mobility, and with it how often it would be met beside him (Gamma-Poisson, so negative
binomial): a taxi that cameras see all over the town may be met at five of his places, a car that
nobody ever saw elsewhere may not.
"""

from dataclasses import dataclass

import numpy as np

from .chance import negative_binomial_tail
from .groups import Visits
from .model import Flags, Floats, Ints
from .places import RINGS, Places

PRIOR, PRIOR_CHANCES = 0.5, 25.0
"""Before anything was seen: one pair of visits in fifty is of one vehicle."""
LEAST_SPREAD = 0.5
WORTH_P, MOST_COUNTED = 0.01, 60


@dataclass(frozen=True)
class Far:
    """For each group: ``p`` of meeting it in so many places so far apart, and the telling ring."""

    p: Floats
    ring: Ints


def far_apart(seen: Visits, groups: int, places: Places) -> Far:
    """The tail for every group; 1.0 for one that was met in one environment only."""
    if not groups:
        return Far(np.ones(0), np.zeros(0, np.int64))
    size = len(places)
    weight = np.stack(
        [np.bincount(seen.place[rows], minlength=size) for rows in (seen.near, ~seen.near)], axis=1
    ).astype(float)
    mass = places.mass(weight)
    homes = seen.homes(groups)
    rates = _rates(seen, groups, places, (weight.sum(axis=1) @ mass.sum(axis=2)))
    rings = places.ring(places.km(homes[seen.group], seen.place))
    met, other = (counted(seen, rings, rows, groups) for rows in (seen.near, ~seen.near))
    beside, elsewhere = (_outward(rates * mass[homes, :, k]) for k in (0, 1))
    known = elsewhere[:, 0] if (~seen.near).any() else beside[:, 0]
    spread = _spread(other[:, 0] if (~seen.near).any() else met[:, 0], known)
    shape = 1 / spread + other[:, 0]
    mean = beside * (shape / (1 / spread + elsewhere[:, 0]))[:, None]
    return best(met, mean, 1 / shape, mass[homes, :, 0])


def best(met: Floats, mean: Floats, dispersion: Floats, mass: Floats) -> Far:
    """The most telling ring, paid for by the others in which it might have happened."""
    tails = np.ones_like(met)
    some = np.flatnonzero(met[:, 0])
    counts = met[some].astype(np.int64)
    tails[some] = negative_binomial_tail(counts, mean[some], dispersion[some, None])
    tails[met == 0] = 1.0
    ring = tails.argmin(axis=1)
    least = tails[np.arange(len(met)), ring]
    p = least * np.maximum((mass > 0).sum(axis=1), 1)
    worth = np.flatnonzero(p <= WORTH_P)
    p[worth] = np.minimum(p[worth], _any_ring(least[worth], mean[worth], dispersion[worth]))
    return Far(np.minimum(1.0, p), ring)


def _any_ring(least: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """Bound on the chance that some ring is as telling as ``least``, (G,).

    Each count holds those further out, so of all rings that the same count would make so telling
    only the innermost matters: a sum over counts instead of one over rings.
    """
    total = np.zeros(len(least))
    inner = np.full(len(least), mean.shape[1])
    for count in range(1, MOST_COUNTED):
        open_ = np.flatnonzero(inner > 0)
        if not len(open_):
            return total
        counts = np.full(mean[open_].shape, count)
        tails = negative_binomial_tail(counts, mean[open_], dispersion[open_, None])
        telling = tails <= least[open_, None] * (1 + 1e-9)
        first = np.where(telling.any(axis=1), telling.argmax(axis=1), mean.shape[1])
        fresh = np.flatnonzero(first < inner[open_])
        total[open_[fresh]] += tails[fresh, first[fresh]]
        inner[open_[fresh]] = first[fresh]
    return total + inner * least


def _rates(seen: Visits, groups: int, places: Places, chances: Floats) -> Floats:
    """Of each ring, for each group without what it adds itself: (G, RINGS)."""
    own = _pairs(seen, groups, places)
    return (own.sum(axis=0) - own + PRIOR) / (chances + PRIOR_CHANCES)


def _pairs(seen: Visits, groups: int, places: Places) -> Floats:
    """Ordered pairs of places of each group by ring: (G, RINGS)."""
    found = np.zeros((groups, RINGS))
    many = seen.count(groups)
    starts = np.concatenate([[0], np.cumsum(many)[:-1]])
    for count in np.unique(many[many > 1]):
        chosen = np.flatnonzero(many == count)
        table = seen.place[starts[chosen][:, None] + np.arange(count)]
        for shift in range(1, count):
            left, right = table[:, :-shift].ravel(), table[:, shift:].ravel()
            rings = places.ring(places.km(left, right))
            owner = np.repeat(chosen, count - shift)
            keep = rings >= 0
            np.add.at(found, (owner[keep], rings[keep]), 2.0)
    return found


def counted(seen: Visits, ring: Ints, rows: Flags, groups: int) -> Floats:
    """Places in each ring around home and beyond, of the visits in ``rows``."""
    found = np.zeros((groups, RINGS))
    keep = rows & (ring >= 0)
    np.add.at(found, (seen.group[keep], ring[keep]), 1.0)
    return _outward(found)


def _outward(by_ring: Floats) -> Floats:
    return np.cumsum(by_ring[:, ::-1], axis=1)[:, ::-1]


def _spread(met: Floats, expected: Floats) -> Floats:
    """Variance beyond Poisson over the squared mean, each group left out of its own judgement."""
    excess = (met - expected) ** 2 - expected
    square = expected**2
    rest = np.maximum(square.sum() - square, 1e-12)
    return np.maximum((excess.sum() - excess) / rest, LEAST_SPREAD)
