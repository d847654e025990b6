"""The gateway: each message is acknowledged to the broker only when the tables have it, so that
what comes while the house is away is delivered again."""

import asyncio
import ssl
import time
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

import psycopg
import structlog
from django.db import Error

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.context import as_house

from .. import door, parsers
from ..events import thing_told
from ..intake import Unwritten
from ..parsers import Asked, Unreadable
from ..services.calls import hear_sos
from ..services.pulses import beat
from ..store import complain
from ..tokens import Bearer, Tokens
from .broker import Broker
from .presses import Presses, mark_of
from .topics import Mesh, Thing, Tracker, Unknown, meaning

log = structlog.get_logger()
CLIENT = "varangian-gateway"
TOPICS = (
    "owntracks/#",
    "msh/#",
    "shellies/#",
    "zigbee2mqtt/#",
    "frigate/events",
    "+/events/rpc",
    "+/online",
)
BEAT = 1.0
SAME_PRESS_S = 3
THINGS = """select outside_id, id from tracking_device
where operation_id = %s and revoked_at is null and outside_id <> ''"""
AWAY = (psycopg.Error, Error, Unwritten, OSError)


@dataclass(frozen=True)
class Message:
    topic: str
    payload: bytes
    mid: int
    qos: int
    retained: bool
    again: bool
    """The broker had delivered it before and heard nothing of it."""
    era: int
    """Of the connection that it came over; the numbers of another mean other messages."""


