"""From NOTIFY to the queues of open screens; slow readers lose the oldest news."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
import structlog

from varangian.platform.database.connect import role_dsn

from .services import CHANNEL

log = structlog.get_logger()
QUEUE = 100


@dataclass(eq=False)
class Listener:
    """One open screen and the compartments it may hear of."""

    user: UUID
    compartments: frozenset[UUID]
    queue: asyncio.Queue[dict[str, Any]] = field(default_factory=lambda: asyncio.Queue(QUEUE))

    def hear(self, news: dict[str, Any]) -> None:
        place = news.get("compartment")
        if place is not None and UUID(place) not in self.compartments:
            return
        if self.queue.full():
            self.queue.get_nowait()
        self.queue.put_nowait(
            {"topic": news["topic"], "kind": news["kind"], "record": news["record"]}
        )


class Hub:
    def __init__(self) -> None:
        self.listeners: set[Listener] = set()
        self.connected = False

    @property
    def state(self) -> str:
        return "back" if self.connected else "away"

    def spread(self, payload: str) -> None:
        try:
            news = json.loads(payload)
        except ValueError:
            return
        for listener in list(self.listeners):
            listener.hear(news)

    async def run(self) -> None:
        """Listen for ever; when the database goes away, tell the screens and come back."""
        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError) as error:
                log.warning("live lost the database", error=type(error).__name__)
            self._tell("away")
            await asyncio.sleep(0.5)

    async def _listen(self) -> None:
        connection = await psycopg.AsyncConnection.connect(role_dsn("app"), autocommit=True)
        async with connection:
            await connection.execute(f"listen {CHANNEL}")
            self._tell("back")
            async for notice in connection.notifies():
                self.spread(notice.payload)

    def _tell(self, kind: str) -> None:
        self.connected = kind == "back"
        for listener in list(self.listeners):
            listener.hear({"topic": "database", "kind": kind, "record": None, "compartment": None})
