"""People leaving a venue: the cell model against experiments, theory and the physical limit.

    python bench/crowd_flow.py [runs]      default 40

Doors: 14 openings of the HERMES experiments. Halls of 500, 2,000 and 10,000 people, one door of
2.4 m for 500: 95 in 100 cannot be out before the doors could have let them through at the law's
rate (the limit; the model must lie above it, and near it since doors are the bottleneck). RiMEA 9:
1,000 people and four doors of 1 m or two. `cpu_s_of_1000_runs` is scaled from the runs made;
the aim is 120 s of processor, 60 s on two free cores. JSON to stdout.
"""

import json
import sys
import time
from pathlib import Path
from statistics import mean
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

import numpy as np  # noqa: E402
from bench.crowd_hall import feature, hall, ring  # noqa: E402

from varangian.engines.crowdflow.flow import evacuate, grid_of  # noqa: E402
from varangian.engines.crowdflow.flow.law import MEASURED, through  # noqa: E402
from varangian.engines.crowdflow.flow.simulate import simulate  # noqa: E402
from varangian.engines.crowdflow.flow.state import Setting  # noqa: E402
from varangian.engines.crowdflow.venue import Venue, read_venue  # noqa: E402


def venue(features: list[dict[str, Any]]) -> Venue:
    head = {"type": "FeatureCollection", "format": "varangian-venue/1", "units": "metres"}
    return read_venue({**head, "features": features}).venue


def room(width: float) -> Venue:
    a, b = 5 - width / 2, 5 + width / 2
    door = feature("d", "door", "LineString", [[a, 0], [b, 0]], leads="outside")
    return venue([feature("a", "area", "Polygon", [ring(0, 0, 10, 10)]), door])


def steady(place: Venue, h: float) -> float:
    grid = grid_of(place, h)
    run = simulate(grid, Setting(grid.area * 2.0))
    begin, end = run.time_until(0.1), run.time_until(0.9)
    left = np.interp([begin, end], run.times, run.inside)
    return float((left[0] - left[1]) / (end - begin))


def doors(h: float) -> dict[str, float]:
    errors = [steady(room(width), h) / flow - 1 for width, flow in MEASURED]
    return {
        "mean_abs_error_pct": round(100 * mean(map(abs, errors)), 1),
        "bias_pct": round(100 * mean(errors), 1),
        "exits_0.7_1.2_1.6_pct": [round(100 * e, 1) for e in errors[-3:]],
    }


def rimea9() -> dict[str, float]:
    ends = [[[0, 8], [0, 9]], [[20, 21], [20, 22]], [[0, 21], [0, 22]], [[20, 8], [20, 9]]]
    made = [feature(f"d{k}", "door", "LineString", e, leads="outside") for k, e in enumerate(ends)]
    area = feature("a", "area", "Polygon", [ring(0, 0, 20, 30)])
    times = {}
    for count in (4, 2):
        grid = grid_of(venue([area, *made[:count]]), 0.6)
        run = simulate(grid, Setting(grid.area / grid.area.sum() * 1000))
        times[count] = run.time_until(0.999)
    theory = 1000 / (4 * through(1.0))
    return {"four": times[4], "theory": theory, "ratio": times[2] / times[4]}


def halls(runs: int) -> list[dict[str, Any]]:
    rows = []
    for people in (500, 2000, 10_000):
        place = read_venue(hall(people)).venue
        one = {}
        for h in (0.8, 1.2, 1.6):
            grid = grid_of(place, h)
            start = time.process_time()
            run = simulate(grid, Setting(grid.area / grid.area.sum() * people))
            one[h] = (round(run.time_until(0.95), 1), round(time.process_time() - start, 3))
        limit = 0.95 * people / (len(place.exits) * through(2.4))
        start = time.process_time()
        answer = evacuate(place, people, runs=runs)
        spent = (time.process_time() - start) / runs
        rows.append({
            "people": people, "exits": len(place.exits), "t95_and_cpu_s_by_cell": one,
            "t95_limit": round(limit, 1), "cell": answer.cell, "t95_band": answer.t95,
            "cpu_s_of_1000_runs": round(1000 * spent, 1),
        })  # fmt: skip
    return rows


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    told = {
        "bench": "crowd_flow",
        "doors": {str(h): doors(h) for h in (0.5, 0.8, 1.2)},
        "rimea9": {name: round(value, 2) for name, value in rimea9().items()},
        "halls": halls(runs),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
