"""What comes from elsewhere: devices that do not speak TAK, and the other machines of the house."""

import asyncio
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import psycopg
import structlog

from varangian.platform.database.connect import role_dsn
from varangian.platform.live.hub import Frame, Lane

from ..queries import tak as queries
from ..store import TOPIC
from . import cot, wires
from .cot import BadEvent, Event, parse, quoted
from .house import RETRY, House
from .relay import Member

log = structlog.get_logger()
SHOWN = 120.0
NAMES_FOR = 60.0


class Bridge:
    def __init__(self, house: House) -> None:
        self.house, self.relay = house, house.stream.relay
        self.me = str(uuid4())
        self._names: dict[str, tuple[float, queries.Named | None]] = {}
        self._asked: set[str] = set()
        house.stream.listen(self.carry)

    def carry(self, member: Member, event: Event) -> None:
        """Chat, markers and calls for help to the other machines; positions go by the intake."""
        if member.circle is None or (event.is_position and event.uid == member.uid):
            return
        self.house.later(self._tell(member.circle, event.raw))

    async def _tell(self, circle: UUID, raw: bytes) -> None:
        try:
            if not await self.house.work(partial(wires.tell, circle, raw, sender=self.me)):
                log.warning("an event is too long for the other machines", size=len(raw))
        except Exception as error:
            log.warning("the other machines did not hear an event", error=type(error).__name__)

    async def listen_always(self) -> None:
        """For ever: what the other machines of the house heard."""
        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError) as error:
                log.warning("the other machines are not heard", error=type(error).__name__)
            await asyncio.sleep(RETRY)

    async def _listen(self) -> None:
        here = await psycopg.AsyncConnection.connect(role_dsn("app"), autocommit=True)
        async with here:
            await here.execute(f"listen {wires.CHANNEL}")
            async for notice in here.notifies():
                self._arrived(notice.payload)

    def _arrived(self, payload: str) -> None:
        try:
            sender, circle, raw = wires.read(payload)
            if sender != self.me:
                self.relay.inject(circle, parse(raw))
        except (ValueError, KeyError, TypeError, BadEvent):
            self.relay.counts["malformed"] += 1

    def hear(self, news: dict[str, Any]) -> None:
        """Of the hub's news only positions count here, and those come as frames."""

    def hear_frame(self, lane: Lane, frame: Frame) -> None:
        """From the hub of the live process: fixes that were committed, of devices of any kind."""
        topic, circle = lane
        group = self.relay.groups.get(circle)
        if topic != TOPIC or group is None or not group.members:
            return
        here = {str(member.device) for member in group.members}
        for row in frame.rows.values():
            if row[0] not in here:
                self._show(circle, row)

    def _show(self, circle: UUID, row: list[Any]) -> None:
        now = asyncio.get_running_loop().time()
        asked, named = self._names.get(row[0], (-NAMES_FOR, None))
        if now - asked > NAMES_FOR and row[0] not in self._asked:
            self._asked.add(row[0])
            self.house.later(self._learn(row[0]))
        if named is not None:
            self.relay.inject(circle, parse(_position(named, row)))

    async def _learn(self, device: str) -> None:
        try:
            named = await self.house.work(partial(queries.named, UUID(device)))
            self._names[device] = (asyncio.get_running_loop().time(), named)
        except Exception as error:
            log.warning("a device has no name yet", error=type(error).__name__)
        finally:
            self._asked.discard(device)


def _position(named: queries.Named, row: list[Any]) -> bytes:
    """[device, lat, lon, at, heard, course, speed, accuracy, battery] as TAK shows a team mate."""
    _, lat, lon, at, _, course, speed, accuracy, battery = row
    detail = [f"<contact callsign={quoted(named.callsign)}/>"]
    detail.append('<__group name="Cyan" role="Team Member"/>')
    if battery is not None:
        detail.append(f'<status battery="{round(battery * 100)}"/>')
    if course is not None or speed is not None:
        detail.append(f'<track course="{course or 0}" speed="{speed or 0}"/>')
    return cot.write(
        "a-f-G-U-C",
        "".join(detail),
        at=datetime.fromtimestamp(at, UTC),
        uid=named.uid,
        how="m-g",
        keep=max(SHOWN, 3 * named.period_s),
        point=(lat, lon),
        ce=accuracy,
    )
