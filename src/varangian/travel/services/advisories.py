"""The only writers of advisories and hazards: a file in, what rose told to the dossiers."""

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Denied, Refused
from varangian.platform.access.scope import SYSTEM, Actor, holds, system_read
from varangian.platform.audit.services import note
from varangian.platform.live.services import publish
from varangian.platform.news.services import announce
from varangian.platform.thread.queries import stale_by_record
from varangian.platform.thread.services import changed, tie

from ..advisories import AUTHORITIES, Hazard, Notice, ReadFile, read
from ..dossier.score import level_words, score
from ..models import Advisory, AdvisoryImport, AdvisoryVersion, TravelHazard
from ..queries import destinations as queries


@dataclass(frozen=True)
class Risen:
    """One government now says worse of a country than it did, or than anybody did."""

    advisory: UUID
    country: str
    reason: str


def require_feeds(actor: Actor) -> None:
    """Advisories belong to no operation: whoever may import feeds on any team may import."""
    if not actor.is_system and not holds(actor, "feed.import"):
        raise Denied("Your role does not allow importing advisories", mend="Ask the analyst.")


@transaction.atomic
def import_advisories(
    *, actor: Actor, data: bytes, source: str = "auto", name: str = ""
) -> AdvisoryImport:
    """Read a file. The original is kept once; what could not be read is told; the rest goes on.

    A file that lags behind what is on file already counts as older and changes nothing.
    """
    require_feeds(actor)
    found = read(data, source)
    at = now()
    record = _record(actor, found, data, name, at)
    counts, risen = _take(found, record, at)
    record.counts, record.at = counts, at
    record.problems = [asdict(problem) for problem in found.problems]
    record.save(update_fields=["counts", "problems", "at"])
    note(kind="import", record=record, actor=actor, purpose=f"advisories of {found.source}")
    publish(topic="advisories", kind="imported", record=record.pk, compartment_id=None)
    spread(actor=actor, risen=risen)
    if risen and not actor.is_system:
        _spread_later(risen)
    return record


@system_read("the same bytes are kept once, whoever brought them first")
def _record(actor: Actor, found: ReadFile, data: bytes, name: str, at: datetime) -> AdvisoryImport:
    record, _ = AdvisoryImport.objects.get_or_create(
        digest=sha256(data).hexdigest(),
        defaults={
            "source": found.source,
            "name": name[:200],
            "original": data,
            "imported_by_id": actor.pk,
            "first_at": at,
        },
    )
    return record


@system_read("what a government says is one row for the whole house")
def _take(
    found: ReadFile, record: AdvisoryImport, at: datetime
) -> tuple[dict[str, int], list[Risen]]:
    counted: Counter[str] = Counter()
    known = {(row.country, row.scope): row for row in Advisory.objects.filter(source=found.source)}
    risen = []
    for notice in found.notices:
        row = known.get((notice.country, notice.scope))
        outcome, rise = _take_notice(notice, row, record, at)
        counted[outcome] += 1
        risen += [rise] if rise else []
    for hazard in found.hazards:
        counted[_take_hazard(hazard, record, at)] += 1
    counted["items"] = len(found.notices) + len(found.hazards)
    counted["problems"] = len(found.problems)
    return dict(counted), risen


def _take_notice(
    notice: Notice, row: Advisory | None, record: AdvisoryImport, at: datetime
) -> tuple[str, Risen | None]:
    if row is None:
        before = _worst(notice, at)
        row = Advisory(source=notice.source, country=notice.country, scope=notice.scope)
        rose = before is not None and (notice.level or 0) > before
        return "new", _keep(row, notice, record, at, before if rose else None, rose)
    if row.published and notice.published and notice.published < row.published:
        return "older", None
    if row.level == notice.level and row.words == notice.words[:400]:
        row.retrieved_at = at
        row.published, row.link = notice.published, notice.link
        row.summary, row.digest, row.feed = notice.summary, notice.digest, record
        row.save()
        return "unchanged", None
    rose = (notice.level or 0) > (row.level or 0)
    return "changed", _keep(row, notice, record, at, row.level, rose)


