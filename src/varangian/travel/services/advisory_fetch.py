"""Asking the sources themselves: off by default, once a day, politely, and honest about faults."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic, sleep
from typing import Annotated

import structlog
from django.db import transaction
from pydantic import AfterValidator, Field

from varangian import __version__
from varangian.kernel.clock import now
from varangian.kernel.ids import slugify
from varangian.kernel.library import Keyed, LibraryFile, load_yaml, unique
from varangian.kernel.results import Refused
from varangian.places.countries import COUNTRIES
from varangian.platform.access.scope import SYSTEM, Actor, system_read
from varangian.platform.audit.services import note
from varangian.platform.live.services import publish

from ..advisories.values import LIMIT_BYTES
from ..models import AdvisorySource
from ..queries import destinations as queries
from .advisories import import_advisories, require_feeds, source_named

log = structlog.get_logger()
EVERY, LONGEST = timedelta(days=1), timedelta(days=7)
SECONDS, TOTAL_SECONDS, PAUSE = 20, 120, 1.0
MOST_PAGES = 40


class Place(Keyed):
    """``page`` true: one address for each country, ``{slug}`` stands for its name."""

    words: str
    url: str = Field(pattern=r"^https://[^\s]+$")
    page: bool = False


class Catalogue(LibraryFile):
    sources: Annotated[tuple[Place, ...], AfterValidator(unique)]


def catalogue() -> dict[str, Place]:
    found = load_yaml("varangian.travel.advisories", "advisory_sources.yaml", Catalogue)
    return {row.id: row for row in found.sources}


@transaction.atomic
@system_read("a switch is one row, whoever turned it last")
def switch_advisories(*, actor: Actor, source: str, on: bool) -> AdvisorySource:
    """Let the house ask this source once a day, or stop it."""
    require_feeds(actor)
    source_named(source)
    row, _ = AdvisorySource.objects.select_for_update().get_or_create(name=source)
    row.on, row.by, row.at = on, str(actor)[:120], now()
    row.next_at, row.failures, row.last_error = now(), 0, ""
    row.save()
    words = f"advisories of {source} {'on' if on else 'off'}"
    note(kind="connector", record=None, actor=actor, purpose=words)
    publish(topic="advisories", kind="switched", record=None, compartment_id=None)
    return row


@dataclass(frozen=True)
class Answered:
    files: list[bytes]
    fault: str = ""


def ask_source(source: str, countries: list[str]) -> Answered:
    """Call its addresses one after the other. Touches no database: a slow source holds no row."""
    import httpx  # costs 0.4 s to load, and only the worker calls

    place, files = catalogue()[source], []
    headers = {"User-Agent": f"Varangian/{__version__}", "Accept": "application/json, text/xml"}
    try:
        with httpx.Client(timeout=SECONDS, headers=headers, trust_env=False) as client:
            for number, url in enumerate(addresses(place, countries)):
                if number:
                    sleep(PAUSE)
                files.append(_called(client, url))
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, Refused) as error:
        return Answered(files, f"{type(error).__name__}: {error}")
    return Answered(files)


def addresses(place: Place, countries: list[str]) -> Iterator[str]:
    """One, or one for each country that somebody goes to."""
    if not place.page:
        yield place.url
        return
    for country in countries[:MOST_PAGES]:
        yield place.url.format(slug=slugify(COUNTRIES[country].removeprefix("The ")))


def _called(client: "httpx.Client", url: str) -> bytes:  # type: ignore[name-defined]  # noqa: F821
    """No redirect is followed: a source that has moved is a fault that a person looks at."""
    data, until = bytearray(), monotonic() + TOTAL_SECONDS
    with client.stream("GET", url) as answer:
        answer.raise_for_status()
        for chunk in answer.iter_bytes():
            data += chunk
            if len(data) > LIMIT_BYTES or monotonic() > until:
                raise Refused("The answer is too large or too slow", where=url)
    return bytes(data)


def keep_answer(*, source: str, answered: Answered) -> str:
    """Import what came and note the health of the source: ``good`` or ``failed``."""
    fault = answered.fault
    for data in answered.files:
        try:
            import_advisories(actor=SYSTEM, data=data, source=source, name=f"{source}, fetched")
        except Refused as error:
            fault = fault or str(error)
    return _health(source, fault)


@transaction.atomic
@system_read("the health of a source belongs to the house")
def _health(source: str, fault: str) -> str:
    """Back off: twice as long after each failure, at most a week."""
    row = AdvisorySource.objects.select_for_update().get(name=source)
    row.last_tried_at = now()
    row.failures = row.failures + 1 if fault else 0
    row.last_error = fault[:400]
    wait = min(EVERY * 2 ** min(row.failures, 5), LONGEST) if fault else EVERY
    row.next_at = now() + wait
    if not fault:
        row.last_good_at = now()
    row.save(update_fields=["last_tried_at", "failures", "last_error", "next_at", "last_good_at"])
    if fault:
        log.warning("advisories failed", source=source, failures=row.failures)
    return "failed" if fault else "good"


def due() -> list[tuple[str, list[str]]]:
    """Sources whose turn it is, and the countries to ask about."""
    rows = queries.due_sources(SYSTEM)
    return [(row.name, queries.countries_ahead(SYSTEM)) for row in rows]
