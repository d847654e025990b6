"""Between the stream, which never waits, and the database, which may be away.

What can wait is thrown away when it is old; a call for help is tried until it is written down.
"""

import asyncio
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from django.db import DatabaseError, InterfaceError

from varangian.kernel.clock import now
from varangian.platform.access.context import acting, as_house
from varangian.platform.access.scope import SYSTEM

from .. import intake
from ..fix import Fix
from ..models import Device
from ..queries import tak as queries
from ..services import tak as services
from .cot import BadEvent, Event, known, moment, parse
from .link import Link, Seat
from .relay import Circle, Member
from .server import Stream

log = structlog.get_logger()
EACH_SECOND = 0.95
RETRY = 1.0
MOST_TRIES = 60
"""Of a fault that is not the database's, such as a device that is gone."""
REPEATED = 5.0
PRESENCE = 10.0


class House:
    def __init__(self) -> None:
        self.stream = Stream(self.seat, self.look)
        self.stream.listen(self.hear)
        self._seats: dict[str, Seat | None] = {}
        self._threads = ThreadPoolExecutor(3, thread_name_prefix="tak")
        self._calls = ThreadPoolExecutor(2, thread_name_prefix="tak-help")
        """For calls for help alone: they never stand behind an upload."""
        self._fixes: dict[Member, Fix] = {}
        self._fixed: dict[Member, float] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._order: dict[Any, asyncio.Lock] = {}
        self._written: dict[tuple[Any, str, bool], float] = {}
        self._known: set[Link] = set()
        self._stood: set[Circle] = set()
        self.host = socket.gethostname()

    async def work(self, what: Callable[[], Any]) -> Any:
        """In a thread, as the house, in one transaction."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, _as_house, what)

    async def speak(self, device_id: Any, what: Callable[[Device, Any], Any]) -> Any:
        """In a thread, as the person who carries the device; a car's client speaks as the house."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, _as_carrier, device_id, what)

    def later(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def look(self, fingerprints: list[str]) -> dict[str, Seat | None]:
        found = await self.work(partial(queries.admitted, fingerprints))
        seats = {shown: _seat(one) for shown, one in found.items()}
        self._seats |= seats
        return seats

    async def seat(self, fingerprint: str) -> Seat | None:
        """Without the database the one known last holds: a phone that lost its net comes back."""
        try:
            seat = (await self.look([fingerprint]))[fingerprint]
        except Exception as error:
            log.warning("TAK clients are let in as known", error=type(error).__name__)
            return self._seats.get(fingerprint)
        if seat is not None:
            await self._stand(seat.circle)
        return seat

    async def _stand(self, circle: Circle) -> None:
        """Calls for help that were open before this process was."""
        if circle is None or circle in self._stood:
            return
        found = await self.work(partial(queries.standing_beacons, circle))
        self._stood.add(circle)
        for raw in found:
            try:
                event = parse(raw)
            except BadEvent:
                continue
            self.stream.relay.group(circle).beacons.setdefault(event.uid, event)

    def hear(self, member: Member, event: Event) -> None:
        if member.device is None:
            return
        if event.is_beacon:
            self.later(self._help(member, event))
        elif event.is_position and event.uid == member.uid:
            self._place(member, event)

    def _place(self, member: Member, event: Event) -> None:
        at = asyncio.get_running_loop().time()
        fix = _fix(member, event)
        if fix is not None and at - self._fixed.get(member, 0.0) >= EACH_SECOND:
            self._fixed[member], self._fixes[member] = at, fix

    async def _help(self, member: Member, event: Event) -> None:
        """In the order in which one device said it: a cancel never overtakes its call."""
        device, name = member.device, (member.device, event.uid, event.cancels)
        write, loop = _beacon_writer(member, event), asyncio.get_running_loop()
        async with self._order.setdefault(device, asyncio.Lock()):
            if loop.time() - self._written.get(name, -REPEATED) < REPEATED:
                return
            if await self._until_written(write):
                self._written = {n: at for n, at in self._written.items() if n[:2] != name[:2]}
                self._written[name] = loop.time()

    async def _until_written(self, write: Callable[[], Any]) -> bool:
        tried, loop = 0, asyncio.get_running_loop()
        while tried < MOST_TRIES:
            try:
                await loop.run_in_executor(self._calls, _as_house, write)
            except (DatabaseError, InterfaceError) as error:
                log.warning("a call for help waits for the database", error=type(error).__name__)
            except Exception:
                tried += 1
                log.exception("a call for help is not written down yet", tried=tried)
            else:
                return True
            await asyncio.sleep(RETRY)
        return False

    async def keep_places(self) -> None:
        """For ever: what was heard since the last round, to the intake in one piece."""
        while True:
            await asyncio.sleep(intake.GATHER)
            fixes, self._fixes = list(self._fixes.values()), {}
            if fixes:
                self.later(_put(fixes))

    async def keep_presence(self) -> None:
        """For ever: who is here, for the page and for the other machines."""
        since = 0.0
        while True:
            await asyncio.sleep(1)
            present = {link for link in self.stream.links if link.device and link.uid}
            fresh = present - self._known
            self._known = present
            self._fixed = {m: at for m, at in self._fixed.items() if m in present}
            for link in fresh:
                await self._note(link)
            if asyncio.get_running_loop().time() - since > PRESENCE:
                since = asyncio.get_running_loop().time()
                await self._touch(list({link.device for link in present if link.device}))

    async def _touch(self, devices: list[UUID]) -> None:
        try:
            await self.work(partial(services.touch_presence, device_ids=devices))
        except Exception as error:
            log.warning("presence was not noted", error=type(error).__name__)

    async def _note(self, link: Link) -> None:
        told = {"uid": link.uid, "callsign": link.callsign, "client": link.client}
        try:
            good = await self.work(
                partial(
                    services.note_presence,
                    device_id=link.device,
                    host=self.host,
                    **told,
                )
            )
        except Exception as error:
            log.warning("presence was not noted", error=type(error).__name__)
            return
        if not good:
            self.stream.relay.counts["usurped"] += 1
            link.drop("speaks as another device of the operation")


def _as_house(what: Callable[[], Any]) -> Any:
    with as_house(purpose="TAK endpoint"):
        return what()


def _as_carrier(device_id: Any, what: Callable[[Device, Any], Any]) -> Any:
    with as_house(purpose="TAK endpoint"):
        person, device = queries.person_of(device_id)
        exercise = device.operation.compartment.exercise
        if person is None:
            return what(device, SYSTEM)
    with acting(person, purpose="TAK client", exercise=exercise):
        return what(device, person)


def _seat(one: queries.Admitted | None) -> Seat | None:
    if one is None:
        return None
    return Seat(one.device, one.compartment, one.person, one.words, one.shares)


def _beacon_writer(member: Member, event: Event) -> Callable[[], Any]:
    at = event.at or now()
    told = {"device_id": member.device, "uid": event.uid, "at": at}
    if event.cancels:
        return partial(services.cancel_beacon, **told)
    return partial(
        services.open_beacon, kind=event.type, position=event.point, event=event.raw, **told
    )


async def _put(fixes: list[Fix]) -> None:
    """A TAK client sends no fix twice, so the house tries again in its place for a while."""
    for _ in range(MOST_TRIES // 2):
        try:
            await intake.put(fixes)
        except (intake.Unwritten, TimeoutError):
            await asyncio.sleep(2 * RETRY)
        else:
            return
    log.warning("positions of TAK clients were lost", count=len(fixes))


def _fix(member: Member, event: Event) -> Fix | None:
    point = event.point
    if point is None or member.device is None:
        return None
    battery = event.figure("detail/status", "battery")
    return Fix(
        device_id=member.device,
        at=moment(event.time) or now(),
        heard_at=now(),
        lat=point[0],
        lon=point[1],
        altitude=known(event.figure("point", "hae")),
        accuracy=known(event.figure("point", "ce")),
        speed=event.figure("detail/track", "speed"),
        course=event.figure("detail/track", "course"),
        battery=None if battery is None else min(1.0, max(0.0, battery / 100)),
        source="tak",
    )
