"""The way to the hub, in the live process of a node: one task for calls for help, one for the rest.

Both ask the database every fifth of a second. The first keeps the pulse of the link with short
patience, so that it knows within a second that the link is back; then the other begins anew,
whatever request of its own still hangs in the dead link.
"""

import asyncio
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from time import monotonic
from typing import Any

import httpx
import structlog
from django.db import Error

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.context import as_house
from varangian.platform.storage.services import read

from .models import Lane, Parcel, Uplink
from .services import node_contact, node_copying, node_positions, parcels

log = structlog.get_logger()
BEAT = 0.2
PULSE_UP, PULSE_DOWN = 5.0, 0.5
SHORT = httpx.Timeout(2.0, connect=0.8)
"""A press is sent again rather than waited for; its key makes it one."""
LONG = httpx.Timeout(20.0, connect=2.0)
BATCH = 25
COPY_EVERY = 60.0
PAUSE = 1.0
_pool = ThreadPoolExecutor(4, thread_name_prefix="node")


async def run() -> None:
    """For ever: a courier for each hub that this house has joined."""
    couriers: dict[Any, asyncio.Task[None]] = {}
    try:
        while True:
            for uplink in await _house(node_contact.held):
                if uplink.pk not in couriers or couriers[uplink.pk].done():
                    couriers[uplink.pk] = asyncio.create_task(Courier(uplink).run())
            await asyncio.sleep(PAUSE)
    except Error as error:
        log.warning("the way to the hub waits for the database", error=type(error).__name__)
    finally:
        for task in couriers.values():
            task.cancel()


async def _house[T](work: Callable[[], T]) -> T:
    """Blocking work of the house, in a thread and a transaction of its own."""

    def inside() -> T:
        with as_house(purpose="the way to the hub"):
            return work()

    return await asyncio.get_running_loop().run_in_executor(_pool, inside)


class Courier:
    def __init__(self, uplink: Uplink) -> None:
        self.uplink = uplink
        self.up = False
        self.said = 0.0
        self.copied = 0.0
        self.rest: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Ends when the house has left the hub; started anew after any fault."""
        async with self._client(SHORT) as client:
            try:
                while await self._round(client):
                    await asyncio.sleep(BEAT)
            except (Error, Refused) as error:
                log.warning("a courier starts anew", error=type(error).__name__)
            finally:
                self._stop_rest()

    def _client(self, timeout: httpx.Timeout) -> httpx.AsyncClient:
        head = {"Authorization": f"Bearer {self.uplink.token}"}
        return httpx.AsyncClient(base_url=self.uplink.url, headers=head, timeout=timeout)

    async def _round(self, client: httpx.AsyncClient) -> bool:
        """Calls for help first, else the pulse when it is due."""
        if not await _house(partial(node_contact.still_joined, self.uplink)):
            return False
        calls = await _house(self._calls)
        due = monotonic() - self.said > (PULSE_UP if self.up else PULSE_DOWN)
        if calls or due:
            await self._speak(client, calls)
        return True

    def _calls(self) -> list[Parcel]:
        parcels.pack_presses(self.uplink)
        return parcels.waiting(self.uplink, Lane.DURESS, BATCH)

    async def _speak(self, client: httpx.AsyncClient, calls: list[Parcel]) -> None:
        self.said = monotonic()
        try:
            await self._deliver(client, calls)
        except (httpx.HTTPError, Refused, ValueError) as error:
            await self._down(error)
            if isinstance(error, Refused):
                raise
            return
        if not self.up:
            self.up = True
            log.info("the hub is reached", hub=self.uplink.label)
            self._begin_rest()
        await _house(partial(node_contact.reached, self.uplink))

    async def _down(self, error: Exception) -> None:
        why = str(error) if isinstance(error, Refused) else type(error).__name__
        if self.up:
            log.warning("the hub is out of reach", hub=self.uplink.label, why=why)
        self.up = False
        self._stop_rest()
        await _house(partial(node_contact.missed, self.uplink, why))

    async def _deliver(self, client: httpx.AsyncClient, rows: list[Parcel]) -> bool:
        body = await _house(partial(self._body, rows))
        answer = await self._post(client, "/node/acts", body)
        return await _house(partial(parcels.answered, self.uplink, answer["acts"]))

    def _body(self, rows: list[Parcel]) -> dict[str, Any]:
        return {
            "sent_at": now().isoformat(),
            "waiting": parcels.waiting_count(self.uplink),
            "acts": [_shape(row) for row in rows],
        }

    async def _post(
        self, client: httpx.AsyncClient, path: str, body: dict[str, Any]
    ) -> dict[str, Any]:
        answer = await client.post(path, json=body)
        return _checked(answer)

    def _begin_rest(self) -> None:
        self._stop_rest()
        self.rest = asyncio.create_task(self._rest())

    def _stop_rest(self) -> None:
        if self.rest is not None:
            self.rest.cancel()
        self.rest = None

    async def _rest(self) -> None:
        """Acts in their order, then positions, then a fresh copy once nothing waits."""
        async with self._client(LONG) as client:
            while True:
                try:
                    busy = await self._more(client)
                except (httpx.HTTPError, Refused, Error, ValueError) as error:
                    log.warning("the hub did not take it", error=type(error).__name__)
                    busy = False
                    await asyncio.sleep(PAUSE)
                if not busy:
                    await asyncio.sleep(BEAT)

    async def _more(self, client: httpx.AsyncClient) -> bool:
        rows = await _house(partial(parcels.waiting, self.uplink, Lane.ACTS, BATCH))
        if rows:
            if not await self._deliver(client, rows):
                await asyncio.sleep(PAUSE)
            return True
        if await self._positions(client):
            return True
        if monotonic() - self.copied > COPY_EVERY:
            self.copied = monotonic()
            await self._copy(client)
        return False

    async def _positions(self, client: httpx.AsyncClient) -> bool:
        rows, until = await _house(partial(node_positions.next_positions, self.uplink))
        if rows:
            body = {"sent_at": now().isoformat(), "fixes": rows}
            await self._post(client, "/node/positions", body)
            await _house(partial(node_positions.sent_positions, self.uplink, until))
        return bool(rows)

    async def _copy(self, client: httpx.AsyncClient) -> None:
        answer = await client.get("/node/copy", params={"have": self.uplink.copied})
        found = _checked(answer)
        if not found.get("same"):
            await _house(partial(node_copying.renew, self.uplink, found))


def _checked(answer: httpx.Response) -> dict[str, Any]:
    found = answer.json()
    if answer.status_code != 200:
        raise Refused(str(found.get("title", answer.status_code)), mend=str(found.get("mend", "")))
    return found


def _shape(row: Parcel) -> dict[str, Any]:
    files = parcels.files_of(row)
    return {
        "key": str(row.act),
        "number": row.pk,
        "kind": row.kind,
        "at": row.at.isoformat(),
        "person": str(row.person_id) if row.person_id else None,
        "body": row.body,
        "files": {name: b64encode(read(stored)).decode() for name, stored in files.items()},
    }
