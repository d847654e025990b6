"""Measures that pay: time on a large register, a plain greedy beside it, brute force on small ones.

JSON to standard output.
"""

import json
import time

from tests.unit.engines.measures.cases import brute, drawn

from varangian.engines.measures import propose, residual
from varangian.engines.measures.search import greedy

ROUNDS = 12


def large() -> dict:
    seconds, ratios, proven, whole = [], [], 0, 0
    for seed in range(ROUNDS):
        problem = drawn(seed, 60, 40)
        began = time.perf_counter()
        found = propose(problem)
        seconds.append(time.perf_counter() - began)
        proven += found.proven
        whole += found.frontier_proven
        lowered = found.before - found.best.residual
        ratios.append((found.before - residual(problem, greedy(problem))) / lowered)
    return {
        "measures": 60,
        "risks": 40,
        "seconds_median": round(sorted(seconds)[ROUNDS // 2], 3),
        "seconds_worst": round(max(seconds), 3),
        "proven": f"{proven} of {ROUNDS}",
        "frontier_proven": f"{whole} of {ROUNDS}",
        "greedy_lowers_of_ours": round(sum(ratios) / ROUNDS, 3),
        "greedy_worst": round(min(ratios), 3),
    }


def small() -> dict:
    same, slow, fast = 0, 0.0, 0.0
    for seed in range(ROUNDS):
        problem = drawn(seed, 12, 8)
        began = time.perf_counter()
        truth = brute(problem)
        slow += time.perf_counter() - began
        began = time.perf_counter()
        found = propose(problem)
        fast += time.perf_counter() - began
        same += truth is not None and found.best.residual == truth[0]
    return {
        "measures": 12,
        "risks": 8,
        "same_as_brute_force": f"{same} of {ROUNDS}",
        "brute_force_seconds": round(slow / ROUNDS, 3),
        "seconds": round(fast / ROUNDS, 3),
    }


if __name__ == "__main__":
    print(json.dumps({"benchmark": "measures", "large": large(), "small": small()}))
