"""Briefs that a phone takes along: those that are out, as far as this person may see them."""

from typing import Any

from varangian.operations.models import Operation
from varangian.planning.queries import briefs
from varangian.planning.shapes.briefs import whole_shape
from varangian.platform.access.scope import Actor, may

from .phone import part

MOST = 3
SAID = ("title", "text", "source", "grade", "age", "unknown")
JUDGED = ("text", "probability", "confidence", "basis")


@part("briefs")
def taken(actor: Actor, operation: Operation) -> list[dict[str, Any]]:
    """Empty for who reads none; the newest first."""
    if not may(actor, "brief.view", operation.compartment_id):
        return []
    rows = briefs.briefs(actor, operation).filter(state="issued")[:MOST]
    return [_carried(whole_shape(briefs.shown(actor, row))) for row in rows]


def _carried(row: dict[str, Any]) -> dict[str, Any]:
    kept = ("id", "serial", "version", "tlp", "bottom_line", "drafted_at", "issued_at", "read_at")
    return {name: row[name] for name in kept} | {
        "stale": bool(row["stale"]),
        "judgements": [{name: one[name] for name in JUDGED} for one in row["judgements"]],
        "sections": [
            {
                "title": part["title"],
                "items": [{name: item[name] for name in SAID} for item in part["items"]],
            }
            for part in row["sections"]
        ],
    }
