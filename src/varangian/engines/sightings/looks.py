"""Descriptions instead of plates: two or three words that few share, met in many places.

Of the ``n`` described at a place, 1 - (1 - f)^n is the chance that one has the looks in question,
where f is the share of people who do. f is taken from how common each word is by itself, times how
much more often words of those kinds go together than by themselves (a make and a model do).
"""

from itertools import combinations

import numpy as np

from .groups import Groups, Visits
from .mixing import Far, best, counted
from .model import Floats, Ints, Sightings
from .places import Places

SIZES = (2, 3)
COMMON = 0.02
"""Looks that more than so many share tell nobody from others."""
LIFT = 3.0
LIFT_SHARE = 0.9
ENOUGH = 5.0


def looks(seen: Sightings, *, vehicle: bool) -> tuple[Groups, Floats]:
    """One group for each set of words that was seen at least twice, and the share that has them.

    Sightings with a plate are left to the plates.
    """
    rows = np.flatnonzero((seen.vehicle == vehicle) & (np.char.str_len(seen.plate) == 0))
    words = sorted(set().union(*(seen.looks[row] for row in rows)) if len(rows) else ())
    number = {word: index for index, word in enumerate(words)}
    sets, members = _sets(seen, rows, number)
    if not len(sets):
        return Groups(np.zeros(0, np.int64), np.zeros(0, np.int64), []), np.zeros(0)
    unique, back, many = np.unique(sets, axis=0, return_inverse=True, return_counts=True)
    back = back.ravel()
    share = _shares(unique, many, words, _marginals(seen, rows, number), len(rows))
    kept = (many > 1) & (share <= COMMON)
    fresh = np.cumsum(kept) - 1
    chosen = kept[back]
    order = np.argsort(fresh[back[chosen]], kind="stable")
    names = [_name(words, row) for row in unique[kept]]
    of = fresh[back[chosen]][order].astype(np.int64)
    return Groups(of, members[chosen][order], names), share[kept]


def _sets(seen: Sightings, rows: Ints, number: dict[str, int]) -> tuple[Ints, Ints]:
    """Every set of two and three words of each sighting; -1 fills the third place."""
    sets, members = [], []
    for row in rows:
        have = sorted(number[word] for word in seen.looks[row])
        for size in SIZES:
            for some in combinations(have, size):
                sets.append(some if size == 3 else (*some, -1))
                members.append(row)
    return np.array(sets, np.int64).reshape(-1, 3), np.array(members, np.int64)


def _marginals(seen: Sightings, rows: Ints, number: dict[str, int]) -> Floats:
    found = np.zeros(len(number))
    for row in rows:
        for word in seen.looks[row]:
            found[number[word]] += 1
    return found / max(len(rows), 1)


def _shares(unique: Ints, many: Ints, words: list[str], marginal: Floats, total: int) -> Floats:
    """Expected share of each set, with the lift of its kinds of words."""
    alone = np.where(unique >= 0, marginal[unique], 1.0).prod(axis=1)
    kinds = np.unique([word.split(":", 1)[0] for word in words], return_inverse=True)[1]
    code = np.where(unique >= 0, kinds[unique], -1)
    combos, which = np.unique(code, axis=0, return_inverse=True)
    lifts = np.full(len(combos), LIFT)
    expected = alone * total
    for index in range(len(combos)):
        sure = (which.ravel() == index) & (expected >= ENOUGH)
        if sure.sum() >= ENOUGH:
            lifts[index] = max(1.0, np.quantile(many[sure] / expected[sure], LIFT_SHARE))
    return np.minimum(1.0, alone * lifts[which.ravel()])


def _name(words: list[str], row: Ints) -> str:
    parts = [words[k].split(":", 1) for k in row if k >= 0]
    return ", ".join(f"{value} {kind}" for kind, value in parts)


def far_apart(seen: Visits, groups: Groups, share: Floats, places: Places, near: Floats) -> Far:
    """``near`` (P,): how many were described beside the principal at each place."""
    total = len(groups)
    if not total:
        return Far(np.ones(0), np.zeros(0, np.int64))
    homes = seen.homes(total)
    rings = places.ring(places.km(homes[seen.group], seen.place))
    met = counted(seen, rings, seen.near, total)
    expected = _expected(homes, share, places, near)
    return best(met, expected, np.zeros(total), expected)


GRID = 16


def _expected(homes: Ints, share: Floats, places: Places, described: Floats) -> Floats:
    """Places in each ring and beyond where somebody with such looks is to be expected: (G, RINGS).

    For a home it depends on the share alone, nearly as a power: worked out for a grid of shares.
    """
    grid = np.geomspace(1e-9, 1.0, GRID)
    table = places.mass(1 - (1 - grid) ** described[:, None])
    outward = np.cumsum(table[:, ::-1], axis=1)[:, ::-1]
    right = np.clip(np.searchsorted(grid, share), 1, GRID - 1)
    part = (np.log(share) - np.log(grid[right - 1])) / np.log(grid[1] / grid[0])
    part = np.clip(part, 0, 1)[:, None]
    low, high = outward[homes, :, right - 1], outward[homes, :, right]
    return np.exp((1 - part) * np.log(low + 1e-30) + part * np.log(high + 1e-30))
