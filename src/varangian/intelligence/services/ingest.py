"""One feed file into signals: new, updated, cancelled, unchanged; nothing is lost."""

from collections import Counter
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Denied
from varangian.platform.access.scope import Actor, holds, system_read
from varangian.platform.audit.services import note
from varangian.platform.live.services import publish

from ..feeds import HazardReport, parse, relevance
from ..models import Connector, FeedImport, Signal
from ..rules import shape_to_json
from .matching import match_later

Key = tuple[str, str]


def require_desk(actor: Actor) -> None:
    """Feeds belong to no operation: whoever may import on any team may import."""
    if not actor.is_system and not holds(actor, "feed.import"):
        raise Denied("Your role does not allow importing feeds", mend="Ask the analyst.")


@transaction.atomic
def import_feed(
    *,
    actor: Actor,
    data: bytes,
    kind: str = "auto",
    name: str = "",
    connector: Connector | None = None,
) -> FeedImport:
    """Read a file; the original is kept, per-item faults are reported, the rest goes on."""
    require_desk(actor)
    result = parse(data, kind)
    record = FeedImport.objects.create(
        connector=connector,
        imported_by_id=actor.pk,
        name=name[:200],
        kind=result.kind,
        original=data,
        problems=[asdict(problem) for problem in result.problems],
    )
    counts, fresh = _take(result.items, record)
    record.counts = {"items": len(result.items), "problems": len(result.problems), **counts}
    record.save(update_fields=["counts"])
    note(kind="import", record=record, actor=actor, purpose=f"feed {result.kind}")
    publish(topic="signals", kind="imported", record=record.pk, compartment_id=None)
    match_later([signal.pk for signal in fresh])
    return record


def _take(items: list[HazardReport], record: FeedImport) -> tuple[dict[str, int], list[Signal]]:
    known = _active({item.source for item in items})
    groups: dict[Key, list[Signal]] = {}
    for signal in known.values():
        groups.setdefault((signal.source, signal.group_id), []).append(signal)
    counts: Counter[str] = Counter(new=0, updated=0, cancelled=0, unchanged=0, outdated=0)
    fresh: list[Signal] = []
    for item in items:
        older = known.get((item.source, item.native_id))
        if older is not None and _outdated(item, older):
            counts["outdated"] += 1
            continue
        if older is not None and _same(item, older):
            counts["unchanged"] += 1
            continue
        referred = [s for ref in item.supersedes for s in groups.get((item.source, ref), [])]
        replaced = {s.pk: s for s in [older, *referred] if s is not None}
        fresh.append(_store(item, record, list(replaced.values())))
        what = "cancelled" if item.action == "cancel" else "updated" if replaced else "new"
        counts[what] += 1
    return dict(counts), fresh


@system_read("public signals: the newest state of each item, whoever imports")
def _active(sources: set[str]) -> dict[Key, Signal]:
    rows = Signal.objects.filter(source__in=sources, state=Signal.State.ACTIVE)
    return {(row.source, row.native_id): row for row in rows}


def _outdated(item: HazardReport, older: Signal) -> bool:
    return bool(item.updated_at and older.updated_at and item.updated_at < older.updated_at)


def _same(item: HazardReport, older: Signal) -> bool:
    return (
        item.action != "cancel"
        and item.updated_at == older.updated_at
        and item.version == older.version
        and item.title[:500] == older.title
        and item.band == older.band
    )


def _store(item: HazardReport, record: FeedImport, replaced: list[Signal]) -> Signal:
    cancel = item.action == "cancel"
    ended = Signal.State.CANCELLED if cancel else Signal.State.SUPERSEDED
    for old in replaced:
        old.state = ended
        old.save(update_fields=["state"])
    signal = _signal(item, record, now())
    if cancel:
        signal.state = Signal.State.CANCELLED
    signal.save(force_insert=True)
    for old in replaced:
        old.superseded_by = signal
        old.save(update_fields=["superseded_by"])
    return signal


def _signal(item: HazardReport, record: FeedImport, received: datetime) -> Signal:
    found = relevance(item, received)
    texts: dict[str, Any] = {
        "source": item.source[:60],
        "native_id": item.native_id[:300],
        "group_id": item.group_id[:300],
        "version": item.version[:100],
        "title": item.title[:500],
        "summary": item.summary,
        "instruction": item.instruction,
        "severity": item.severity[:40],
        "certainty": item.certainty[:40],
        "urgency": item.urgency[:40],
        "link": item.link[:1000],
    }
    return Signal(
        kind=item.kind,
        band=item.band,
        status=item.status,
        starts=found.window.start,
        expires=found.window.end,
        assumed=list(found.assumed),
        geometry=shape_to_json(found.shape),
        countries=list(item.countries),
        updated_at=item.updated_at,
        received_at=received,
        feed_import=record,
        **texts,
    )
