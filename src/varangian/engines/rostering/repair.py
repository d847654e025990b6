"""A roster after a sick call, changed as little as possible."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from varangian.engines.rostering.check import Roster
from varangian.engines.rostering.cover import Cover
from varangian.engines.rostering.fairness import Fairness
from varangian.engines.rostering.program import Program, priced, solver
from varangian.engines.rostering.table import Table

CHANGE = 50_000
MOST_FREE = 40
MOST_PAIRS = 6_000


@dataclass
class Repair:
    """``roster``: without the sick officer's duties. ``lost``: the shifts they leave behind.

    ``kept``: duties that stay: those locked, and those that began before the sick call.
    """

    table: Table
    roster: Roster
    lost: list[int]
    kept: Roster
    seconds: float
    workers: int = 2
    proven: bool = False

    def run(self) -> Roster:
        """Replacements who only gain a shift; where that is not enough, also exchanges.

        A gap closed by somebody who only gains it is one change, and fewer cannot be.
        """
        before = self.roster
        fixed = [kept | had for kept, had in zip(self.kept, before, strict=True)]
        able = self.table.allowed[:, self.lost].any(axis=1)
        free = [o for o in range(len(self.table.officers)) if able[o]]
        made = self._solve(free, self.lost, fixed, before)
        if self._open(made):
            free = self._helpers(made, free)
            loose = {s for o in free for s in before[o] - self.kept[o]} | set(self.lost)
            wider = self._solve(free, self._trim(free, sorted(loose)), self.kept, before)
            made = wider if self._open(wider) < self._open(made) else made
        return made

    def _open(self, roster: Roster) -> int:
        cover = Cover(self.table, roster)
        return sum(cover.cost(s) for s in self.lost)

    def _helpers(self, made: Roster, able: list[int]) -> list[int]:
        """Who could take what is still open, and those who live nearest to it."""
        cover, table = Cover(self.table, made), self.table
        still = [s for s in self.lost if cover.gap(s)]
        way = table.way[:, still].min(axis=1)
        mine = {o for o in able if table.allowed[o, still].any()}
        first = sorted(mine, key=lambda o: int(way[o]))[: MOST_FREE * 3 // 4]
        others = [o for o in np.argsort(way, kind="stable").tolist() if o not in set(first)]
        return sorted([*first, *others[: MOST_FREE - len(first)]])

    def _trim(self, free: list[int], shifts: list[int]) -> list[int]:
        centre = self.table.start[self.lost]
        away = {s: int(np.abs(centre - self.table.start[s]).min()) for s in shifts}
        kept, pairs = [], 0
        for shift in sorted(shifts, key=lambda s: away[s]):
            pairs += int(self.table.allowed[free, shift].sum())
            if kept and pairs > MOST_PAIRS:
                break
            kept.append(shift)
        return kept

    def _solve(
        self, free: Sequence[int], shifts: Sequence[int], fixed: Roster, before: Roster
    ) -> Roster:
        """Best cover, then fewest changes, then fairest."""
        if not free:
            return [set(duties) for duties in before]
        program = Program(self.table, before, free, shifts, fixed)
        variables, costs = program.cover()
        program.model.minimize(cp_model.LinearExpr.weighted_sum(variables, costs))
        run = solver(self.seconds / 2, self.workers)
        status = run.solve(program.model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return [set(duties) for duties in before]
        best = program.read(run)
        program = Program(self.table, best, free, shifts, fixed)
        variables, costs = program.cover()
        program.model.add(
            cp_model.LinearExpr.weighted_sum(variables, costs) <= round(run.objective_value)
        )
        literals, prices = priced(program, Fairness(self.table))
        for (officer, shift), literal in program.x.items():
            literals.append(literal)
            prices.append(-CHANGE if shift in before[officer] else CHANGE)
        program.model.minimize(cp_model.LinearExpr.weighted_sum(literals, prices))
        second = solver(self.seconds / 2, self.workers)
        again = second.solve(program.model)
        self.proven = status == again == cp_model.OPTIMAL
        return program.read(second) if again in (cp_model.OPTIMAL, cp_model.FEASIBLE) else best
