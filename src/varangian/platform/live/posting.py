"""An address with a token in it, to which a device posts; answered when what it says is kept."""

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.db import Error

from varangian.kernel.results import Refused
from varangian.platform.access.context import as_house
from varangian.platform.access.services import digest

log = structlog.get_logger()
MOST_BYTES = 64 * 1024
SECONDS = 10.0
THREADS = 4


@dataclass(frozen=True)
class Posting[Told]:
    """``read`` raises ``unreadable`` in words for whoever set the device up; ``keep`` answers how
    many were kept, or nothing where no device has this token."""

    prefix: str
    device: str
    asked: str
    read: Callable[[bytes], Told]
    unreadable: type[ValueError]
    keep: Callable[[str, Told], int | None]
    threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(THREADS))

    async def answer(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        try:
            status, body = await self._answer(scope, receive)
        except TimeoutError:
            status, body = 408, {}
        except (Error, OSError) as error:
            log.warning(f"a {self.device} waits for the database", error=type(error).__name__)
            status, body = 503, {"error": "the database is away, send it again"}
        head = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
        if status == 503:
            head.append((b"retry-after", b"5"))
        await send({"type": "http.response.start", "status": status, "headers": head})
        await send({"type": "http.response.body", "body": json.dumps(body).encode()})

    async def _answer(self, scope: dict[str, Any], receive: Any) -> tuple[int, dict[str, Any]]:
        if scope["method"] != "POST":
            return 405, {"error": f"POST {self.asked}"}
        secret = scope["path"].removeprefix(self.prefix)[:200]
        body = await asyncio.wait_for(_body(receive), SECONDS)
        if body is None:
            return 413, {"error": f"more than {MOST_BYTES // 1024} kB at once"}
        try:
            told = self.read(body)
        except self.unreadable as error:
            return 400, {"error": str(error)}
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.threads, self._keep, secret, told)

    def _keep(self, secret: str, told: Told) -> tuple[int, dict[str, Any]]:
        with as_house(purpose=f"a {self.device} tells"):
            try:
                kept = self.keep(digest(secret), told)
            except Refused as why:
                return why.status, {"error": str(why)}
        if kept is None:
            return 404, {"error": f"no {self.device} has this address: register it again"}
        return 200, {"kept": kept}


async def _body(receive: Any) -> bytes | None:
    parts, size = [], 0
    while True:
        message = await receive()
        part = message.get("body", b"")
        size += len(part)
        if size > MOST_BYTES:
            return None
        parts.append(part)
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return b"".join(parts)