class Gateway:
    """Speaks for one operation: buttons and radios are those enrolled there; trackers with a
    token of their own belong to whatever they were enrolled for."""

    def __init__(self, secret: str, broker: Broker, password: str) -> None:
        self.secret, self.broker, self.password = secret, broker, password
        self.tokens = Tokens()
        self.presses = Presses(broker.folder)
        self.era, self.in_hand = 0, set[int]()
        self.heard: dict[UUID, float | None] = {}
        self.queue: asyncio.Queue[Message] = asyncio.Queue(5_000)
        self.client: Any = None
        self.things: dict[str, UUID] = {}
        self.things_until = 0.0

    async def run(self) -> None:
        bearer = await self.tokens.bearer(self.secret)
        if bearer is None or bearer.revoked:
            raise Refused("No device has this token", mend="Enrol the gateway as a tracker.")
        self.client = self._connect(asyncio.get_running_loop())
        try:
            await asyncio.gather(self._work(bearer), self._beats(bearer))
        finally:
            self.client.loop_stop()
            self.client.disconnect()

    def _connect(self, loop: asyncio.AbstractEventLoop) -> Any:
        try:
            from paho.mqtt.client import Client, MQTTv311
            from paho.mqtt.enums import CallbackAPIVersion
        except ImportError as error:
            raise Refused("MQTT is not installed", mend="Install varangian[mqtt].") from error
        client = Client(
            CallbackAPIVersion.VERSION2, CLIENT, False, protocol=MQTTv311, manual_ack=True
        )
        client.username_pw_set("house", self.password)
        if self.broker.tls:
            client.tls_set_context(_own_broker())

        def listen(client: Any, *_: Any) -> None:
            self.era, self.in_hand = self.era + 1, set()
            client.subscribe([(topic, 1) for topic in TOPICS])

        def hear(_client: Any, _data: Any, given: Any) -> None:
            if given.qos and given.mid in self.in_hand:
                return
            self.in_hand.add(given.mid)
            told = Message(
                *(given.topic, given.payload, given.mid, given.qos),
                retained=given.retain,
                again=given.dup,
                era=self.era,
            )
            asyncio.run_coroutine_threadsafe(self.queue.put(told), loop).result()

        client.on_connect, client.on_message = listen, hear
        client.reconnect_delay_set(1, 5)
        host = "127.0.0.1" if self.broker.host in ("0.0.0.0", "") else self.broker.host  # noqa: S104
        client.connect_async(host, self.broker.port, keepalive=20)
        client.loop_start()
        return client

    async def _work(self, bearer: Bearer) -> None:
        while True:
            message = await self.queue.get()
            while not await self._taken(message, bearer):
                await asyncio.sleep(BEAT)
            if message.era == self.era:
                self.in_hand.discard(message.mid)
                self.client.ack(message.mid, message.qos)

    async def _taken(self, message: Message, bearer: Bearer) -> bool:
        """Whether it is done with: kept, or of no use for a reason that stays."""
        try:
            await self._hear(message, bearer)
        except AWAY as error:
            log.warning("the gateway waits for the database", error=type(error).__name__)
            return False
        except Refused as why:
            log.info("a message is of no use", why=str(why))
        except Exception:
            log.exception("a message was not understood")
        return True

    async def _hear(self, message: Message, bearer: Bearer) -> None:
        found = meaning(message.topic, message.payload)
        if isinstance(found, Tracker):
            whose = await self.tokens.bearer(found.token[:200])
            if whose is None:
                await self._complain(bearer.device_id, "token")
            else:
                await self._position(whose, found.asked)
        elif isinstance(found, Mesh):
            await self._position(bearer, found.asked)
        elif isinstance(found, Thing):
            await self._thing(found, bearer, message)
        elif isinstance(found, Unknown):
            await self._complain(bearer.device_id, "topic")

    async def _position(self, bearer: Bearer, asked: Asked) -> None:
        try:
            heard = parsers.read(asked)
        except Unreadable as why:
            log.info("a message cannot be read", why=str(why))
            await self._complain(bearer.device_id, "unreadable")
            return
        await door.hear(bearer, heard)

    async def _thing(self, thing: Thing, bearer: Bearer, message: Message) -> None:
        """A press that the broker kept from before was heard then; it is no press now."""
        device = (await self._things(bearer.operation_id)).get(thing.name)
        if message.retained:
            return
        if device is None:
            if not await asyncio.to_thread(_told, bearer.operation_id, thing):
                await self._complain(bearer.device_id, "stranger")
            return
        if thing.pressed:
            await asyncio.to_thread(self._press, device, thing, message)
        if thing.alive:
            self.heard[device] = thing.battery
        if not thing.readable:
            await self._complain(device, "unreadable")

    async def _complain(self, device: UUID, reason: str, count: int = 1) -> None:
        """Shown on the page of the device that said it, or of the gateway that heard it."""
        words = partial(complain, device_id=device, reason=reason, count=count)
        await self.tokens.desk.do(words)

    def _press(self, device: UUID, thing: Thing, message: Message) -> None:
        """A count begins anew when a button restarts: the minute beside it keeps two presses
        from being taken for one."""
        present = time.time()
        fresh = (
            f"{thing.count}:{int(present / 60)}" if thing.count else f"t{present // SAME_PRESS_S}"
        )
        mark = mark_of(message.topic, message.payload)
        named = self.presses.name(mark, fresh, again=message.again)
        hear_sos(device_id=device, at=now(), position=None, via="button", key=f"mqtt {named}")

    async def _things(self, operation_id: UUID) -> dict[str, UUID]:
        if self.things_until < time.monotonic():
            rows = await self.tokens.desk.do(partial(_rows, operation_id=operation_id))
            self.things, self.things_until = dict(rows), time.monotonic() + 5
        return self.things

    async def _beats(self, bearer: Bearer) -> None:
        """Once a second: who was heard; and the gateway itself, while its broker is there."""
        while True:
            await asyncio.sleep(BEAT)
            if not self.broker.alive():
                raise Refused("The broker has ended", where=str(self.broker.log))
            heard, self.heard = self.heard, {}
            if self.client.is_connected():
                heard[bearer.device_id] = None
            try:
                if refused := self.broker.refused():
                    await self._complain(bearer.device_id, "topic", refused)
                await asyncio.to_thread(_beat, heard)
            except AWAY as error:
                self.heard = heard | self.heard
                log.warning("heartbeats wait for the database", error=type(error).__name__)


def _own_broker() -> ssl.SSLContext:
    """To the child process on this machine, whose certificate names another host."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _beat(heard: dict[UUID, float | None]) -> None:
    with as_house(purpose="heartbeats"):
        beat(heard)


def _told(operation_id: UUID, thing: Thing) -> bool:
    """Whether a feature above knows it: a sensor is no device."""
    with as_house(purpose="a sensor tells"):
        said = {"operation_id": operation_id, "name": thing.name, "told": thing.told}
        return any(known for _, known in thing_told.send(sender=Thing, **said))


def _rows(cursor: Any, *, operation_id: UUID) -> list[Any]:
    cursor.execute(THINGS, [operation_id])
    return cursor.fetchall()
