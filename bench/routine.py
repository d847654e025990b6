"""The predictability index against plain plug-in entropy: error on small samples, and speed.

Habits with a known index are drawn again and again; both estimates are compared with the truth.
JSON to standard output.
"""

import json
import random
import statistics
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from math import log2

from varangian.engines.routine import Observation, predictability

NOW = datetime(2027, 6, 1, tzinfo=UTC)
HABITS = {
    "uniform": [1 / 6] * 6,
    "favourite": [0.5, 0.1, 0.1, 0.1, 0.1, 0.1],
    "two_of_six": [0.45, 0.45, 0.025, 0.025, 0.025, 0.025],
}
NAMES = "ABCDEF"


def journeys(rng: random.Random, habit: list[float], count: int) -> list[Observation]:
    routes = rng.choices(NAMES, habit, k=count)
    return [
        Observation(NOW - timedelta(minutes=20 + 37_000 * k // count), route=route)
        for k, route in enumerate(routes)
    ]


def bits(shares: list[float]) -> float:
    return -sum(p * log2(p) for p in shares if p)


def plug_in(seen: list[Observation]) -> float:
    counts = Counter(o.route for o in seen)
    return 1 - bits([n / len(seen) for n in counts.values()]) / log2(len(NAMES))


def errors(rng: random.Random, habit: list[float], count: int, rounds: int = 300) -> dict:
    truth = 1 - bits(habit) / log2(len(NAMES))
    ours, plain = [], []
    for _ in range(rounds):
        seen = journeys(rng, habit, count)
        report = predictability(seen, now=NOW, possible={"route": NAMES})
        ours.append(report.aspects["route"].index - truth)
        plain.append(plug_in(seen) - truth)
    return {
        "truth": round(truth, 3),
        "bias": round(statistics.mean(ours), 3),
        "plug_in_bias": round(statistics.mean(plain), 3),
        "rms": round(statistics.fmean(e * e for e in ours) ** 0.5, 3),
        "plug_in_rms": round(statistics.fmean(e * e for e in plain) ** 0.5, 3),
    }


def main() -> dict:
    rng = random.Random(7)
    many = journeys(rng, HABITS["favourite"], 10_000)
    begun = time.perf_counter()
    predictability(many, now=NOW)
    seconds = time.perf_counter() - begun
    return {
        "bench": "routine",
        "journeys": len(many),
        "seconds": round(seconds, 3),
        "errors": {
            f"{name}_{count}": errors(rng, habit, count)
            for name, habit in HABITS.items()
            for count in (12, 24, 48)
        },
    }


if __name__ == "__main__":
    print(json.dumps(main(), indent=2))
