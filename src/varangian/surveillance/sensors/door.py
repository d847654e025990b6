"""``/sense/<token>`` of the live process: a sensor tells what it noticed, answered when kept."""

import asyncio
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog
from django.db import Error

from varangian.kernel.results import Refused
from varangian.platform.access.context import as_house

from ..services.sensing import Told, hear_token
from .reading import Unreadable, read

log = structlog.get_logger()
PREFIX = "/sense/"
MOST_BYTES = 64 * 1024
SECONDS = 10.0
_threads = ThreadPoolExecutor(4, thread_name_prefix="sensors")


async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
    try:
        status, body = await _answer(scope, receive)
    except TimeoutError:
        status, body = 408, {}
    except (Error, OSError) as error:
        log.warning("a sensor waits for the database", error=type(error).__name__)
        status, body = 503, {"error": "the database is away, send it again"}
    head = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    if status == 503:
        head.append((b"retry-after", b"5"))
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})


async def _answer(scope: dict[str, Any], receive: Any) -> tuple[int, dict[str, Any]]:
    if scope["method"] != "POST":
        return 405, {"error": "POST what the sensor noticed"}
    secret = scope["path"].removeprefix(PREFIX)[:200]
    body = await asyncio.wait_for(_body(receive), SECONDS)
    if body is None:
        return 413, {"error": "more than 64 kB at once"}
    try:
        told = read(body)
    except Unreadable as error:
        return 400, {"error": str(error)}
    return await asyncio.get_running_loop().run_in_executor(_threads, _hear, secret, told)


def _hear(secret: str, told: list[Told]) -> tuple[int, dict[str, Any]]:
    with as_house(purpose="a sensor tells"):
        try:
            kept = hear_token(digest=digest(secret), told=told)
        except Refused as why:
            return why.status, {"error": str(why)}
    if kept is None:
        return 404, {"error": "no sensor has this address: register it again"}
    return 200, {"kept": kept}


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


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
