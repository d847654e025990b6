"""Better rosters from a first one: first what is open, then what is unfair.

A small problem is solved whole. A large one is improved part by part (large neighbourhood search):
the officers who could close a gap and those who could take over from them are freed with the
shifts around it, everybody else's duties stay, and the program of that part is solved for a second
or so. Each part keeps all rules, so that the roster is a valid one at any time.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from ortools.sat.python import cp_model

from varangian.engines.rostering.check import Roster
from varangian.engines.rostering.cover import Cover
from varangian.engines.rostering.fairness import Fairness
from varangian.engines.rostering.greedy import greedy
from varangian.engines.rostering.model import Stage, Step
from varangian.engines.rostering.program import Program, Watch, priced, solver
from varangian.engines.rostering.table import Table

WHOLE_PAIRS = 7_000
PART_OFFICERS = 24
PART_PAIRS = 1_600
POOL = 28
PART_SECONDS = 2.0
STARTS = 3


def nobody(_: Step) -> None:
    """The default listener."""


@dataclass
class Search:
    """``seconds``: the whole time; ``fair_seconds``: of it, kept for the second phase."""

    table: Table
    kept: Roster
    seconds: float
    fair_seconds: float
    workers: int = 2
    seed: int = 1
    tell: Callable[[Step], None] = nobody
    stop: Callable[[], bool] = lambda: False
    clock: Callable[[], float] = time.monotonic
    steps: list[Step] = field(default_factory=list)
    proven: bool = False

    def __post_init__(self) -> None:
        self.began = self.clock()
        self.rng = np.random.default_rng(self.seed)
        self.fairness = Fairness(self.table)
        self.roster: Roster = self.kept
        self.whole = int(self.table.allowed.sum()) <= WHOLE_PAIRS
        self.everybody = range(len(self.table.officers))

    def run(self, start: Roster | None = None) -> Roster:
        """Best roster found in the time; ``start`` is improved upon when it is given."""
        given = [start] if start is not None else []
        made = [greedy(self.table, self.kept, seed) for seed in range(STARTS if self.whole else 1)]
        self.roster = min(given + made, key=lambda r: Cover(self.table, r).total_cost())
        self._report("first")
        self._close_gaps()
        self._even_out()
        return self.roster

    def left(self, until: float) -> float:
        return until - (self.clock() - self.began)

    def _report(self, stage: Stage) -> None:
        cover, unfair = Cover(self.table, self.roster), self.fairness.total(self.roster)
        seconds = round(self.clock() - self.began, 2)
        self.steps.append(Step(stage, seconds, cover.open(), unfair / 60))
        self.tell(self.steps[-1])

    def _close_gaps(self) -> None:
        until = max(self.seconds - self.fair_seconds, self.seconds / 2)
        if not self.whole:
            self._by_site(until)
        size, barren = PART_OFFICERS, 0
        while (gaps := self._gaps()) and self.left(until) > 0 and not self.stop():
            if self.whole:
                self.proven = self._solve(self.everybody, range(len(self.table.shifts)), until)
                return
            before = Cover(self.table, self.roster).total_cost()
            free, shifts = self._around(gaps, size)
            self._solve(free, shifts, min(PART_SECONDS, self.left(until)))
            better = Cover(self.table, self.roster).total_cost() < before
            barren = 0 if better else barren + 1
            if barren > 3:
                size, barren = min(size + 8, 3 * PART_OFFICERS), 0
        self.proven = not self._gaps()

    def _by_site(self, until: float) -> None:
        """Each site that has gaps with the officers nearest to it, the worst site first."""
        cover, table = Cover(self.table, self.roster), self.table
        costs: dict[str, int] = {}
        for gap in self._gaps():
            site = table.shifts[gap].site
            costs[site] = costs.get(site, 0) + cover.cost(gap)
        for site in sorted(costs, key=lambda s: (-costs[s], s)):
            if self.left(until) <= 0 or self.stop():
                return
            shifts = [s for s, shift in enumerate(table.shifts) if shift.site == site]
            way = table.way[:, shifts[0]] + self.rng.random(len(table.officers))
            near = np.flatnonzero(table.allowed[:, shifts].any(axis=1))
            near = near[np.argsort(way[near])]
            pairs = np.cumsum(table.allowed[np.ix_(near, shifts)].sum(axis=1))
            free = near[: max(1, int(np.searchsorted(pairs, PART_PAIRS)))]
            seconds = min(PART_SECONDS, self.left(until))
            self._solve(free.tolist()[:POOL], shifts, seconds)

    def _gaps(self) -> list[int]:
        cover = Cover(self.table, self.roster)
        return [s for s in range(len(self.table.shifts)) if cover.gap(s)]

    def _around(self, gaps: list[int], size: int) -> tuple[list[int], list[int]]:
        """Officers who could help with one gap, and the shifts around it."""
        table, rng = self.table, self.rng
        cover = Cover(table, self.roster)
        costs = np.array([cover.cost(s) for s in gaps], dtype=float)
        gap = int(rng.choice(gaps, p=costs / costs.sum()))
        able = table.allowed[:, gap].copy()
        for (name, _, _), lacking in zip(table.among[gap], cover.lacking(gap), strict=True):
            if lacking and not cover.missing(gap):
                able &= table.holds[name, :, gap]
        way = table.way[:, gap] + rng.random(len(table.officers)) * 60
        first = np.flatnonzero(able)
        first = first[np.argsort(way[first])][: size // 2]
        others = np.setdiff1d(np.argsort(way)[: 2 * size], first)
        more = rng.permutation(others)[: size - len(first)]
        free = sorted({*first.tolist(), *more.tolist()})
        site = table.shifts[gap].site
        near = [s for s, shift in enumerate(table.shifts) if shift.site == site]
        held = {s for o in free for s in self.roster[o]}
        return free, self._trim(free, {*near, *held, *gaps}, gap)

    def _trim(self, free: list[int], shifts: set[int], centre: int) -> list[int]:
        """Nearest in time first, as many as make a part of the usual size."""
        away = np.abs(self.table.start - self.table.start[centre])
        kept, pairs = [], 0
        for shift in sorted(shifts, key=lambda s: int(away[s])):
            pairs += int(self.table.allowed[free, shift].sum())
            if pairs > PART_PAIRS:
                break
            kept.append(shift)
        return kept

    def _solve(self, free: Sequence[int], shifts: Sequence[int], seconds: float) -> bool:
        """Solves a part for cover; True when nothing better is possible in it."""
        program = Program(self.table, self.roster, free, shifts, self.kept)
        variables, costs = program.cover()
        program.model.minimize(cp_model.LinearExpr.weighted_sum(variables, costs))
        return self._run(program, seconds, "cover")

    def _run(self, program: Program, seconds: float, stage: Stage) -> bool:
        run = solver(seconds, self.workers, self.seed)
        status = run.solve(program.model, Watch(self.stop))
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            self.roster = program.read(run)
            self._report(stage)
        return status == cp_model.OPTIMAL

    def _even_out(self) -> None:
        until = min(self.seconds, self.clock() - self.began + self.fair_seconds)
        while self.left(until) > 0.1 and not self.stop():
            if self.whole:
                self._fair(self.everybody, range(len(self.table.shifts)), self.left(until))
                return
            free, shifts = self._uneven()
            self._fair(free, shifts, min(PART_SECONDS, self.left(until)))

    def _uneven(self) -> tuple[list[int], list[int]]:
        """A few whose share costs most, those who live near them, and their shifts."""
        table, rng = self.table, self.rng
        prices = np.array([self.fairness.price(o, self.roster[o]) for o in self.everybody])
        rank = np.argsort(-prices + rng.random(len(prices)) * 600)
        first = int(rank[int(rng.integers(0, max(1, len(rank) // 4)))])
        held = sorted(self.roster[first]) or [int(rng.integers(len(table.shifts)))]
        centre = int(rng.choice(held))
        way = table.way[:, centre] + rng.random(len(table.officers)) * 120
        free = sorted({first, *np.argsort(way)[: PART_OFFICERS // 2].tolist()})
        shifts = {s for o in free for s in self.roster[o]}
        return free, self._trim(free, shifts, centre)

    def _fair(self, free: Sequence[int], shifts: Sequence[int], seconds: float) -> None:
        program = Program(self.table, self.roster, free, shifts, self.kept)
        variables, costs = program.cover()
        held = Cover(self.table, self.roster)
        now = sum(held.cost(s) for s in program.members())
        program.model.add(cp_model.LinearExpr.weighted_sum(variables, costs) <= now)
        literals, prices = priced(program, self.fairness)
        program.model.minimize(cp_model.LinearExpr.weighted_sum(literals, prices))
        self._run(program, seconds, "fair")
