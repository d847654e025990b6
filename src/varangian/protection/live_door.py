"""The same door in the live process: when web is killed or busy, a press still gets in."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from . import door

THREADS = 8
PATIENCE = 60.0
SLOWEST = 10.0
_pool = ThreadPoolExecutor(THREADS, thread_name_prefix="duress-door")


async def handle(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["method"] not in ("GET", "POST"):
        await _answer(send, 204 if scope["method"] in ("HEAD", "OPTIONS") else 405, {})
        return
    try:
        body = await asyncio.wait_for(_body(receive), SLOWEST)
    except TimeoutError:
        body = b""
    headers = dict(scope["headers"])
    kind = headers.get(b"content-type", b"").decode("latin-1")
    given = door.fields_of(scope["query_string"].decode("latin-1"), body, kind)
    secret = scope["path"].removeprefix(door.PATH)
    hear = partial(door.hear, secret, given, patience=PATIENCE)
    status, words = await asyncio.shield(asyncio.get_running_loop().run_in_executor(_pool, hear))
    await _answer(send, status, words)


async def _body(receive: Any) -> bytes:
    found = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return found
        found += message.get("body", b"")
        if not message.get("more_body") or len(found) > door.MOST_BYTES:
            return found


async def _answer(send: Any, status: int, words: dict[str, Any]) -> None:
    """Any page may send here: the key is the authority, and no cookie is read."""
    head = [(b"content-type", b"application/json"), (b"access-control-allow-origin", b"*")]
    body = json.dumps(words).encode() if words else b""
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})
