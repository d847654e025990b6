"""A device as data; never its token."""

from typing import Any

from ..enrolment import Setup
from ..models import Device, LastPosition, Position
from ..queries.devices import state_of


def device_shape(device: Device) -> dict[str, Any]:
    last = getattr(device, "last", None)
    return {
        "id": device.pk,
        "operation": device.operation.slug,
        "label": device.label,
        "kind": device.kind,
        "person": device.person.email if device.person else None,
        "carried_by_principal": device.carried_by_principal,
        "outside_id": device.outside_id,
        "share": device.share,
        "period_s": device.period_s,
        "state": state_of(device)[1],
        "enrolled_at": device.enrolled_at,
        "expires_at": device.expires_at,
        "revoked_at": device.revoked_at,
        "emergency_until": device.emergency_until,
        "last": place_shape(last) if last else None,
    }


def place_shape(row: LastPosition | Position) -> dict[str, Any]:
    return {
        "at": row.at,
        "heard_at": row.heard_at,
        "position": [row.lat, row.lon],
        "altitude": row.altitude,
        "accuracy": row.accuracy,
        "speed": row.speed,
        "course": row.course,
        "battery": row.battery,
        "source": row.source,
    }


def refusal_shape(told: dict[str, Any]) -> dict[str, Any]:
    row = told["row"]
    return {
        "reason": row.reason,
        "words": told["words"],
        "day": row.day,
        "count": row.count,
        "first_at": row.first_at,
        "last_at": row.last_at,
        "claimed_at": row.claimed_at,
        "position": None if row.lat is None else [row.lat, row.lon],
    }


def enrolled_shape(device: Device, made: Setup) -> dict[str, Any]:
    """The one time that the address with its token is given."""
    return {**device_shape(device), "url": made.url, "code": made.code, "steps": list(made.steps)}
