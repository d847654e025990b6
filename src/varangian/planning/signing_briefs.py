"""What the signature under a brief covers, and whether it still holds."""

from collections.abc import Iterable
from typing import Any

from varangian.kernel.chain import digest
from varangian.platform.audit import approval


def content(brief: Any, items: Iterable[Any], judgements: Iterable[Any]) -> dict[str, Any]:
    """Everything a reader relies on, what was left out and why included."""
    return {
        "operation": str(brief.operation_id),
        "kind": str(brief.kind),
        "serial": brief.serial,
        "version": brief.version,
        "day": brief.day.isoformat(),
        "legs": [str(pk) for pk in brief.legs],
        "readers": str(brief.readers),
        "tlp": brief.tlp,
        "bottom_line": brief.bottom_line or "",
        "drafted_at": brief.drafted_at.isoformat(),
        "items": [
            [
                row.section,
                row.position,
                row.needs,
                row.title or "",
                row.text or "",
                row.source or "",
                row.grade,
                row.scale,
                row.at.isoformat() if row.at else "",
                row.unknown,
                row.left_out,
                row.reason or "",
            ]
            for row in items
        ],
        "judgements": [
            [row.text, row.probability, row.confidence, row.basis, str(row.readers)]
            for row in judgements
        ],
    }


def brief_digest(brief: Any, items: Iterable[Any], judgements: Iterable[Any]) -> str:
    return digest(content(brief, items, judgements))


def brief_fault(brief: Any, items: Iterable[Any], judgements: Iterable[Any]) -> str:
    """Why the seal does not hold; empty when it does."""
    return approval.fault(brief, brief_digest(brief, items, judgements))
