"""From NOTIFY to the queues of open screens; slow readers lose the oldest news."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

import psycopg
import structlog

from varangian.platform.database.connect import role_dsn

from .services import CHANNEL

log = structlog.get_logger()
QUEUE = 100
URGENT = frozenset({"duress"})
"""Never lost to a slow reader, and heard in life by whoever is in an exercise."""
GATHER = 0.1


Rows = dict[str, list[Any]]
Lane = tuple[str, UUID]
"""A topic that carries its data, and the compartment the data is of."""


class Frame:
    """Rows for many screens: put into words once, the same bytes for all."""

    def __init__(self, topic: str, kind: str, rows: Rows) -> None:
        self.topic, self.kind, self.rows = topic, kind, rows

    @cached_property
    def news(self) -> dict[str, Any]:
        rows = list(self.rows.values())
        return {"topic": self.topic, "kind": self.kind, "record": None, "data": rows}

    @cached_property
    def body(self) -> bytes:
        return event_of(self.news)


def event_of(news: dict[str, Any]) -> bytes:
    return f"event: news\ndata: {json.dumps(news)}\n\n".encode()


@dataclass(eq=False)
class Listener:
    """One open screen and the compartments it may hear of."""

    user: UUID
    compartments: frozenset[UUID]
    carried: dict[str, frozenset[UUID]] = field(default_factory=dict)
    """For each topic that carries its data, the compartments whose data this person may see."""
    urgent: frozenset[UUID] = frozenset()
    """Compartments of which only urgent news is heard."""
    queue: asyncio.Queue[dict[str, Any] | Lane] = field(
        default_factory=lambda: asyncio.Queue(QUEUE)
    )
    _frames: dict[Lane, Frame] = field(default_factory=dict)

    def hear(self, news: dict[str, Any]) -> bool:
        """False when it is nothing for this person."""
        place = news.get("compartment")
        heard = self.compartments | self.urgent if _urgent(news) else self.compartments
        if place is not None and UUID(place) not in heard:
            return False
        self._put({"topic": news["topic"], "kind": news["kind"], "record": news["record"]})
        return True

    def say(self, topic: str, html: str) -> None:
        self._put({"topic": topic, "kind": "said", "record": None, "html": html})

    def hear_frame(self, lane: Lane, frame: Frame) -> None:
        """A screen that is slow gets the newest of each, not everything in turn."""
        if lane[1] not in self.carried.get(lane[0], ()):
            return
        waiting = self._frames.get(lane)
        if waiting is None:
            self._frames[lane] = frame
            self._put(lane)
        else:
            self._frames[lane] = Frame(frame.topic, frame.kind, waiting.rows | frame.rows)

    def _put(self, item: dict[str, Any] | Lane) -> None:
        if self.queue.full():
            self._make_room()
        self.queue.put_nowait(item)

    def _make_room(self) -> None:
        """The oldest goes; what is urgent only when there is nothing else."""
        waiting = [self.queue.get_nowait() for _ in range(self.queue.qsize())]
        dropped = waiting.pop(next((n for n, one in enumerate(waiting) if not _urgent(one)), 0))
        if isinstance(dropped, tuple):
            self._frames.pop(dropped, None)
        for one in waiting:
            self.queue.put_nowait(one)

    async def next_event(self) -> bytes:
        """What to send, when there is something."""
        item = await self.queue.get()
        return self._frames.pop(item).body if isinstance(item, tuple) else event_of(item)


def _urgent(item: dict[str, Any] | Lane) -> bool:
    return isinstance(item, dict) and item["topic"] in URGENT


class Hub:
    def __init__(self) -> None:
        self.listeners: set[Listener] = set()
        self.told: Callable[[str, UUID], None] = lambda _topic, _user: None
        """Called with the topic of news, and whoever heard it."""
        self._gathered: dict[Lane, Frame] = {}
        self.connected = False

    @property
    def state(self) -> str:
        return "back" if self.connected else "away"

    def spread(self, payload: str) -> None:
        try:
            news = json.loads(payload)
        except ValueError:
            return
        if "data" in news:
            self._gather(news)
            return
        for listener in list(self.listeners):
            if listener.hear(news):
                self.told(news["topic"], listener.user)

    def _gather(self, news: dict[str, Any]) -> None:
        """Ten times a second is more than an eye follows."""
        if not self._gathered:
            asyncio.get_running_loop().call_later(GATHER, self._spread_gathered)
        lane = (news["topic"], UUID(news["compartment"]))
        frame = self._gathered.setdefault(lane, Frame(news["topic"], news["kind"], {}))
        frame.rows.update((row[0], row) for row in news["data"])

    def _spread_gathered(self) -> None:
        gathered, self._gathered = self._gathered, {}
        for lane, frame in gathered.items():
            for listener in list(self.listeners):
                listener.hear_frame(lane, frame)

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
