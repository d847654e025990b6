"""Search of a watchlist: the exact search beside a plain loop, and its limit. Prints JSON.

The limit is held against the search's own processor time, with one thread; the time by the clock is
told beside it, since on a busy machine it measures the neighbours.
"""

import json
import os
import sys
import time

import numpy as np

from varangian.engines.vision.faces.gallery import Gallery, Template
from varangian.engines.vision.faces.model import Vector

TEMPLATES, ENTRIES, QUERIES = 10_000, 2_500, 400
LIMIT_MS = 20.0


def vectors(count: int, length: int, rng: np.random.Generator) -> np.ndarray:
    drawn = rng.normal(0, 1, (count, length)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def loop(values: np.ndarray, query: np.ndarray) -> int:
    best, found = float("inf"), -1
    for k, row in enumerate(values):
        apart = float(np.sqrt(((row - query) ** 2).sum()))
        if apart < best:
            best, found = apart, k
    return found


def measured(length: int) -> dict[str, float]:
    rng = np.random.default_rng(length)
    values = vectors(TEMPLATES, length, rng)
    gallery = Gallery(
        Template(f"e{k % ENTRIES}", Vector(row, "bench", "0")) for k, row in enumerate(values)
    )
    wanted = rng.integers(0, TEMPLATES, QUERIES)
    queries = values[wanted] + 0.5 * vectors(QUERIES, length, rng)
    spent, waited, right = [], [], 0
    for k, query in zip(wanted, queries, strict=True):
        begun, clock = time.thread_time(), time.perf_counter()
        found = gallery.search(Vector(query, "bench", "0"), 1)[0]
        spent.append((time.thread_time() - begun) * 1e3)
        waited.append((time.perf_counter() - clock) * 1e3)
        right += found.entry == f"e{k % ENTRIES}"
    begun = time.thread_time()
    exact = sum(
        f"e{loop(values, q) % ENTRIES}" == gallery.search(Vector(q, "bench", "0"), 1)[0].entry
        for q in queries[:10]
    )
    plain = (time.thread_time() - begun) * 1e3 / 10
    return {
        "cpu_p50_ms": round(float(np.percentile(spent, 50)), 2),
        "cpu_p99_ms": round(float(np.percentile(spent, 99)), 2),
        "wall_p99_ms": round(float(np.percentile(waited, 99)), 2),
        "ratio_to_loop": round(plain / float(np.percentile(spent, 50)), 1),
        "as_the_loop": exact / 10,
        "found": right / QUERIES,
    }


def main() -> int:
    report = {
        "templates": TEMPLATES,
        "limit_ms": LIMIT_MS,
        "of_128": measured(128),
        "of_512": measured(512),
        "load": round(os.getloadavg()[0], 1),
    }
    print(json.dumps(report))
    good = all(report[of]["cpu_p99_ms"] < LIMIT_MS for of in ("of_128", "of_512"))
    return 0 if good and report["of_128"]["as_the_loop"] == 1 else 1


if __name__ == "__main__":
    sys.exit(main())
