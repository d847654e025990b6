"""The operations centre as data."""

from typing import Any

from varangian.alerts.shapes import shape as alert_shape
from varangian.operations.shapes import movement_shape, operation_shape
from varangian.platform.access.scope import Actor

from ..queries import watch
from .incidents import incident_shape


def wall_shape(actor: Actor) -> dict[str, Any]:
    found = watch.wall(actor)
    return {
        "at": found["at"],
        "overdue": [late_shape(one["row"], one["operation"]) for one in found["late"]],
        "details": [
            {
                "operation": operation_shape(row["operation"]),
                "tone": row["tone"],
                "now": movement_shape(row["now"]) if row["now"] else None,
                "next": movement_shape(row["next"]) if row["next"] else None,
                "on_duty": len(row["duty"]),
                "alerts": len(row["alerts"]),
                "incidents": [incident_shape(one) for one in row["incidents"]],
                "overdue": len(row["late"]),
            }
            for row in found["rows"]
        ],
    }


def late_shape(row: Any, operation: str) -> dict[str, Any]:
    return {"kind": row.kind, "title": row.title, "operation": operation, "since": row.since}


def queued_shape(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "alert": alert_shape(row["alert"]),
        "procedure": row["procedure"].id,
        "with": str(row["handling"].taken_by) if row["handling"] else None,
        "due": row["due"],
        "steps": [
            {
                "id": one["step"].id,
                "do": one["step"].do,
                "due": one["due"],
                "late": one["late"],
                "done_at": one["mark"].at if one["mark"] else None,
                "skipped": bool(one["mark"] and one["mark"].skipped),
            }
            for one in row["steps"]
        ],
    }


def handover_shape(row: Any) -> dict[str, Any]:
    return {
        "change": str(row.change),
        "operation": row.operation.slug,
        "made_by": str(row.made_by),
        "made_at": row.made_at,
        "taken_by": str(row.taken_by) if row.taken_by else None,
        "taken_at": row.taken_at,
        "words": row.words,
        "content": row.content,
        "digest": row.digest,
    }
