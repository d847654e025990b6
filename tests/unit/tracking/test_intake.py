"""Batches: who waits for what, and that nobody pays for a stranger's fix."""

import asyncio

import psycopg
import pytest

from varangian.kernel.clock import now
from varangian.kernel.ids import new_id
from varangian.tracking.fix import Fix
from varangian.tracking.intake import Intake, Unwritten


class Desk:
    def __init__(self, answer) -> None:
        self.answer, self.batches = answer, []

    async def do(self, work):
        fixes = work.keywords["fixes"]
        self.batches.append(len(fixes))
        return self.answer(fixes)


def fix(lat: float = 60.0) -> Fix:
    return Fix(new_id(), now(), now(), lat, 24.0)


def puts(answer, *many: list[Fix]):
    async def run():
        intake = Intake()
        intake._desk = desk = Desk(answer)
        told = await asyncio.gather(*map(intake.put, many), return_exceptions=True)
        return told, desk.batches

    return asyncio.run(run())


def test_what_comes_together_is_written_together_and_each_gets_its_own():
    told, batches = puts(
        lambda fixes: [str(round(one.lat)) for one in fixes], [fix(1)], [fix(2), fix(3)], []
    )
    assert told == [["1"], ["2", "3"], []]
    assert batches == [3]


def test_what_one_sender_spoilt_does_not_cost_the_others_theirs():
    def answer(fixes):
        if any(one.lat == 13 for one in fixes):
            raise psycopg.DataError("spoilt")
        return [""] * len(fixes)

    told, batches = puts(answer, [fix()], [fix(13)], [fix()])
    assert told[0] == told[2] == [""] and isinstance(told[1], Unwritten)
    assert batches == [3, 1, 1, 1]


def test_without_a_database_nobody_is_told_that_it_is_kept():
    def away(fixes):
        raise psycopg.OperationalError("away")

    told, batches = puts(away, [fix()], [fix()])
    assert all(isinstance(one, Unwritten) for one in told) and batches == [2]


@pytest.mark.parametrize("count", [1, 5])
def test_the_next_batch_gathers_while_one_is_written(count):
    told, batches = puts(lambda fixes: [""] * len(fixes), *[[fix()] for _ in range(count)])
    assert told == [[""]] * count and batches == [count]
