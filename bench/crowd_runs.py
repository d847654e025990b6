"""Many runs of 10,000 people: how long on several processes, and beside another state of the code.

    python bench/crowd_runs.py [runs] [workers]           default 1000 2: seconds on the wall
    python bench/crowd_runs.py --beside DIRECTORY [times]  processor time a run, turn by turn with
                                                           the code that lies in DIRECTORY

The hall is that of `crowd_flow.py` (20 doors of 2.4 m); the aim is 60 s for 1,000 runs on two
cores. `same` says whether both states give the same figures to the last bit. JSON to stdout.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent.parent
PEOPLE, TURN = 10_000, 20
CODE = f"""
import hashlib, json, sys, time
sys.path[:0] = [sys.argv[1], sys.argv[1] + "/src"]
from bench.crowd_hall import hall
from varangian.engines.crowdflow.flow.runs import _computed
from varangian.engines.crowdflow.venue import read_venue
place = read_venue(hall({PEOPLE})).venue
_computed(place, {PEOPLE}, runs=2)
start = time.process_time()
found = _computed(place, {PEOPLE}, runs={TURN})[2]
spent = (time.process_time() - start) / {TURN}
parts = [part.tobytes() for one in found for part in (one.times, one.inside, one.peak, one.above)]
print(json.dumps([spent, hashlib.sha256(b"".join(parts)).hexdigest()]))
"""


def turn(root: str) -> tuple[float, str]:
    done = subprocess.run(
        [sys.executable, "-c", CODE, root], capture_output=True, text=True, check=True
    )
    spent, figures = json.loads(done.stdout)
    return spent, figures


def beside(other: str, times: int) -> dict[str, object]:
    roots = {"here": str(HERE), "other": str(Path(other).resolve())}
    rows: dict[str, list[tuple[float, str]]] = {name: [] for name in roots}
    for number in range(times):
        for name in sorted(roots, reverse=bool(number % 2)):
            rows[name].append(turn(roots[name]))
    spent = {name: median(seconds for seconds, _ in found) for name, found in rows.items()}
    return {
        "cpu_ms_a_run": {name: round(1000 * value, 1) for name, value in spent.items()},
        "other_by_here": round(spent["other"] / spent["here"], 2),
        "same": len({figures for found in rows.values() for _, figures in found}) == 1,
    }


def many(runs: int, workers: int) -> dict[str, object]:
    sys.path[:0] = [str(HERE), str(HERE / "src")]
    from bench.crowd_hall import hall

    from varangian.engines.crowdflow.flow import evacuate
    from varangian.engines.crowdflow.venue import read_venue

    place = read_venue(hall(PEOPLE)).venue
    start = time.perf_counter()
    answer = evacuate(place, PEOPLE, runs=runs, workers=workers)
    wall = round(time.perf_counter() - start, 1)
    return {"runs": runs, "workers": workers, "wall_s": wall, "t95_band": answer.t95}


def main() -> None:
    words = sys.argv[1:]
    if words[:1] == ["--beside"]:
        told = beside(words[1], int(words[2]) if len(words) > 2 else 5)
    else:
        told = many(*(int(word) for word in [*words, *("1000", "2")[len(words) :]]))
    print(json.dumps({"bench": "crowd_runs", "people": PEOPLE, **told}))


if __name__ == "__main__":
    main()
