"""Asking sources about flights: off by default, on for a purpose, politely, honest about faults."""

import os
from dataclasses import dataclass
from datetime import timedelta
from time import sleep
from typing import Annotated
from uuid import UUID

import structlog
from django.db import transaction
from pydantic import AfterValidator, Field

from varangian import __version__
from varangian.kernel.clock import now
from varangian.kernel.library import Keyed, LibraryFile, load_yaml, unique
from varangian.kernel.results import Denied, Refused
from varangian.operations import queries as operation_queries
from varangian.platform.access.scope import SYSTEM, Actor, holds, system_read
from varangian.platform.audit.services import note

from ..models import FlightSource
from ..modes.flights import LIMIT_BYTES, plain_number, read_flights
from .flight_status import hear, pairs

log = structlog.get_logger()
EVERY, LONGEST, AHEAD = timedelta(minutes=15), timedelta(hours=12), timedelta(hours=36)
SECONDS, PAUSE, MOST_ASKED = 20, 1.0, 40


class Asked(Keyed):
    words: str
    url: str = Field(pattern=r"^https://[^\s]+$")
    header: str
    key: str
    tells: str


class Catalogue(LibraryFile):
    sources: Annotated[tuple[Asked, ...], AfterValidator(unique)]


def catalogue() -> dict[str, Asked]:
    found = load_yaml("varangian.travel.modes", "flight_sources.yaml", Catalogue)
    return {row.id: row for row in found.sources}


@transaction.atomic
@system_read("a switch is one row, whoever turned it last")
def switch_flights(*, actor: Actor, source: str, on: bool, purpose: str = "") -> FlightSource:
    """Let the house ask this source about flights of the next day and a half, or stop it."""
    if not actor.is_system and not holds(actor, "feed.import"):
        raise Denied("Your role does not allow switching feeds", mend="Ask the analyst.")
    if source not in catalogue():
        raise Refused("There is no such source", source, f"There is: {', '.join(catalogue())}.")
    purpose = " ".join(purpose.replace("\x00", "").split())[:200]
    if on and len(purpose) < 5:
        told = catalogue()[source].tells
        raise Refused("Say for what purpose", "purpose", f"It learns: {told.lower()}.")
    row, _ = FlightSource.objects.select_for_update().get_or_create(name=source)
    row.on, row.by, row.at = on, str(actor)[:120], now()
    row.purpose = purpose if on else ""
    row.next_at, row.failures, row.last_error = now(), 0, ""
    row.save()
    words = f"flight status of {source} {'on: ' + purpose if on else 'off'}"
    note(kind="connector", record=None, actor=actor, purpose=words)
    return row


@dataclass(frozen=True)
class Answered:
    files: dict[UUID, bytes]
    fault: str = ""


@system_read("flights ahead of all operations; the source learns number and day alone")
def due() -> list[tuple[str, dict[UUID, str]]]:
    """Sources whose turn it is, and by leg the flight to ask about."""
    rows = FlightSource.objects.filter(on=True, next_at__lte=now())
    names = [row.name for row in rows if row.name in catalogue()]
    if not names:
        return []
    legs = operation_queries.movements(SYSTEM).filter(
        kind="flight", starts__gt=now() - timedelta(hours=6), starts__lt=now() + AHEAD
    )
    live = legs.filter(operation__state__in=("planned", "active"), state="planned")
    asked = {leg.pk: plain_number(leg.details.get("flight_number", "")) for leg in live}
    asked = {pk: number for pk, number in asked.items() if number}
    return [(name, dict(list(asked.items())[:MOST_ASKED])) for name in names]


def ask_source(source: str, asked: dict[UUID, str]) -> Answered:
    """One call for each flight. Touches no database: a slow source holds no row."""
    import httpx  # costs 0.4 s to load, and only the worker calls

    place, files = catalogue()[source], dict[UUID, bytes]()
    key = os.environ.get(place.key, "")
    if not key:
        return Answered({}, f"The key {place.key} is not set in the environment")
    headers = {"User-Agent": f"Varangian/{__version__}", place.header: key}
    try:
        with httpx.Client(timeout=SECONDS, headers=headers, trust_env=False) as client:
            for turn, (leg, number) in enumerate(asked.items()):
                if turn:
                    sleep(PAUSE)
                answer = client.get(place.url.format(number=number))
                answer.raise_for_status()
                if len(answer.content) > LIMIT_BYTES:
                    raise Refused("The answer is too large", where=source)
                files[leg] = answer.content
    except (httpx.HTTPError, httpx.InvalidURL, Refused) as error:
        return Answered(files, f"{type(error).__name__}: {error}")
    return Answered(files)


def keep_answer(*, source: str, answered: Answered) -> str:
    fault = answered.fault
    legs = {leg.pk: leg for leg in operation_queries.movements(SYSTEM).filter(
        pk__in=answered.files)}  # fmt: skip
    for pk, data in answered.files.items():
        try:
            flights = read_flights(data).flights
        except Refused as error:
            fault = fault or str(error)
            continue
        for leg, said in pairs([legs[pk]] if pk in legs else [], flights):
            hear(leg, source, said)
    return _health(source, fault)


@transaction.atomic
@system_read("the health of a source belongs to the house")
def _health(source: str, fault: str) -> str:
    """Twice as long after each failure, at most half a day."""
    row = FlightSource.objects.select_for_update().get(name=source)
    row.last_tried_at, row.last_error = now(), fault[:400]
    row.failures = row.failures + 1 if fault else 0
    row.next_at = now() + min(EVERY * 2 ** min(row.failures, 6), LONGEST)
    if not fault:
        row.last_good_at = now()
    row.save()
    if fault:
        log.warning("flight status failed", source=source, failures=row.failures)
    return "failed" if fault else "good"
