"""One entrance, all runs at once, ten seconds a step."""

from dataclasses import dataclass

import numpy as np

from varangian.engines.crowdflow.band import Band, band
from varangian.engines.crowdflow.queues.model import (
    MOST_MINUTES,
    Arrivals,
    Doubt,
    Lanes,
    Picture,
)
from varangian.kernel.results import Refused

STEP = 1 / 6
"""Minutes."""
PICTURE_EVERY = 30
MOST_RUNS = 5000


@dataclass
class History:
    """Steps by runs: who joined, who went through, who was left standing."""

    minutes: np.ndarray
    joined: np.ndarray
    served: np.ndarray
    standing: np.ndarray
    second: np.ndarray
    second_in: np.ndarray
    second_out: np.ndarray
    away: np.ndarray


def queue(
    arrivals: Arrivals,
    lanes: Lanes,
    *,
    runs: int = 200,
    seed: int = 1,
    doubt: Doubt | None = None,
) -> Picture:
    """The same seed gives the same answer."""
    if not 1 <= runs <= MOST_RUNS:
        raise Refused(f"{runs} runs cannot be computed", "runs", f"Give 1 to {MOST_RUNS}.")
    history = run(arrivals, lanes, runs, seed, doubt or Doubt())
    return picture(history, lanes)


def run(arrivals: Arrivals, lanes: Lanes, runs: int, seed: int, doubt: Doubt) -> History:
    rng = np.random.default_rng(seed)
    coming = _coming(arrivals, runs, rng, doubt)
    rate = lanes.per_hour / 60 * STEP * np.exp(rng.normal(0, doubt.rate, runs))
    most, desk = lanes.lanes * rate, lanes.second_desks * lanes.second_per_hour / 60 * STEP
    first, _ = _window(arrivals)
    waiting, second = np.zeros(runs), np.zeros(runs)
    rows: list[tuple[np.ndarray, ...]] = []
    for step in range(int(MOST_MINUTES / STEP)):
        now = first + step * STEP
        fresh = rng.poisson(coming[step]) if step < len(coming) else np.zeros(runs)
        to_doors = max(0.0, -lanes.opens_before - now)
        away = _away(fresh, waiting / most * STEP + to_doors, lanes.patience, rng)
        waiting = waiting + fresh - away
        room = _served(most, lanes.variation, rng) if to_doors < STEP else np.zeros(runs)
        served = np.minimum(waiting, room)
        waiting = waiting - served
        again = rng.binomial(served.astype(int), lanes.second_share) * 1.0
        done = np.minimum(second + again, _served(np.full(runs, desk), lanes.variation, rng))
        second = second + again - done
        rows.append((fresh - away, served, waiting, second, again, done, away))
        if step >= len(coming) and not waiting.any() and not second.any():
            break
    minutes = first + np.arange(len(rows)) * STEP
    return History(minutes, *(np.array(column) for column in zip(*rows, strict=True)))


def _window(arrivals: Arrivals) -> tuple[float, float]:
    early, late = arrivals.window()
    return early - 20, late + 20


def _coming(arrivals: Arrivals, runs: int, rng: np.random.Generator, doubt: Doubt) -> np.ndarray:
    """Expected arrivals, steps by runs."""
    first, last = _window(arrivals)
    minutes = np.arange(first, last, STEP)
    shifts = rng.normal(0, doubt.peak_minutes, runs)
    stretch = np.exp(rng.normal(0, doubt.spread, runs))
    shares = [arrivals.shares(minutes, a, b) for a, b in zip(shifts, stretch, strict=True)]
    return np.array(shares).T * arrivals.people


def _served(mean: np.ndarray, variation: float, rng: np.random.Generator) -> np.ndarray:
    """Whole people a step: the part of a person is carried by chance."""
    amount = mean + variation * np.sqrt(mean) * rng.standard_normal(len(mean))
    return np.floor(np.maximum(amount, 0) + rng.random(len(mean)))


def _away(
    fresh: np.ndarray, wait: np.ndarray, patience: float | None, rng: np.random.Generator
) -> np.ndarray:
    if patience is None:
        return np.zeros(len(fresh))
    share = np.clip((wait - patience) / patience, 0, 1)
    return rng.binomial(fresh.astype(int), share) * 1.0


def picture(history: History, lanes: Lanes) -> Picture:
    waits = [_waits(history.joined[:, r], history.served[:, r], history.minutes, lanes.opens_before)
             for r in range(history.joined.shape[1])]  # fmt: skip
    second = [_waits(history.second_in[:, r], history.second_out[:, r], history.minutes, None)
              for r in range(history.joined.shape[1])]  # fmt: skip
    start = int(np.searchsorted(history.minutes, 0.0))
    inside = history.served[:start].sum(axis=0) + history.away[:start].sum(axis=0)
    everybody = history.joined.sum(axis=0) + history.away.sum(axis=0)
    every = range(0, len(history.minutes), PICTURE_EVERY)
    left = history.standing[-1] + history.second[-1]
    busy = history.served + history.second_out > 0
    last = len(busy) - 1 - busy[::-1].argmax(axis=0)
    cleared = np.where(left > 0, np.nan, history.minutes[last] + STEP)
    return Picture(
        lanes=lanes.lanes,
        runs=len(waits),
        minutes=tuple(round(float(history.minutes[k]), 1) for k in every),
        queue=tuple(band(history.standing[k], 0) for k in every),
        longest_queue=band(history.standing.max(axis=0), 0),
        longest_wait=band([longest for longest, _ in waits]),
        mean_wait=band([mean for _, mean in waits], 2),
        at_start=band(everybody - inside, 0),
        turned_away=band(history.away.sum(axis=0), 0),
        second_queue=band(history.second.max(axis=0), 0),
        second_wait=band([longest for longest, _ in second]) if lanes.second_share else NO_WAIT,
        cleared=band(cleared),
        unfinished=int((left > 0).sum()),
    )


NO_WAIT = Band(0.0, 0.0, 0.0)


def _waits(
    joined: np.ndarray, served: np.ndarray, minutes: np.ndarray, opens: float | None
) -> tuple[float, float]:
    """Longest and mean wait, first come first served: when the count of those through reaches the
    count of those who had come. Those never served count as infinite."""
    came, gone = np.cumsum(joined), np.cumsum(served)
    some = joined > 0
    if not some.any():
        return 0.0, 0.0
    at = np.searchsorted(gone, came[some] - 1e-9)
    until = np.append(minutes, np.inf)[at]
    since = minutes[some] if opens is None else np.maximum(minutes[some], -opens)
    wait = np.maximum(until - since, 0)
    return float(wait.max()), float(np.average(wait, weights=joined[some]))
