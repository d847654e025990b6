"""One connected TAK client: from its socket to the relay and back."""

import asyncio
import hashlib
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

import structlog

from varangian.kernel.clock import now

from . import cot, proto
from .cot import BadEvent, Event
from .frames import Frames
from .relay import Circle, Relay, wire

log = structlog.get_logger()
AT_ONCE, PER_SECOND = 100, 200
"""Events read in one go, and a second; more is left in the socket until the next second."""
HALF_MESSAGE = 30.0
SILENT_STRANGER, SILENT = 60.0, 600.0
SLOW_READER = 15.0
HIGH, LOW, TOO_MUCH = 1 << 20, 1 << 18, 8 << 20
MOST_FAULTS = 50
OFFER = '<TakControl><TakProtocolSupport version="1"/></TakControl>'


@dataclass(frozen=True)
class Seat:
    """What a certificate stands for: whose device, and whose traffic it may hear."""

    device: UUID | None
    circle: Circle
    person: UUID | None = None
    words: str = ""
    shares: bool = True


Door = Callable[[str], Awaitable[Seat | None]]
PLAIN = Seat(None, None, words="plain port")


class Link(asyncio.Protocol):
    def __init__(self, relay: Relay, links: "set[Link]", door: Door | None = None) -> None:
        self.relay, self.links, self.door = relay, links, door
        self.seat, self.fingerprint = PLAIN, ""
        self.uid = self.callsign = self.kind = self.client = ""
        self.protobuf = self.slow = self.closed = self.joined = False
        self.frames, self.faults, self.spent = Frames(), 0, 0
        self.entered = self.heard = self.half_since = self.slow_since = 0.0
        self.transport: asyncio.Transport = cast(asyncio.Transport, None)
        self._held = False

    @property
    def device(self) -> UUID | None:
        return self.seat.device

    @property
    def circle(self) -> Circle:
        return self.seat.circle

    @property
    def shares(self) -> bool:
        return self.seat.shares

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.transport.set_write_buffer_limits(high=HIGH, low=LOW)
        self.loop = asyncio.get_running_loop()
        self.entered = self.heard = self.loop.time()
        self.links.add(self)
        if self.door is None:
            self._enter(PLAIN)
            return
        held: ssl.SSLObject | None = transport.get_extra_info("ssl_object")
        shown = held.getpeercert(binary_form=True) if held else None
        self.fingerprint = hashlib.sha256(shown or b"").hexdigest()
        self._hold()
        self._admission = asyncio.ensure_future(self._admit(self.door))

    async def _admit(self, door: Door) -> None:
        try:
            seat = await door(self.fingerprint)
        except Exception as error:
            log.warning("a TAK client could not be looked up", error=type(error).__name__)
            seat = None
        if seat is None:
            self.relay.counts["turned away"] += 1
            self.drop("certificate not known or withdrawn")
        elif not self.closed:
            self._enter(seat)
            self._release()

    def _enter(self, seat: Seat) -> None:
        self.seat, self.joined = seat, True
        self.relay.join(self)
        self.send(cot.write("t-x-takp-v", OFFER, at=now(), keep=60))

    def reseat(self, seat: Seat | None) -> None:
        """The house has looked again: another operation, another way to share, or none at all."""
        if seat is None:
            self.drop("no longer a member")
        elif seat.circle != self.seat.circle:
            self._part()
            self.seat = seat
            self.relay.join(self)
        else:
            self.seat = seat

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self.closed = True
        self.links.discard(self)
        if self.joined:
            self._part()

    def _part(self) -> None:
        if self.relay.leave(self):
            told = cot.parse(cot.gone(self.uid, self.kind, now()))
            self.relay.inject(self.circle, told)

    def drop(self, why: str) -> None:
        if not self.closed:
            self.closed = True
            log.info("a TAK client was dropped", why=why, who=self.callsign or self.seat.words)
            self.transport.abort()

    def pause_writing(self) -> None:
        self.slow, self.slow_since = True, self.loop.time()

    def resume_writing(self) -> None:
        self.slow = False
        self.relay.refresh(self)

    def send(self, data: bytes) -> None:
        if self.closed:
            return
        if self.slow and self.transport.get_write_buffer_size() > TOO_MUCH:
            self.drop("reads too slowly")
            return
        self.transport.write(data)

    def send_parts(self, parts: list[memoryview]) -> None:
        if parts and not self.closed:
            self.transport.writelines(parts)

    def say(self, event: Event) -> None:
        self.send(wire(event, self.protobuf))

    def data_received(self, data: bytes) -> None:
        self.heard = self.loop.time()
        self.frames.feed(data)
        if not self._held:
            self._work()

    def _work(self) -> None:
        """A flood waits in the socket of the one who sends it; nothing of it is thrown away."""
        if self.closed or self._held:
            return
        try:
            found = self.frames.take(AT_ONCE)
        except BadEvent as error:
            self.drop(str(error))
            return
        for protobuf, raw in found:
            self._message(protobuf, raw)
        self.half_since = self.heard if self.frames.begun else 0.0
        self.spent += len(found)
        if len(found) == AT_ONCE or self.spent > PER_SECOND:
            self._hold()
            self.loop.call_later(max(0.01, self.spent / PER_SECOND - 1), self._release)

    def _hold(self) -> None:
        self._held = True
        self.transport.pause_reading()

    def _release(self) -> None:
        if not (self.closed or self.transport.is_closing()):
            self._held = False
            self.transport.resume_reading()
            self._work()

    def _message(self, protobuf: bool, raw: bytes) -> None:
        if self.closed:
            return
        try:
            event = proto.decode(raw) if protobuf else cot.parse(raw)
        except BadEvent:
            self.relay.counts["malformed"] += 1
            self.faults += 1
            if self.faults > MOST_FAULTS:
                self.drop("too much that is not CoT")
            return
        self._event(event)

    def _event(self, event: Event) -> None:
        if event.type == "t-x-c-t":
            self.say(cot.parse(cot.pong(now())))
        elif event.type == "t-x-takp-q":
            self._negotiate(event)
        else:
            if event.is_position and event.detail is not None and not self.uid:
                self._introduce(event)
            self.relay.hear(self, event)

    def _introduce(self, event: Event) -> None:
        """The first position with a contact says who this client is."""
        if event.node.find("detail/contact") is None:
            return
        self.client = " ".join(
            word for name in ("platform", "version") if (word := event.word("detail/takv", name))
        )
        for other in [one for one in self.links if one is not self and one.uid == event.uid]:
            if other.device == self.device and other.circle == self.circle:
                other.drop("the same client came again")
        self.relay.name(self, event)

    def _negotiate(self, event: Event) -> None:
        asked = event.word("detail/TakControl/TakRequest", "version")
        yes = asked == "1"
        answer = f'<TakControl><TakResponse status="{str(yes).lower()}"/></TakControl>'
        self.send(cot.write("t-x-takp-r", answer, at=now(), uid=event.uid, keep=60))
        self.protobuf = self.protobuf or yes

    def second(self, at: float) -> None:
        """Once a second: who is too slow, too silent or never finishes a sentence."""
        self.spent = max(0, self.spent - PER_SECOND)
        silent = SILENT if self.uid or self.door else SILENT_STRANGER
        if self.slow and at - self.slow_since > SLOW_READER:
            self.drop("reads too slowly")
        elif self.half_since and at - self.half_since > HALF_MESSAGE:
            self.drop("a message without end")
        elif at - self.heard > silent:
            self.drop("silent")

    def shape(self) -> dict[str, Any]:
        return {
            "fingerprint": self.fingerprint,
            "uid": self.uid,
            "callsign": self.callsign,
            "client": self.client,
        }
