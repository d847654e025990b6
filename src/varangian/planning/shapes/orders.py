"""How orders look in the API and in ``--json``."""

from typing import Any

from ..models import Acknowledgement, Order
from ..queries.reading import Shown


def order_shape(order: Order) -> dict[str, Any]:
    return {
        "id": str(order.pk),
        "operation": order.operation.slug,
        "serial": order.serial,
        "kind": order.kind,
        "number": order.number,
        "version": order.version,
        "state": order.state,
        "amends": order.amends.serial if order.amends else None,
        "summary": order.summary or None,
        "acknowledge_by": order.acknowledge_by,
        "classification": order.classification,
        "destroy_after": order.destroy_after,
        "drafted_at": order.drafted_at,
        "approved_by": order.approved_name or None,
        "approved_at": order.approved_at,
        "digest": order.content_digest or None,
        "signature": order.signature or None,
        "public_key": order.public_key or None,
        "issued_at": order.issued_at,
    }


def line_shape(shown: Shown) -> dict[str, Any]:
    line = shown.line
    return {
        "id": str(line.record),
        "number": line.number,
        "heading": line.heading,
        "text": line.text,
        "gap": line.gap,
        "change": line.change or None,
        "replaces": line.replaces or None,
        "editions": list(line.editions),
        "times": line.cells or None,
        "stale": shown.stale,
        "reason": shown.reason,
        "stated_in": shown.order.serial,
    }


def acknowledgement_shape(ack: Acknowledgement) -> dict[str, Any]:
    return {
        "order": ack.order.serial,
        "order_id": str(ack.order_id),
        "post": ack.post.title,
        "post_id": str(ack.post_id),
        "call_sign": ack.post.call_sign,
        "asked_at": ack.asked_at,
        "acknowledged_at": ack.at,
        "acknowledged_by": ack.user.name if ack.user else None,
        "told_by": ack.by.name if ack.by else None,
        "note": ack.note,
    }


def matrix_shape(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "post": row["post"].title,
            "post_id": str(row["post"].pk),
            "holder": str(row["post"].holder) if row["post"].holder_id else None,
            "orders": [
                {
                    "order": cell["order"].serial,
                    "state": cell["state"],
                    "at": cell["ack"].at if cell["ack"] else None,
                    "by": str(cell["ack"].user) if cell["ack"] and cell["ack"].user else None,
                    "told_by": str(cell["ack"].by) if cell["ack"] and cell["ack"].by else None,
                    "note": cell["ack"].note if cell["ack"] else "",
                }
                for cell in row["cells"]
            ],
        }
        for row in rows
    ]
