"""How changes of plan look in the API and in ``--json``."""

from typing import Any

from ..models import Acknowledgement, Change, Order
from ..queries.changes import Preview
from .orders import acknowledgement_shape


def change_shape(row: Change) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "label": row.label,
        "operation": row.operation.slug,
        "movement": str(row.movement_id) if row.movement_id else None,  # pyright: ignore
        "state": row.state,
        "summary": row.summary,
        "wish": row.wish,
        "acknowledge_minutes": row.acknowledge_minutes,
        "order": row.order.serial if row.order else None,
        "order_id": str(row.order_id) if row.order else None,  # pyright: ignore
        "drafted_by": str(row.drafted_by) if row.drafted_by else None,
        "drafted_at": row.drafted_at,
        "sent_by": str(row.sent_by) if row.sent_by else None,
        "sent_at": row.sent_at,
    }


def whole_shape(row: Change, acks: list[Acknowledgement]) -> dict[str, Any]:
    """With what it touches and, once it is sent, who has read it."""
    return {
        **change_shape(row),
        "touches": row.touched,
        "edits": row.edits,
        "acknowledgements": [acknowledgement_shape(ack) for ack in acks],
    }


def preview_shape(shown: Preview) -> dict[str, Any]:
    return {
        "summary": shown.summary,
        "number": shown.number,
        "acknowledge_minutes": shown.minutes,
        "posts": [post.title for post in shown.posts],
        "touches": [
            {"group": row.group, "title": row.title, "why": row.why, "tone": row.tone}
            for row in shown.touched
        ],
        "lines": [
            {
                "key": key,
                "number": line.number,
                "heading": line.heading,
                "change": line.change,
                "text": line.text,
                "replaces": line.replaces or None,
            }
            for key, line in shown.keyed()
        ],
        "pending": len(shown.pending),
        "seen": shown.seen,
    }


def unread_shape(rows: list[tuple[Order, list[Acknowledgement]]]) -> list[dict[str, Any]]:
    return [
        {
            "operation": order.operation.slug,
            "order": order.serial,
            "summary": order.summary or None,
            "acknowledge_by": order.acknowledge_by,
            "posts": [ack.post.title for ack in acks],
        }
        for order, acks in rows
    ]
