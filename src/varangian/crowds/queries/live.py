"""Reads of watches, counters and triggers, and the evening as it went."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import Max, QuerySet

from varangian.engines.crowdflow.flow import grid_of
from varangian.engines.crowdflow.flow.grid import Grid
from varangian.engines.crowdflow.live import Skill
from varangian.engines.crowdflow.live.field import cells_of
from varangian.engines.crowdflow.venue import Venue, read_venue
from varangian.engines.crowdflow.venue.model import Item
from varangian.kernel.clock import now
from varangian.kernel.results import NotFound
from varangian.operations.models import Operation
from varangian.platform.access.scope import Actor

from ..models import CrowdCounter, CrowdMoment, CrowdTrigger, CrowdWatch, VenuePlan, VenueVersion

MOST_MOMENTS = 2000


@dataclass(frozen=True)
class Ground:
    """What a version is to the live count. Versions never change, so it is kept for a while."""

    venue: Venue
    zones: dict[str, Item]
    grid: Grid
    cells: dict[str, np.ndarray]

    def area(self, zone: str) -> float:
        names = [zone] if zone else list(self.zones)
        return sum(self.zones[name].shape.area for name in names)


def zones_of(version: VenueVersion) -> dict[str, Item]:
    """The zones drawn; where there are none, the floors."""
    venue = read_venue(json.dumps(version.document)).venue
    return _zones(venue)


def _zones(venue: Venue) -> dict[str, Item]:
    return {item.id: item for item in venue.of("zone") or venue.of("area")}


@lru_cache(maxsize=8)
def _ground(pk: UUID, document: str) -> Ground:  # noqa: ARG001
    venue = read_venue(document).venue
    zones, grid = _zones(venue), grid_of(venue)
    return Ground(venue, zones, grid, {name: cells_of(grid, item) for name, item in zones.items()})


def ground_of(version: VenueVersion) -> Ground:
    return _ground(version.pk, json.dumps(version.document))


def watches(
    actor: Actor, plan: VenuePlan | None = None, operation: Operation | None = None
) -> QuerySet[CrowdWatch]:
    found = CrowdWatch.objects.visible_to(actor).select_related(
        "version__plan", "operation", "started_by", "ended_by"
    )
    found = found.filter(version__plan=plan) if plan else found
    return found.filter(operation=operation) if operation else found


def watch(actor: Actor, pk: UUID) -> CrowdWatch:
    found = watches(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such watch, or it is not yours to see", where=str(pk))
    return found


def watch_on(actor: Actor, plan: VenuePlan) -> CrowdWatch | None:
    return watches(actor, plan).filter(ended_at=None).first()


def counters(actor: Actor, plan: VenuePlan | None = None) -> QuerySet[CrowdCounter]:
    found = CrowdCounter.objects.visible_to(actor).filter(removed_at=None).select_related("plan")
    return found.filter(plan=plan) if plan else found


def counter(actor: Actor, pk: UUID) -> CrowdCounter:
    found = counters(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such counter, or it is not yours to see", where=str(pk))
    return found


def eyes(actor: Actor, plan: VenuePlan) -> QuerySet[CrowdCounter]:
    """Cameras of the operation that count for this venue."""
    return counters(actor, plan).filter(kind=CrowdCounter.Kind.SEEN)


def clickers(actor: Actor, operation: Operation) -> list[CrowdCounter]:
    """Of venues of the operation that are watched now."""
    on = watches(actor, operation=operation).filter(ended_at=None)
    plans = on.values_list("version__plan_id", flat=True)
    found = counters(actor).filter(plan_id__in=list(plans), kind=CrowdCounter.Kind.CLICKER)
    return list(found)


def triggers(actor: Actor, version: VenueVersion) -> QuerySet[CrowdTrigger]:
    found = CrowdTrigger.objects.visible_to(actor).filter(version=version, removed_at=None)
    return found.select_related("version__plan")


def trigger(actor: Actor, pk: UUID) -> CrowdTrigger:
    found = CrowdTrigger.objects.visible_to(actor).select_related("version__plan")
    one = found.filter(pk=pk, removed_at=None).first()
    if one is None:
        raise NotFound("There is no such trigger, or it is not yours to see", where=str(pk))
    return one


def moments(actor: Actor, watch: CrowdWatch) -> list[CrowdMoment]:
    """Evenly over the evening, at most ``MOST_MOMENTS``."""
    found = CrowdMoment.objects.visible_to(actor).filter(watch=watch)
    count = found.count()
    if count <= MOST_MOMENTS:
        return list(found)
    keys = list(found.values_list("pk", flat=True))[:: count // MOST_MOMENTS + 1]
    return list(found.filter(pk__in=keys))


def clock(watch: CrowdWatch) -> datetime:
    """Ours; of what is replayed, that of the last word."""
    if not watch.replayed:
        return watch.ended_at or now()
    last = watch.readings.aggregate(last=Max("at"))["last"]  # pyright: ignore
    return last or watch.started_at


def inherited(actor: Actor, version: VenueVersion) -> dict[str, Any]:
    """The back-test of the watch before, so that a forecast need not prove itself anew."""
    before = watches(actor, version.plan).exclude(ended_at=None).first()
    kept = before.memory.get("skill", {}) if before else {}
    return {"skill": {zone: Skill.of(one).carried().plain() for zone, one in kept.items()}}


def summary(actor: Actor, watch: CrowdWatch) -> dict[str, Any]:
    """The most of each zone, when; which triggers fired; which counters failed."""
    most: dict[str, dict[str, Any]] = {}
    faults: dict[str, list[str]] = {}
    fired: dict[str, int] = {}
    for one in moments(actor, watch):
        for zone in one.picture["zones"]:
            best = most.get(zone["zone"])
            if best is None or zone["people"] > best["people"]:
                most[zone["zone"]] = {**_short(zone), "at": one.at.isoformat()}
        for counter in one.picture["counters"]:
            kinds = faults.setdefault(counter["name"], [])
            if counter["fault"] and counter["fault"] not in kinds:
                kinds.append(counter["fault"])
    for key, count in watch.memory.get("fired", {}).items():
        fired[key] = count["times"]
    return {
        "most": list(most.values()),
        "faults": {name: kinds for name, kinds in faults.items() if kinds},
        "alerts": sum(fired.values()),
        "readings": watch.readings.count(),  # pyright: ignore[reportAttributeAccessIssue]
    }


def _short(zone: dict[str, Any]) -> dict[str, Any]:
    return {name: zone[name] for name in ("zone", "label", "people", "low", "high", "per_m2")}


def summary_words(watch: CrowdWatch) -> str:
    """One line for the log and the hot wash; no word of the principal."""
    found = watch.summary
    whole = next((one for one in found["most"] if not one["zone"]), None)
    peak = f"most inside {whole['low']} to {whole['high']}" if whole else "nobody was counted"
    alerts, bad = found["alerts"], len(found["faults"])
    words = f"The watch of the crowd at {watch.version.plan.name} has ended: {peak}, {alerts} "
    words += "trigger" if alerts == 1 else "triggers"
    if bad:
        words += f", {bad} counter{'s' if bad > 1 else ''} with faults"
    return words
