"""Post after post, each that which sees most of what is unseen: a start, and a measure."""

import numpy as np


def greedy(
    sees: np.ndarray, weight: np.ndarray, drawn: np.ndarray, more: int | None, target: float = 0.0
) -> list[int]:
    """``sees``: stands x places. ``more`` posts, or as many as see ``target`` of the weight."""
    seen = sees[drawn].any(axis=0)
    chosen: list[int] = []
    free = ~drawn
    while more is None or len(chosen) < more:
        if more is None and float(weight[seen].sum()) >= target - 1e-9:
            break
        gain = (sees & ~seen).astype(float) @ weight
        gain[~free] = -1.0
        best = int(np.argmax(gain))
        if gain[best] <= 0:
            break
        chosen.append(best)
        free[best] = False
        seen = seen | sees[best]
    return chosen
