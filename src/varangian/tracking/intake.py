"""Fixes that arrive together are written together; whoever brought one waits until it is kept.

One thread with one connection writes; while it writes, the next batch gathers. The person behind
the phone is told "kept" only after PostgreSQL has said so.
"""

import asyncio
from collections.abc import Sequence
from functools import partial

import psycopg
import structlog

from . import store
from .desk import Desk
from .fix import Fix

log = structlog.get_logger()
GATHER = 0.05
"""Seconds from the first fix of a batch to its writing."""
MOST = 2_000
PATIENCE = 20.0
"""Seconds after which the sender is told to come again: phones keep what was not taken."""
Waiting = tuple[list[Fix], asyncio.Future[list[str]]]


class Unwritten(Exception):
    """The database is away; nothing was kept and the sender should come again."""


class Intake:
    def __init__(self) -> None:
        self._waiting: list[Waiting] = []
        self._task: asyncio.Task[None] | None = None
        self._desk = Desk("positions")

    async def put(self, fixes: list[Fix]) -> list[str]:
        """Returns when they are committed: for each the reason it was not believed, or nothing."""
        if not fixes:
            return []
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[str]] = loop.create_future()
        self._waiting.append((fixes, answer))
        if self._task is None or self._task.done():
            self._task = loop.create_task(self._run())
        try:
            return await asyncio.wait_for(answer, PATIENCE)
        except TimeoutError as error:
            raise Unwritten from error

    async def _run(self) -> None:
        while self._waiting:
            await asyncio.sleep(GATHER)
            batch = self._take()
            if await self._written(batch):
                continue
            for one in batch:
                # what one sender spoilt does not cost the others theirs
                if len(batch) == 1 or not await self._written([one]):
                    self._fail([one])

    async def _written(self, batch: list[Waiting]) -> bool:
        fixes = [fix for some, _ in batch for fix in some]
        try:
            self._answer(batch, await self._desk.do(partial(store.write, fixes=fixes)))
        except psycopg.OperationalError as error:
            log.warning("positions wait for the database", error=type(error).__name__)
            self._fail(batch)
        except Exception:
            log.exception("positions were not written", count=len(fixes))
            return False
        return True

    def _take(self) -> list[Waiting]:
        taken, size = [], 0
        while self._waiting and size < MOST:
            one = self._waiting.pop(0)
            taken.append(one)
            size += len(one[0])
        return taken

    def _answer(self, batch: list[Waiting], reasons: Sequence[str]) -> None:
        start = 0
        for fixes, answer in batch:
            if not answer.done():
                answer.set_result(list(reasons[start : start + len(fixes)]))
            start += len(fixes)

    def _fail(self, batch: list[Waiting]) -> None:
        for _, answer in batch:
            if not answer.done():
                answer.set_exception(Unwritten())


_intake = Intake()


async def put(fixes: list[Fix]) -> list[str]:
    """The one way into the tables from the live process, for every protocol."""
    return await _intake.put(fixes)
