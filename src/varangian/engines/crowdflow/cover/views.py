"""Which places of the principal are in view of an overlook, and how many seconds that is."""

from collections.abc import Iterable

import numpy as np

from varangian.engines.crowdflow.cover.model import Being
from varangian.engines.crowdflow.cover.seeing import Seeing, eyes_of
from varangian.engines.crowdflow.cover.sight import sees
from varangian.engines.crowdflow.venue.model import Item

Seconds = tuple[float, float]
"""At a quick and at a slow pace."""


def views_of(overlooks: Iterable[Item], being: Being, seeing: dict[int, Seeing]) -> np.ndarray:
    """overlooks x places of the principal."""
    rows = []
    for item in overlooks:
        row = np.zeros(len(being.part), bool)
        here = seeing.get(item.level)
        if here is not None:
            mine = np.flatnonzero(being.level == item.level)
            eyes, edges = eyes_of(item, here)
            if len(eyes) and len(mine):
                row[mine] = sees(edges, eyes, being.xy[mine]).any(axis=0)
        rows.append(row)
    return np.array(rows, bool).reshape(-1, len(being.part))


def planned_of(being: Being) -> np.ndarray:
    """Which spells are of the planned way and stay, not of a way out."""
    out = np.array([part.what == "out" for part in being.parts], bool)
    return ~out[being.part]


def seconds_of(being: Being, chosen: np.ndarray) -> Seconds:
    quick, slow = float(being.quick[chosen].sum()), float(being.slow[chosen].sum())
    return round(quick, 1), round(slow, 1)


def band_words(seconds: Seconds) -> str:
    low, high = (f"{value:.0f}" for value in seconds)
    return f"{low} s" if low == high else f"{low} to {high} s"
