"""``/ingest/<token>`` of the live process: any tracker, one address, answered after the commit."""

import asyncio
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

import psycopg
import structlog
from django.db import Error as DjangoError

from varangian.kernel.clock import now

from . import parsers
from .fix import Fix
from .intake import Unwritten, put
from .parsers import Asked, Heard, Reading, Unreadable
from .rules import on_earth
from .services.calls import hear_sos
from .store import complain
from .tokens import Bearer, Tokens

log = structlog.get_logger()
PREFIX = "/ingest/"
MOST_BYTES = 2 * 1024 * 1024
SECONDS = 20.0
"""For a whole request to arrive: somebody who drips bytes is not waited for."""
AWAY = (503, b'{"error":"the database is away, send it again"}')
tokens = Tokens()
_calls = ThreadPoolExecutor(4, thread_name_prefix="sos")
Answer = tuple[int, bytes]


async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
    try:
        status, body = await _answer(scope, receive)
    except TimeoutError:
        status, body = 408, b"{}"
    except (Unwritten, psycopg.Error, DjangoError, OSError) as error:
        log.warning("the ingest waits for the database", error=type(error).__name__)
        status, body = AWAY
    head = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    if status == AWAY[0]:
        head.append((b"retry-after", b"5"))
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})


async def _answer(scope: dict[str, Any], receive: Any) -> Answer:
    if scope["method"] not in ("GET", "POST", "PUT"):
        return 405, b"{}"
    secret = scope["path"].removeprefix(PREFIX).split("/")[0]
    bearer = await tokens.bearer(secret[:200]) if secret else None
    if bearer is None:
        return 404, b'{"error":"no device has this address: enrol it again"}'
    body = await asyncio.wait_for(_body(receive), SECONDS)
    if body is None:
        return 413, b'{"error":"more than 2 MB at once: send fewer positions"}'
    try:
        return await hear(bearer, parsers.read(_asked(scope, body)))
    except Unreadable as error:
        await tokens.desk.do(partial(complain, device_id=bearer.device_id, reason="unreadable"))
        return 400, json.dumps({"error": str(error)}).encode()


def _asked(scope: dict[str, Any], body: bytes) -> Asked:
    heads = {name.lower(): value for name, value in scope["headers"]}
    text = scope.get("query_string", b"").decode("latin-1")
    query = dict(parse_qsl(text)) if text.count("&") < 100 else {}
    return Asked(query, body, heads.get(b"content-type", b"").decode("latin-1"))


async def _body(receive: Any) -> bytes | None:
    """None when there is more than anybody sends."""
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise TimeoutError
        part = message.get("body", b"")
        size += len(part)
        if size > MOST_BYTES:
            return None
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


async def hear(bearer: Bearer, heard: Heard) -> Answer:
    """A call for help is committed on a path of its own; its fix takes the usual one as well."""
    heard_at = now()
    calls = [reading for reading in heard.readings if reading.sos] or [None] * heard.sos
    for reading in [] if bearer.revoked else calls:
        await _call(bearer, reading, heard.source, heard_at)
    units = await _units(bearer, heard.readings)
    fixes = [
        fix_of(reading, units[reading.unit], heard.source, heard_at)
        for reading in heard.readings
        if reading.unit in units
    ]
    if strangers := len(heard.readings) - len(fixes):
        words = partial(complain, device_id=bearer.device_id, reason="stranger", count=strangers)
        await tokens.desk.do(words)
    reasons = await put(fixes)
    if reasons and all(reason == "expired" for reason in reasons):
        return 401, b'{"error":"this token has expired or was withdrawn: enrol the device again"}'
    if heard.reply != b"{}":
        return 200, heard.reply
    told = {"kept": reasons.count(""), "refused": Counter(r for r in reasons if r)}
    return 200, json.dumps(told).encode()


async def _call(bearer: Bearer, reading: Reading | None, source: str, heard_at: datetime) -> None:
    """The time of the device names the press, so that a repeat is the same press; without one,
    what comes within the same minute is."""
    at = reading.at if reading else None
    placed = reading is not None and on_earth(reading.lat, reading.lon)
    call = partial(
        hear_sos,
        device_id=bearer.device_id,
        at=min(at or heard_at, heard_at),
        position=(reading.lat, reading.lon) if reading and placed else None,
        via=source,
        key=f"{bearer.device_id} {(at or heard_at.replace(second=0, microsecond=0)).isoformat()}",
    )
    await asyncio.get_running_loop().run_in_executor(_calls, call)


async def _units(bearer: Bearer, readings: list[Reading]) -> dict[str, UUID]:
    """The devices that this one speaks for: itself, or the nodes of its mesh."""
    if all(not reading.unit for reading in readings):
        return {"": bearer.device_id}
    return {"": bearer.device_id, **await tokens.nodes(bearer.operation_id)}


def fix_of(reading: Reading, device_id: UUID, source: str, heard_at: datetime) -> Fix:
    return Fix(
        device_id=device_id,
        at=reading.at or heard_at,
        heard_at=heard_at,
        lat=reading.lat,
        lon=reading.lon,
        altitude=reading.altitude,
        accuracy=reading.accuracy,
        speed=reading.speed,
        course=reading.course,
        battery=reading.battery,
        activity=reading.activity,
        trigger="sos" if reading.sos else reading.trigger,
        source=source,
    )
