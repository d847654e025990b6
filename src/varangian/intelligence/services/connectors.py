"""Feeds polled from a URL: off by default, polite, and honest about their health."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from urllib.parse import urlsplit

import structlog
from django.db import transaction

from varangian import __version__
from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import SYSTEM, Actor
from varangian.platform.audit.services import note
from varangian.platform.live.services import publish

from .. import queries
from ..feeds.files import LIMIT_BYTES
from ..feeds.parser import FORMATS
from ..models import Connector
from ..rules import table
from . import outward
from .ingest import import_feed, require_desk

log = structlog.get_logger()
LONGEST = timedelta(hours=24)
SECONDS, CONNECT_SECONDS, TOTAL_SECONDS = 20, 10, 60
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,49}")
ADDRESS = re.compile(r"https?://[^\s/]")
KINDS = ("auto", *FORMATS)


def catalogue() -> dict[str, dict[str, object]]:
    return {entry["name"]: entry for entry in table("connectors.yaml")["connectors"]}


@transaction.atomic
def switch(*, actor: Actor, name: str, on: bool, url: str = "", kind: str = "") -> Connector:
    """Switch a connector on or off by name; an own feed needs its URL once."""
    require_desk(actor)
    connector = queries.connector(actor, name)
    if connector is None:
        connector = _new(name, url, kind)
    if url and url != connector.url:
        connector.url = _checked(url)
        connector.etag = connector.last_modified = ""
    connector.enabled = on
    connector.next_at, connector.failures, connector.last_error = now(), 0, ""
    connector.save()
    note(kind="connector", record=connector, actor=actor, purpose=f"{name} {'on' if on else 'off'}")
    publish(topic="connectors", kind="switched", record=connector.pk, compartment_id=None)
    return connector


def _new(name: str, url: str, kind: str) -> Connector:
    known = catalogue().get(name)
    if known is None and not url:
        raise Refused(
            "There is no such connector",
            where=name,
            mend=f"Known: {', '.join(catalogue())}; for another give its URL.",
        )
    if not SLUG.fullmatch(name):
        mend = "Small letters, digits and hyphens, at most 50."
        raise Refused("This is no name for a connector", where=name[:60], mend=mend)
    if kind and kind not in KINDS:
        raise Refused("There is no such kind of feed", where=kind[:60], mend=", ".join(KINDS))
    known = known or {"url": url, "kind": kind or "auto", "every_minutes": 10}
    return Connector(
        name=name,
        url=_checked(str(known["url"])),
        kind=str(known["kind"]),
        every_minutes=int(str(known["every_minutes"])),
    )


def _checked(url: str) -> str:
    if not ADDRESS.match(url) or len(url) > 500:
        mend = "Such as https://example.org/feed, at most 500 letters."
        raise Refused("A feed has an http or https address", where=url[:100], mend=mend)
    outward.refuse_inside(_host(url))
    return url


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError as error:
        raise Refused("This is no address", where=url[:100]) from error


@dataclass(frozen=True)
class Answer:
    """What a feed's address said: data, nothing new, or a fault."""

    at: datetime
    data: bytes | None = None
    etag: str = ""
    last_modified: str = ""
    fault: str = ""


def poll(connector: Connector) -> str:
    """Ask once and keep the answer. Returns ``changed``, ``unchanged`` or ``failed``."""
    return keep(connector, ask(connector))


def ask(connector: Connector) -> Answer:
    """Call the address, conditionally. Touches no database: a slow source must hold no row."""
    import httpx

    headers = {"User-Agent": f"Varangian/{__version__}"}
    if connector.etag:
        headers["If-None-Match"] = connector.etag
    if connector.last_modified:
        headers["If-Modified-Since"] = connector.last_modified
    begun = now()
    try:
        return _called(connector.url, headers, begun)
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, Refused) as error:
        return Answer(begun, fault=f"{type(error).__name__}: {error}")


def _called(url: str, headers: dict[str, str], begun: datetime) -> Answer:
    import httpx

    limit = httpx.Timeout(SECONDS, connect=CONNECT_SECONDS)
    with (
        outward.client(timeout=limit, follow_redirects=True, max_redirects=3) as client,
        client.stream("GET", url, headers=headers) as answer,
    ):
        if answer.status_code == httpx.codes.NOT_MODIFIED:
            return Answer(begun)
        answer.raise_for_status()
        data, until = bytearray(), monotonic() + TOTAL_SECONDS
        for chunk in answer.iter_bytes():
            data += chunk
            if len(data) > LIMIT_BYTES:
                raise Refused(f"The feed is larger than {LIMIT_BYTES // 1024 // 1024} MB")
            if monotonic() > until:
                raise Refused(f"The feed took longer than {TOTAL_SECONDS} s")
        head = answer.headers
    return Answer(begun, bytes(data), head.get("ETag", ""), head.get("Last-Modified", ""))


@transaction.atomic
def keep(connector: Connector, answer: Answer) -> str:
    """Import what came and note the health of the source."""
    connector.last_tried_at = answer.at
    outcome = "unchanged" if answer.data is None else "changed"
    fault = answer.fault
    if answer.data is not None and not fault:
        try:
            import_feed(
                actor=SYSTEM,
                data=answer.data,
                kind=connector.kind,
                name=connector.name,
                connector=connector,
            )
        except Refused as error:
            fault = f"Refused: {error}"
    if fault:
        return _failed(connector, fault)
    if outcome == "changed":
        connector.etag = answer.etag[:200]
        connector.last_modified = answer.last_modified[:100]
        connector.last_changed_at = now()
    connector.failures, connector.last_error = 0, ""
    connector.last_good_at = now()
    connector.next_at = now() + timedelta(minutes=connector.every_minutes)
    _saved(connector, "last_good_at", "last_changed_at", "etag", "last_modified")
    publish(topic="connectors", kind=outcome, record=connector.pk, compartment_id=None)
    return outcome


def _failed(connector: Connector, fault: str) -> str:
    """Back off: twice as long after each failure, at most a day."""
    connector.failures += 1
    wait = timedelta(minutes=connector.every_minutes) * 2 ** min(connector.failures, 10)
    connector.next_at = now() + min(wait, LONGEST)
    connector.last_error = fault[:400]
    _saved(connector)
    log.warning("feed failed", connector=connector.name, failures=connector.failures)
    publish(topic="connectors", kind="failed", record=connector.pk, compartment_id=None)
    return "failed"


def _saved(connector: Connector, *names: str) -> None:
    """Only the health: a person may have switched it off or moved it while it was called."""
    health = ("last_tried_at", "failures", "last_error", "next_at")
    connector.save(update_fields=[*health, *names])
