"""Beside the stream of a camera: what it notices itself, pulled from it by ONVIF."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import structlog

from varangian.kernel.clock import now

from .onvif import soap
from .onvif.device import Device, Subscription, Trouble
from .onvif.topics import States, notices
from .sensors.told import Told
from .streams.keeper import back_off

log = structlog.get_logger()
MOST_A_MINUTE = 60
CALM_S = 60.0
LEAVE_S = 1.0
"""To end the subscription at the camera; later it forgets it by itself."""
Tell = Callable[[Told], Awaitable[None]]
Health = Callable[[datetime | None, str], None]
Access = dict[str, str]


class Movers:
    """The picture and the camera both tell of motion; together it begins once and ends once."""

    def __init__(self) -> None:
        self.who: set[str] = set()

    def news(self, name: str, who: str) -> bool:
        """Is this to be told? Other events always are."""
        if name not in ("motion.begun", "motion.ended"):
            return True
        alone = not self.who - {who}
        (self.who.add if name == "motion.begun" else self.who.discard)(who)
        return alone


class Pace:
    """A camera that tells without end is heard so often a minute."""

    def __init__(self, most: int = MOST_A_MINUTE) -> None:
        self.most, self.minute, self.told = most, -1, 0

    def may(self, seconds: float) -> bool:
        if int(seconds // 60) != self.minute:
            self.minute, self.told = int(seconds // 60), 0
        self.told += 1
        return self.told <= self.most


class Listener:
    """One subscription at a time, made anew with back-off for as long as it is wanted."""

    def __init__(self, tell: Tell, health: Health, transport: Any = None) -> None:
        self.tell, self.health, self.transport = tell, health, transport
        self.access: Access | None = None
        self.task: asyncio.Task[None] | None = None
        self.states, self.pace = States(), Pace()

    async def want(self, access: Access | None) -> None:
        """Begins, goes on elsewhere, or ends."""
        ended = self.task is not None and self.task.done()
        if access == self.access and not ended:
            return
        if access != self.access:
            await self.stop()
            self.states = States()
        self.access = access
        if access:
            self.task = asyncio.create_task(self._always(access))

    async def stop(self) -> None:
        task, self.task, self.access = self.task, None, None
        if task is not None:
            task.cancel()
            await asyncio.wait({task}, timeout=LEAVE_S)

    async def _always(self, access: Access) -> None:
        loop, losses = asyncio.get_running_loop(), 0
        while True:
            begun, reason = loop.time(), "The device does not do what it was asked for"
            try:
                await self._once(access)
            except Trouble as why:
                reason = str(why)
            except soap.Unreadable:
                reason = "What the device says of events cannot be read"
            except Exception as error:
                log.warning("events of a camera broke off", error=type(error).__name__)
            losses = 0 if loop.time() - begun > CALM_S else losses + 1
            self.health(None, reason)
            await asyncio.sleep(back_off(losses))

    async def _once(self, access: Access) -> None:
        device = Device(
            access["address"], access["user"], access["password"], transport=self.transport
        )
        async with device:
            await device.read_clock()
            own = await device.subscribe()
            try:
                await self._pull(device, own)
            finally:
                with contextlib.suppress(Trouble, soap.Unreadable, asyncio.CancelledError):
                    await device.leave(own)

    async def _pull(self, device: Device, own: Subscription) -> None:
        loop = asyncio.get_running_loop()
        renewed = loop.time()
        while True:
            begun = loop.time()
            found = notices(await device.pull(own))
            self.health(now(), "")
            for notice in found:
                told = self.states.hear(notice, device.drift)
                if told is not None and self.pace.may(loop.time()):
                    await self.tell(told)
            if loop.time() - renewed > own.ends_in.total_seconds() / 2:
                await device.renew(own)
                renewed = loop.time()
            if loop.time() - begun < 0.5:
                await asyncio.sleep(0.5)
