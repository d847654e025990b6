"""Crowd plans as rows."""

from typing import Any

from ..models import CrowdAgreement, CrowdPlan
from ..plan.rules import Gap


def crowd_plan_row(plan: CrowdPlan) -> dict[str, Any]:
    return {
        "id": str(plan.pk),
        "operation": plan.operation.slug,
        "venue": str(plan.venue_id),  # pyright: ignore[reportAttributeAccessIssue]
        "venue_version": plan.drawn.number,
        "version": plan.version,
        "state": plan.state,
        "saved": plan.saved,
        "figures_at": plan.figures_at,
        "drafted_at": plan.drafted_at,
        "signed_by": plan.approved_name or None,
        "signed_at": plan.approved_at,
        "digest": plan.content_digest or None,
        "in_force_at": plan.in_force_at,
        "without_agreement": plan.without or None,
    }


def gap_row(gap: Gap) -> dict[str, Any]:
    return {"section": gap.section, "what": gap.words, "bars_signature": gap.bars}


def agreement_row(row: CrowdAgreement) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "side": row.side,
        "name": row.name,
        "role": row.role or None,
        "agreed_on": row.agreed_on,
        "signed_copy": bool(row.signed_copy_id),  # pyright: ignore[reportAttributeAccessIssue]
        "recorded_at": row.at,
    }
