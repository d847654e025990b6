"""What a signature under an order, a go or a hot wash covers, and whether it is genuine."""

from collections.abc import Iterable
from typing import Any

from varangian.kernel.chain import digest
from varangian.platform.audit import approval, signing


def content(order: Any, lines: Iterable[Any]) -> dict[str, Any]:
    """Everything a reader relies on; posts and movements by their words, not by their keys."""
    told = {"summary": order.summary} if order.summary else {}
    if order.acknowledge_by:
        told["acknowledge_by"] = order.acknowledge_by.isoformat()
    return told | {
        "operation": str(order.operation_id),
        "kind": order.kind,
        "serial": order.serial,
        "version": order.version,
        "classification": order.classification,
        "amends": str(order.amends_id or ""),
        "lines": [
            [
                row.number,
                row.heading,
                row.anchor,
                row.text,
                row.cells,
                sorted(row.editions),
                row.gap,
                row.change,
                row.replaces,
                row.reason_kind,
                str(row.reason or ""),
            ]
            for row in lines
        ],
    }


def content_digest(order: Any, lines: Iterable[Any]) -> str:
    return digest(content(order, lines))


def fault(order: Any, lines: Iterable[Any]) -> str:
    """Why the signature does not hold; empty when it does."""
    return approval.fault(order, content_digest(order, lines))


def decided(decision: Any) -> dict[str, Any]:
    """What a signature under a go, a no go or an override covers."""
    return {
        "operation": str(decision.operation_id),
        "serial": decision.serial,
        "kind": str(decision.kind),
        "level": decision.threat_level,
        "reason": decision.reason,
        "lights": decision.lights,
        "until": decision.until.isoformat() if decision.until else "",
    }


def decision_message(decision: Any) -> bytes:
    return signing.covers(
        content=decision.content_digest,
        name=decision.name,
        person=decision.by_id,
        at=decision.at,
    )


def decision_fault(decision: Any) -> str:
    """Why the signature does not hold; empty when it does."""
    return signing.fault(
        content=digest(decided(decision)),
        signed=decision.content_digest,
        message=decision_message(decision),
        signature=decision.signature,
        key=decision.public_key,
    )


def washed(debrief: Any, rows: Iterable[Any]) -> dict[str, Any]:
    """What a signature under a hot wash covers. Owner and date of an action may move later."""
    return {
        "operation": str(debrief.operation_id),
        "summary": debrief.summary,
        "participants": debrief.participants,
        "compared": debrief.compared,
        "observations": [
            [
                row.number,
                str(row.kind),
                row.near_miss,
                row.text,
                row.about_kind,
                str(row.about or ""),
                str(row.by_id),
                row.confirmed_at.isoformat() if row.confirmed_at else "",
                row.action,
            ]
            for row in sorted(rows, key=lambda row: row.number)
        ],
    }


def debrief_message(debrief: Any) -> bytes:
    return signing.covers(
        content=debrief.content_digest,
        name=debrief.closed_name,
        person=debrief.closed_by_id,
        at=debrief.closed_at,
    )


def debrief_fault(debrief: Any, rows: Iterable[Any]) -> str:
    """Why the signature does not hold; empty when it does."""
    return signing.fault(
        content=digest(washed(debrief, rows)),
        signed=debrief.content_digest,
        message=debrief_message(debrief),
        signature=debrief.signature,
        key=debrief.public_key,
    )
