"""How evenly hours, nights and weekends lie on people, and how far wishes are met.

The price is in minutes: one minute of work more than a fair share, beyond two hours of it, costs
one, beyond ten hours three; a night or a weekend duty too many or too few, a dislike and a way
cost what PRICES say. Fair is each officer's share by contract hours and days present.
"""

from dataclasses import dataclass

import numpy as np

from varangian.engines.rostering.table import Ints, Table

PRICES = {"night": 240, "weekend": 180, "dislike": 90, "way": 0.5}
LEEWAY, FAR = 120, 600


@dataclass(frozen=True, slots=True)
class Step:
    """``price`` for each unit by which an officer's amount passes ``threshold`` on one side."""

    threshold: Ints
    price: int
    above: bool


@dataclass(frozen=True, slots=True)
class Measure:
    """``amounts``: (officers, shifts)."""

    amounts: Ints
    steps: tuple[Step, ...]


class Fairness:
    def __init__(self, table: Table) -> None:
        self.table = table
        shape, length = table.paid.shape, table.end - table.start
        wanted, share = table.wanted, table.share
        fair = (share * float((wanted * length).sum())).astype(np.int64)
        hours = (
            Step(fair + LEEWAY, 1, True),
            Step(fair + FAR, 2, True),
            Step(fair - LEEWAY, 1, False),
            Step(fair - FAR, 2, False),
        )
        self.measures = [Measure(table.paid, hours)]
        for kind, price in (("night", PRICES["night"]), ("weekend", PRICES["weekend"])):
            mask: Ints = getattr(table, kind).astype(np.int64)
            part = share * (table.allowed & (mask > 0)).any(axis=1)
            part = part / part.sum() if part.sum() else part
            fair = part * float((wanted * mask).sum())
            low, high = np.floor(fair + 1e-9), np.ceil(fair - 1e-9)
            steps = (
                Step(high.astype(np.int64), int(price), True),
                Step(high.astype(np.int64) + 1, int(price), True),
                Step(low.astype(np.int64), int(price) // 2, False),
            )
            self.measures.append(Measure(np.broadcast_to(mask, shape), steps))
        ways = np.floor(PRICES["way"] * table.way).astype(np.int64)
        self.each: Ints = int(PRICES["dislike"]) * table.dislike + ways

    def price(self, officer: int, duties: set[int]) -> int:
        """What this officer's roster costs; may be negative when wishes are met."""
        held = sorted(duties)
        cost = int(self.each[officer, held].sum())
        for measure in self.measures:
            amount = int(measure.amounts[officer, held].sum())
            for step in measure.steps:
                past = amount - int(step.threshold[officer])
                cost += step.price * max(0, past if step.above else -past)
        return cost

    def total(self, roster: list[set[int]]) -> int:
        return sum(self.price(officer, duties) for officer, duties in enumerate(roster))
