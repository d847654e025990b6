"""How fast a close detail walks through a crowd."""

import numpy as np

from varangian.engines.crowdflow.flow.law import WALK

BRISK = 2.0
"""Metres a second with nobody about: a fast walk. Assumed."""
SLOWEST = 0.25
"""What a detail still makes in the densest crowd. Assumed: nothing is published on escorted
walking, so measure a walk-through and give it to ``pace``."""
THIN = 0.5


def pace(per_m2: np.ndarray, brisk: float = BRISK, slowest: float = SLOWEST) -> np.ndarray:
    """Metres a second by people on a square metre: Weidmann (1993), with a fast walk below half a
    person a square metre and never less than ``slowest``."""
    density = np.maximum(np.asarray(per_m2, np.float32), 1e-3)
    weidmann = np.clip(1 - np.exp(-1.913 * (1 / density - 1 / 5.4)), 0, 1)
    thin = np.clip(1 - density / THIN, 0, 1)
    return np.maximum(slowest, WALK * weidmann + (brisk - WALK) * thin).astype(np.float32)
