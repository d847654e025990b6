"""Every answer is a band, never one number."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

Numbers = np.ndarray | Sequence[float]


class Band(NamedTuple):
    """One run in ten lies below ``p10``, one in ten above ``p90``."""

    p10: float
    p50: float
    p90: float


def band(values: Numbers, digits: int = 1) -> Band:
    """Of the runs that have a value; NaN where none has. Runs without one count as worst."""
    known = np.asarray(values, float)
    if not len(known) or np.isnan(known).all():
        return Band(*[float("nan")] * 3)
    worst = np.where(np.isnan(known), np.inf, known)
    found = np.quantile(worst, [0.1, 0.5, 0.9], method="inverted_cdf")
    return Band(*[round(float(v), digits) for v in found])
