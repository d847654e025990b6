"""The TAK endpoint as a service of the live process: off until the environment names an address."""

import asyncio
import os
import ssl
import time
from dataclasses import dataclass

import structlog
from django.conf import settings

from varangian.kernel.results import Refused

from . import tls
from .bridge import Bridge
from .doors import Marti
from .entrance import Enrolment
from .house import House
from .server import more_files
from .web import Web

log = structlog.get_logger()
PORTS = (8089, 8446, 8443)
SMALL_BODY = 64 * 1024


@dataclass(frozen=True)
class Where:
    """``host`` empty: no TLS doors. ``plain`` is for tests and for closed networks only."""

    host: str
    ports: tuple[int, int, int]
    plain: tuple[str, int] | None

    @property
    def on(self) -> bool:
        return bool(self.host or self.plain)


def where() -> Where:
    """VARANGIAN_TAK, VARANGIAN_TAK_PORTS (stream, enrolment, Marti), VARANGIAN_TAK_PLAIN."""
    ports = os.environ.get("VARANGIAN_TAK_PORTS", "")
    plain, _, port = os.environ.get("VARANGIAN_TAK_PLAIN", "").rpartition(":")
    try:
        given = tuple(int(one) for one in ports.split(",")) if ports else PORTS
        stream, enrolment, marti = given
        at = (plain.strip("[]"), int(port)) if plain else None
    except ValueError as error:
        raise Refused(
            "The addresses of the TAK endpoint cannot be read",
            mend="VARANGIAN_TAK_PORTS=8089,8446,8443 and VARANGIAN_TAK_PLAIN=127.0.0.1:8087.",
        ) from error
    return Where(os.environ.get("VARANGIAN_TAK", ""), (stream, enrolment, marti), at)


async def run() -> None:
    """For as long as the live process lives."""
    here = where()
    if not here.on:
        await asyncio.Event().wait()
    more_files()
    house = House()
    bridge = Bridge(house)
    servers: list[asyncio.Server] = []
    hub = _hub()
    try:
        await _open(here, house, servers)
        hub.add(bridge)
        async with asyncio.TaskGroup() as group:
            for work in (
                house.stream.beat,
                house.stream.watch,
                house.keep_places,
                house.keep_presence,
                bridge.listen_always,
            ):
                group.create_task(work())
    finally:
        hub.discard(bridge)
        await house.stream.close(servers)


def _hub() -> set:
    from varangian.platform.live.app import hub

    return hub.listeners


async def _open(here: Where, house: House, servers: list[asyncio.Server]) -> None:
    if here.plain:
        servers.append(await house.stream.open_plain(*here.plain))
        log.warning("the TAK endpoint speaks without encryption", at=f"{here.plain}")
    if not here.host:
        return
    stream, enrolment, marti = here.ports
    closed = await asyncio.to_thread(tls.context, client_certificate=True)
    open_ = await asyncio.to_thread(_enrolment_context)
    servers.append(await house.stream.open_tls(here.host, stream))
    inside = Marti(house, marti)
    first = Web(Enrolment(house, here.ports, time.monotonic, inside), SMALL_BODY)
    servers.append(await first.listen(here.host, enrolment, open_))
    second = Web(inside, settings.MAX_UPLOAD_BYTES)
    servers.append(await second.listen(here.host, marti, closed))
    log.info("the TAK endpoint is open", host=here.host, ports=here.ports)


def _enrolment_context() -> ssl.SSLContext:
    """VARANGIAN_TAK_ENROL_CERT: chain and key that phones trust already, in one file."""
    own = os.environ.get("VARANGIAN_TAK_ENROL_CERT")
    if not own:
        return tls.context(client_certificate=False)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(own)
    return context
