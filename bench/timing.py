"""P(on time) and the latest departure of a movement, beside a plain loop. Prints JSON.

The plain peer draws each part of each day with the standard library and adds them up, one number
at a time; it answers P(on time) of one departure. Also: one fix laid on a route of 400 corners.
"""

import json
import os
import random
import statistics
import sys
import time
from math import exp

from varangian.engines.routing import match, timing
from varangian.engines.routing.timing import Part

PARTS = [
    Part("to the bridge", 540, spread=0.2),
    Part("hold: bridge", 180, kind="wait", law="triangular", least_s=60, most_s=420),
    Part("to the square", 780, spread=0.25),
    Part("hold: square", 120, kind="wait", law="fixed"),
    Part("to the court", 420, spread=0.2),
    Part("door", 90, kind="load", law="triangular", least_s=45, most_s=240),
]
TRAFFIC = (1.0,) * 7 + (1.4, 1.6, 1.3) + (1.0,) * 6 + (1.3, 1.5, 1.3) + (1.0,) * 5
DEPARTS, DUE = 7.5 * 3600, 8.4 * 3600
ROUNDS = 9


def engine() -> float:
    drawn = timing.sample(PARTS, traffic=TRAFFIC, common=0.15)
    return timing.on_time(drawn, DEPARTS, DUE)


def factor(clock: float) -> float:
    hour, share = divmod(clock / 3600 % 24, 1.0)
    first, second = TRAFFIC[int(hour)], TRAFFIC[(int(hour) + 1) % 24]
    return first + (second - first) * share


def plain() -> float:
    rng, good = random.Random(1), 0
    for _ in range(timing.DRAWS):
        clock, day = DEPARTS, exp(0.15 * rng.gauss(0, 1))
        for part in PARTS:
            if part.law == "triangular":
                clock += rng.triangular(part.least_s, part.most_s, part.likely_s)
            elif part.kind != "drive":
                clock += part.likely_s
            else:
                length = day * part.likely_s * exp(part.spread * rng.gauss(0, 1))
                pieces = max(1, -(-int(part.likely_s) // int(timing.PIECE_S)))
                for _ in range(pieces):
                    clock += length / pieces * factor(clock)
        good += clock <= DUE
    return good / timing.DRAWS


def milliseconds(work) -> float:
    found = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        work()
        found.append((time.process_time() - begun) * 1e3)
    return statistics.median(found)


def matching() -> float:
    corners = [(11 + 0.001 * k, 54.5 + 0.0005 * (k % 2)) for k in range(400)]
    line, last = match.line(corners), None
    fixes = [match.Fix(k, *match.place_at(line, k * 15.0), 8.0) for k in range(1000)]
    begun = time.process_time()
    for fix in fixes:
        last = match.advance(line, last, fix)
    assert last is not None and last.along_m > 14_000
    return (time.process_time() - begun) * 1e3 / len(fixes)


def main() -> int:
    ours, theirs = milliseconds(engine), milliseconds(plain)
    drawn = timing.sample(PARTS, traffic=TRAFFIC, common=0.15)
    chance, peer = engine(), plain()
    report = {
        "draws": timing.DRAWS,
        "parts": len(PARTS),
        "on_time_cpu_ms": round(ours, 2),
        "plain_cpu_ms": round(theirs, 2),
        "ratio": round(theirs / ours, 1),
        "on_time": round(chance, 4),
        "plain_on_time": round(peer, 4),
        "latest_departure_cpu_ms": round(
            milliseconds(lambda: timing.latest_departure(drawn, DUE)), 2
        ),
        "match_fix_cpu_ms": round(matching(), 4),
        "load": round(os.getloadavg()[0], 1),
    }
    print(json.dumps(report, indent=2))
    agree = abs(chance - peer) < 0.03
    return 0 if agree and report["ratio"] > 5 else 1


if __name__ == "__main__":
    sys.exit(main())
