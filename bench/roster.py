"""Duty rosters: the engine beside a plain CP-SAT model, without warm start and decomposition.

    python bench/roster.py [officers ...]        default 20 100 500

The plain model has the same rules in the same words, all officers at once, one objective (what is
open, then unfairness) and no hint. With 500 officers and 20 sites it would have 390,000 truth
values, more than fits a small machine: there it gets each officer's own site only, 20,000.

``wall_s`` is the clock, ``cpu_s`` what both cores gave; on a busy machine only the second says
something, and on a quiet one the wall lies between half of it and all of it. JSON to stdout.
"""

import json
import os
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

import numpy as np  # noqa: E402
from bench.roster_cases import document  # noqa: E402
from ortools.sat.python import cp_model  # noqa: E402

from varangian.engines.rostering import Problem, Step, repair, solve  # noqa: E402
from varangian.engines.rostering.cover import Cover  # noqa: E402
from varangian.engines.rostering.fairness import Fairness  # noqa: E402
from varangian.engines.rostering.program import Program, priced, solver  # noqa: E402
from varangian.engines.rostering.table import Table  # noqa: E402
from varangian.planning.rosterfile.reading import read_roster  # noqa: E402

TARGETS = {20: (3.0, 0.0), 100: (20.0, 0.0), 500: (60.0, 0.01)}
SECONDS = {20: 8.0, 100: 24.0, 500: 64.0}
FAIR = 3.0
MOST_PAIRS = 40_000


@dataclass
class Clock:
    """When the open places last fell, by both clocks."""

    wall: float = field(default_factory=time.monotonic)
    cpu: float = field(default_factory=time.process_time)
    curve: list[tuple[float, float, int]] = field(default_factory=list)

    def tell(self, step: Step) -> None:
        self.mark(step.open)

    def mark(self, left: int) -> None:
        if not self.curve or left < self.curve[-1][2]:
            self.curve.append((*self.now(), left))

    def now(self) -> tuple[float, float]:
        wall, cpu = time.monotonic() - self.wall, time.process_time() - self.cpu
        return round(wall, 2), round(cpu, 2)

    def reached(self, most: float) -> tuple[float, float] | None:
        return next(((w, c) for w, c, left in self.curve if left <= most), None)


class Curve(cp_model.CpSolverSolutionCallback):
    def __init__(self, clock: Clock, slacks: list) -> None:
        super().__init__()
        self.clock, self.slacks = clock, slacks

    def on_solution_callback(self) -> None:
        self.clock.mark(sum(self.value(s) for s in self.slacks))


def plain(problem: Problem, seconds: float) -> tuple[Clock, int, bool]:
    clock, table = Clock(), Table(problem)
    nobody = [set() for _ in table.officers]
    narrow = int(table.allowed.sum()) > MOST_PAIRS
    if narrow:
        table.allowed &= table.way == 0
    everyone, every_shift = range(len(table.officers)), range(len(table.shifts))
    program = Program(table, nobody, everyone, every_shift, nobody)
    slacks, costs = program.cover()
    literals, prices = priced(program, Fairness(table))
    big = 1_000
    program.model.clear_hints()
    program.model.minimize(
        cp_model.LinearExpr.weighted_sum(slacks, [big * c for c in costs])
        + cp_model.LinearExpr.weighted_sum(literals, prices)
    )
    run = solver(seconds - clock.now()[0], 2)
    status = run.solve(program.model, Curve(clock, slacks))
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    roster = program.read(run) if found else nobody
    return clock, Cover(table, roster).open(), narrow


def case(officers: int) -> dict:
    seconds = SECONDS.get(officers, 30.0)
    target, share = TARGETS.get(officers, (seconds, 0.01))
    problem = read_roster(json.dumps(document(officers)).encode()).problem
    places = sum(s.wanted for s in problem.shifts)
    ours = Clock()
    answer = solve(
        problem, seconds=seconds, fair_seconds=FAIR, clash_seconds=0, workers=2, tell=ours.tell
    )
    left, total = sum(gap.size for gap in answer.gaps), ours.now()
    peer, peer_left, narrow = plain(problem, seconds)
    reached, theirs = ours.reached(share * places), peer.reached(share * places)
    repaired = fixed(problem, answer.assignments)
    return {
        "officers": officers,
        "shifts": len(problem.shifts),
        "places": places,
        "target": {"seconds": target, "open_at_most": share},
        "engine": {
            "at_target_wall_cpu_s": reached,
            "met_by_wall": reached is not None and reached[0] < target,
            "met_by_cpu": reached is not None and reached[1] < target,
            "open": left,
            "open_share": round(left / places, 4),
            "end_wall_cpu_s": total,
            "curve_wall_cpu_open": ours.curve[:: max(1, len(ours.curve) // 12)] + ours.curve[-1:],
        },
        "plain": {
            "only_own_site": narrow,
            "at_target_wall_cpu_s": theirs,
            "open": peer_left,
            "open_share": round(peer_left / places, 4),
            "curve_wall_cpu_open": peer.curve[:: max(1, len(peer.curve) // 12)] + peer.curve[-1:],
        },
        "ratio_cpu_to_target": round(theirs[1] / reached[1], 1) if reached and theirs else None,
        "repair": repaired,
    }


def fixed(problem: Problem, roster) -> dict:
    """The busiest officer is sick from the fourth day."""
    count: dict[str, int] = {}
    for officer, _ in roster:
        count[officer] = count.get(officer, 0) + 1
    busiest = max(sorted(count), key=lambda o: count[o])
    starts = sorted({s.start for s in problem.shifts})
    clock = Clock()
    answer = repair(problem, roster, busiest, starts[9], clash_seconds=0)
    off = sum(change == "taken off" and o == busiest for o, _, change in answer.changes)
    return {
        "wall_cpu_s": clock.now(),
        "duties_lost": off,
        "others_changed": len(answer.changes) - off,
        "open_after": sum(g.size for g in answer.gaps),
        "proven_least": answer.proven_cover,
    }


def main() -> None:
    sizes = [int(word) for word in sys.argv[1:]] or [20, 100, 500]
    rows = [case(size) for size in sizes]
    load = round(float(np.mean(os.getloadavg()[:2])), 1)
    print(json.dumps({"bench": "roster", "load": load, "cases": rows}, indent=2))


if __name__ == "__main__":
    main()
