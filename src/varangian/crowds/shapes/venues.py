"""Venues, versions and runs as rows."""

from typing import Any

from varangian.engines.crowdflow.venue import Finding, Venue

from ..models import CrowdRun, VenuePlan, VenueVersion
from .findings import finding_shape


def finding_row(finding: Finding, venue: Venue | None) -> dict[str, Any]:
    if venue is not None:
        return finding_shape(finding, venue)
    return {
        "code": finding.code, "severity": finding.severity, "what": finding.what,
        "where": finding.where, "at": finding.at, "lonlat": None, "level": finding.level,
        "mend": finding.mend,
    }  # fmt: skip


def plan_row(plan: VenuePlan) -> dict[str, Any]:
    return {
        "id": str(plan.pk),
        "name": plan.name,
        "place": str(plan.place_id) if plan.place_id else None,  # pyright: ignore
        "operation": plan.operation.slug if plan.operation else None,
        "in_force": plan.current.number if plan.current else None,
        "made_at": plan.made_at,
    }


def version_row(version: VenueVersion) -> dict[str, Any]:
    return {
        "venue": str(version.plan_id),  # pyright: ignore[reportAttributeAccessIssue]
        "version": version.number,
        "source": version.source,
        "faults": version.faults,
        "findings": version.findings,
        "sha256": version.digest,
        "note": version.note,
        "made_by": version.made_by.name if version.made_by else "console",
        "made_at": version.made_at,
    }


def run_row(run: CrowdRun, *, whole: bool = True) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "id": str(run.pk),
        "venue": str(run.version.plan_id),  # pyright: ignore[reportAttributeAccessIssue]
        "version": run.version.number,
        "state": run.state,
        "step": run.step.get("words", ""),
        "percent": round(100 * float(run.step.get("share", 0.0))),
        "stopping": run.stop and run.under_way,
        "words": run.words,
        "wish": run.wish,
        "asked_at": run.asked_at,
        "ended_at": run.ended_at,
    }
    if whole:
        shape["result"] = run.result or None
    return shape
