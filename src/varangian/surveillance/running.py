"""The life of a camera on a worker: its child, its health, its state, until another owns it."""

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from django.conf import settings
from django.db import Error, close_old_connections

from varangian.platform.access.context import acting
from varangian.platform.access.scope import SYSTEM

from .listening import Listener, Movers
from .models import CameraRun
from .sensors.told import Told
from .services import counts, events, looks, placing, walks
from .services.faces import matching
from .services.placing import Fenced, Grip, Order
from .streams.keeper import Keeper, back_off

log = structlog.get_logger()
BEAT = 1.0
CALM_S = 30.0
"""A stream that lasted so long begins its tries anew."""
GONE_S = 12.0
"""Without the database for so long, somebody else may have taken the camera: stop looking."""
PICTURE, CAMERA = "picture", "camera"
"""Who tells of motion: our reader of the picture, and the camera itself."""
State = CameraRun.State
_writers = ThreadPoolExecutor(4, thread_name_prefix="cameras")


class Runner:
    def __init__(self, grip: Grip, owner: str, aborted: Callable[[], bool]) -> None:
        self.grip, self.owner, self.aborted = grip, owner, aborted
        self.health: dict[str, Any] = {}
        self.order: Order | None = None
        self.keeper = Keeper(self._heard)
        self.listener, self.movers = Listener(self._noticed, self._listened), Movers()
        self.losses = 0
        self.told_lost = False
        self.ended = asyncio.Event()

    async def run(self) -> None:
        """Returns when the camera is no more wanted, or belongs to another job."""
        try:
            self.order = await self._write(placing.claim, owner=self.owner)
            if self.order is None:
                return
            beats = asyncio.create_task(self._beats())
            try:
                await self.listener.want(self.order.onvif)
                await self._streams()
            finally:
                beats.cancel()
                await self.listener.stop()
                await self.keeper.stop()
        except Fenced:
            log.info("a camera has another owner", camera=str(self.grip.camera))
            return
        finally:
            await self.keeper.stop()
            with contextlib.suppress(Fenced, Error):
                await self._write(placing.let_go)

    async def _streams(self) -> None:
        loop = asyncio.get_running_loop()
        while not self.ended.is_set():
            begun = loop.time()
            reason = await self._one()
            if self.ended.is_set():
                return
            self.losses = 0 if loop.time() - begun > CALM_S else self.losses + 1
            await self._lost(reason)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.ended.wait(), back_off(self.losses))

    async def _one(self) -> str:
        assert self.order is not None
        try:
            words = {**self._words(self.order), **await self._faces(None, self.order)}
        except Fenced:
            self.ended.set()
            return ""
        except Error:
            return "The reader waits for the database"
        child = asyncio.create_task(self.keeper.run(words))
        over = asyncio.create_task(self.ended.wait())
        await asyncio.wait({child, over}, return_when=asyncio.FIRST_COMPLETED)
        over.cancel()
        if not child.done():
            await self.keeper.stop()
        return await child

    async def _lost(self, reason: str) -> None:
        self.health = {}
        self.movers.who.discard(PICTURE)
        try:
            if not self.told_lost:
                self.told_lost = True
                await self._write(events.tell_lost, lost=True, reason=reason)
            await self._write(placing.set_state, state=State.LOST, reason=reason)
        except Fenced:
            self.ended.set()
        except Error:
            log.warning("a camera waits for the database", camera=str(self.grip.camera))

    async def _beats(self) -> None:
        """Tells that it lives and hears what is wanted; ends the run when it may not go on."""
        loop = asyncio.get_running_loop()
        good = loop.time()
        while not self.ended.is_set():
            await asyncio.sleep(BEAT)
            if self.aborted():
                self.ended.set()
                return
            health, self.health = self.health, {}
            try:
                order = await self._write(placing.beat, health=health)
                good = loop.time()
            except Fenced:
                self.ended.set()
                return
            except Error:
                if loop.time() - good > GONE_S:
                    self.ended.set()
                continue
            if order is None:
                self.ended.set()
                return
            await self._changed(order)

    async def _changed(self, order: Order) -> None:
        before, self.order = self.order, order
        await self.listener.want(order.onvif)
        if before is not None and before.source != order.source:
            await self.keeper.stop()
        elif before != order:
            try:
                faces = await self._faces(before, order)
            except (Fenced, Error):
                self.order, faces = replace(order, faces=""), {"faces": None}
            await self.keeper.tell({**self._words(order), **faces})

    async def _faces(self, before: Order | None, order: Order) -> dict[str, Any]:
        """Templates on their way to the child when their mark is new; kept nowhere here."""
        if before is not None and before.faces == order.faces:
            return {}
        return {"faces": await self._write(matching.load) if order.faces else None}

    def _words(self, order: Order) -> dict[str, Any]:
        return {
            "source": order.source,
            "files": settings.CAMERA_FILES,
            "masks": order.masks,
            "watched": order.watched,
            "still": order.still,
            "behaviours": order.behaviours,
            "keeps_looks": order.keeps_looks,
            "stills": order.stills,
            "tracks": order.tracks,
            "plates": None if order.plates is None else {"countries": order.plates},
        }

    async def _heard(self, head: dict[str, Any], body: bytes) -> None:
        try:
            await self._take(head, body)
        except Fenced:
            self.ended.set()
        except (Error, KeyError, TypeError, ValueError) as error:
            log.warning("a message of a camera is lost", error=type(error).__name__)

    async def _take(self, head: dict[str, Any], body: bytes) -> None:
        said = head.get("say")
        if said == "open":
            self.health |= {"size": str(head["picture"])[:20], "codec": str(head["codec"])[:20]}
            if self.told_lost:
                self.told_lost = False
                await self._write(events.tell_lost, lost=False, reason="")
            await self._write(placing.set_state, state=State.LIVE)
        elif said == "pulse":
            self.health |= {name: head[name] for name in ("frames", "fps", "jumps")}
        elif said == "part":
            await self._write(
                placing.keep_part,
                opened=str(head["opened"])[:20],
                number=int(head["number"]),
                seconds=float(head["seconds"]),
                data=body,
            )
        elif said == "match":
            await self._write(matching.keep_match, head=head, body=body)
        elif said == "still":
            await self._write(placing.keep_still, data=body)
        elif said == "event":
            if self.movers.news(name := str(head["name"]), PICTURE):
                await self._write(events.hear_camera, name=name, detail=head["detail"], still=body)
        elif said == "looks":
            await self._write(looks.keep_looks, head=head, crop=body)
        elif said == "counts":
            await self._write(counts.add_counts, rows=head["rows"])
        elif said == "walks":
            await self._write(walks.keep_walks, rows=head["rows"])

    async def _noticed(self, told: Told) -> None:
        """What the camera says by ONVIF; a word that the database did not take is lost."""
        if not self.movers.news(told.name, CAMERA):
            return
        try:
            await self._write(events.hear_camera, name=told.name, detail=told.detail, at=told.at)
        except Fenced:
            self.ended.set()
        except Error as error:
            log.warning("an event of a camera is lost", error=type(error).__name__)

    def _listened(self, at: datetime | None, reason: str) -> None:
        self.health |= {"events_reason": reason, **({"events_at": at} if at else {})}

    async def _write(self, service: Callable[..., Any], **given: Any) -> Any:
        """In a thread: the loop belongs to all cameras of this worker."""
        work = partial(_within, service, grip=self.grip, **given)
        return await asyncio.get_running_loop().run_in_executor(_writers, work)


def _within(service: Callable[..., Any], **given: Any) -> Any:
    close_old_connections()
    with acting(SYSTEM, purpose="run a camera"):
        return service(**given)
