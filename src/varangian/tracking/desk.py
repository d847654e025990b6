"""A thread with a connection of the house, for the live process, whose loop must never wait."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import psycopg

from varangian.platform.database.connect import role_dsn

T = TypeVar("T")
CONNECT_SECONDS = 5


class Desk:
    """Work is done in order, each in a transaction of its own; a broken connection is replaced
    once, then the work fails."""

    def __init__(self, name: str) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._connection: psycopg.Connection | None = None

    async def do(self, work: Callable[[Any], T]) -> T:
        """``work`` gets a cursor; what it returns is committed."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._twice, work)

    def _twice(self, work: Callable[[Any], T]) -> T:
        try:
            return self._once(work)
        except psycopg.OperationalError:
            self._drop()
        try:
            return self._once(work)
        except psycopg.OperationalError:
            self._drop()
            raise

    def _once(self, work: Callable[[Any], T]) -> T:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(role_dsn("worker"), connect_timeout=CONNECT_SECONDS)
        with self._connection.transaction(), self._connection.cursor() as cursor:
            return work(cursor)

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None
