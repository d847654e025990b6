"""The principal's way out: an answer beside an exact search through the same moving crowd.

    python bench/crowd_wayout.py [people]      default 2000

The peer is Dijkstra through time with a heap, one goal at a time, on the same cells. `error` is
what the kept maps say over what the exact search finds. Aim: an answer within 50 ms. JSON to
stdout; times are processor seconds.
"""

import heapq
import json
import random
import sys
import time
from pathlib import Path
from statistics import mean, median
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from bench.crowd_hall import feature, hall  # noqa: E402

from varangian.engines.crowdflow.flow import filmed  # noqa: E402
from varangian.engines.crowdflow.principal import WayMaps, advise, way_maps  # noqa: E402
from varangian.engines.crowdflow.principal.advice import cell_at  # noqa: E402
from varangian.engines.crowdflow.venue import read_venue  # noqa: E402

PLACES = 40


def exact(maps: WayMaps, goal: int, cell: int, leave: float) -> float:
    target = maps.goals[goal]
    ends = dict(zip(target.cells.tolist(), target.left.tolist(), strict=True))
    best, heap, arrived = {cell: leave}, [(leave, cell)], float("inf")
    while heap:
        now, k = heapq.heappop(heap)
        if now > best[k] or now >= arrived:
            continue
        arrived = min(arrived, now + ends[k]) if k in ends else arrived
        a, b, share = maps.between(now)
        slow = (1 - share) / maps.speed[a] + share / maps.speed[b]
        for other, metres in maps.graph.neighbours(k):
            then = now + float(metres * (slow[k] + slow[other]) / 2)
            if then < best.get(other, float("inf")):
                best[other] = then
                heapq.heappush(heap, (then, other))
    return arrived - leave


def staged(people: int) -> dict[str, Any]:
    document = hall(people)
    east, north = document["features"][0]["geometry"]["coordinates"][0][2]
    document["features"] += [
        feature("car", "vehicle", "Point", [east + 10, north / 2]),
        feature("other", "vehicle", "Point", [-10, north / 2]),
        feature("room", "safe_room", "Point", [2, north - 1.5]),
    ]
    return document


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    document = staged(people)
    east, north = document["features"][0]["geometry"]["coordinates"][0][2]
    venue = read_venue(json.dumps(document)).venue
    _, film = filmed(venue, people, runs=4)
    began = time.process_time()
    maps = way_maps(venue, film)
    made = time.process_time() - began
    rng, answers, peers, errors = random.Random(3), [], [], []
    for _ in range(PLACES):
        at, leave = (rng.uniform(2, east - 2), rng.uniform(2, north * 0.8)), rng.uniform(0, 60)
        began = time.process_time()
        found = advise(maps, level=0, at=at, leave=leave)
        answers.append(1000 * (time.process_time() - began))
        began = time.process_time()
        truth = exact(maps, 0, cell_at(maps, 0, *at), leave)
        peers.append(1000 * (time.process_time() - began))
        told = next(o.moving for o in found.options if o.goal == "car" and o.leave <= leave + 0.1)
        errors.append(told / truth - 1)
    print(json.dumps({
        "bench": "crowd_wayout", "people": people, "cells": film.grid.size,
        "moments": len(film.frames), "maps_s": round(made, 1),
        "answer_ms": {"median": round(median(answers), 1), "most": round(max(answers), 1)},
        "exact_search_of_one_goal_ms": round(median(peers), 1),
        "mean_abs_error_pct": round(100 * mean(map(abs, errors)), 1),
        "bias_pct": round(100 * mean(errors), 1),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
