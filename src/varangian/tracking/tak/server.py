"""The listeners and the beat of the TAK endpoint, as one coroutine of the live process."""

import asyncio
import contextlib
import resource
from collections.abc import Awaitable, Callable

import structlog

from . import tls
from .cot import Event
from .link import Door, Link, Seat
from .relay import Circle, Member, Relay

log = structlog.get_logger()
BACKLOG = 1024
HANDSHAKE = 10.0
LOOK_AGAIN = 3.0
FORGET = 600.0

Look = Callable[[list[str]], Awaitable[dict[str, Seat | None]]]


class Stream:
    """All connected clients, on the plain port and behind TLS, and what flows between them."""

    def __init__(self, door: Door | None = None, look: Look | None = None) -> None:
        self.relay, self.links = Relay(), set[Link]()
        self.door, self.look = door, look
        self._looking: asyncio.Future[None] | None = None
        self._quiet: dict[tuple[Circle, str], tuple[str, float]] = {}

    async def open_plain(self, host: str, port: int) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        made = lambda: Link(self.relay, self.links)  # noqa: E731
        return await loop.create_server(made, host, port, backlog=BACKLOG)

    async def open_tls(self, host: str, port: int) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        context = await asyncio.to_thread(tls.context, client_certificate=True)
        return await loop.create_server(
            lambda: Link(self.relay, self.links, self.door),
            host,
            port,
            ssl=context,
            backlog=BACKLOG,
            ssl_handshake_timeout=HANDSHAKE,
        )

    async def beat(self) -> None:
        """For ever: what was said since the last tick, to everybody at once."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            due = max(due + self.relay.pause(), loop.time())
            await asyncio.sleep(due - loop.time())
            try:
                self.relay.tick()
            except Exception:
                log.exception("a tick of the TAK endpoint failed")

    async def watch(self) -> None:
        """Once a second the slow and the silent; every few seconds who may still be here."""
        loop = asyncio.get_running_loop()
        looked = loop.time()
        while True:
            await asyncio.sleep(1)
            for link in list(self.links):
                link.second(loop.time())
            if self.look is not None and loop.time() - looked >= LOOK_AGAIN:
                looked = loop.time()
                self._forget(looked)
                if self._looking is None or self._looking.done():
                    self._looking = asyncio.ensure_future(self._look_again(self.look))

    async def _look_again(self, look: Look) -> None:
        seated = [link for link in self.links if link.joined and link.fingerprint]
        shown = list({link.fingerprint for link in seated})
        try:
            known = await look(shown) if shown else {}
        except Exception as error:
            log.warning("the TAK endpoint waits for the database", error=type(error).__name__)
            return
        for link in seated:
            if link.fingerprint in known:
                link.reseat(known[link.fingerprint])

    def _forget(self, at: float) -> None:
        """A device of another kind that says nothing more is not shown to newcomers for ever."""
        kept: dict[tuple[Circle, str], tuple[str, float]] = {}
        for circle, group in self.relay.groups.items():
            here = {member.uid for member in group.members}
            for uid, event in [pair for pair in group.last.items() if pair[0] not in here]:
                said, since = self._quiet.get((circle, uid), (event.time, at))
                since = since if said == event.time else at
                if at - since > FORGET:
                    del group.last[uid]
                else:
                    kept[circle, uid] = event.time, since
        self._quiet = kept

    def listen(self, listener: Callable[[Member, Event], None]) -> None:
        self.relay.listeners.append(listener)

    async def close(self, servers: list[asyncio.Server]) -> None:
        for server in servers:
            server.close()
        for link in list(self.links):
            link.drop("the house stops")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(2):
                await asyncio.gather(*(server.wait_closed() for server in servers))


def more_files() -> None:
    """Every client is a file; the usual 1,024 are not enough for a large event."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
