"""What a signature under an order covers, and whether it is genuine."""

from collections.abc import Iterable
from typing import Any

from varangian.kernel.chain import canonical, digest
from varangian.platform.audit.signing import public_key
from varangian.platform.audit.verify import genuine

SHORT = 16


def content(order: Any, lines: Iterable[Any]) -> dict[str, Any]:
    """Everything a reader relies on; posts and movements by their words, not by their keys."""
    return {
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


def message(order: Any) -> bytes:
    """Bytes under the signature: the content, who signed it, and when."""
    return canonical(
        {
            "content": order.content_digest,
            "name": order.approved_name,
            "person": str(order.approved_by_id),
            "at": order.approved_at.isoformat(),
        }
    )


def fault(order: Any, lines: Iterable[Any]) -> str:
    """Why the signature does not hold; empty when it does."""
    if not order.signature:
        return "It is not signed"
    if content_digest(order, lines) != order.content_digest:
        return "The content is not the one that was signed"
    if order.public_key != public_key():
        return "It was signed with another key than the key of this installation"
    if not genuine(message(order), order.signature, order.public_key):
        return "The signature does not belong to this content, name and time"
    return ""


def short(digest_: str) -> str:
    """As printed under the name."""
    return " ".join(digest_[i : i + 4] for i in range(0, SHORT, 4))


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
    return canonical(
        {
            "content": decision.content_digest,
            "name": decision.name,
            "person": str(decision.by_id),
            "at": decision.at.isoformat(),
        }
    )


def decision_fault(decision: Any) -> str:
    """Why the signature does not hold; empty when it does."""
    if digest(decided(decision)) != decision.content_digest:
        return "The content is not the one that was signed"
    if decision.public_key != public_key():
        return "It was signed with another key than the key of this installation"
    if not genuine(decision_message(decision), decision.signature, decision.public_key):
        return "The signature does not belong to this content, name and time"
    return ""
