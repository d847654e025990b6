"""Calls for help and check calls as data."""

from typing import Any

from varangian.platform.access.scope import Actor

from ..models import Check, CheckRule, Duress, DuressKey, Press
from ..queries import duress
from ..queries.checks import Line


def call_shape(row: Duress) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "operation": row.operation.slug,
        "caption": row.caption,
        "kind": row.kind,
        "state": row.state,
        "opened_at": row.opened_at,
        "confirmed_at": row.confirmed_at,
        "pin_at": row.pin_at,
        "vouched_at": row.vouched_at,
        "vouched_by": str(row.vouched_by) if row.vouched_by else None,
        "ended_at": row.ended_at,
        "reason": row.reason,
    }


def whole_shape(actor: Actor, row: Duress) -> dict[str, Any]:
    return {
        **call_shape(row),
        "presses": [press_shape(press) for press in duress.presses(actor, row)],
        "alerts": [str(alert.pk) for alert in duress.alerts_of(actor, row)],
    }


def press_shape(press: Press) -> dict[str, Any]:
    return {
        "id": str(press.pk),
        "via": press.via,
        "heard_at": press.heard_at,
        "device_at": press.device_at,
        "lat": press.lat,
        "lon": press.lon,
        "accuracy": press.accuracy,
        "words": press.words,
    }


def key_shape(key: DuressKey, secret: str = "") -> dict[str, Any]:
    shown = {
        "id": str(key.pk),
        "kind": key.kind,
        "label": key.label,
        "made_at": key.made_at,
        "last_used_at": key.last_used_at,
        "alive_every_s": key.alive_every_s,
        "lost": key.lost_at is not None,
    }
    return {**shown, "path": f"/duress/{secret}"} if secret else shown


def check_shape(row: Check | None) -> dict[str, Any]:
    """The same keys whether or not one is due."""
    return {
        "due": row is not None and not row.outcome,
        "due_at": row.due_at if row else None,
        "since": row.since if row else None,
        "period_s": row.period_s if row else None,
        "step": Check.Step(row.step).name.lower() if row else None,
        "outcome": row.outcome if row else None,
    }


def line_shape(line: Line) -> dict[str, Any]:
    return {
        "duty": str(line.duty.pk),
        "person": str(line.duty.person),
        "call_sign": line.duty.call_sign,
        "post": line.duty.post.title if line.duty.post else None,
        "status": line.duty.status,
        **check_shape(line.check),
        "last": check_shape(line.last) if line.last else None,
    }


def rule_shape(rule: CheckRule) -> dict[str, Any]:
    return {
        "post": str(rule.post_id) if rule.post_id else None,
        "post_title": rule.post.title if rule.post else None,
        "phase": rule.phase,
        "minutes": rule.minutes,
    }
