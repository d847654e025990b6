"""Tails of the distributions that innocent sightings follow. Pure numpy."""

import numpy as np

from .model import Floats, Ints

LEAST_P = 1e-300


def negative_binomial_tail(counts: Ints, means: Floats, dispersion: Floats | float) -> Floats:
    """P(X >= count) for a mean and a variance of mean + dispersion * mean^2, element by element.

    Summed upwards from the count, so that a tail of 1e-30 is not lost in one minus almost one.
    Dispersion 0 is Poisson.
    """
    size = 1 / np.maximum(dispersion, 1e-9)
    share = means / (means + size)
    term = np.exp(-size * np.log1p(means / size))
    tail = np.where(counts <= 0, term, 0.0)
    last = int(counts.max(initial=0))
    for k in range(1, last + 400):
        term = term * share * (k - 1 + size) / k
        tail = tail + np.where(counts <= k, term, 0.0)
        if k > last and not (term > 1e-6 * tail).any():
            break
    return np.clip(tail, LEAST_P, 1.0)


def trials_tail(hits: Ints, chances: Floats) -> Floats:
    """P(at least ``hits`` of the trials succeed): exact for trials of different ``chances``.

    hits (G,), chances (G, T) in [0, 1]; a trial that does not exist has chance 0.
    """
    groups, trials = chances.shape
    state = np.zeros((groups, trials + 1))
    state[:, 0] = 1.0
    for k in range(trials):
        p = chances[:, k : k + 1]
        state[:, 1:] = state[:, 1:] * (1 - p) + state[:, :-1] * p
        state[:, 0] *= 1 - p[:, 0]
    upward = np.cumsum(state[:, ::-1], axis=1)[:, ::-1]
    return np.clip(upward[np.arange(groups), np.minimum(hits, trials)], LEAST_P, 1.0)


def together(logs: Floats) -> Floats:
    """Independent tails as one (Fisher 1932): natural logs (G, A), NaN for an aspect nobody knows.

    Returns the natural log of the joint tail, (G,).
    """
    known = np.isfinite(logs)
    x = -np.where(known, logs, 0.0).sum(axis=1)
    many = known.sum(axis=1)
    series, term = np.zeros_like(x), np.ones_like(x)
    for k in range(logs.shape[1]):
        series = series + np.where(k < many, term, 0.0)
        term = term * x / (k + 1)
    return np.where(many > 0, np.log(np.maximum(series, 1.0)) - x, 0.0)
