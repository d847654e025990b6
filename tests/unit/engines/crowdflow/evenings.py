"""Invented evenings: people arrive, walk between two rooms and leave; counters miss some."""

from dataclasses import dataclass

import numpy as np

from varangian.engines.crowdflow.live import Door

EVERY = 10.0
DOORS = (
    Door("north", "", "hall", period=EVERY),
    Door("south", "", "hall", period=EVERY),
    Door("inner", "hall", "bar", period=EVERY),
)
ZONES = ("hall", "bar")


@dataclass
class Evening:
    """``rows``: seconds, counter, entries and exits counted since the last row."""

    rows: list[tuple[float, str, int, int]]
    truth: dict[float, dict[str, int]]


def evening(seed: int, *, people: int = 1200, hours: float = 3.0) -> Evening:
    rng = np.random.default_rng(seed)
    span = hours * 3600
    arrive = np.sort(np.clip(rng.normal(0.3 * span, 0.08 * span, people), 60, 0.6 * span))
    leave = np.clip(rng.normal(0.8 * span, 0.08 * span, people), arrive + 60, span - 1)
    passages = [(t, str(rng.choice(["north", "south"])), 0) for t in arrive]
    passages += [(t, str(rng.choice(["north", "south"])), 1) for t in leave]
    for a, b in zip(arrive, leave, strict=True):
        if rng.random() < 0.4 and b - a > 900:
            go = rng.uniform(a + 60, b - 600)
            passages += [(go, "inner", 0), (rng.uniform(go + 30, b - 30), "inner", 1)]
    return _counted(sorted(passages), rng, span)


def _counted(passages, rng, span: float) -> Evening:
    """Every door has an error of its own each way, beside what it misses at random."""
    own = {d.id: 1 - d.missed - rng.normal(0, d.drift, 2) for d in DOORS}
    inside, rows, truth, at = dict.fromkeys(ZONES, 0), [], {}, 0
    for end in np.arange(EVERY, span + EVERY, EVERY):
        seen = {d.id: [0, 0] for d in DOORS}
        while at < len(passages) and passages[at][0] <= end:
            _, door, way = passages[at]
            sign = -1 if way else 1
            if door == "inner":
                inside["bar"] += sign
                inside["hall"] -= sign
            else:
                inside["hall"] += sign
            seen[door][way] += rng.random() < own[door][way]
            at += 1
        rows += [(float(end), door, *both) for door, both in seen.items()]
        truth[float(end)] = dict(inside)
    return Evening(rows, truth)
