"""The Board as data."""

from typing import Any

from varangian.alerts import queries as alert_queries
from varangian.alerts.shapes import shape as alert_shape
from varangian.operations.shapes import movement_shape, operation_shape
from varangian.planning.shapes.changes import unread_shape
from varangian.planning.shapes.readiness import light_shape
from varangian.platform.access.scope import Actor

from ..queries import board


def board_shape(actor: Actor) -> dict[str, Any]:
    ahead = board.next_up(actor)
    return {
        "operations": [operation_shape(row) for row in board.operations(actor)],
        "running": [movement_shape(row) for row in ahead["running"]],
        "coming": [movement_shape(row) for row in ahead["coming"]],
        "alerts": [alert_shape(row) for row in alert_queries.queue(actor)],
        "unread": unread_shape(board.orders_to_read(actor)["unread"]),
        "stale": board.stale(actor, most=50),
        "readiness": [_readiness(row) for row in board.readiness(actor)],
    }


def _readiness(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "operation": row["operation"].slug,
        "go": row["go"].state,
        "ready": row["fresh"],
        "required": row["count"],
        "wanting": [light_shape(light) for light in row["wanting"]],
    }
