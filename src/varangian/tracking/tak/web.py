"""A small HTTPS server for the two doors beside the stream: no framework stands at them."""

import asyncio
import contextlib
import json
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import h11
import structlog

log = structlog.get_logger()
PATIENCE, BODY_PATIENCE, IDLE = 15.0, 120.0, 60.0
MOST_AT_ONCE = 300
CHUNK = 256 * 1024


@dataclass
class Asked:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    fingerprint: str
    peer: str


@dataclass
class Answer:
    status: int = 200
    body: bytes = b""
    kind: str = "text/plain; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, value: Any, status: int = 200) -> "Answer":
        return cls(status, json.dumps(value, default=str).encode(), "application/json")

    @classmethod
    def text(cls, words: str, status: int = 200) -> "Answer":
        return cls(status, words.encode())


Handler = Callable[[Asked], Awaitable[Answer]]


class TooMuch(Exception):
    """A body that is longer than it may be."""


class Web:
    def __init__(self, handler: Handler, most_body: int) -> None:
        self.handler, self.most_body, self.open = handler, most_body, 0

    async def listen(self, host: str, port: int, context: ssl.SSLContext) -> asyncio.Server:
        return await asyncio.start_server(
            self._serve, host, port, ssl=context, ssl_handshake_timeout=PATIENCE
        )

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        try:
            if self.open <= MOST_AT_ONCE:
                await Conversation(self, reader, writer).run()
        except (TimeoutError, OSError, h11.RemoteProtocolError, ssl.SSLError):
            """Whoever breaks off, breaks the protocol or never finishes gets no answer."""
        except asyncio.CancelledError:
            raise
        except Exception:
            log.exception("a request at the TAK doors failed")
        finally:
            self.open -= 1
            writer.transport.abort()


class Conversation:
    def __init__(
        self, web: Web, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.web, self.reader, self.writer = web, reader, writer
        self.http = h11.Connection(h11.SERVER, max_incomplete_event_size=32 * 1024)
        held: ssl.SSLObject | None = writer.get_extra_info("ssl_object")
        shown = held.getpeercert(binary_form=True) if held else None
        self.fingerprint = sha256(shown).hexdigest() if shown else ""
        self.peer = str((writer.get_extra_info("peername") or ("?",))[0])

    async def run(self) -> None:
        while True:
            async with asyncio.timeout(IDLE):
                event = await self._next()
            if not isinstance(event, h11.Request):
                return
            answer = await self._answer(event)
            if answer is None:
                return
            await self._send(answer, event.method == b"HEAD")
            if self.http.our_state is not h11.DONE or self.http.their_state is not h11.DONE:
                return
            self.http.start_next_cycle()

    async def _answer(self, request: h11.Request) -> Answer | None:
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in request.headers}
        if headers.get("expect", "").lower() == "100-continue":
            await self._write(
                self.http.send(h11.InformationalResponse(status_code=100, headers=[]))
            )
        try:
            async with asyncio.timeout(BODY_PATIENCE):
                body = await self._body(headers)
        except TooMuch:
            return Answer.text("too long", 413)
        target = urlsplit(request.target.decode("latin-1"))
        query = dict(parse_qsl(target.query, keep_blank_values=True))
        method, path = request.method.decode(), unquote(target.path)
        asked = Asked(method, path, query, headers, body, self.fingerprint, self.peer)
        try:
            return await self.web.handler(asked)
        except Exception:
            log.exception("the TAK doors could not answer", path=path)
            return Answer.text("something failed", 500)

    async def _body(self, headers: dict[str, str]) -> bytes:
        with contextlib.suppress(ValueError):
            if int(headers.get("content-length", "0")) > self.web.most_body:
                raise TooMuch
        body = bytearray()
        while True:
            event = await self._next()
            if isinstance(event, h11.Data):
                body += event.data
                if len(body) > self.web.most_body:
                    raise TooMuch
            elif isinstance(event, h11.EndOfMessage):
                return bytes(body)
            else:
                raise h11.RemoteProtocolError("broken off")

    async def _next(self) -> Any:
        while (event := self.http.next_event()) is h11.NEED_DATA:
            async with asyncio.timeout(IDLE):
                self.http.receive_data(await self.reader.read(CHUNK))
        return event

    async def _send(self, answer: Answer, head_only: bool) -> None:
        headers = {
            "content-type": answer.kind,
            "content-length": str(len(answer.body)),
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
            **answer.headers,
        }
        if answer.status == 413:
            headers["connection"] = "close"
        head = h11.Response(status_code=answer.status, headers=list(headers.items()))
        out = self.http.send(head) or b""
        if answer.body and not head_only:
            out += self.http.send(h11.Data(data=answer.body)) or b""
        out += self.http.send(h11.EndOfMessage()) or b""
        await self._write(out)

    async def _write(self, data: bytes | None) -> None:
        self.writer.write(data or b"")
        async with asyncio.timeout(BODY_PATIENCE):
            await self.writer.drain()