@system_read("a first word counts as a rise when it is worse than what all others said")
def _worst(notice: Notice, at: datetime) -> int | None:
    said = queries.said_of(SYSTEM, notice.country)
    found = score(said, at)
    return found.level if notice.scope == "whole" else found.part


def _keep(
    row: Advisory,
    notice: Notice,
    record: AdvisoryImport,
    at: datetime,
    before: int | None,
    rose: bool,
) -> Risen | None:
    said: dict[str, Any] = {
        "level": notice.level,
        "words": notice.words[:400],
        "summary": notice.summary,
        "link": notice.link,
        "published": notice.published,
        "valid_from": notice.valid_from,
        "digest": notice.digest,
        "feed": record,
    }
    for name, value in said.items():
        setattr(row, name, value)
    row.retrieved_at = row.changed_at = at
    row.save()
    AdvisoryVersion.objects.create(advisory=row, seen_at=at, **said)
    if not rose:
        return None
    where = notice.country if notice.scope == "whole" else f"parts of {notice.country}"
    levels = f"from {level_words(before)} to {level_words(notice.level)}"
    return Risen(row.pk, notice.country, f"{AUTHORITIES[notice.source]} on {where} rose {levels}")


@system_read("an event of nature is one row for the whole house")
def _take_hazard(hazard: Hazard, record: AdvisoryImport, at: datetime) -> str:
    row = TravelHazard.objects.filter(source=hazard.source, native_id=hazard.native_id).first()
    if row and row.published and hazard.published and hazard.published < row.published:
        return "older"
    outcome = "new" if row is None else "unchanged" if row.digest == hazard.digest else "changed"
    row = row or TravelHazard(source=hazard.source, native_id=hazard.native_id)
    lat, lon = hazard.point or (None, None)
    fields: dict[str, Any] = {
        "kind": hazard.kind,
        "level": hazard.level,
        "title": hazard.title[:500],
        "area": hazard.area[:500],
        "countries": list(hazard.countries),
        "lat": lat,
        "lon": lon,
        "box": list(hazard.box) if hazard.box else None,
        "starts": hazard.starts,
        "ends": hazard.ends,
        "published": hazard.published,
        "link": hazard.link,
        "cancelled": hazard.cancelled,
        "digest": hazard.digest,
        "feed": record,
        "retrieved_at": at,
    }
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return outcome


def spread(*, actor: Actor, risen: list[Risen]) -> None:
    """Mark the dossiers that this actor may see; those that wait for this reason are left alone."""
    for rise in risen:
        rows = list(queries.in_country(actor, rise.country))
        stale = stale_by_record(actor, "destination", [row.pk for row in rows])
        fresh = [row for row in rows if rise.reason not in stale.get(row.pk, [])]
        for row in rows:
            tie(
                left=("advisory", rise.advisory),
                right=("destination", row.pk),
                relation="warns",
                compartment_id=row.compartment_id,
            )
        changed(node=("advisory", rise.advisory), reason=rise.reason)
        for row in fresh:
            announce(
                topic="destinations",
                event="risen",
                text=f"Destination {row.label}: {rise.reason}",
                compartment_id=row.compartment_id,
                operation_id=row.operation_id,
                record=("destination", row.pk),
                actor=actor,
            )


def _spread_later(risen: list[Risen]) -> None:
    """The worker tells the teams that this person does not see."""
    from ..jobs import spread_advisories

    spread_advisories.defer(
        risen=[
            {"advisory": str(r.advisory), "country": r.country, "reason": r.reason} for r in risen
        ]
    )


def source_named(name: str) -> str:
    if name not in AUTHORITIES:
        raise Refused("There is no such source", name[:40], f"One of: {', '.join(AUTHORITIES)}.")
    return name
