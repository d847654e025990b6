"""The parent of one child: gives it orders, believes only well-formed messages, and ends it when
it falls silent."""

import asyncio
import json
import random
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from .wire import MOST_HEAD, Broken, head_of

CHILD = "varangian.surveillance.streams.child"
SILENT_S = 20.0
"""Opening may take eight seconds, reading another eight; whoever says nothing longer hangs."""
FIRST_S, MOST_S = 1.0, 60.0
Heard = Callable[[dict[str, Any], bytes], Awaitable[None]]


def back_off(losses: int, draw: Callable[[], float] = random.random) -> float:
    """Seconds until the next try: doubled each time, and never the same for two cameras."""
    most = min(MOST_S, FIRST_S * 2 ** min(losses, 10))
    return most / 2 + draw() * most / 2


@dataclass
class Keeper:
    heard: Heard
    process: asyncio.subprocess.Process | None = None

    async def run(self, order: dict[str, Any]) -> str:
        """Until the child ends; returns why, in words of ours."""
        from .children import spare_environment, with_parent

        self.process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", CHILD),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=spare_environment(),
            preexec_fn=with_parent,
            limit=MOST_HEAD,
        )
        try:
            await self.tell(order)
            return await self._listen(self.process)
        finally:
            await self.stop()

    async def tell(self, order: dict[str, Any]) -> None:
        writer = self.process.stdin if self.process else None
        if writer is None or writer.is_closing():
            return
        try:
            writer.write(json.dumps(order).encode() + b"\n")
            await writer.drain()
        except (BrokenPipeError, ConnectionResetError):
            return

    async def _listen(self, process: asyncio.subprocess.Process) -> str:
        reader = process.stdout
        assert reader is not None
        while True:
            try:
                async with asyncio.timeout(SILENT_S):
                    line = await reader.readline()
                    if not line:
                        return "The reader of this camera ended; it is started again"
                    head = head_of(line)
                    body = await reader.readexactly(head["size"])
            except TimeoutError:
                return "The camera sends nothing"
            except (Broken, ValueError, asyncio.IncompleteReadError):
                return "The reader of this camera broke off; it is started again"
            if head.get("say") == "end":
                return str(head.get("reason", ""))[:120]
            await self.heard(head, body)

    async def stop(self) -> None:
        process, self.process = self.process, None
        if process is None:
            return
        if process.returncode is None:
            process.kill()
        await process.wait()
