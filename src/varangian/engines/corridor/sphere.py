"""Vector geometry on the unit sphere: rows of (N, 3) float64, angles in radians."""

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Ints = NDArray[np.intp]


def unit_vectors(lat: Floats, lon: Floats) -> Floats:
    """Degrees (N,), (N,) to (N, 3)."""
    phi, lam = np.radians(lat), np.radians(lon)
    flat = np.cos(phi)
    return np.column_stack((flat * np.cos(lam), flat * np.sin(lam), np.sin(phi)))


def lat_lon(v: Floats) -> tuple[Floats, Floats]:
    lat = np.degrees(np.arctan2(v[:, 2], np.hypot(v[:, 0], v[:, 1])))
    return lat, np.degrees(np.arctan2(v[:, 1], v[:, 0]))


def dot(a: Floats, b: Floats) -> Floats:
    return np.einsum("ij,ij->i", a, b)


def normalised(v: Floats) -> Floats:
    """Rows of length one; a row of zeros stays zero."""
    length = np.sqrt(dot(v, v))
    return v / np.where(length > 0, length, 1.0)[:, None]


def angle(a: Floats, b: Floats) -> Floats:
    """Exact to a fraction of a metre near 0, where arccos of the dot product is not."""
    chord = a - b
    return 2 * np.arcsin(np.minimum(np.sqrt(dot(chord, chord)) / 2, 1.0))


def tangent(a: Floats, b: Floats) -> Floats:
    """Unit direction at ``a`` towards ``b``; zero where they coincide."""
    step = b - a
    return normalised(step - a * dot(step, a)[:, None])


def spread(first: Ints, count: Ints) -> tuple[Ints, Ints]:
    """For every row the ``count`` indices from ``first`` on: (row number, index), flattened."""
    row = np.repeat(np.arange(len(count)), count)
    before = np.cumsum(count) - count
    return row, np.arange(len(row)) - before[row] + first[row]


def merged(group: Ints, low: Floats, high: Floats) -> tuple[Ints, Floats, Floats]:
    """Union of closed spans per group; ends lie in [0, 1]. Sorted by group, then by low."""
    if not len(group):
        return group, low, high
    order = np.lexsort((low, group))
    group, low, high = group[order], low[order], high[order]
    rank = np.concatenate(([0], np.cumsum(np.diff(group) != 0)))
    reach = np.maximum.accumulate(high + 2.0 * rank)
    fresh = np.concatenate(([True], low[1:] + 2.0 * rank[1:] > reach[:-1] + 1e-10))
    starts = np.flatnonzero(fresh)
    return group[starts], low[starts], np.maximum.reduceat(high, starts)
