"""The edge as programs and the command line see it."""

from typing import Any

from ..models import Node, NodeAct, Parcel, Uplink
from ..queries.nodes import state_of


def node_shape(node: Node) -> dict[str, Any]:
    return {
        "id": node.pk,
        "label": node.label,
        "operation": node.operation.slug,
        "state": state_of(node)[1],
        "seen_at": node.seen_at,
        "waiting": node.waiting,
        "clock_ahead_s": node.ahead_s,
        "expires_at": node.expires_at,
    }


def conflict_shape(act: NodeAct) -> dict[str, Any]:
    return {
        "id": act.pk,
        "node": act.node.label,
        "kind": act.kind,
        "person": act.person.email if act.person else None,
        "at": act.at,
        "received_at": act.received_at,
        "outcome": act.outcome,
        "words": act.words,
        "settled_at": act.settled_at,
        "settled": act.settled,
    }


def uplink_shape(uplink: Uplink, waiting: int) -> dict[str, Any]:
    return {
        "id": uplink.pk,
        "label": uplink.label,
        "hub": uplink.url,
        "operation": uplink.operation.slug,
        "state": uplink.failing or "in touch",
        "contact_at": uplink.contact_at,
        "copied_at": uplink.copied_at,
        "expires_at": uplink.expires_at,
        "waiting": waiting,
    }


def parcel_shape(parcel: Parcel) -> dict[str, Any]:
    return {
        "number": parcel.pk,
        "kind": parcel.kind,
        "person": parcel.person.email if parcel.person else None,
        "at": parcel.at,
        "state": parcel.state,
        "words": parcel.words,
        "tries": parcel.tries,
    }
