"""One feed file into signals: new, updated, cancelled, unchanged; nothing is lost."""

from collections import Counter, defaultdict
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

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
EARLIEST = datetime.min.replace(tzinfo=UTC)
SAID = (
    *("kind", "title", "summary", "instruction", "severity", "band", "certainty", "urgency"),
    *("status", "starts", "expires", "geometry", "countries", "version", "updated_at", "link"),
)


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
    record.matching_job = match_later([signal.pk for signal in fresh])
    return record


class Known:
    """The newest state of each item, as the file changes it."""

    def __init__(self, items: list[HazardReport]) -> None:
        self.items: dict[Key, Signal] = {}
        self.groups: defaultdict[Key, list[Signal]] = defaultdict(list)
        self.referring: dict[Key, Signal] = {}
        for signal in _referring(items):
            self.refer(signal)
        for signal in _active({item.source for item in items}):
            self.add(signal)
        self.cancelled = _cancelled(items)

    def add(self, signal: Signal) -> None:
        self.items[signal.source, signal.native_id] = signal
        self.groups[signal.source, signal.group_id].append(signal)
        self.refer(signal)

    def refer(self, signal: Signal) -> None:
        self.referring.update({(signal.source, name): signal for name in signal.refers})

    def overtaken_by(self, item: HazardReport) -> Signal | None:
        """A message that refers to this item and came before it, although it was sent later."""
        other = self.referring.get((item.source, item.group_id[:300]))
        if other is None or other.native_id == item.native_id[:300]:
            return None
        sent, referred = item.updated_at, other.updated_at
        return other if not (sent and referred) or sent <= referred else None

    def replaced_by(self, item: HazardReport) -> list[Signal]:
        older = self.items.get((item.source, item.native_id))
        referred = [s for ref in item.supersedes for s in self.groups[item.source, ref]]
        found = {s.pk: s for s in [older, *referred] if s is not None}
        return [signal for signal in found.values() if signal.state == Signal.State.ACTIVE]


def _take(items: list[HazardReport], record: FeedImport) -> tuple[dict[str, int], list[Signal]]:
    """Oldest first, so that an item and what replaces it may stand in one file in any order."""
    items = [_of_its_feed(item, record) for item in items]
    known = Known(items)
    counts: Counter[str] = Counter(new=0, updated=0, cancelled=0, unchanged=0, outdated=0)
    fresh: list[Signal] = []
    ended: dict[UUID, Signal] = {}
    for item in sorted(items, key=lambda item: item.updated_at or EARLIEST):
        replaced = known.replaced_by(item)
        what = _outcome(item, replaced, known, record)
        counts[what] += 1
        if what in ("outdated", "unchanged"):
            continue
        signal = _signal(item, record, now())
        if what == "cancelled":
            signal.state = Signal.State.CANCELLED
            signal.superseded_by = known.overtaken_by(item)
        for old in replaced:
            old.state = Signal.State.CANCELLED if what == "cancelled" else Signal.State.SUPERSEDED
            old.superseded_by = signal
            ended[old.pk] = old
        fresh.append(signal)
        known.add(signal)
    _store(fresh, ended)
    return dict(counts), fresh


@system_read("public signals: what a file replaces ends, whoever imports")
def _store(fresh: list[Signal], ended: dict[UUID, Signal]) -> None:
    new = {signal.pk for signal in fresh}
    before = [old for pk, old in ended.items() if pk not in new]
    Signal.objects.bulk_update(before, ["state", "superseded_by"], batch_size=500)
    Signal.objects.bulk_create(fresh, batch_size=500)


def _outcome(item: HazardReport, replaced: list[Signal], known: Known, record: FeedImport) -> str:
    key = (item.source, item.native_id)
    older = known.items.get(key)
    if older is not None and _outdated(item, older):
        return "outdated"
    overtaken = known.overtaken_by(item)
    if overtaken is not None and overtaken.state != Signal.State.CANCELLED:
        return "outdated"
    if overtaken is not None:
        return "unchanged" if key in known.cancelled else "cancelled"
    if item.action == "cancel":
        return "unchanged" if not replaced and key in known.cancelled else "cancelled"
    if older is not None and older in replaced and _same(item, older, record):
        return "unchanged"
    return "updated" if replaced else "new"


def _of_its_feed(item: HazardReport, record: FeedImport) -> HazardReport:
    """Identifiers of the generic format are good within their own feed only."""
    if item.source == "geojson" and record.connector:
        return replace(item, source=f"geojson:{record.connector.name}")
    return item


@system_read("public signals: the newest state of each item, whoever imports")
def _active(sources: set[str]) -> list[Signal]:
    return list(Signal.objects.filter(source__in=sources, state=Signal.State.ACTIVE))


@system_read("public signals: what was sent about an item before it came, whoever imports")
def _referring(items: list[HazardReport]) -> list[Signal]:
    """Oldest first, so that the last word stands."""
    groups = list({item.group_id[:300] for item in items if item.group_id})
    found = Signal.objects.filter(source__in={item.source for item in items})
    return list(found.filter(refers__has_any_keys=groups).order_by("updated_at", "pk"))


@system_read("public signals: what was cancelled already, whoever imports")
def _cancelled(items: list[HazardReport]) -> set[Key]:
    ids = [item.native_id for item in items]
    rows = Signal.objects.filter(native_id__in=ids, state=Signal.State.CANCELLED)
    return set(rows.values_list("source", "native_id"))


def _outdated(item: HazardReport, older: Signal) -> bool:
    return bool(item.updated_at and older.updated_at and item.updated_at < older.updated_at)


def _same(item: HazardReport, older: Signal, record: FeedImport) -> bool:
    """Every word of it: some sources change an item without saying when."""
    fresh = _signal(item, record, older.received_at)
    return all(getattr(fresh, name) == getattr(older, name) for name in SAID)


def _signal(item: HazardReport, record: FeedImport, received: datetime) -> Signal:
    found = relevance(item, received)
    texts: dict[str, Any] = {
        "source": item.source[:60],
        "native_id": item.native_id[:300],
        "group_id": item.group_id[:300],
        "refers": [name[:300] for name in item.supersedes],
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
