"""Queues at an entrance: the engine beside a discrete-event model and Erlang's formula.

    python bench/crowd_queue.py

5,000 guests, a bell of 20 minutes, 8 lanes of 400 an hour. Erlang C knows only a steady state: it
is given the rate of an evening of 100 minutes. JSON to stdout; times are processor seconds.
"""

import json
import sys
import time
from math import factorial
from pathlib import Path
from statistics import mean

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from tests.unit.engines.crowdflow.discrete import evening  # noqa: E402

from varangian.engines.crowdflow.queues import Arrivals, Doubt, Lanes, lanes_for, queue  # noqa: E402

PEOPLE, LANES, RATE = 5000, 8, 400.0


def erlang_wait(per_hour: float, lanes: int, rate: float) -> float:
    """Mean wait in minutes in the steady state."""
    load = per_hour / rate
    top = load**lanes / factorial(lanes) / (1 - load / lanes)
    busy = top / (sum(load**k / factorial(k) for k in range(lanes)) + top)
    return busy * 60 / (lanes * rate - per_hour)


def main() -> None:
    began = time.process_time()
    ours = queue(Arrivals(PEOPLE, 40, 20), Lanes(LANES, RATE), runs=200, doubt=Doubt(0, 0, 0))
    engine = time.process_time() - began
    began = time.process_time()
    judged = [evening(PEOPLE, 40, 20, LANES, RATE, seed=k) for k in range(20)]
    discrete = (time.process_time() - began) / len(judged)
    began = time.process_time()
    found = lanes_for(Arrivals(PEOPLE, 40, 20), Lanes(1, RATE), 10)
    search = time.process_time() - began
    longest_wait = mean(j.longest_wait for j in judged)
    longest_queue = mean(j.longest_queue for j in judged)
    print(json.dumps({
        "bench": "crowd_queue",
        "longest_wait_min": {"engine": ours.longest_wait, "discrete": longest_wait},
        "mean_wait_min": {
            "engine": ours.mean_wait, "discrete": mean(j.mean_wait for j in judged),
            "erlang": round(erlang_wait(PEOPLE / 100 * 60, LANES, RATE), 2),
        },
        "longest_queue": {"engine": ours.longest_queue, "discrete": longest_queue},
        "cpu_s_of_200_runs": {"engine": round(engine, 2), "discrete": round(discrete * 200, 2)},
        "lanes_for_10_min": {"lanes": found.lanes, "cpu_s": round(search, 2)},
    }))  # fmt: skip


if __name__ == "__main__":
    main()
