"""ASGI application of the live process: ``GET /live`` is the stream, ``GET /healthz`` its pulse."""

import asyncio
from collections.abc import Awaitable, Callable
from http.cookies import SimpleCookie
from typing import Any

import django
import structlog
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import OperationalError

django.setup()

from .doors import Service, handler_for, services  # noqa: E402
from .hub import Hub, Listener, event_of  # noqa: E402
from .reach import listener_for  # noqa: E402
from .speaker import Speaker, warm  # noqa: E402

Scope = dict[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]
HEARTBEAT = 5.0
REFRESH = 60.0
RESTART = 1.0
log = structlog.get_logger()
hub = Hub()
hub.told = Speaker(hub.listeners).due
_tasks: set[asyncio.Task[None]] = set()


async def application(scope: Scope, receive: Any, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http":
        await _http(scope, receive, send)


async def _lifespan(receive: Any, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            _tasks.add(asyncio.create_task(hub.run()))
            _tasks.add(asyncio.create_task(asyncio.to_thread(warm)))
            _tasks.update(asyncio.create_task(_keep(*each)) for each in services().items())
            await send({"type": "lifespan.startup.complete"})
        else:
            for task in _tasks:
                task.cancel()
            await asyncio.gather(*_tasks, return_exceptions=True)
            await send({"type": "lifespan.shutdown.complete"})
            return


async def _keep(name: str, run: Service) -> None:
    while True:
        try:
            await run()
        except Exception:
            log.exception("a service of the live process ended", service=name)
        await asyncio.sleep(RESTART)


async def _http(scope: Scope, receive: Any, send: Send) -> None:
    headers = {k.decode().lower(): v.decode("latin-1") for k, v in scope["headers"]}
    if scope["path"] == "/healthz":
        state = b'{"live":"ok"}' if hub.connected else b'{"live":"waiting for the database"}'
        await _answer(send, 200, state)
        return
    if handler := handler_for(scope["path"]):
        await handler(scope, receive, send)
        return
    if scope["path"] != "/live" or scope["method"] != "GET":
        await _answer(send, 404, b"{}")
        return
    listener = await sync_to_async(listener_for)(_session(headers))
    if listener is None:
        await _answer(send, 401, b"{}", _allowed(headers))
        return
    await _stream(listener, receive, send, _allowed(headers), _session(headers))


async def _stream(
    listener: Listener, receive: Any, send: Send, extra: list[tuple[bytes, bytes]], session: str
) -> None:
    await send(
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [
                (b"content-type", b"text/event-stream"),
                (b"cache-control", b"no-store"),
                (b"x-accel-buffering", b"no"),
                *extra,
            ],
        }
    )
    gone = asyncio.create_task(_gone(receive))
    hub.listeners.add(listener)
    renewed = asyncio.get_running_loop().time()
    try:
        await _event(send, {"topic": "hello", "kind": "open", "record": None})
        await _event(send, {"topic": "database", "kind": hub.state, "record": None})
        while not gone.done():
            try:
                body = await asyncio.wait_for(listener.next_event(), HEARTBEAT)
                await send({"type": "http.response.body", "body": body, "more_body": True})
            except TimeoutError:
                await send(
                    {
                        "type": "http.response.body",
                        "body": b"event: pulse\ndata: {}\n\n",
                        "more_body": True,
                    }
                )
            if asyncio.get_running_loop().time() - renewed > REFRESH:
                try:
                    fresh = await sync_to_async(listener_for)(session)
                except OperationalError:
                    continue
                if fresh is None:
                    return
                listener.compartments, listener.carried = fresh.compartments, fresh.carried
                listener.urgent = fresh.urgent
                renewed = asyncio.get_running_loop().time()
    finally:
        hub.listeners.discard(listener)
        gone.cancel()


async def _event(send: Send, news: dict[str, Any]) -> None:
    await send({"type": "http.response.body", "body": event_of(news), "more_body": True})


async def _gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _answer(
    send: Send, status: int, body: bytes, extra: list[tuple[bytes, bytes]] | None = None
) -> None:
    head = [(b"content-type", b"application/json"), *(extra or [])]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})


def _session(headers: dict[str, str]) -> str:
    cookie = SimpleCookie(headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME)
    return cookie.value if cookie else ""


def _allowed(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    """CORS for our own pages only: the same host, on the port of the pages."""
    origin, host = headers.get("origin", ""), headers.get("host", "").rsplit(":", 1)[0]
    ours = {f"http://{host}:{settings.PORT}", *settings.CSRF_TRUSTED_ORIGINS}
    if origin not in ours:
        return []
    return [
        (b"access-control-allow-origin", origin.encode()),
        (b"access-control-allow-credentials", b"true"),
        (b"vary", b"Origin"),
    ]
