"""What a roster leaves open."""

import numpy as np

from varangian.engines.rostering.check import Roster
from varangian.engines.rostering.model import Gap
from varangian.engines.rostering.table import HEAD, SKILL, Ints, Table


class Cover:
    """Counts of officers on each shift, and of those among them who meet each need."""

    def __init__(self, table: Table, roster: Roster) -> None:
        self.table = table
        self.heads: Ints = np.zeros(len(table.shifts), dtype=np.int64)
        self.met: list[list[int]] = [[0] * len(among) for among in table.among]
        for officer, duties in enumerate(roster):
            for shift in duties:
                self.count(officer, shift, 1)

    def count(self, officer: int, shift: int, change: int) -> None:
        self.heads[shift] += change
        for k, (name, _, _) in enumerate(self.table.among[shift]):
            if self.table.holds[name, officer, shift]:
                self.met[shift][k] += change

    def missing(self, shift: int) -> int:
        return max(0, int(self.table.wanted[shift] - self.heads[shift]))

    def lacking(self, shift: int) -> list[int]:
        """For each need that counts: how many more are due."""
        among = self.table.among[shift]
        return [max(0, n - met) for (_, n, _), met in zip(among, self.met[shift], strict=True)]

    def gap(self, shift: int) -> int:
        return self.missing(shift) + sum(self.lacking(shift))

    def cost(self, shift: int) -> int:
        open_cost = HEAD * self.missing(shift) + SKILL * sum(self.lacking(shift))
        return int(self.table.weight[shift]) * open_cost

    def gaps(self) -> list[Gap]:
        made = []
        for shift, asked in enumerate(self.table.shifts):
            lacking = [
                (need, count)
                for (_, _, need), count in zip(
                    self.table.among[shift], self.lacking(shift), strict=True
                )
                if count
            ]
            if lacking or self.missing(shift):
                made.append(Gap(asked.id, self.missing(shift), tuple(lacking)))
        return made

    def open(self) -> int:
        return sum(self.gap(s) for s in range(len(self.table.shifts)))

    def total_cost(self) -> int:
        return sum(self.cost(s) for s in range(len(self.table.shifts)))
