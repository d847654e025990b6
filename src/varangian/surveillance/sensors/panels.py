"""The receiver of alarm panels, a service of the live process: off until VARANGIAN_SIA names an
address. An event is acknowledged when it is kept; else the panel sends it again."""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import structlog
from django.db import Error

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.context import as_house

from ..services import sensing
from . import sia
from .told import Told

log = structlog.get_logger()
SECONDS = 30.0
MOST_PANELS = 200
_threads = ThreadPoolExecutor(2, thread_name_prefix="panels")


def where() -> tuple[str, int] | None:
    given = os.environ.get("VARANGIAN_SIA", "")
    host, _, port = given.rpartition(":")
    if not given:
        return None
    if not host or not port.isdecimal():
        raise Refused("An address is HOST:PORT", where=f"VARANGIAN_SIA={given}")
    return host.strip("[]"), int(port)


async def run() -> None:
    """For as long as the live process lives."""
    here = where()
    if here is None:
        await asyncio.Event().wait()
        return
    server = await asyncio.start_server(Receiver().serve, *here, limit=sia.MOST)
    log.info("alarm panels are heard", at=f"{here[0]}:{here[1]}")
    async with server:
        await server.serve_forever()


class Receiver:
    def __init__(self) -> None:
        self.open = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.open >= MOST_PANELS:
            writer.close()
            return
        self.open += 1
        try:
            while True:
                frame = await asyncio.wait_for(reader.readuntil(b"\r"), SECONDS)
                if answer := await self._answer(frame):
                    writer.write(answer)
                    await writer.drain()
        except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
            return
        finally:
            self.open -= 1
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _answer(self, frame: bytes) -> bytes:
        try:
            message = sia.read(frame)
        except sia.Garbled:
            return b""
        try:
            return await asyncio.get_running_loop().run_in_executor(_threads, hear, message)
        except Error as error:
            log.warning("an alarm panel waits for the database", error=type(error).__name__)
            return b""


def hear(message: sia.Message) -> bytes:
    """Kept and acknowledged, or why not."""
    present = now()
    with as_house(purpose="an alarm panel tells"):
        panel = sensing.panel(message.account)
        if panel is None:
            return sia.unable(message)
        try:
            told = sia.happened(message, panel.panel_key or "", present)
        except sia.Stale:
            return sia.refuse(present)
        except sia.Unusable as why:
            log.info("a message of a panel is of no use", why=str(why))
            return sia.unable(message)
        sensing.hear_panel(panel=panel, told=_told(message, told), panic=told.code in sia.PANIC)
    return sia.acknowledge(message, panel.panel_key or "", present)


def _told(message: sia.Message, found: sia.Happened) -> Told:
    """Within an hour the same number and the same words are the same event, sent again."""
    if not found.code:
        return Told()
    key = f"{message.sequence}:{message.crc}:{now():%Y%m%d%H}"
    return Told(f"panel.{found.code}", found.at, {"words": found.words}, key)
