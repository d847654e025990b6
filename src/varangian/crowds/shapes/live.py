"""Watches, counters and triggers as rows, and an evening for the scrubber."""

from typing import Any

from varangian.operations.counting import Place
from varangian.tracking.enrolment import origin

from ..drawing import path_of
from ..models import CrowdCounter, CrowdMoment, CrowdTrigger, CrowdWatch
from ..queries import live as reads


def address_of(secret: str, host: str = "") -> str:
    return f"{origin(host)}/count/{secret}"


def watch_row(watch: CrowdWatch, *, whole: bool = True) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": str(watch.pk),
        "venue": str(watch.version.plan_id),  # pyright: ignore[reportAttributeAccessIssue]
        "name": watch.version.plan.name,
        "version": watch.version.number,
        "operation": watch.operation.slug,
        "on": watch.on,
        "expected": watch.expected,
        "started_at": watch.started_at,
        "ended_at": watch.ended_at,
        "looked_at": watch.looked_at,
    }
    if whole:
        row |= {
            "now": watch.picture or None, "principal": watch.principal or None,
            "advice": watch.advice or None, "advised_at": watch.advised_at,
            "summary": watch.summary or None,
        }  # fmt: skip
    return row


def counter_row(counter: CrowdCounter) -> dict[str, Any]:
    return {
        "id": str(counter.pk), "venue": str(counter.plan_id), "name": counter.name,  # pyright: ignore
        "kind": counter.kind, "behind": counter.behind, "into": counter.into,
        "camera": str(counter.source) if counter.source else None,
        "outside_id": counter.outside_id, "totals": counter.totals, "missed": counter.missed,
        "twice": counter.twice, "period_s": counter.period_s, "heard_at": counter.heard_at,
    }  # fmt: skip


def camera_row(place: Place) -> dict[str, Any]:
    return {
        "camera": str(place.source), "name": place.name, "zone": place.zone, "title": place.title,
        "line": place.door,
    }  # fmt: skip


def trigger_row(trigger: CrowdTrigger) -> dict[str, Any]:
    return {
        "id": str(trigger.pk), "version": trigger.version.number, "zone": trigger.zone,
        "level": trigger.level, "what": trigger.what, "value": trigger.value,
    }  # fmt: skip


def moments_shape(watch: CrowdWatch, moments: list[CrowdMoment]) -> dict[str, Any]:
    """Zones as paths of the plan; by moment low, middle, high and the density of each."""
    zones = reads.zones_of(watch.version)
    return {
        "time_zone": watch.operation.time_zone,
        "zones": [
            {"id": key, "level": item.level, "d": path_of(item.shape)}
            for key, item in zones.items()
        ],
        "moments": [
            {
                "at": one.at,
                "zones": {
                    row["zone"]: [row["low"], row["people"], row["high"], row["per_m2"]]
                    for row in one.picture["zones"]
                },
                "faults": sum(bool(c["fault"]) for c in one.picture["counters"]),
                "on": [t["level"] for t in one.picture["triggers"] if t["on"]],
            }
            for one in moments
        ],
    }
